// Routed experts (numerics.md, g): softmax over the router's logits, the top k by probability and then by id, each (token, slot)
// result in a row of its own, added in slot order.

import { swiglu } from "./activation.ts";
import { softmax } from "./attention.ts";
import type { Floats } from "./floats.ts";
import { linear } from "./linear.ts";

export interface Experts {
  readonly gate: Floats; // [E, I, H]
  readonly up: Floats; // [E, I, H]
  readonly down: Floats; // [E, H, I]
  readonly count: number;
  readonly topK: number;
  readonly normTopK: boolean;
}

/** x [T, H], routerLogits [T, E]: [T, H]. */
export function moe(x: Float32Array, routerLogits: Float32Array, experts: Experts, out: Float32Array): void {
  const { count } = experts;
  const tokens = routerLogits.length / count;
  const hidden = x.length / tokens;
  for (let token = 0; token < tokens; token++) {
    const row = x.subarray(token * hidden, (token + 1) * hidden);
    const sum = new Float64Array(hidden);
    for (const { expert, weight } of route(routerLogits.subarray(token * count, (token + 1) * count), experts)) {
      const result = runExpert(row, experts, expert);
      for (let i = 0; i < hidden; i++) sum[i] += weight * result[i];
    }
    out.set(sum, token * hidden);
  }
}

/** The experts of one token in slot order, and their weights. */
export function route(
  logits: Floats,
  { topK, normTopK }: Pick<Experts, "topK" | "normTopK">,
): { expert: number; weight: number }[] {
  const chosen = softmax([...logits])
    .map((weight, expert) => ({ expert, weight }))
    .sort((a, b) => b.weight - a.weight || a.expert - b.expert)
    .slice(0, topK);
  const total = normTopK ? chosen.reduce((sum, { weight }) => sum + weight, 0) : 1;
  return chosen.map(({ expert, weight }) => ({ expert, weight: weight / total }));
}

function runExpert(row: Float32Array, { gate, up, down, count }: Experts, expert: number): Float32Array {
  const size = gate.length / count;
  const hidden = row.length;
  const width = size / hidden;
  const of = (stacked: Floats) => stacked.subarray(expert * size, (expert + 1) * size);
  const [gated, raised, result] = [new Float32Array(width), new Float32Array(width), new Float32Array(hidden)];
  linear(row, of(gate), undefined, undefined, hidden, gated);
  linear(row, of(up), undefined, undefined, hidden, raised);
  swiglu(gated, raised, gated);
  linear(gated, of(down), undefined, undefined, width, result);
  return result;
}
