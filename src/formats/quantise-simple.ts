// f32 to plain floats and to ggml's blocks of 32, rounded as the reference quantisers of ggml-quants.c round: every
// step in f32, 4- and 5-bit values by adding one half and cutting off, Q8_0 to nearest with halves away from zero.

import { floatToBfloat, floatToHalf } from "./float-bits.ts";

const round = Math.fround;

export function floats(values: Float32Array, out: Uint8Array, count: number): void {
  out.set(new Uint8Array(values.buffer, values.byteOffset, count * 4));
}

export function halves(values: Float32Array, out: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) put16(out, 2 * i, floatToHalf(values[i]));
}

export function bfloats(values: Float32Array, out: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) put16(out, 2 * i, floatToBfloat(values[i]));
}

function put16(out: Uint8Array, at: number, bits: number): void {
  out[at] = bits & 255;
  out[at + 1] = bits >> 8;
}

/** The element of largest magnitude, with its sign; the first of equals. */
function extreme(values: Float32Array, from: number): number {
  let most = 0;
  let found = 0;
  for (let j = from; j < from + 32; j++) {
    const magnitude = Math.abs(values[j]);
    if (magnitude > most) {
      most = magnitude;
      found = values[j];
    }
  }
  return found;
}

/** 1 / d in f32, 0 for a block of zeros. */
function inverse(d: number): number {
  return d === 0 ? 0 : round(1 / d);
}

/** The extreme becomes -8, so that one of the 16 values is not lost to symmetry. */
export function q4_0(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 18, i += 32) {
    const d = round(extreme(values, i) / -8);
    const id = inverse(d);
    put16(out, at, floatToHalf(d));
    for (let j = 0; j < 16; j++) {
      const low = Math.min(15, round(round(values[i + j] * id) + 8.5) | 0);
      const high = Math.min(15, round(round(values[i + j + 16] * id) + 8.5) | 0);
      out[at + 2 + j] = low | (high << 4);
    }
  }
}

export function q5_0(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 22, i += 32) {
    const d = round(extreme(values, i) / -16);
    const id = inverse(d);
    put16(out, at, floatToHalf(d));
    putFives(out, at + 2, (j) => Math.min(31, round(round(values[i + j] * id) + 16.5) | 0));
  }
}

/** Smallest and largest element. */
function bounds(values: Float32Array, from: number): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let j = from; j < from + 32; j++) {
    if (values[j] < low) low = values[j];
    if (values[j] > high) high = values[j];
  }
  return [low, high];
}

export function q4_1(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 20, i += 32) {
    const [low, high] = bounds(values, i);
    const d = round(round(high - low) / 15);
    const id = inverse(d);
    put16(out, at, floatToHalf(d));
    put16(out, at + 2, floatToHalf(low));
    const q = (j: number) => Math.min(15, round(round(round(values[i + j] - low) * id) + 0.5) | 0);
    for (let j = 0; j < 16; j++) out[at + 4 + j] = q(j) | (q(j + 16) << 4);
  }
}

export function q5_1(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 24, i += 32) {
    const [low, high] = bounds(values, i);
    const d = round(round(high - low) / 31);
    const id = inverse(d);
    put16(out, at, floatToHalf(d));
    put16(out, at + 2, floatToHalf(low));
    putFives(out, at + 4, (j) => Math.min(31, round(round(round(values[i + j] - low) * id) + 0.5) | 0));
  }
}

/** 32 fifth bits, then 16 bytes of low nibbles. */
function putFives(out: Uint8Array, at: number, q: (j: number) => number): void {
  let fifth = 0;
  for (let j = 0; j < 16; j++) {
    const low = q(j);
    const high = q(j + 16);
    out[at + 4 + j] = (low & 15) | ((high & 15) << 4);
    fifth |= ((low >> 4) << j) | ((high >> 4) << (j + 16));
  }
  for (let k = 0; k < 4; k++) out[at + k] = (fifth >>> (8 * k)) & 255;
}

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** Halves are rounded away from zero; exact, since the sum is a double. */
export function q8_0(values: Float32Array, out: Uint8Array, blocks: number): void {
  for (let b = 0, at = 0, i = 0; b < blocks; b++, at += 34, i += 32) {
    const d = round(Math.abs(extreme(values, i)) / 127);
    const id = inverse(d);
    put16(out, at, floatToHalf(d));
    for (let j = 0; j < 32; j++) {
      const scaled = round(values[i + j] * id);
      scratch[0] = scaled;
      const sign = scratchBits[0] >> 31; // 0 or -1: a branch on random signs would cost more than all the rest
      out[at + 2 + j] = (((Math.abs(scaled) + 0.5) | 0) ^ sign) - sign;
    }
  }
}
