// Gated delta net in its recurrent form (arXiv 2412.06464, eq. 10) with the causal convolution before it (arXiv 2312.00752,
// section 3.4). Token by token; the state is f32, sums are float64.

import { type DeltaShape, deltaChannels } from "../../core/trace.ts";
import { sigmoid } from "./activation.ts";

/** What a layer keeps of the tokens before. */
export interface DeltaState {
  /** The convolution's last inputs, oldest first: [taps - 1, channels]. */
  readonly inputs: Float32Array;
  /** [valueHeads, keyDim, valueDim] */
  readonly memory: Float32Array;
}

/** Added to a query's or key's squared length. */
export const LENGTH_EPS = 1e-6;

export function newDeltaState(shape: DeltaShape): DeltaState {
  const { taps, valueHeads, keyDim, valueDim } = shape;
  return {
    inputs: new Float32Array((taps - 1) * deltaChannels(shape)),
    memory: new Float32Array(valueHeads * keyDim * valueDim),
  };
}

/** One token: x [channels] to silu(convolution), and the state moves on. weight [channels * taps]. */
export function causalConv(
  x: Float32Array,
  weight: Float32Array,
  { taps }: DeltaShape,
  inputs: Float32Array,
  out: Float32Array,
): void {
  const channels = x.length;
  for (let c = 0; c < channels; c++) {
    let sum = weight[c * taps + taps - 1] * x[c];
    for (let i = 0; i < taps - 1; i++) sum += weight[c * taps + i] * inputs[i * channels + c];
    out[c] = sum * sigmoid(sum);
  }
  inputs.copyWithin(0, channels);
  inputs.set(x, (taps - 2) * channels);
}

export interface DeltaInputs {
  /** Queries, keys, values: [channels]. */
  readonly qkv: Float32Array;
  /** [valueHeads] each. */
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly aLog: Float32Array;
  readonly dtBias: Float32Array;
}

/** One token: reads and updates the memory of every value head; out [valueHeads * valueDim]. */
export function gatedDelta(
  { qkv, a, b, aLog, dtBias }: DeltaInputs,
  { keyHeads, valueHeads, keyDim, valueDim }: DeltaShape,
  memory: Float32Array,
  out: Float32Array,
): void {
  const keys = keyHeads * keyDim;
  const shared = valueHeads / keyHeads;
  for (let head = 0; head < valueHeads; head++) {
    const start = Math.floor(head / shared) * keyDim;
    const q = unit(qkv.subarray(start, start + keyDim), 1 / Math.sqrt(keyDim));
    const k = unit(qkv.subarray(keys + start, keys + start + keyDim), 1);
    const v = qkv.subarray(2 * keys + head * valueDim, 2 * keys + (head + 1) * valueDim);
    const decay = Math.exp(-Math.exp(aLog[head]) * softplus(a[head] + dtBias[head]));
    const beta = sigmoid(b[head]);
    const s = memory.subarray(head * keyDim * valueDim, (head + 1) * keyDim * valueDim);
    for (let j = 0; j < valueDim; j++) {
      let known = 0;
      for (let i = 0; i < keyDim; i++) known += s[i * valueDim + j] * k[i];
      const change = beta * (v[j] - decay * known);
      let read = 0;
      for (let i = 0; i < keyDim; i++) {
        s[i * valueDim + j] = decay * s[i * valueDim + j] + k[i] * change;
        read += s[i * valueDim + j] * q[i];
      }
      out[head * valueDim + j] = read;
    }
  }
}

/** x with length `length`. */
function unit(x: Float32Array, length: number): Float64Array {
  const scale = length / Math.sqrt(x.reduce((sum, value) => sum + value * value, LENGTH_EPS));
  return Float64Array.from(x, (value) => value * scale);
}

/** ln(1 + e^x), without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
