// Linear layers and the embedding table. Sums run in float64, k ascending; each result is rounded to f32 once.

import type { LowRank } from "../../core/device.ts";
import type { Floats } from "./floats.ts";

/** x [n, in] times weight [out, in] transposed, plus bias [out], plus residual [n, out]: [n, out]; a weight with more outputs counts
 *  with its first ones. */
export function linear(
  x: Floats,
  weight: Floats,
  bias: Floats | undefined,
  residual: Floats | undefined,
  in_: number,
  out: Floats,
  outputs = weight.length / in_,
): void {
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

export function dot(a: Floats, aStart: number, b: Floats, bStart: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[aStart + k] * b[bStart + k];
  return sum;
}

/** Row ids[i] of table [vocab, cols] for every token: [n, cols]. */
export function embed(table: Floats, ids: Int32Array, cols: number, out: Floats): void {
  ids.forEach((id, i) => {
    out.set(table.subarray(id * cols, (id + 1) * cols), i * cols);
  });
}

/** The rows of x [n, cols] that are asked for. */
export function gatherRows(x: Floats, rows: Int32Array, cols: number, out: Floats): void {
  embed(x, rows, cols, out);
}

/** The `aCols` columns of a, then the `bCols` of b. */
export function concat(a: Float32Array, aCols: number, b: Float32Array, bCols: number, out: Float32Array): void {
  for (let row = 0; row * aCols < a.length; row++) {
    out.set(a.subarray(row * aCols, (row + 1) * aCols), row * (aCols + bCols));
    out.set(b.subarray(row * bCols, (row + 1) * bCols), row * (aCols + bCols) + aCols);
  }
}

/** Columns [offset, offset + width) of every `part` columns of x. */
export function slice(x: Floats, part: number, offset: number, width: number, out: Floats): void {
  for (let at = 0, to = 0; to < out.length; at += part, to += width) {
    out.set(x.subarray(at + offset, at + offset + width), to);
  }
}
