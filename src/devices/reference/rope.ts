// Rotary position embedding, rotate-half form (arXiv 2104.09864): dimension i turns with dimension i + half; what lies beyond the
// rotated dimensions is copied.

import type { Rope } from "../../core/trace.ts";
import type { Floats } from "./floats.ts";

/** Rotates every head of x [T, heads * headDim] by its token's position. */
export function rope(x: Floats, positions: Int32Array, headDim: number, rope: Rope, out: Floats): void {
  const { frequencies, scale } = rope;
  const half = frequencies.length;
  const cols = x.length / positions.length;
  out.set(x);
  positions.forEach((position, token) => {
    for (let i = 0; i < half; i++) {
      const cos = Math.cos(position * frequencies[i]) * scale;
      const sin = Math.sin(position * frequencies[i]) * scale;
      for (let first = token * cols + i; first < (token + 1) * cols; first += headDim) {
        const second = first + half;
        out[first] = x[first] * cos - x[second] * sin;
        out[second] = x[second] * cos + x[first] * sin;
      }
    }
  });
}
