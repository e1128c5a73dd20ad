// f32 to ggml's k-quants: scales of the sub-blocks are searched, rounded to their few bits under the super-block's f16
// scale, and the elements then rounded to what those stored scales can say. Layouts: dequantise-k.ts.

import { floatToHalf, halfToFloat } from "./float-bits.ts";
import { clamp, searchAffine, searchSymmetric } from "./quantise-search.ts";

const quants = new Uint8Array(256);
const scales = new Float64Array(16);
const minimums = new Float64Array(16);
const scaleBits = new Uint8Array(16);
const minimumBits = new Uint8Array(16);
const weights = new Float64Array(32);

/** Stores `value` as f16 and returns what was stored. */
function putHalf(out: Uint8Array, at: number, value: number): number {
  const bits = floatToHalf(value);
  out[at] = bits & 255;
  out[at + 1] = bits >> 8;
  return halfToFloat[bits];
}

/** Rounds `value / unit` to 0..most; 0 where the unit vanished. */
function inUnits(value: number, unit: number, most: number): number {
  return unit > 0 ? clamp(Math.round(value / unit), 0, most) : 0;
}

/**
 * Affine super-blocks (Q2_K, Q4_K, Q5_K): fills `scaleBits`, `minimumBits` and `quants`, and writes d and dmin.
 * `levels` is the largest element value, `most` the largest sub-block scale.
 */
function affine(
  values: Float32Array,
  from: number,
  size: number,
  levels: number,
  most: number,
  out: Uint8Array,
  dAt: number,
): void {
  const subs = 256 / size;
  let topScale = 0;
  let topMinimum = 0;
  for (let sub = 0; sub < subs; sub++) {
    const start = from + sub * size;
    let squares = 0;
    for (let j = 0; j < size; j++) squares += values[start + j] * values[start + j];
    // Large elements matter more; the mean keeps small ones from being ignored.
    const mean = Math.sqrt(squares / size);
    for (let j = 0; j < size; j++) weights[j] = mean + Math.abs(values[start + j]);
    const found = searchAffine(values, start, size, levels, weights, 20);
    scales[sub] = Math.max(0, found.scale);
    minimums[sub] = found.minimum;
    topScale = Math.max(topScale, scales[sub]);
    topMinimum = Math.max(topMinimum, minimums[sub]);
  }
  const d = putHalf(out, dAt, topScale / most);
  const dmin = putHalf(out, dAt + 2, topMinimum / most);
  for (let sub = 0; sub < subs; sub++) {
    scaleBits[sub] = inUnits(scales[sub], d, most);
    minimumBits[sub] = inUnits(minimums[sub], dmin, most);
    const scale = d * scaleBits[sub];
    const minimum = dmin * minimumBits[sub];
    for (let j = sub * size; j < (sub + 1) * size; j++) quants[j] = inUnits(values[from + j] + minimum, scale, levels);
  }
}

/** Symmetric super-blocks (Q3_K, Q6_K): as above with signed scales in -limit..limit-1 and elements offset by `levels`. */
function symmetric(
  values: Float32Array,
  from: number,
  levels: number,
  limit: number,
  out: Uint8Array,
  dAt: number,
): void {
  let extreme = 0;
  for (let sub = 0; sub < 16; sub++) {
    scales[sub] = searchSymmetric(values, from + sub * 16, 16, levels);
    if (Math.abs(scales[sub]) > Math.abs(extreme)) extreme = scales[sub];
  }
  const d = putHalf(out, dAt, extreme / -limit);
  for (let sub = 0; sub < 16; sub++) {
    const bits = d === 0 ? 0 : clamp(Math.round(scales[sub] / d), -limit, limit - 1);
    scaleBits[sub] = bits;
    const scale = d * bits;
    for (let j = sub * 16; j < (sub + 1) * 16; j++) {
      quants[j] = scale === 0 ? levels : clamp(Math.round(values[from + j] / scale), -levels, levels - 1) + levels;
    }
  }
}

/** Two bits of every element: halves of 128, in each four runs of 32 that share 32 bytes. */
function putPairs(out: Uint8Array, at: number, shift: number): void {
  for (let half = 0; half < 2; half++) {
    for (let j = 0; j < 32; j++) {
      let byte = 0;
      for (let run = 0; run < 4; run++) byte |= ((quants[half * 128 + run * 32 + j] >> shift) & 3) << (2 * run);
      out[at + half * 32 + j] = byte;
    }
  }
}

export function q2K(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 84, i += 256) {
    affine(values, i, 16, 3, 15, out, at + 80);
    for (let sub = 0; sub < 16; sub++) out[at + sub] = scaleBits[sub] | (minimumBits[sub] << 4);
    putPairs(out, at + 16, 0);
  }
}

export function q3K(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 110, i += 256) {
    symmetric(values, i, 4, 32, out, at + 108);
    out.fill(0, at, at + 32);
    for (let j = 0; j < 256; j++) out[at + (j & 31)] |= (quants[j] >> 2) << (j >> 5);
    putPairs(out, at + 32, 0);
    out.fill(0, at + 96, at + 108);
    for (let sub = 0; sub < 16; sub++) {
      const bits = (scaleBits[sub] + 32) & 63;
      out[at + 96 + (sub & 7)] |= (bits & 15) << (sub < 8 ? 0 : 4);
      out[at + 104 + (sub & 3)] |= (bits >> 4) << ((sub >> 2) * 2);
    }
  }
}

/** Eight 6-bit scales and minimums in 12 bytes. */
function putScales(out: Uint8Array, at: number): void {
  for (let sub = 0; sub < 4; sub++) {
    out[at + sub] = scaleBits[sub] | ((scaleBits[sub + 4] >> 4) << 6);
    out[at + sub + 4] = minimumBits[sub] | ((minimumBits[sub + 4] >> 4) << 6);
    out[at + sub + 8] = (scaleBits[sub + 4] & 15) | ((minimumBits[sub + 4] & 15) << 4);
  }
}

/** Low nibbles: 32 bytes for two neighbouring runs of 32. */
function putNibbles(out: Uint8Array, at: number): void {
  for (let j = 0; j < 128; j++) {
    const low = (j >> 5) * 64 + (j & 31);
    out[at + j] = (quants[low] & 15) | ((quants[low + 32] & 15) << 4);
  }
}

export function q4K(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 144, i += 256) {
    affine(values, i, 32, 15, 63, out, at);
    putScales(out, at + 4);
    putNibbles(out, at + 16);
  }
}

export function q5K(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 176, i += 256) {
    affine(values, i, 32, 31, 63, out, at);
    putScales(out, at + 4);
    out.fill(0, at + 16, at + 48);
    for (let j = 0; j < 256; j++) out[at + 16 + (j & 31)] |= (quants[j] >> 4) << (j >> 5);
    putNibbles(out, at + 48);
  }
}

export function q6K(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 210, i += 256) {
    symmetric(values, i, 32, 128, out, at + 208);
    for (let j = 0; j < 128; j++) {
      const low = (j >> 6) * 128 + (j & 63);
      out[at + j] = (quants[low] & 15) | ((quants[low + 64] & 15) << 4);
    }
    putPairs(out, at + 128, 4);
    out.set(scaleBits, at + 192);
  }
}
