// Small pieces that the matrix products share: four f16 scales to f32, four bytes to i32 lanes, and the dot product of a step.
import { H_BITS, H_SCALE, H_SIGN } from "./constants";

/** Four finite f16 at p + offset as f32x4; exact: the 15 low bits shifted by 13 times 2^112, then the sign. */
@inline export function half(p: usize, offset: usize, bits: v128, scale: v128, sign: v128): v128 {
  const u = v128.load_ext<u16>(p + offset);
  return v128.or(f32x4.mul(v128.shl<i32>(v128.and(u, bits), 13), scale), v128.shl<i32>(v128.and(u, sign), 16));
}
@inline export function half4(p: usize): v128 {
  return half(p, 0, v128.load(H_BITS), v128.load(H_SCALE), v128.load(H_SIGN));
}
@inline export function bytes4u(p: usize, offset: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p + offset)));
}
@inline export function bytes4s(p: usize, offset: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(p + offset)));
}
@inline export function floats4u(p: usize, offset: usize): v128 {
  return f32x4.convert_i32x4_s(bytes4u(p, offset));
}
@inline export function lowNibbles4(p: usize, offset: usize): v128 {
  return v128.and(bytes4u(p, offset), i32x4.splat(15));
}
@inline export function highNibbles4(p: usize, offset: usize): v128 {
  return v128.shr<u32>(bytes4u(p, offset), 4);
}
/** Four E8M0 exponents as f32x4 powers of two, halved (the table of MXFP4 holds doubled values); 0 stands for 2^-128. */
@inline export function power2(p: usize, offset: usize): v128 {
  const e = bytes4u(p, offset);
  const normal = v128.shl<i32>(i32x4.sub(e, i32x4.splat(1)), 23);
  // e = 0 and 1 give subnormals: 2^-128 and 2^-127
  const tiny = i32x4.splat(0x00200000);
  const tiny1 = v128.bitselect(i32x4.splat(0x00400000), tiny, i32x4.eq(e, i32x4.splat(1)));
  return v128.bitselect(tiny1, normal, i32x4.lt_u(e, i32x4.splat(2)));
}
/** Sixteen products of int8 activations and 7-bit weights, added in neighbouring pairs to eight i16. Relaxed SIMD only: the host plans
 *  int16 activations where it is missing. */
@inline export function dot(x: v128, w: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.relaxed_dot_i8x16_i7x16_s(x, w);
  return unreachable();
}
