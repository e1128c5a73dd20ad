// ggml's k-quants: super-blocks of 256 whose sub-blocks of 16 or 32 have small integer scales (and minimums) under one
// f16 scale each. Source: ggml-quants.c and block_q*_K in ggml-common.h.

import { halfToFloat } from "./float-bits.ts";

const round = Math.fround;

function half(bytes: Uint8Array, at: number): number {
  return halfToFloat[bytes[at] | (bytes[at + 1] << 8)];
}

/** 16 bytes of (minimum << 4 | scale), 64 bytes of 2-bit values, f16 d, f16 dmin; sub-blocks of 16: d*s*q - dmin*m. */
export function q2K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 84, o += 256) {
    const d = half(bytes, at + 80);
    const dmin = half(bytes, at + 82);
    for (let sub = 0; sub < 16; sub++) {
      const packed = bytes[at + sub];
      const scale = round(d * (packed & 15));
      const minimum = round(dmin * (packed >> 4));
      // Two halves of 128; within one, four runs of 32 share 32 bytes, two bits each.
      const from = at + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
      const shift = ((sub >> 1) & 3) * 2;
      const to = o + sub * 16;
      for (let j = 0; j < 16; j++) out[to + j] = round(scale * ((bytes[from + j] >> shift) & 3)) - minimum;
    }
  }
}

/** 32 bytes of third bits, 64 bytes of 2-bit values, 12 bytes of sixteen 6-bit scales, f16 d: d*(s-32)*(q-4). */
export function q3K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 110, o += 256) {
    const d = half(bytes, at + 108);
    for (let sub = 0; sub < 16; sub++) {
      // Low four bits of the scales in 8 bytes (8..15 in the high halves), high two bits in the last 4 bytes.
      const low = sub < 8 ? bytes[at + 96 + sub] & 15 : bytes[at + 88 + sub] >> 4;
      const high = (bytes[at + 104 + (sub & 3)] >> ((sub >> 2) * 2)) & 3;
      const scale = round(d * ((low | (high << 4)) - 32));
      const from = at + 32 + (sub >> 3) * 32 + (sub & 1) * 16;
      const shift = ((sub >> 1) & 3) * 2;
      const mask = at + (sub & 1) * 16;
      const bit = sub >> 1;
      const to = o + sub * 16;
      for (let j = 0; j < 16; j++) {
        const q = ((bytes[from + j] >> shift) & 3) | (((bytes[mask + j] >> bit) & 1) << 2);
        out[to + j] = scale * (q - 4);
      }
    }
  }
}

/** The 6-bit scale of sub-block `sub` (0..7) of Q4_K and Q5_K; `at` is where their 12 bytes begin. */
function scaleOf(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + sub] & 63;
  return (bytes[at + sub + 4] & 15) | ((bytes[at + sub - 4] >> 6) << 4);
}

/** The 6-bit minimum of sub-block `sub`, from the same 12 bytes. */
function minimumOf(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return bytes[at + sub + 4] & 63;
  return (bytes[at + sub + 4] >> 4) | ((bytes[at + sub] >> 6) << 4);
}

/** f16 d, f16 dmin, 12 bytes of scales and minimums, 128 bytes of nibbles; sub-blocks of 32: d*s*q - dmin*m. */
export function q4K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 144, o += 256) {
    const d = half(bytes, at);
    const dmin = half(bytes, at + 2);
    for (let sub = 0; sub < 8; sub++) {
      const scale = round(d * scaleOf(bytes, at + 4, sub));
      const minimum = round(dmin * minimumOf(bytes, at + 4, sub));
      // Two sub-blocks share 32 bytes: the even one has the low halves.
      const from = at + 16 + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      const to = o + sub * 32;
      for (let j = 0; j < 32; j++) out[to + j] = round(scale * ((bytes[from + j] >> shift) & 15)) - minimum;
    }
  }
}

/** As Q4_K with 32 bytes of fifth bits (bit `sub` of byte j) before the nibbles. */
export function q5K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 176, o += 256) {
    const d = half(bytes, at);
    const dmin = half(bytes, at + 2);
    for (let sub = 0; sub < 8; sub++) {
      const scale = round(d * scaleOf(bytes, at + 4, sub));
      const minimum = round(dmin * minimumOf(bytes, at + 4, sub));
      const from = at + 48 + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      const to = o + sub * 32;
      for (let j = 0; j < 32; j++) {
        const q = ((bytes[from + j] >> shift) & 15) | (((bytes[at + 16 + j] >> sub) & 1) << 4);
        out[to + j] = round(scale * q) - minimum;
      }
    }
  }
}

/** 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, f16 d; sub-blocks of 16: d*s*(q-32). */
export function q6K(bytes: Uint8Array, out: Float32Array, blocks: number): void {
  for (let b = 0, at = 0, o = 0; b < blocks; b++, at += 210, o += 256) {
    const d = half(bytes, at + 208);
    for (let sub = 0; sub < 16; sub++) {
      const scale = round(d * ((bytes[at + 192 + sub] << 24) >> 24));
      // A half of 128 has four runs of 32: two share 64 bytes of nibbles, all four share 32 bytes of bit pairs.
      const run = (sub >> 1) & 3;
      const low = at + (sub >> 3) * 64 + (run & 1) * 32 + (sub & 1) * 16;
      const lowShift = (run >> 1) * 4;
      const high = at + 128 + (sub >> 3) * 32 + (sub & 1) * 16;
      const highShift = run * 2;
      const to = o + sub * 16;
      for (let j = 0; j < 16; j++) {
        const q = ((bytes[low + j] >> lowShift) & 15) | (((bytes[high + j] >> highShift) & 3) << 4);
        out[to + j] = scale * (q - 32);
      }
    }
  }
}
