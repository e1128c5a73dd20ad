// Linear layers: y = x W^T (+ bias) (+ residual). A ticket is a chunk of row groups times a panel of tokens; inside it four tokens go
// together and the rest one by one, each with the same sequence of operations per output (numerics.md).
import * as c from "./context";
import { arg, ptr } from "./context";
import * as kind_ from "./kinds";
import { fourTokens, oneToken, panelStride, tileProduct, unpackPanel } from "./linear-int.generated";
import { floatFour, floatOne } from "./linear-float";
import { TILED } from "./quantise";
import { takeRun, ticket } from "./sync";

const PANEL_BYTES: i32 = 320 << 10; // activations that stay in a core's second-level cache
export const STREAM_BYTES: i32 = 32 << 10; // least weights of a run when few tokens share them
export const TILE_BYTES: i32 = 12 << 10; // weights of a ticket, not tiled, that stay in the first-level cache while tokens pass

// ---- many tokens: tiles --------------------------------------------------------------------------------------------------------

const TILE_GROUPS: i32 = 4; // row groups of a ticket, whose panels lie in the first-level cache together
const TILE_BLOCKS: i32 = 32; // blocks of k in a panel; accumulators are stored and reloaded between panels
const TILE_TOKENS: i32 = 256; // tokens of a ticket
const PANEL: i32 = TILE_BLOCKS * 224;

/** Of the types that are tiled; IQ4_XS, which has eight too, is not. */
@inline function blocksPerUnit(kind: i32): i32 {
  if (kind >= kind_.G4_32) return 1 << (kind - kind_.G4_32);
  return kind >= kind_.Q2_K && kind <= kind_.Q6_K ? 8 : 1;
}

/** Groups [0, groups) at w for the tiles at x; sums are kept at `sums`, four vectors per tile and group, and untwisted at the end. */
function tiledProduct(kind: i32, w: usize, units: i32, groups: i32, groupBytes: usize, tokens: i32, x: usize, y: usize, ys: usize, scratch: usize): void {
  const per = blocksPerUnit(kind), tiles = (tokens + 3) >> 2, tileBytes = <usize>(units * per) * 192;
  const unitBytes = groupBytes / <usize>units, step = TILE_BLOCKS / per, sums = scratch + TILE_GROUPS * PANEL;
  memory.fill(sums, 0, <usize>(tiles * groups) << 6);
  for (let u = 0; u < units; u += step) {
    const count = min(step, units - u), blocks = count * per;
    for (let g = 0; g < groups; g++) unpackPanel(kind, w + <usize>g * groupBytes + <usize>u * unitBytes, count, scratch + <usize>(g * PANEL));
    let at = sums, tile = x + <usize>(u * per) * 192;
    for (let t = 0; t < tiles; t++, tile += tileBytes)
      for (let g = 0; g < groups; g++, at += 64) tileProduct(kind, scratch + <usize>(g * PANEL), blocks, tile, at);
  }
  let at = sums;
  for (let t = 0; t < tiles; t++)
    for (let g: usize = 0; g < <usize>groups; g++, at += 64)
      for (let r: usize = 0; r < 4; r++)
        for (let n: usize = 0; n < 4; n++) // accumulator n holds row r of token (r + n) mod 4
          store<f32>(y + ((<usize>t << 2) + ((r + n) & 3)) * ys + (g << 4) + (r << 2), load<f32>(at + (n << 4) + (r << 2)));
}

/** Row groups [g0, g0 + n) for `tokens` rows of x. `rows` is 4 or 16: how many outputs a group has. */
export function product(kind: i32, w: usize, units: i32, groups: i32, tokens: i32, x: usize, xs: usize, y: usize, ys: usize, panel: usize): void {
  let t = 0;
  if (kind >= kind_.Q4_0) {
    for (; t + 4 <= tokens; t += 4) fourTokens(kind, w, units, groups, x + <usize>t * xs, xs, y + <usize>t * ys, ys);
    for (; t < tokens; t++) oneToken(kind, w, units, groups, x + <usize>t * xs, 0, y + <usize>t * ys, 0);
    return;
  }
  const groupBytes = groupSize(kind, units);
  for (; t + 4 <= tokens; t += 4)
    for (let g = 0; g < groups; g++)
      floatFour(kind, w + <usize>g * groupBytes, units, x + <usize>t * xs, xs, y + <usize>t * ys + (<usize>g << 6), ys, panel);
  for (; t < tokens; t++)
    for (let g = 0; g < groups; g++) floatOne(kind, w + <usize>g * groupBytes, units, x + <usize>t * xs, y + <usize>t * ys + (<usize>g << 6));
}

