// Vector-Jacobian products of the ops, one function each, as they follow from the forward definitions beside them. Gradients of
// weights are added; `add` says whether those of values are.

import type { AttentionShape, Rope } from "../../core/trace.ts";
import { sigmoid } from "./activation.ts";
import { softmax } from "./attention.ts";
import type { Floats } from "./floats.ts";
import { dot } from "./linear.ts";

const put = (into: Floats, at: number, value: number, add: boolean) => {
  into[at] = add ? into[at] + value : value;
};

/** y = x W^T: dx = scale * dy W, dy [n, out], W [out, in]. */
export function linearInput(dy: Floats, weight: Floats, out: number, scale: number, dx: Floats, add: boolean): void {
  const in_ = weight.length / out;
  for (let row = 0; row * out < dy.length; row++) {
    for (let i = 0; i < in_; i++) {
      let sum = 0;
      for (let o = 0; o < out; o++) sum += dy[row * out + o] * weight[o * in_ + i];
      put(dx, row * in_ + i, scale * sum, add);
    }
  }
}

/** y = x W^T: dW += scale * dy^T x. */
export function linearWeight(dy: Floats, x: Floats, out: number, scale: number, dWeight: Floats): void {
  const in_ = dWeight.length / out;
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < in_; i++) {
      let sum = 0;
      for (let row = 0; row * out < dy.length; row++) sum += dy[row * out + o] * x[row * in_ + i];
      dWeight[o * in_ + i] += scale * sum;
    }
  }
}

export function biasSum(dy: Floats, dBias: Floats): void {
  for (let i = 0; i < dy.length; i++) dBias[i % dBias.length] += dy[i];
}

/** y = s w x, s = 1 / sqrt(mean(x^2) + eps): dx = s w dy - x s^3 mean(w x dy), dw += s x dy. w: `offset` plus the stored weight. */
export function rmsNormGradient(
  x: Floats,
  weight: Floats,
  eps: number,
  offset: number,
  dy: Floats,
  dx: Floats,
  add: boolean,
  dWeight: Floats | undefined,
): void {
  const size = weight.length;
  for (let start = 0; start < x.length; start += size) {
    let squares = 0;
    let product = 0;
    for (let i = 0; i < size; i++) {
      squares += x[start + i] ** 2;
      product += (offset + weight[i]) * x[start + i] * dy[start + i];
    }
    const s = 1 / Math.sqrt(squares / size + eps);
    for (let i = 0; i < size; i++) {
      const at = start + i;
      if (dWeight) dWeight[i] += s * x[at] * dy[at];
      put(dx, at, s * (offset + weight[i]) * dy[at] - (x[at] * s ** 3 * product) / size, add);
    }
  }
}

/** A rotation's transpose turns back. */
export function ropeGradient(
  dy: Floats,
  positions: Int32Array,
  headDim: number,
  { frequencies, scale }: Rope,
  dx: Floats,
  add: boolean,
): void {
  const half = frequencies.length;
  const cols = dy.length / positions.length;
  for (let at = 0; at < dy.length; at++) {
    const position = positions[Math.floor(at / cols)];
    const i = at % headDim;
    if (i >= 2 * half) put(dx, at, dy[at], add);
    if (i >= half) continue;
    const cos = Math.cos(position * frequencies[i]) * scale;
    const sin = Math.sin(position * frequencies[i]) * scale;
    const [a, b] = [dy[at], dy[at + half]];
    put(dx, at, a * cos + b * sin, add);
    put(dx, at + half, b * cos - a * sin, add);
  }
}

/** y = silu(gate) up; silu'(g) = s (1 + g (1 - s)), s = sigmoid(g). */
export function swigluGradient(gate: Floats, up: Floats, dy: Floats, dGate: Floats, dUp: Floats): void {
  for (let i = 0; i < dy.length; i++) {
    const s = sigmoid(gate[i]);
    dGate[i] = dy[i] * up[i] * s * (1 + gate[i] * (1 - s));
    dUp[i] = dy[i] * gate[i] * s;
  }
}

