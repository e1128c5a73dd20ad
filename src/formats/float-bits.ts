// Conversions between f32 and the small floats of model files: F16 (IEEE half), BF16, E4M3FN (OCP FP8), E8M0.
// Rounding is to nearest, ties to even, as in ggml and PyTorch.

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** Every half by its bits; 256 KB, made once, since bit fiddling per weight costs more. */
export const halfToFloat = makeHalfTable();

function makeHalfTable(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return table;
}

/** The half nearest to `value` (taken as f32), as 16 bits. */
export function floatToHalf(value: number): number {
  f32[0] = value;
  const bits = u32[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or more
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24: adding 0.5 leaves exactly those bits, rounded by the hardware.
    u32[0] = magnitude;
    f32[0] += 0.5;
    return sign | (u32[0] - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

/** The bfloat16 nearest to `value` (taken as f32), as 16 bits. */
export function floatToBfloat(value: number): number {
  f32[0] = value;
  const bits = u32[0];
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

export function bfloatToFloat(bits: number): number {
  u32[0] = bits << 16;
  return f32[0];
}

/** Every E4M3FN value by its byte: no infinities, 0x7f and 0xff are NaN. */
export const e4m3ToFloat = Float32Array.from({ length: 256 }, (_, byte) => {
  const sign = byte & 0x80 ? -1 : 1;
  const exponent = (byte >> 3) & 15;
  const fraction = byte & 7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10));
});
