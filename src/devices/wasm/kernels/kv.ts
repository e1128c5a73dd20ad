// The cache's pages: 256 positions of every layer. Per layer and KV head: K as [t/8][d][8 positions], V as [t][d padded to 8], so that
// both products of attention read rows of eight. f16 interleaves the two halves of an eight (element j beside element j+4), which
// makes unpacking two shifts. int8 has one f32 scale per position and head for K, then for V.
import { KV_MASK } from "./constants";
import * as c from "./context";
import { arg, ptr } from "./context";
import { ticket } from "./sync";

export const KV_F32 = 0;
export const KV_F16 = 1;
export const KV_Q8 = 2;

@inline export function elementBytes(type: i32): usize {
  return type == KV_F32 ? 4 : type == KV_F16 ? 2 : 1;
}

/** 0 k, 1 kStride, 2 v, 3 vStride, 4 kvHeads, 5 headDim, 6 padded headDim, 7 layer's offset in a page, 8 cache type, 9 bytes of a head. */
export function appendKv(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), heads = arg(i, 4), dim = arg(i, 5), padded = arg(i, 6), type = arg(i, 8);
  const positions = <usize>load<u32>(ctx + c.TOKEN_POSITIONS), tables = <usize>load<u32>(ctx + c.TOKEN_PAGES);
  const valueOffset = (<usize>dim << 8) * elementBytes(type);
  const scales = valueOffset + (<usize>padded << 8) * elementBytes(type);
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const position = load<i32>(positions + (<usize>t << 2));
    const table = <usize>load<u32>(tables + (<usize>t << 2));
    let page = <usize>load<u32>(table + (<usize>(position >> 8) << 2)) + ptr(i, 7);
    const slot = <usize>(position & 255);
    let k = ptr(i, 0) + <usize>t * ptr(i, 1), v = ptr(i, 2) + <usize>t * ptr(i, 3);
    for (let h = 0; h < heads; h++, page += ptr(i, 9), k += <usize>dim << 2, v += <usize>dim << 2) {
      let kInverse: f32 = 0, vInverse: f32 = 0;
      if (type == KV_Q8) {
        kInverse = scaleOf(k, dim, page + scales + (slot << 2));
        vInverse = scaleOf(v, dim, page + scales + 1024 + (slot << 2));
      }
      const kOut = page + ((slot >> 3) * <usize>dim * 8) * elementBytes(type), vOut = page + valueOffset + slot * <usize>padded * elementBytes(type);
      const inEight = slot & 7;
      for (let d: usize = 0; d < <usize>dim; d++) {
        put(type, kOut, d << 3, inEight, load<f32>(k + (d << 2)), kInverse);
        put(type, vOut, d & ~7, d & 7, load<f32>(v + (d << 2)), vInverse);
      }
      for (let d = <usize>dim; d < <usize>padded; d++) put(type, vOut, d & ~7, d & 7, 0, 0);
    }
  }
}

/** Stores the row's scale amax/127 and returns its inverse. */
function scaleOf(x: usize, dim: i32, at: usize): f32 {
  let amax: f32 = 0;
  for (let d: usize = 0; d < <usize>dim; d++) amax = max(amax, abs(load<f32>(x + (d << 2))));
  store<f32>(at, amax / 127);
  return amax > 0 ? 127 / amax : 0;
}

@inline function put(type: i32, base: usize, eight: usize, n: usize, value: f32, inverse: f32): void {
  if (type == KV_F32) store<f32>(base + ((eight + n) << 2), value);
  else if (type == KV_F16) store<u16>(base + ((eight + (n < 4 ? n << 1 : ((n - 4) << 1) + 1)) << 1), toHalf(value));
  else store<i8>(base + eight + n, <i8>nearest<f32>(value * inverse));
}

/** f32 to f16, round to nearest even. */
function toHalf(value: f32): u16 {
  const bits = reinterpret<u32>(value), sign = (bits >> 16) & 0x8000;
  let u = bits & 0x7fffffff;
  if (u >= 0x47800000) return <u16>(sign | (u > 0x7f800000 ? 0x7e00 : 0x7c00));
  if (u < 0x38800000) return <u16>(sign | (reinterpret<u32>(reinterpret<f32>(u) + <f32>0.5) - 0x3f000000));
  u += 0xc8000fff + ((u >> 13) & 1);
  return <u16>(sign | (u >> 13));
}

@inline export function halfMask(): v128 {
  return v128.load(KV_MASK);
}
/** f16 elements 0 to 3 (4 to 7) of an eight in their f32 places, times 2^-112: the offset of the exponent is not made up for. */
@inline export function lowHalves(x: v128, mask: v128): v128 {
  return v128.and(v128.shr<i32>(v128.shl<i32>(x, 16), 3), mask);
}
@inline export function highHalves(x: v128, mask: v128): v128 {
  return v128.and(v128.shr<i32>(x, 3), mask);
}

/** `eights` groups of eight f16 elements at p as f32 at out, times 2^-112. */
export function unpackHalves(p: usize, eights: i32, out: usize): void {
  const mask = halfMask();
  for (const end = p + (<usize>eights << 4); p < end; p += 16, out += 32) {
    const x = v128.load(p);
    v128.store(out, lowHalves(x, mask));
    v128.store(out, highHalves(x, mask), 16);
  }
}

/** int8 K, [t/8][d][8], with a scale per position. */
export function unpackKeys8(p: usize, scales: usize, eights: i32, dim: i32, out: usize): void {
  for (let n = 0; n < eights; n++, scales += 32) {
    const a = v128.load(scales), b = v128.load(scales, 16);
    for (let d = 0; d < dim; d++, p += 8, out += 32) {
      const v = v128.load_ext<i8>(p);
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)), a));
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v)), b), 16);
    }
  }
}

/** int8 V, [t][padded], with a scale per position. */
export function unpackValues8(p: usize, scales: usize, positions: i32, padded: i32, out: usize): void {
  for (let t = 0; t < positions; t++, scales += 4) {
    const scale = v128.load32_splat(scales);
    for (let d = 0; d < padded; d += 8, p += 8, out += 32) {
      const v = v128.load_ext<i8>(p);
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v)), scale));
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v)), scale), 16);
    }
  }
}
