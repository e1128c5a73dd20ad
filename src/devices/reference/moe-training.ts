// Routed experts of training, forward and backward, in float64: moe.ts's definition and what follows from it.

import { sigmoid } from "./activation.ts";
import type { Floats } from "./floats.ts";
import { linear } from "./linear.ts";
import { type Experts, route } from "./moe.ts";

/** What one expert makes of one row: down(silu(gate) * up). */
interface Passed {
  readonly gate: Float64Array; // [I]
  readonly up: Float64Array; // [I]
  readonly inner: Float64Array; // [I]
  readonly out: Float64Array; // [H]
}

const ofExpert = (stacked: Floats, { count }: Experts, expert: number): Floats => {
  const size = stacked.length / count;
  return stacked.subarray(expert * size, (expert + 1) * size);
};

function pass(row: Floats, experts: Experts, expert: number): Passed {
  const hidden = row.length;
  const width = experts.gate.length / experts.count / hidden;
  const [gate, up, inner] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  const out = new Float64Array(hidden);
  linear(row, ofExpert(experts.gate, experts, expert), undefined, undefined, hidden, gate);
  linear(row, ofExpert(experts.up, experts, expert), undefined, undefined, hidden, up);
  for (let i = 0; i < width; i++) inner[i] = gate[i] * sigmoid(gate[i]) * up[i];
  linear(inner, ofExpert(experts.down, experts, expert), undefined, undefined, width, out);
  return { gate, up, inner, out };
}

/** x [T, H], logits [T, E]: [T, H]. */
export function sequenceMoe(x: Floats, logits: Floats, experts: Experts, out: Floats): void {
  const tokens = logits.length / experts.count;
  const hidden = x.length / tokens;
  out.fill(0);
  for (let token = 0; token < tokens; token++) {
    const row = x.subarray(token * hidden, (token + 1) * hidden);
    for (const { expert, weight } of routeRow(logits, experts, token)) {
      const result = pass(row, experts, expert).out;
      for (let i = 0; i < hidden; i++) out[token * hidden + i] += weight * result[i];
    }
  }
}

const routeRow = (logits: Floats, experts: Experts, token: number) =>
  route(logits.subarray(token * experts.count, (token + 1) * experts.count), experts);

export interface MoeGradients {
  readonly dx: Floats;
  readonly add: boolean;
  readonly dLogits: Floats;
  /** Of trained weights. */
  readonly dGate?: Floats;
  readonly dUp?: Floats;
  readonly dDown?: Floats;
}

export function moeGradient(x: Floats, logits: Floats, experts: Experts, dy: Floats, gradients: MoeGradients): void {
  const { dx, add, dLogits, dGate, dUp, dDown } = gradients;
  const tokens = logits.length / experts.count;
  const hidden = x.length / tokens;
  if (!add) dx.fill(0);
  for (let token = 0; token < tokens; token++) {
    const [from, to] = [token * hidden, (token + 1) * hidden];
    const [row, dRow, dOut] = [x.subarray(from, to), dx.subarray(from, to), dy.subarray(from, to)];
    const chosen = routeRow(logits, experts, token);
    const dWeights = chosen.map(({ expert, weight }) => {
      const { gate, up, inner, out } = pass(row, experts, expert);
      const part = (stacked: Floats | undefined) => stacked && ofExpert(stacked, experts, expert);
      const dResult = Float64Array.from(dOut, (d) => weight * d);
      const dInner = back(dResult, inner, ofExpert(experts.down, experts, expert), part(dDown));
      const [dGated, dRaised] = [new Float64Array(gate.length), new Float64Array(gate.length)];
      for (let i = 0; i < gate.length; i++) {
        const s = sigmoid(gate[i]);
        dGated[i] = dInner[i] * up[i] * s * (1 + gate[i] * (1 - s));
        dRaised[i] = dInner[i] * gate[i] * s;
      }
      const byGate = back(dGated, row, ofExpert(experts.gate, experts, expert), part(dGate));
      const byUp = back(dRaised, row, ofExpert(experts.up, experts, expert), part(dUp));
      for (let i = 0; i < hidden; i++) dRow[i] += byGate[i] + byUp[i];
      return out.reduce((sum, value, i) => sum + value * dOut[i], 0);
    });
    routeGradient(logits, experts, token, dWeights, dLogits);
  }
}

/** y = W x of one row: returns W^T dy, and adds dy x^T to W's gradient. */
function back(dy: Floats, x: Floats, weight: Floats, dWeight: Floats | undefined): Float64Array {
  const dx = new Float64Array(x.length);
  for (let o = 0; o < dy.length; o++)
    for (let i = 0; i < x.length; i++) {
      dx[i] += dy[o] * weight[o * x.length + i];
      if (dWeight) dWeight[o * x.length + i] += dy[o] * x[i];
    }
  return dx;
}

/**
 * Renormalised weights are a softmax over the chosen logits: dl = w (dw - w.dw). Others are a softmax over all of them, of which the
 * chosen ones are used: dl = p (dw - w.dw) for the chosen, -p w.dw for the rest.
 */
function routeGradient(
  logits: Floats,
  experts: Experts,
  token: number,
  dWeights: readonly number[],
  dLogits: Floats,
): void {
  const { count, normTopK } = experts;
  const chosen = routeRow(logits, experts, token);
  const mean = chosen.reduce((sum, { weight }, slot) => sum + weight * dWeights[slot], 0);
  const all = route(logits.subarray(token * count, (token + 1) * count), { topK: count, normTopK: false });
  for (const { expert, weight } of all) dLogits[token * count + expert] = normTopK ? 0 : -weight * mean;
  chosen.forEach(({ expert, weight }, slot) => {
    dLogits[token * count + expert] = weight * (dWeights[slot] - mean);
  });
}
