// RMSNorm (arXiv 1910.07467), over whole rows or over each head by itself: the weight's length is the group's.

import type { Floats } from "./floats.ts";

/** x / sqrt(mean(x^2) + eps) * (offset + weight); the offset is 1 where weights are zero-centred. */
export function rmsNorm(x: Floats, weight: Floats, eps: number, out: Floats, offset = 0): void {
  const size = weight.length;
  for (let start = 0; start < x.length; start += size) {
    let squares = 0;
    for (let i = 0; i < size; i++) squares += x[start + i] ** 2;
    const scale = 1 / Math.sqrt(squares / size + eps);
    for (let i = 0; i < size; i++) out[start + i] = x[start + i] * scale * (offset + weight[i]);
  }
}