/** Bytes of a group of rows over all k of a float type; `units` is k there. */
@inline function groupSize(kind: i32, units: i32): usize {
  if (kind == kind_.F32) return <usize>units << 6;
  if (kind == kind_.F8_128) return <usize>((units + 127) >> 7) * 2112;
  return <usize>units << 5;
}

function addRows(y: usize, ys: usize, tokens: i32, bytes: usize, bias: usize, residual: usize, rs: usize): void {
  for (let t = 0; t < tokens; t++, y += ys, residual += rs) {
    if (bias != 0) for (let p: usize = 0; p < bytes; p += 16) v128.store(y + p, f32x4.add(v128.load(y + p), v128.load(bias + p)));
    if (rs != 0) for (let p: usize = 0; p < bytes; p += 16) v128.store(y + p, f32x4.add(v128.load(y + p), v128.load(residual + p)));
  }
}

/**
 * 0 kind, 1 weights, 2 units of k (k itself for float types), 3 groups, 4 bytes of a group, 5 x, 6 xStride, 7 y, 8 yStride,
 * 9 bias or 0, 10 residual, 11 residual stride or 0, 12 row kind, 13 outputs per group, 14 whether x may be laid out as tiles.
 */
export function linear(ctx: usize, i: usize, thread: i32): void {
  const tokens = c.rowCount(ctx, arg(i, 12));
  const kind = arg(i, 0), units = arg(i, 2), groups = arg(i, 3), groupBytes = arg(i, 4), outputs = <usize>arg(i, 13) << 2;
  const xs = ptr(i, 6), ys = ptr(i, 8), bias = ptr(i, 9), rs = ptr(i, 11);
  const threads = load<i32>(ctx + c.THREADS), scratch = c.scratch(ctx, thread);
  const w = ptr(i, 1), x = ptr(i, 5), y = ptr(i, 7), residual = ptr(i, 10);
  if (tokens < TILED) {
    // few tokens: the weights are read once, in long runs
    const least = max(1, STREAM_BYTES / groupBytes);
    for (let g = takeRun(i, groups, least, threads, scratch); g < groups; g = takeRun(i, groups, least, threads, scratch)) {
      const count = load<i32>(scratch), column = <usize>g * outputs;
      product(kind, w + <usize>g * <usize>groupBytes, units, count, tokens, x, xs, y + column, ys, scratch);
      addRows(y + column, ys, tokens, <usize>count * outputs, bias == 0 ? 0 : bias + column, residual + column, rs);
    }
    return;
  }
  const tiled = arg(i, 14) != 0;
  const panel = tiled ? TILE_TOKENS : max(4, (PANEL_BYTES / <i32>xs) & ~3);
  const chunk = min(tiled ? TILE_GROUPS : max(1, TILE_BYTES / groupBytes), max(1, groups / (threads * 4)));
  const chunks = (groups + chunk - 1) / chunk;
  const pieces = chunks * ((tokens + panel - 1) / panel);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const t0 = (n / chunks) * panel, g0 = (n % chunks) * chunk;
    const count = min(chunk, groups - g0), t = min(panel, tokens - t0), column = <usize>g0 * outputs;
    const from = w + <usize>g0 * <usize>groupBytes, to = y + <usize>t0 * ys + column;
    if (tiled) tiledProduct(kind, from, units, count, groupBytes, t, x + <usize>(t0 * units * blocksPerUnit(kind)) * 48, to, ys, scratch);
    else product(kind, from, units, count, t, x + <usize>t0 * xs, xs, to, ys, scratch);
    addRows(to, ys, t, <usize>count * outputs, bias == 0 ? 0 : bias + column, residual + <usize>t0 * rs + column, rs);
  }
}