/** y = s x, s = sigmoid(gate): dx = s dy, dgate = s (1 - s) x dy, summed over the columns that a gate holds for. */
export function sigmoidGateGradient(gate: Floats, x: Floats, dy: Floats, dGate: Floats, dx: Floats): void {
  const cols = x.length / gate.length;
  dGate.fill(0);
  for (let i = 0; i < dy.length; i++) {
    const at = Math.floor(i / cols);
    const s = sigmoid(gate[at]);
    dx[i] = s * dy[i];
    dGate[at] += s * (1 - s) * x[i] * dy[i];
  }
}

/** Adds dy to columns [offset, offset + width) of every `part` columns of dx. */
export function sliceGradient(dy: Floats, part: number, offset: number, width: number, dx: Floats): void {
  for (let i = 0; i < dy.length; i++) dx[Math.floor(i / width) * part + offset + (i % width)] += dy[i];
}

/** Calls `visit` for every query head of every token, with its first and last key. `starts`: each token's sequence's first. */
function eachQuery(
  starts: Int32Array,
  { heads, kvHeads, headDim, window }: AttentionShape,
  visit: (query: number, first: number, last: number, kvColumn: number) => void,
): void {
  starts.forEach((start, token) => {
    const first = window === undefined ? start : Math.max(start, token - window + 1);
    for (let head = 0; head < heads; head++) {
      visit((token * heads + head) * headDim, first, token, Math.floor(head / (heads / kvHeads)) * headDim);
    }
  });
}

/** softmax(q.k * scale) . v within each token's sequence; q [T, heads * headDim], k and v [T, kvHeads * headDim]. */
export function sequenceAttention(
  q: Floats,
  k: Floats,
  v: Floats,
  starts: Int32Array,
  shape: AttentionShape,
  out: Floats,
): void {
  const { headDim, scale } = shape;
  const stride = shape.kvHeads * headDim;
  eachQuery(starts, shape, (query, first, last, column) => {
    const p = softmax(span(first, last).map((t) => dot(q, query, k, t * stride + column, headDim) * scale));
    for (let d = 0; d < headDim; d++) {
      out[query + d] = p.reduce((sum, probability, n) => sum + probability * v[(first + n) * stride + column + d], 0);
    }
  });
}

/** With p the probabilities: dv += p dy, dp = dy.v, ds = p (dp - dy.y), dq = scale ds k, dk += scale ds q. */
export function attentionGradient(
  values: { q: Floats; k: Floats; v: Floats; out: Floats; dOut: Floats },
  starts: Int32Array,
  shape: AttentionShape,
  gradients: { dq: Floats; dk: Floats; dv: Floats },
): void {
  const { q, k, v, out, dOut } = values;
  const { dq, dk, dv } = gradients;
  const { headDim, scale } = shape;
  const stride = shape.kvHeads * headDim;
  for (const gradient of [dq, dk, dv]) gradient.fill(0);
  eachQuery(starts, shape, (query, first, last, column) => {
    const keys = span(first, last).map((t) => t * stride + column);
    const p = softmax(keys.map((key) => dot(q, query, k, key, headDim) * scale));
    const along = dot(dOut, query, out, query, headDim);
    keys.forEach((key, n) => {
      const ds = p[n] * (dot(dOut, query, v, key, headDim) - along) * scale;
      for (let d = 0; d < headDim; d++) {
        dv[key + d] += p[n] * dOut[query + d];
        dq[query + d] += ds * k[key + d];
        dk[key + d] += ds * q[query + d];
      }
    });
  });
}

const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** Each row's -log softmax at its label, given back; the row becomes factor * (softmax - one-hot). */
export function crossEntropy(logits: Float64Array, labels: Int32Array, factors: ArrayLike<number>): number[] {
  const vocab = logits.length / labels.length;
  return Array.from(labels, (label, row) => {
    const values = logits.subarray(row * vocab, (row + 1) * vocab);
    const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    const loss = largest + Math.log(sum) - values[label];
    for (let i = 0; i < vocab; i++) values[i] = (factors[row] * Math.exp(values[i] - largest)) / sum;
    values[label] -= factors[row];
    return loss;
  });
}

/** into row rows[i] += dy row i: the transpose of gathering, for tables too. */
export function scatterRows(dy: Floats, rows: Int32Array, into: Floats): void {
  const cols = dy.length / rows.length;
  for (let i = 0; i < dy.length; i++) into[rows[Math.floor(i / cols)] * cols + (i % cols)] += dy[i];
}
