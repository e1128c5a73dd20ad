// f32 to IQ4_NL, IQ4_XS and MXFP4: the nearest entry of a table, under a scale that is searched or a power of two.
// Sources: ggml-quants.c; OCP Microscaling Formats (MX) specification 1.0, section 6.3.

import { e2m1Doubled, iq4Values } from "./dequantise-codebook.ts";
import { floatToHalf, halfToFloat } from "./float-bits.ts";

/** Halfway points between neighbours; a value on one goes to the lower entry. */
const iq4Middles = Float64Array.from(iq4Values.slice(1), (value, k) => (value + iq4Values[k]) / 2);
const e2m1Middles = Float64Array.from(e2m1Doubled.slice(1, 8), (value, k) => (value + e2m1Doubled[k]) / 2);

/** Index of the IQ4 value nearest to `value`, by bisection. */
function nearestIq4(value: number): number {
  let k = value > iq4Middles[7] ? 8 : 0;
  if (value > iq4Middles[k + 3]) k += 4;
  if (value > iq4Middles[k + 1]) k += 2;
  return value > iq4Middles[k] ? k + 1 : k;
}

/** Index of the E2M1 value nearest to `value`: magnitude, then the sign in bit 3; zero has none. */
function nearestE2m1(value: number): number {
  const magnitude = Math.abs(value);
  let k = magnitude > e2m1Middles[3] ? 4 : 0;
  if (magnitude > e2m1Middles[k + 1]) k += 2;
  if (magnitude > e2m1Middles[k]) k += 1;
  return value < 0 && k > 0 ? k + 8 : k;
}

export function iq4Nl(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 18, i += 32) {
    const bits = floatToHalf(searchScale(values, i));
    out[at] = bits & 255;
    out[at + 1] = bits >> 8;
    putNearest(values, i, nearestIq4, halfToFloat[bits], out, at + 2);
  }
}

/** Scales are searched as for IQ4_NL; then eight of them share one f16, as whole multiples of it from -32 to 31. */
export function iq4Xs(values: Float32Array, out: Uint8Array, blocks: number): void {
  const scales = new Float64Array(8);
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 136, i += 256) {
    let largest = 0;
    for (let sub = 0; sub < 8; sub++) {
      scales[sub] = searchScale(values, i + sub * 32);
      if (Math.abs(scales[sub]) > Math.abs(largest)) largest = scales[sub];
    }
    // The largest becomes -32: the range reaches one step further below zero than above.
    const bits = floatToHalf(largest / -32);
    const step = halfToFloat[bits];
    out[at] = bits & 255;
    out[at + 1] = bits >> 8;
    out.fill(0, at + 2, at + 8);
    for (let sub = 0; sub < 8; sub++) {
      const multiple = step === 0 ? 0 : Math.max(-32, Math.min(31, Math.round(scales[sub] / step)));
      const stored = multiple + 32;
      out[at + 2 + (sub >> 2)] |= (stored >> 4) << (2 * (sub & 3));
      out[at + 4 + (sub >> 1)] |= (stored & 15) << (4 * (sub & 1));
      putNearest(values, i + sub * 32, nearestIq4, Math.fround(step * multiple), out, at + 8 + sub * 16);
    }
  }
}

/** The scale that fits best when the extreme element lands near either end of the table. */
function searchScale(values: Float32Array, from: number): number {
  let extreme = 0;
  for (let j = from; j < from + 32; j++) if (Math.abs(values[j]) > Math.abs(extreme)) extreme = values[j];
  if (extreme === 0) return 0;
  let best = extreme / iq4Values[0];
  let mostExplained = Number.NEGATIVE_INFINITY;
  for (const end of [iq4Values[0], iq4Values[15]]) {
    for (let step = -7; step <= 7; step++) {
      const inverse = (end + step) / extreme;
      let sumQX = 0;
      let sumQQ = 0;
      for (let j = from; j < from + 32; j++) {
        const x = values[j];
        const q = iq4Values[nearestIq4(x * inverse)];
        sumQX += x * x * q * x;
        sumQQ += x * x * q * q;
      }
      if (sumQQ > 0 && sumQX * sumQX > mostExplained * sumQQ) {
        mostExplained = (sumQX * sumQX) / sumQQ;
        best = sumQX / sumQQ;
      }
    }
  }
  return best;
}

export function mxfp4(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 17, i += 32) {
    let most = 0;
    for (let j = i; j < i + 32; j++) most = Math.max(most, Math.abs(values[j]));
    // The largest element shares its exponent with E2M1's largest values, 4 and 6.
    const exponent = most > 0 ? Math.max(0, Math.floor(Math.log2(most)) - 2 + 127) : 0;
    out[at] = exponent;
    putNearest(values, i, nearestE2m1, 2 ** (exponent - 128), out, at + 1);
  }
}

function putNearest(
  values: Float32Array,
  from: number,
  nearest: (value: number) => number,
  scale: number,
  out: Uint8Array,
  at: number,
): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let j = 0; j < 16; j++) {
    const low = nearest(values[from + j] * inverse);
    const high = nearest(values[from + j + 16] * inverse);
    out[at + j] = low | (high << 4);
  }
}
