// The causal convolution and the gated delta net (arXiv 2412.06464, eq. 10) within the sequences of a batch, forward and backward.
// All states of a head are kept while its gradients are computed: it is a definition, not a way to save memory.

import type { DeltaShape } from "../../core/trace.ts";
import { sigmoid } from "./activation.ts";
import { LENGTH_EPS, softplus } from "./delta.ts";
import type { Floats } from "./floats.ts";
import { dot } from "./linear.ts";

/** What the convolution gives before its SiLU. `starts`: the first token of each token's sequence. */
function convolve(x: Floats, weight: Floats, starts: Int32Array, taps: number, token: number, channel: number): number {
  const channels = x.length / starts.length;
  let sum = 0;
  for (let i = 0; i < taps; i++) {
    const from = token - taps + 1 + i;
    if (from >= starts[token]) sum += weight[channel * taps + i] * x[from * channels + channel];
  }
  return sum;
}

/** x [T, channels], weight [channels * taps]: silu of each channel's convolution. */
export function sequenceConv(x: Floats, weight: Floats, starts: Int32Array, taps: number, out: Floats): void {
  const channels = x.length / starts.length;
  for (let at = 0; at < x.length; at++) {
    const sum = convolve(x, weight, starts, taps, Math.floor(at / channels), at % channels);
    out[at] = sum * sigmoid(sum);
  }
}

/** With z the sum and s = sigmoid(z): dz = dy s (1 + z (1 - s)); every input of the sum gets its weight's share, and the reverse. */
export function convGradient(
  x: Floats,
  weight: Floats,
  starts: Int32Array,
  taps: number,
  dy: Floats,
  dx: Floats,
  dWeight: Floats | undefined,
): void {
  const channels = x.length / starts.length;
  dx.fill(0);
  for (let at = 0; at < x.length; at++) {
    const [token, channel] = [Math.floor(at / channels), at % channels];
    const z = convolve(x, weight, starts, taps, token, channel);
    const s = sigmoid(z);
    const dz = dy[at] * s * (1 + z * (1 - s));
    for (let i = 0; i < taps; i++) {
      const from = token - taps + 1 + i;
      if (from < starts[token]) continue;
      dx[from * channels + channel] += weight[channel * taps + i] * dz;
      if (dWeight) dWeight[channel * taps + i] += x[from * channels + channel] * dz;
    }
  }
}

export interface DeltaValues {
  /** [T, channels], [T, valueHeads] twice. */
  readonly qkv: Floats;
  readonly a: Floats;
  readonly b: Floats;
  /** [valueHeads] */
  readonly aLog: Floats;
  readonly dtBias: Floats;
}

/** One token of one value head, as its recurrence sees it. */
interface Step {
  /** Where its query, key and value begin in qkv, and its output in out. */
  readonly q: number;
  readonly k: number;
  readonly v: number;
  readonly out: number;
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly decay: number;
  readonly beta: number;
}

function stepOf({ qkv, a, b, aLog, dtBias }: DeltaValues, shape: DeltaShape, token: number, head: number): Step {
  const { keyHeads, valueHeads, keyDim, valueDim } = shape;
  const keys = keyHeads * keyDim;
  const q = token * (2 * keys + valueHeads * valueDim) + Math.floor(head / (valueHeads / keyHeads)) * keyDim;
  const k = q + keys;
  const rate = Math.exp(aLog[head]) * softplus(a[token * valueHeads + head] + dtBias[head]);
  return {
    ...{ q, k, v: token * (2 * keys + valueHeads * valueDim) + 2 * keys + head * valueDim },
    out: (token * valueHeads + head) * valueDim,
    query: unit(qkv, q, keyDim, 1 / Math.sqrt(keyDim)),
    key: unit(qkv, k, keyDim, 1),
    decay: Math.exp(-rate),
    beta: sigmoid(b[token * valueHeads + head]),
  };
}

/** S^T k of the state before, and what the token adds: beta (v - g S^T k). */
function changeOf(before: Float64Array, { key, v, decay, beta }: Step, qkv: Floats, valueDim: number) {
  const known = new Float64Array(valueDim);
  before.forEach((s, at) => {
    known[at % valueDim] += s * key[Math.floor(at / valueDim)];
  });
  return { known, change: known.map((value, j) => beta * (qkv[v + j] - decay * value)) };
}

/** out [T, valueHeads * valueDim]. */
export function sequenceDelta(values: DeltaValues, starts: Int32Array, shape: DeltaShape, out: Floats): void {
  const { valueHeads, keyDim, valueDim } = shape;
  for (let head = 0; head < valueHeads; head++) {
    const state = new Float64Array(keyDim * valueDim);
    starts.forEach((start, token) => {
      if (token === start) state.fill(0);
      const step = stepOf(values, shape, token, head);
      move(state, step, changeOf(state, step, values.qkv, valueDim).change);
      for (let j = 0; j < valueDim; j++) {
        let read = 0;
        for (let i = 0; i < keyDim; i++) read += state[i * valueDim + j] * step.query[i];
        out[step.out + j] = read;
      }
    });
  }
}

