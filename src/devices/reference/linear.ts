// Linear layers and the embedding table. Sums run in float64, k ascending; each result is rounded to f32 once.

import type { LowRank } from "../../core/device.ts";

/** x [n, in] times weight [out, in] transposed, plus bias [out], plus residual [n, out]: [n, out]. */
export function linear(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  residual: Float32Array | undefined,
  in_: number,
  out: Float32Array,
): void {
  const outputs = weight.length / in_;
  const rows = out.length / outputs;
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const at = row * outputs + o;
      out[at] = dot(x, row * in_, weight, o * in_, in_) + (bias?.[o] ?? 0) + (residual?.[at] ?? 0);
    }
  }
}

/** Adds scale * (x A^T) B^T of one row x [in] to y [out] (LoRA: Hu et al. 2021, section 4.1). */
export function addLowRank(x: Float32Array, { a, b, rank, scale }: LowRank, y: Float32Array): void {
  const inner = Float32Array.from({ length: rank }, (_, j) => dot(x, 0, a, j * x.length, x.length));
  for (let o = 0; o < y.length; o++) y[o] += scale * Math.fround(dot(inner, 0, b, o * rank, rank));
}

export function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[aStart + k] * b[bStart + k];
  return sum;
}

/** Row ids[i] of table [vocab, cols] for every token: [n, cols]. */
export function embed(table: Float32Array, ids: Int32Array, cols: number, out: Float32Array): void {
  ids.forEach((id, i) => {
    out.set(table.subarray(id * cols, (id + 1) * cols), i * cols);
  });
}

/** The rows of x [n, cols] that are asked for. */
export function gatherRows(x: Float32Array, rows: Int32Array, cols: number, out: Float32Array): void {
  embed(x, rows, cols, out);
}
