// Activations to int8 blocks of 32 (numerics.md, c): scale amax/127, round to nearest even. A narrow block is 48 bytes: 32 int8, then
// f32 scale, i32 sum, i32 sum of the first half, f32 scale * sum. A wide block is 80 bytes: 32 int16, then the same record. For many
// tokens, narrow blocks of four tokens make a tile of 192 bytes: eight steps of four k of each token, then each record field of all.
import { EXP } from "./constants";
import * as c from "./context";
import { arg, ptr } from "./context";
import { max4 } from "./math";
import { columnCuts } from "./rows";
import { ticket } from "./sync";

/** Rows from which narrow activations are laid out as tiles, where their readers can use them. */
export const TILED: i32 = 8;

/** x, xStride, blocks, narrow (0: none), narrowStride, wide (0: none), wideStride, row kind, rows multiplier, columns or 0, tiles allowed. */
export function quantise(ctx: usize, i: usize, thread: i32): void {
  const rows = c.rowCount(ctx, arg(i, 7)) * max(1, arg(i, 8));
  const blocks = arg(i, 2), narrow = ptr(i, 3), wide = ptr(i, 5), columns = ptr(i, 9);
  if (arg(i, 10) && rows >= TILED) {
    const tiles = (rows + 3) >> 2, temporary = c.scratch(ctx, thread);
    for (let t = ticket(i); t < tiles; t = ticket(i))
      tile(ptr(i, 0) + <usize>(t << 2) * ptr(i, 1), ptr(i, 1), min(4, rows - (t << 2)), blocks, columns, narrow + <usize>(t * blocks) * 192, temporary);
    return;
  }
  const cuts = columnCuts(rows, blocks << 5), piece = (blocks + cuts - 1) / cuts;
  for (let t = ticket(i), pieces = rows * cuts; t < pieces; t = ticket(i)) {
    const row = t / cuts, from = (t % cuts) * piece, to = min(blocks, from + piece);
    const x = ptr(i, 0) + <usize>row * ptr(i, 1);
    const n: usize = narrow == 0 ? 0 : narrow + <usize>row * ptr(i, 4);
    const w: usize = wide == 0 ? 0 : wide + <usize>row * ptr(i, 6);
    if (columns == 0) for (let b = from; b < to; b++) block(x + (<usize>b << 7), n, w, b);
    else for (let b = from; b < to; b++) gathered(x, columns + (<usize>b << 7), n, w, b);
  }
}

@inline function block(x: usize, narrow: usize, wide: usize, b: i32): void {
  quantiseBlock(
    v128.load(x), v128.load(x, 16), v128.load(x, 32), v128.load(x, 48),
    v128.load(x, 64), v128.load(x, 80), v128.load(x, 96), v128.load(x, 112), narrow, wide, b,
  );
}

@inline function four(x: usize, at: usize): v128 {
  let v = v128.load32_zero(x + (<usize>load<u32>(at) << 2));
  v = v128.load_lane<f32>(x + (<usize>load<u32>(at, 4) << 2), v, 1);
  v = v128.load_lane<f32>(x + (<usize>load<u32>(at, 8) << 2), v, 2);
  return v128.load_lane<f32>(x + (<usize>load<u32>(at, 12) << 2), v, 3);
}
function gathered(x: usize, at: usize, narrow: usize, wide: usize, b: i32): void {
  quantiseBlock(
    four(x, at), four(x, at + 16), four(x, at + 32), four(x, at + 48),
    four(x, at + 64), four(x, at + 80), four(x, at + 96), four(x, at + 112), narrow, wide, b,
  );
}

function quantiseBlock(v0: v128, v1: v128, v2: v128, v3: v128, v4: v128, v5: v128, v6: v128, v7: v128, narrow: usize, wide: usize, b: i32): void {
  const top = f32x4.pmax(
    f32x4.pmax(f32x4.pmax(f32x4.abs(v0), f32x4.abs(v1)), f32x4.pmax(f32x4.abs(v2), f32x4.abs(v3))),
    f32x4.pmax(f32x4.pmax(f32x4.abs(v4), f32x4.abs(v5)), f32x4.pmax(f32x4.abs(v6), f32x4.abs(v7))),
  );
  const amax = max4(top);
  const scale: f32 = amax / 127;
  const f = f32x4.splat(scale > 0 ? 127 / amax : 0);
  const a = i16x8.narrow_i32x4_s(round4(v0, f), round4(v1, f)), d = i16x8.narrow_i32x4_s(round4(v2, f), round4(v3, f));
  const e = i16x8.narrow_i32x4_s(round4(v4, f), round4(v5, f)), g = i16x8.narrow_i32x4_s(round4(v6, f), round4(v7, f));
  const low = total(i32x4.add(i32x4.extadd_pairwise_i16x8_s(a), i32x4.extadd_pairwise_i16x8_s(d)));
  const high = total(i32x4.add(i32x4.extadd_pairwise_i16x8_s(e), i32x4.extadd_pairwise_i16x8_s(g)));
  if (narrow != 0) {
    const p = narrow + <usize>b * 48;
    v128.store(p, i8x16.narrow_i16x8_s(a, d));
    v128.store(p, i8x16.narrow_i16x8_s(e, g), 16);
    record(p + 32, scale, low + high, low);
  }
  if (wide != 0) {
    const p = wide + <usize>b * 80;
    v128.store(p, a);
    v128.store(p, d, 16);
    v128.store(p, e, 32);
    v128.store(p, g, 48);
    record(p + 64, scale, low + high, low);
  }
}

/** v * f to the nearest integer, ties to even, by adding 1.5 * 2^23, whose low bits then hold it; |v * f| stays below 127.5. */
@inline function round4(v: v128, f: v128): v128 {
  const magic = v128.load(EXP, 48);
  return i32x4.sub(f32x4.add(f32x4.mul(v, f), magic), magic);
}
@inline function total(v: v128): i32 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}
@inline function record(p: usize, scale: f32, sum: i32, first: i32): void {
  store<f32>(p, scale);
  store<i32>(p, sum, 4);
  store<i32>(p, first, 8);
  store<f32>(p, scale * <f32>sum, 12);
}

/** Four rows as tiles: each row's blocks are made in `temporary` (48 bytes) and spread over the tile. */
function tile(x: usize, xStride: usize, rows: i32, blocks: i32, columns: usize, out: usize, temporary: usize): void {
  if (rows < 4) memory.fill(out, 0, <usize>blocks * 192);
  for (let r = 0; r < rows; r++, x += xStride, out += 4)
    for (let b = 0; b < blocks; b++) {
      if (columns == 0) block(x + (<usize>b << 7), temporary, 0, 0);
      else gathered(x, columns + (<usize>b << 7), temporary, 0, 0);
      const p = out + <usize>b * 192;
      for (let word: usize = 0; word < 12; word++) store<u32>(p + (word << 4), load<u32>(temporary + (word << 2)));
    }
}