/** S <- g S + k change^T. */
function move(state: Float64Array, { decay, key }: Step, change: Float64Array): void {
  const width = change.length;
  for (let at = 0; at < state.length; at++)
    state[at] = decay * state[at] + key[Math.floor(at / width)] * change[at % width];
}

export interface DeltaGradients {
  readonly dQkv: Floats;
  readonly dA: Floats;
  readonly dB: Floats;
  /** Of trained weights. */
  readonly dALog?: Floats;
  readonly dDtBias?: Floats;
}

/** dS: the gradient of the state after the token, from the token's output and from all that follows. */
export function deltaGradient(
  values: DeltaValues,
  starts: Int32Array,
  shape: DeltaShape,
  dy: Floats,
  gradients: DeltaGradients,
): void {
  const { valueHeads, keyDim, valueDim } = shape;
  const { dQkv, dA, dB, dALog, dDtBias } = gradients;
  dQkv.fill(0);
  for (let head = 0; head < valueHeads; head++) {
    const before: Float64Array[] = []; // the state before each token
    const state = new Float64Array(keyDim * valueDim);
    starts.forEach((start, token) => {
      if (token === start) state.fill(0);
      before.push(state.slice());
      const step = stepOf(values, shape, token, head);
      move(state, step, changeOf(state, step, values.qkv, valueDim).change);
    });
    const dS = new Float64Array(state.length);
    for (let token = starts.length - 1; token >= 0; token--) {
      if (starts[token + 1] === token + 1) dS.fill(0);
      const step = stepOf(values, shape, token, head);
      const { known, change } = changeOf(before[token], step, values.qkv, valueDim);
      const { query, key, decay, beta } = step;
      const s = before[token];
      const dOut = (j: number) => dy[step.out + j];
      const [dQuery, dKey] = [new Float64Array(keyDim), new Float64Array(keyDim)];
      const dChange = new Float64Array(valueDim);
      let dDecay = 0;
      for (let at = 0; at < dS.length; at++) {
        const [i, j] = [Math.floor(at / valueDim), at % valueDim];
        dQuery[i] += (decay * s[at] + key[i] * change[j]) * dOut(j);
        dS[at] += query[i] * dOut(j);
        dChange[j] += dS[at] * key[i];
        dKey[i] += dS[at] * change[j];
        dDecay += dS[at] * s[at];
      }
      let dBeta = 0;
      for (let j = 0; j < valueDim; j++) {
        dQkv[step.v + j] = beta * dChange[j];
        dBeta += dChange[j] * (values.qkv[step.v + j] - decay * known[j]);
        dDecay -= beta * dChange[j] * known[j];
      }
      for (let at = 0; at < dS.length; at++) {
        const [i, j] = [Math.floor(at / valueDim), at % valueDim];
        dKey[i] -= beta * decay * s[at] * dChange[j];
        dS[at] = decay * (dS[at] - beta * key[i] * dChange[j]);
      }
      unitGradient(values.qkv, step.q, 1 / Math.sqrt(keyDim), dQuery, dQkv);
      unitGradient(values.qkv, step.k, 1, dKey, dQkv);
      const at = token * valueHeads + head;
      dB[at] = dBeta * beta * (1 - beta);
      // g = exp(-A softplus(a + bias)), A = exp(aLog)
      const byRate = -dDecay * decay * Math.exp(values.aLog[head]);
      const raised = values.a[at] + values.dtBias[head];
      dA[at] = byRate * sigmoid(raised);
      if (dDtBias) dDtBias[head] += dA[at];
      if (dALog) dALog[head] += byRate * softplus(raised);
    }
  }
}

/** `size` elements of x from `start` on, at length `length`. */
function unit(x: Floats, start: number, size: number, length: number): Float64Array {
  const scale = length / Math.sqrt(dot(x, start, x, start, size) + LENGTH_EPS);
  return Float64Array.from({ length: size }, (_, i) => x[start + i] * scale);
}

/** y = L r x, r = 1 / sqrt(x.x + eps): dx += L (r dy - r^3 x (x.dy)). */
function unitGradient(x: Floats, start: number, length: number, dy: Float64Array, dx: Floats): void {
  const r = 1 / Math.sqrt(dot(x, start, x, start, dy.length) + LENGTH_EPS);
  const along = r ** 3 * dot(x, start, dy, 0, dy.length);
  for (let i = 0; i < dy.length; i++) dx[start + i] += length * (r * dy[i] - along * x[start + i]);
}
