// Rounding as the KV cache does it: to the nearest, ties to even, for f16 and for int8 with a scale per token and head
// (numerics.md, d). Results are given back as f32, so that readers of the cache need not know the type.

import type { KvType } from "../../core/device.ts";

/** Adding and taking away 1.5 * 2^52 leaves no room for a fraction in a double; the hardware rounds ties to even. */
export function roundHalfEven(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

const f32 = new Float32Array(1);
const bits = new Uint32Array(f32.buffer);

/** The f16 nearest to x; beyond 65,504 and half a step it is infinite, as IEEE 754 has it. */
export function roundToHalf(x: number): number {
  f32[0] = x;
  const exponent = ((bits[0] >>> 23) & 0xff) - 127;
  if (exponent > 15) return f32[0] * Infinity; // NaN stays NaN
  const step = 2 ** (Math.max(exponent, -14) - 10);
  const rounded = roundHalfEven(f32[0] / step) * step;
  return Math.abs(rounded) > 65504 ? rounded * Infinity : rounded;
}

/** Copies one token's heads of K or V into the cache, each rounded to the cache type. */
export function roundHeads(kv: KvType, heads: Float32Array, headDim: number, into: Float32Array): void {
  if (kv === "f32") {
    into.set(heads);
  } else if (kv === "f16") {
    for (let i = 0; i < heads.length; i++) into[i] = roundToHalf(heads[i]);
  } else {
    for (let start = 0; start < heads.length; start += headDim) {
      roundToInt8(heads.subarray(start, start + headDim), into.subarray(start, start + headDim));
    }
  }
}

function roundToInt8(head: Float32Array, into: Float32Array): void {
  let largest = 0;
  for (const x of head) largest = Math.max(largest, Math.abs(x));
  const scale = Math.fround(largest / 127);
  for (let i = 0; i < head.length; i++) {
    // A scale so small that it is subnormal could round to more than 127.
    const level = scale === 0 ? 0 : roundHalfEven(head[i] / scale);
    into[i] = Math.min(Math.max(level, -127), 127) * scale;
  }
}
