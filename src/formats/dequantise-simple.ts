// Plain floats and ggml's blocks of 32 with one scale (and, in the _1 types, one minimum). Source: ggml-quants.c.
// Nibbles: byte j holds element j in its low half and element j + 16 in its high half. Little-endian hosts only.

import { halfToFloat } from "./float-bits.ts";

const round = Math.fround;

export function floats(bytes: Uint8Array, out: Float32Array, count: number): void {
  new Uint8Array(out.buffer, out.byteOffset, count * 4).set(bytes.subarray(0, count * 4));
}

export function halves(bytes: Uint8Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = halfToFloat[bytes[2 * i] | (bytes[2 * i + 1] << 8)];
}

export function bfloats(bytes: Uint8Array, out: Float32Array, count: number): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, count);
  for (let i = 0; i < count; i++) bits[i] = (bytes[2 * i] << 16) | (bytes[2 * i + 1] << 24);
}

function half(bytes: Uint8Array, at: number): number {
  return halfToFloat[bytes[at] | (bytes[at + 1] << 8)];
}

/** f16 scale, 16 bytes of nibbles: d * (q - 8). */
export function q4_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 18, o += 32) {
    const d = half(bytes, at);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 2 + j];
      out[o + j] = d * ((q & 15) - 8);
      out[o + j + 16] = d * ((q >> 4) - 8);
    }
  }
}

/** f16 scale, f16 minimum, 16 bytes of nibbles: d * q + m. */
export function q4_1(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 20, o += 32) {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 4 + j];
      out[o + j] = round(d * (q & 15)) + m;
      out[o + j + 16] = round(d * (q >> 4)) + m;
    }
  }
}

/** f16 scale, 32 fifth bits, 16 bytes of nibbles: d * (q - 16). */
export function q5_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 22, o += 32) {
    const d = half(bytes, at);
    const high = bytes[at + 2] | (bytes[at + 3] << 8) | (bytes[at + 4] << 16) | (bytes[at + 5] << 24);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 6 + j];
      out[o + j] = d * (((q & 15) | (((high >>> j) & 1) << 4)) - 16);
      out[o + j + 16] = d * (((q >> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16);
    }
  }
}

/** f16 scale, f16 minimum, 32 fifth bits, 16 bytes of nibbles: d * q + m. */
export function q5_1(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 24, o += 32) {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    const high = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24);
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 8 + j];
      out[o + j] = round(d * ((q & 15) | (((high >>> j) & 1) << 4))) + m;
      out[o + j + 16] = round(d * ((q >> 4) | (((high >>> (j + 16)) & 1) << 4))) + m;
    }
  }
}

/** f16 scale, 32 signed bytes: d * q. */
export function q8_0(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 34, o += 32) {
    const d = half(bytes, at);
    for (let j = 0; j < 32; j++) out[o + j] = d * ((bytes[at + 2 + j] << 24) >> 24);
  }
}
