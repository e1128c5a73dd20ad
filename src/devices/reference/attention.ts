// Causal grouped-query attention (arXiv 2305.13245) over the cache, with or without a sliding window: softmax(q.k * scale) . v,
// one query and head at a time, in float64.

import type { AttentionShape } from "../../core/trace.ts";
import type { ReferenceState } from "./cache.ts";
import { dot } from "./linear.ts";

/** q [T, heads * headDim]; token t belongs to states[t] and stands at positions[t]. */
export function attention(
  q: Float32Array,
  states: readonly ReferenceState[],
  positions: Int32Array,
  layer: number,
  shape: AttentionShape,
  out: Float32Array,
): void {
  const { heads, kvHeads, headDim, scale, window } = shape;
  positions.forEach((position, token) => {
    const first = window === undefined ? 0 : Math.max(0, position - window + 1);
    const keys: Float32Array[] = [];
    const values: Float32Array[] = [];
    for (let p = first; p <= position; p++) {
      keys.push(states[token].keys(layer, p));
      values.push(states[token].values(layer, p));
    }
    for (let head = 0; head < heads; head++) {
      const query = (token * heads + head) * headDim;
      const kvStart = Math.floor(head / (heads / kvHeads)) * headDim;
      const weights = softmax(keys.map((key) => dot(q, query, key, kvStart, headDim) * scale));
      for (let d = 0; d < headDim; d++) {
        let sum = 0;
        for (let p = 0; p < weights.length; p++) sum += weights[p] * values[p][kvStart + d];
        out[query + d] = sum;
      }
    }
  });
}

export function softmax(scores: readonly number[]): number[] {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((e) => e / sum);
}
