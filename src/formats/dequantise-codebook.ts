// 4-bit types whose nibble is an index into a table of values: ggml's non-linear IQ4 and OCP's MXFP4.
// Sources: ggml-quants.c; OCP Microscaling Formats (MX) specification 1.0 for E2M1 values and E8M0 scales.

import { halfToFloat } from "./float-bits.ts";

const round = Math.fround;

/** The values that a nibble of IQ4_NL and IQ4_XS stands for. */
export const iq4Values: readonly number[] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** Twice the values of E2M1 (0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives), so that they are integers. */
export const e2m1Doubled: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

const iq4Table = Int8Array.from(iq4Values);
const e2m1Table = Int8Array.from(e2m1Doubled);

/** f16 scale, 16 bytes of nibbles: byte j holds elements j and j + 16. */
export function iq4Nl(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 18, o += 32) {
    const d = halfToFloat[bytes[at] | (bytes[at + 1] << 8)];
    nibbles(bytes, at + 2, iq4Table, d, out, o);
  }
}

/** f16 d, 16 high bit pairs and 8 low nibbles of scales, then eight runs of 16 bytes: d * (s - 32) * value. */
export function iq4Xs(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 136, o += 256) {
    const d = halfToFloat[bytes[at] | (bytes[at + 1] << 8)];
    const high = bytes[at + 2] | (bytes[at + 3] << 8);
    for (let sub = 0; sub < 8; sub++) {
      const low = (bytes[at + 4 + (sub >> 1)] >> ((sub & 1) * 4)) & 15;
      const scale = round(d * ((low | (((high >> (2 * sub)) & 3) << 4)) - 32));
      nibbles(bytes, at + 8 + sub * 16, iq4Table, scale, out, o + sub * 32);
    }
  }
}

/** One exponent byte (E8M0: 2^(e - 127)), 16 bytes of nibbles. The table is doubled, so the scale is halved. */
export function mxfp4(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 17, o += 32) {
    nibbles(bytes, at + 1, e2m1Table, 2 ** (bytes[at] - 128), out, o);
  }
}

function nibbles(bytes: Uint8Array, at: number, table: Int8Array, scale: number, out: Float32Array, o: number): void {
  for (let j = 0; j < 16; j++) {
    const q = bytes[at + j];
    out[o + j] = scale * table[q & 15];
    out[o + j + 16] = scale * table[q >> 4];
  }
}
