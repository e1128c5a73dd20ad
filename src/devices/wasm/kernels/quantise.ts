// Activations to int8 blocks of 32 (numerics.md, c): scale amax/127, round to nearest even. A narrow block is 48 bytes: 32 int8, then
// f32 scale, i32 sum of all, i32 sums of each half. A wide block is 80 bytes: 32 int16, then the same record.
import * as c from "./context";
import { arg, ptr } from "./context";
import { max4 } from "./math";
import { ticket } from "./sync";

/** x, xStride, blocks, narrow (0: none), narrowStride, wide (0: none), wideStride, row kind, rows multiplier, columns or 0. */
export function quantise(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 7)) * max(1, arg(i, 8));
  const blocks = arg(i, 2), narrow = ptr(i, 3), wide = ptr(i, 5), columns = ptr(i, 9);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const x = ptr(i, 0) + <usize>row * ptr(i, 1);
    const n: usize = narrow == 0 ? 0 : narrow + <usize>row * ptr(i, 4);
    const w: usize = wide == 0 ? 0 : wide + <usize>row * ptr(i, 6);
    if (columns == 0) for (let b = 0; b < blocks; b++) block(x + (<usize>b << 7), n, w, b);
    else {
      // act-order GPTQ: column c of the weight is input columns[c]
      for (let b = 0; b < blocks; b++) gathered(x, columns + (<usize>b << 7), n, w, b);
    }
  }
}

// @ts-ignore: decorator
@inline function block(x: usize, narrow: usize, wide: usize, b: i32): void {
  quantiseBlock(
    v128.load(x), v128.load(x, 16), v128.load(x, 32), v128.load(x, 48),
    v128.load(x, 64), v128.load(x, 80), v128.load(x, 96), v128.load(x, 112), narrow, wide, b,
  );
}

// @ts-ignore: decorator
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
  const top = f32x4.max(
    f32x4.max(f32x4.max(f32x4.abs(v0), f32x4.abs(v1)), f32x4.max(f32x4.abs(v2), f32x4.abs(v3))),
    f32x4.max(f32x4.max(f32x4.abs(v4), f32x4.abs(v5)), f32x4.max(f32x4.abs(v6), f32x4.abs(v7))),
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
    record(p + 32, scale, low, high);
  }
  if (wide != 0) {
    const p = wide + <usize>b * 80;
    v128.store(p, a);
    v128.store(p, d, 16);
    v128.store(p, e, 32);
    v128.store(p, g, 48);
    record(p + 64, scale, low, high);
  }
}

// @ts-ignore: decorator
@inline function round4(v: v128, f: v128): v128 {
  const n = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v, f)));
  return i32x4.max_s(i32x4.min_s(n, i32x4.splat(127)), i32x4.splat(-127));
}
// @ts-ignore: decorator
@inline function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
// @ts-ignore: decorator
@inline function record(p: usize, scale: f32, low: i32, high: i32): void {
  store<f32>(p, scale);
  store<i32>(p, low + high, 4);
  store<i32>(p, low, 8);
  store<i32>(p, high, 12);
}
