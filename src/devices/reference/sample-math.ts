// Arithmetic of sampling that every device repeats bit for bit: exp in f32 steps, log in f64 steps, and the noise. Only operations
// that IEEE 754 rounds exactly are used, so JavaScript and WebAssembly agree; Math.exp and Math.log differ between engines.

import type { SampleRequest } from "../../core/device.ts";

const f32 = Math.fround;
/** Adding and subtracting it rounds an f32 below 2^22 to an integer, ties to even. */
const ROUND = 12582912;
/** The same for multiples of 2^-35 in f64. */
const ROUND_WEIGHT = 196608;

const bits = new DataView(new ArrayBuffer(8));

/** e^x in f32 for x <= 88, 0 below -87.3: Cephes' expf, every step rounded, as exp4 of the kernels. Relative error below 2e-7. */
export function exp32(x: number): number {
  if (x < f32(-87.33654)) return 0;
  const n = f32(f32(f32(x * f32(Math.LOG2E)) + ROUND) - ROUND);
  let r = f32(x - f32(n * f32(0.693359375)));
  r = f32(r - f32(n * f32(-2.1219444e-4)));
  let p = f32(1.98756915e-4);
  for (const c of [1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]) {
    p = f32(f32(p * r) + f32(c));
  }
  p = f32(f32(f32(f32(p * r) * r) + r) + 1);
  return f32(p * 2 ** n);
}

/** Rounds a weight in [0, 1] to a multiple of 2^-35: sums of up to 2^18 of them are exact, so their order does not matter. */
export function roundWeight(weight: number): number {
  return weight + ROUND_WEIGHT - ROUND_WEIGHT;
}

/** ln x in f64 for normal x > 0: x = m 2^e, m in [0.71, 1.42), ln m = 2 atanh((m - 1) / (m + 1)) as a series. */
export function log64(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let e = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m = m * 0.5;
    e = e + 1;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 1 / 23;
  for (let n = 21; n >= 1; n -= 2) sum = sum * q + 1 / n;
  return e * Math.LN2 + 2 * s * sum;
}

/** Wellons' lowbias32: every bit of the result depends on every bit of `h`. */
function finalise(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

export interface NoiseKey {
  readonly first: number;
  readonly second: number;
}

/** What the noise of one row depends on besides the token: seed (53 bits), choice and position. */
export function noiseKey({ seed, choice, position }: Pick<SampleRequest, "seed" | "choice" | "position">): NoiseKey {
  let h = 0;
  for (const word of [seed, Math.floor(seed / 2 ** 32), choice, position]) h = finalise((h + 0x9e3779b9) ^ word);
  return { first: h, second: finalise(h ^ 0x85ebca6b) };
}

/** Gumbel noise of a token: -ln(-ln u), u one of 2^24 values in (0, 1). Between -2.9 and 17.4. */
export function gumbel(key: NoiseKey, id: number): number {
  let h = Math.imul(id, 0x9e3779b1) ^ key.first;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad) + key.second;
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  const u = (((h ^ (h >>> 15)) >>> 8) + 0.5) / 16777216;
  return -log64(-log64(u));
}
