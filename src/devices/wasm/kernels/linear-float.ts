// Products of f32, f16, bf16 and fp8 weights with f32 activations (numerics.md, b). Sixteen rows lie interleaved: for each k, sixteen
// values. Rows are lanes, k ascends, one accumulator per output, whatever the number of tokens.
import { BF16, F16, F32, F8_128 } from "./kinds";
import { madd } from "./math";
import { half4 } from "./unpack";

/** Four weights of vector `v` (0-3) of the sixteen at p. */
@inline function weights(kind: i32, p: usize, v: usize): v128 {
  if (kind == F32) return v128.load(p + 16 * v);
  if (kind == F16) return half4(p + 8 * v);
  return v128.shl<i32>(v128.load_ext<u16>(p + 8 * v), 16);
}
@inline function stepBytes(kind: i32): usize {
  return kind == F32 ? 64 : 32;
}

@inline function one(kind: i32, w: usize, k: i32, x: usize, y: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (const end = x + (<usize>k << 2); x < end; x += 4, w += stepBytes(kind)) {
    const v = v128.load32_splat(x);
    a = madd(weights(kind, w, 0), v, a);
    b = madd(weights(kind, w, 1), v, b);
    c = madd(weights(kind, w, 2), v, c);
    d = madd(weights(kind, w, 3), v, d);
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
}

/** Four tokens and eight of the rows. */
@inline function four(kind: i32, w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize, v: usize): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  const x1 = xStride, x2 = xStride << 1, x3 = xStride * 3;
  for (const end = x + (<usize>k << 2); x < end; x += 4, w += stepBytes(kind)) {
    const p = weights(kind, w, v), q = weights(kind, w, v + 1);
    let s = v128.load32_splat(x);
    a0 = madd(p, s, a0);
    b0 = madd(q, s, b0);
    s = v128.load32_splat(x + x1);
    a1 = madd(p, s, a1);
    b1 = madd(q, s, b1);
    s = v128.load32_splat(x + x2);
    a2 = madd(p, s, a2);
    b2 = madd(q, s, b2);
    s = v128.load32_splat(x + x3);
    a3 = madd(p, s, a3);
    b3 = madd(q, s, b3);
  }
  y += v << 4;
  v128.store(y, a0);
  v128.store(y, b0, 16);
  y += yStride;
  v128.store(y, a1);
  v128.store(y, b1, 16);
  y += yStride;
  v128.store(y, a2);
  v128.store(y, b2, 16);
  y += yStride;
  v128.store(y, a3);
  v128.store(y, b3, 16);
}

function f32_1(w: usize, k: i32, x: usize, y: usize): void {
  one(F32, w, k, x, y);
}
function f16_1(w: usize, k: i32, x: usize, y: usize): void {
  one(F16, w, k, x, y);
}
function bf16_1(w: usize, k: i32, x: usize, y: usize): void {
  one(BF16, w, k, x, y);
}
function f32_4(w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize): void {
  four(F32, w, k, x, xStride, y, yStride, 0);
  four(F32, w, k, x, xStride, y, yStride, 2);
}
function f16_4(w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize): void {
  four(F16, w, k, x, xStride, y, yStride, 0);
  four(F16, w, k, x, xStride, y, yStride, 2);
}
function bf16_4(w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize): void {
  four(BF16, w, k, x, xStride, y, yStride, 0);
  four(BF16, w, k, x, xStride, y, yStride, 2);
}

/** Four E4M3 bytes (zero-extended to i32 lanes) as f32: the seven low bits shifted by 20 times 2^120, then the sign. */
@inline function e4m3(u: v128): v128 {
  const magnitude = f32x4.mul(v128.shl<i32>(v128.and(u, i32x4.splat(0x7f)), 20), f32x4.splat(1.329227995784916e36));
  return v128.or(magnitude, v128.shl<i32>(v128.and(u, i32x4.splat(0x80)), 24));
}

function f8_1(w: usize, k: i32, x: usize, y: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let rest = k; rest > 0; rest -= 128) {
    const sa = v128.load(w), sb = v128.load(w, 16), sc = v128.load(w, 32), sd = v128.load(w, 48);
    w += 64;
    for (const end = x + (<usize>min(rest, 128) << 2); x < end; x += 4, w += 16) {
      const v = v128.load32_splat(x), u = v128.load(w);
      const low = i16x8.extend_low_i8x16_u(u), high = i16x8.extend_high_i8x16_u(u);
      a = madd(f32x4.mul(e4m3(i32x4.extend_low_i16x8_u(low)), sa), v, a);
      b = madd(f32x4.mul(e4m3(i32x4.extend_high_i16x8_u(low)), sb), v, b);
      c = madd(f32x4.mul(e4m3(i32x4.extend_low_i16x8_u(high)), sc), v, c);
      d = madd(f32x4.mul(e4m3(i32x4.extend_high_i16x8_u(high)), sd), v, d);
    }
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
}

/** FP8 for several tokens: each block of 128 is unpacked once into `panel` (8 KiB), accumulators are reloaded from y. */
function f8_4(w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize, panel: usize): void {
  for (let t: usize = 0; t < 4; t++) memory.fill(y + t * yStride, 0, 64);
  for (let rest = k; rest > 0; rest -= 128) {
    const n = min(rest, 128);
    for (let v: usize = 0; v < 4; v++) {
      const scale = v128.load(w + (v << 4));
      for (let j: usize = 0; j < <usize>n; j++) {
        const u = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(w + 64 + (j << 4) + (v << 2))));
        v128.store(panel + (j << 6) + (v << 4), f32x4.mul(e4m3(u), scale));
      }
    }
    for (let t: usize = 0; t < 4; t++) {
      let xt = x + t * xStride, p = panel;
      const yt = y + t * yStride;
      let a = v128.load(yt), b = v128.load(yt, 16), c = v128.load(yt, 32), d = v128.load(yt, 48);
      for (const end = xt + (<usize>n << 2); xt < end; xt += 4, p += 64) {
        const v = v128.load32_splat(xt);
        a = madd(v128.load(p), v, a);
        b = madd(v128.load(p, 16), v, b);
        c = madd(v128.load(p, 32), v, c);
        d = madd(v128.load(p, 48), v, d);
      }
      v128.store(yt, a);
      v128.store(yt, b, 16);
      v128.store(yt, c, 32);
      v128.store(yt, d, 48);
    }
    x += 512;
    w += 64 + 2048;
  }
}

/** Sixteen rows for one token. */
export function floatOne(kind: i32, w: usize, k: i32, x: usize, y: usize): void {
  if (kind == F32) f32_1(w, k, x, y);
  else if (kind == F16) f16_1(w, k, x, y);
  else if (kind == BF16) bf16_1(w, k, x, y);
  else f8_1(w, k, x, y);
}
/** Sixteen rows for four tokens. */
export function floatFour(kind: i32, w: usize, k: i32, x: usize, xStride: usize, y: usize, yStride: usize, panel: usize): void {
  if (kind == F32) f32_4(w, k, x, xStride, y, yStride);
  else if (kind == F16) f16_4(w, k, x, xStride, y, yStride);
  else if (kind == BF16) bf16_4(w, k, x, xStride, y, yStride);
  else f8_4(w, k, x, xStride, y, yStride, panel);
}
