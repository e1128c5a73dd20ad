// exp, sigmoid and SiLU on four lanes: range reduction to [-ln2/2, ln2/2] and a polynomial (Cephes' expf), multiply and add separate,
// so that every build gives the same bits (numerics.md, f).
import { EXP, EXP2 } from "./constants";

/** e^x; below -87.3 it is 0, above 88.4 it saturates. Relative error below 2e-7. Constants come from memory (constants.ts). */
@inline export function exp4(x: v128): v128 {
  const magic = v128.load(EXP, 48), v = f32x4.pmin(x, v128.load(EXP, 16));
  const shifted = f32x4.add(f32x4.mul(v, v128.load(EXP, 32)), magic); // its low bits are n = round(x / ln 2)
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(v, f32x4.mul(n, v128.load(EXP, 64)));
  r = f32x4.sub(r, f32x4.mul(n, v128.load(EXP, 80)));
  let p = f32x4.add(f32x4.mul(v128.load(EXP, 96), r), v128.load(EXP, 112));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 128));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 144));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 160));
  p = f32x4.add(f32x4.mul(p, r), v128.load(EXP, 176));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), v128.load(EXP, 192));
  return v128.and(i32x4.add(p, v128.shl<i32>(shifted, 23)), f32x4.ge(v, v128.load(EXP)));
}
/**
 * 2^x for x <= 0, times two to the power whose exponent bits are `up`; below -126 it is 0. Relative error below 2.5e-7. A fit of
 * degree 5 in Estrin's order: the chain is half as long as Horner's, and in a loop it is the chain that counts.
 */
@inline export function exp2Below(x: v128, up: v128): v128 {
  const magic = v128.load(EXP, 48), shifted = f32x4.add(x, magic); // its low bits are round(x)
  const r = f32x4.sub(x, f32x4.sub(shifted, magic)), r2 = f32x4.mul(r, r);
  const low = f32x4.add(v128.load(EXP, 192), f32x4.mul(v128.load(EXP2, 16), r));
  const middle = f32x4.add(v128.load(EXP2, 32), f32x4.mul(v128.load(EXP2, 48), r));
  const high = f32x4.add(v128.load(EXP2, 64), f32x4.mul(v128.load(EXP2, 80), r));
  const p = f32x4.add(f32x4.add(low, f32x4.mul(middle, r2)), f32x4.mul(high, f32x4.mul(r2, r2)));
  return v128.and(i32x4.add(i32x4.add(v128.shl<i32>(shifted, 23), up), p), f32x4.ge(x, v128.load(EXP2)));
}
@inline export function sigmoid4(x: v128): v128 {
  return f32x4.div(v128.load(EXP, 192), f32x4.add(v128.load(EXP, 192), exp4(f32x4.neg(x))));
}
@inline export function silu4(x: v128): v128 {
  return f32x4.div(x, f32x4.add(v128.load(EXP, 192), exp4(f32x4.neg(x))));
}
/** a * b + c, fused where the build and the machine have it (numerics.md, j). */
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}
@inline export function sum4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
@inline export function max4(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** 1 if madd rounds once on this machine, 0 if it rounds twice: (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24 only when fused. */
export function fused(): i32 {
  const a = f32x4.splat(<f32>1.000244140625), c = f32x4.splat(<f32>-1.00048828125);
  return f32x4.extract_lane(madd(a, a, c), 0) != 0 ? 1 : 0;
}
