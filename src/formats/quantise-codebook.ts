// f32 to IQ4_NL and MXFP4: the nearest entry of a table, under an f16 scale that is searched or a power of two.
// Sources: ggml-quants.c; OCP Microscaling Formats (MX) specification 1.0, section 6.3.

import { e2m1Doubled, iq4Values } from "./dequantise-codebook.ts";
import { floatToHalf, halfToFloat } from "./float-bits.ts";

/** Index of the table entry nearest to `value`; the first of equals. */
function nearest(table: readonly number[], value: number): number {
  let best = 0;
  for (let k = 1; k < table.length; k++) {
    if (Math.abs(table[k] - value) < Math.abs(table[best] - value)) best = k;
  }
  return best;
}

export function iq4Nl(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 18, i += 32) {
    const bits = floatToHalf(searchScale(values, i));
    out[at] = bits & 255;
    out[at + 1] = bits >> 8;
    putNearest(values, i, iq4Values, halfToFloat[bits], out, at + 2);
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
        const q = iq4Values[nearest(iq4Values, x * inverse)];
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
    putNearest(values, i, e2m1Doubled, 2 ** (exponent - 128), out, at + 1);
  }
}

function putNearest(
  values: Float32Array,
  from: number,
  table: readonly number[],
  scale: number,
  out: Uint8Array,
  at: number,
): void {
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let j = 0; j < 16; j++) {
    const low = nearest(table, values[from + j] * inverse);
    const high = nearest(table, values[from + j + 16] * inverse);
    out[at + j] = low | (high << 4);
  }
}
