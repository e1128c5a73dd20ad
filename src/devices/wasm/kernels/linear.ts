// Linear layers: y = x W^T (+ bias) (+ residual). A ticket is a chunk of row groups times a panel of tokens; inside it four tokens go
// together and the rest one by one, each with the same sequence of operations per output (numerics.md).
import * as c from "./context";
import { arg, ptr } from "./context";
import * as k from "./linear-int.generated";
import * as kind_ from "./kinds";
import { floatFour, floatOne } from "./linear-float";
import { ticket } from "./sync";

const PANEL_BYTES: i32 = 320 << 10; // activations that stay in a core's second-level cache
const STREAM_BYTES: i32 = 64 << 10; // weights of a ticket when few tokens share them
const TILE_BYTES: i32 = 12 << 10; // weights of a ticket that stay in the first-level cache while tokens pass

function one(kind: i32, w: usize, units: i32, groups: i32, x: usize, y: usize): void {
  switch (kind) {
    case kind_.Q4_0: k.q4_0_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q4_1: k.q4_1_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q5_0: k.q5_0_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q5_1: k.q5_1_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q8_0: k.q8_0_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q2_K: k.q2_k_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q3_K: k.q3_k_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q4_K: k.q4_k_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q5_K: k.q5_k_1(w, units, groups, x, 0, y, 0); break;
    case kind_.Q6_K: k.q6_k_1(w, units, groups, x, 0, y, 0); break;
    case kind_.IQ4_NL: k.iq4_nl_1(w, units, groups, x, 0, y, 0); break;
    case kind_.IQ4_XS: k.iq4_xs_1(w, units, groups, x, 0, y, 0); break;
    case kind_.MXFP4: k.mxfp4_1(w, units, groups, x, 0, y, 0); break;
    case kind_.G4_32: k.g4_32_1(w, units, groups, x, 0, y, 0); break;
    case kind_.G4_64: k.g4_64_1(w, units, groups, x, 0, y, 0); break;
    case kind_.G4_128: k.g4_128_1(w, units, groups, x, 0, y, 0); break;
    default: unreachable();
  }
}

function four(kind: i32, w: usize, units: i32, groups: i32, x: usize, xs: usize, y: usize, ys: usize): void {
  switch (kind) {
    case kind_.Q4_0: k.q4_0_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q4_1: k.q4_1_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q5_0: k.q5_0_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q5_1: k.q5_1_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q8_0: k.q8_0_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q2_K: k.q2_k_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q3_K: k.q3_k_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q4_K: k.q4_k_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q5_K: k.q5_k_4(w, units, groups, x, xs, y, ys); break;
    case kind_.Q6_K: k.q6_k_4(w, units, groups, x, xs, y, ys); break;
    case kind_.IQ4_NL: k.iq4_nl_4(w, units, groups, x, xs, y, ys); break;
    case kind_.IQ4_XS: k.iq4_xs_4(w, units, groups, x, xs, y, ys); break;
    case kind_.MXFP4: k.mxfp4_4(w, units, groups, x, xs, y, ys); break;
    case kind_.G4_32: k.g4_32_4(w, units, groups, x, xs, y, ys); break;
    case kind_.G4_64: k.g4_64_4(w, units, groups, x, xs, y, ys); break;
    case kind_.G4_128: k.g4_128_4(w, units, groups, x, xs, y, ys); break;
    default: unreachable();
  }
}

/** Row groups [g0, g0 + n) for `tokens` rows of x. `rows` is 4 or 16: how many outputs a group has. */
export function product(kind: i32, w: usize, units: i32, groups: i32, tokens: i32, x: usize, xs: usize, y: usize, ys: usize, panel: usize): void {
  let t = 0;
  if (kind >= kind_.Q4_0) {
    for (; t + 4 <= tokens; t += 4) four(kind, w, units, groups, x + <usize>t * xs, xs, y + <usize>t * ys, ys);
    for (; t < tokens; t++) one(kind, w, units, groups, x + <usize>t * xs, y + <usize>t * ys);
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
// @ts-ignore: decorator
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
 * 9 bias or 0, 10 residual, 11 residual stride or 0, 12 row kind, 13 outputs per group.
 */
export function linear(ctx: usize, i: usize, thread: i32): void {
  const tokens = c.rowCount(ctx, arg(i, 12));
  const kind = arg(i, 0), units = arg(i, 2), groups = arg(i, 3), groupBytes = arg(i, 4), outputs = <usize>arg(i, 13) << 2;
  const xs = ptr(i, 6), ys = ptr(i, 8), bias = ptr(i, 9), rs = ptr(i, 11);
  const panel = max(4, (PANEL_BYTES / <i32>xs) & ~3);
  let chunk = max(1, (tokens < 8 ? STREAM_BYTES : TILE_BYTES) / groupBytes);
  const threads = load<i32>(ctx + c.THREADS);
  chunk = min(chunk, max(1, groups / (threads * 4)));
  const chunks = (groups + chunk - 1) / chunk;
  const pieces = chunks * ((tokens + panel - 1) / panel);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const t0 = (n / chunks) * panel, g0 = (n % chunks) * chunk;
    const count = min(chunk, groups - g0), t = min(panel, tokens - t0), column = <usize>g0 * outputs;
    const y = ptr(i, 7) + <usize>t0 * ys + column;
    product(kind, ptr(i, 1) + <usize>g0 * <usize>groupBytes, units, count, t, ptr(i, 5) + <usize>t0 * xs, xs, y, ys, c.scratch(ctx, thread));
    if (bias != 0 || rs != 0)
      addRows(y, ys, t, <usize>count * outputs, bias == 0 ? 0 : bias + column, ptr(i, 10) + <usize>t0 * rs + column, rs);
  }
}
