// What the tests of gradients share: weights that look like noise, a trace in training, and the comparison with finite differences.

import { expect } from "vitest";
import type { BoundWeight } from "../../core/device.ts";
import { type ForwardTrace, forwardTrace, type LowRankOptions } from "../../core/forward-ops.ts";
import type { Trace, Weight } from "../../core/trace.ts";
import type { PassOptions, TrainingExecutor, TrainingSequence } from "../../core/training.ts";
import { differentiate, type Keep, type Loss } from "../../core/vjp.ts";
import { referenceTraining } from "./training.ts";

/** Numbers in (-1, 1) that look like noise. */
export const noise = (seed: number) => Math.sin(seed * 12.9898 + 78.233) * 0.9;

function bound(weight: Weight, index: number): BoundWeight {
  const size = weight.shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => noise(index * 1000 + i));
  const bytes = new Uint8Array(values.buffer);
  const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
  return {
    weight,
    parts: [{ name: weight.name, type: "F32", shape: weight.shape, byteLength: bytes.length, read }],
  };
}

/** All weights of the trace, and of its low-rank terms, in training on the reference device. */
export async function openSlopes(trace: Trace, keep: Keep, lowRank?: LowRankOptions, loss?: Loss) {
  const forward: ForwardTrace = forwardTrace(trace, lowRank);
  const trained = new Set(forward.weights.map(({ name }) => name));
  const device = referenceTraining((_type, bytes, out) => out.set(new Float32Array(bytes.slice().buffer)));
  const program = differentiate(forward, trained, keep, loss);
  const executor = await device.load(program, trace.weights.map(bound), { maxTokens: 8, threads: 1, exact: true });
  for (const [n, { name, shape }] of forward.adapter.entries()) {
    const draw = (_: unknown, i: number) => noise(9000 + 100 * n + i);
    executor.write("value", name, Float32Array.from({ length: shape[0] * shape[1] }, draw));
  }
  return { executor, names: [...trained] };
}

/** Every gradient of `scale` times the loss is its slope, by differences in float64. */
export function expectSlopes(
  executor: TrainingExecutor,
  names: readonly string[],
  sequences: readonly TrainingSequence[],
  scale: number,
  how: PassOptions = {},
): void {
  const total = executor.accumulate(sequences, scale, how);
  expect(executor.loss(sequences, how)).toBeCloseTo(total, 12);
  const step = 2 ** -16;
  for (const name of names) {
    const gradient = executor.read("gradient", name);
    expect(Math.max(...gradient.map(Math.abs)), name).toBeGreaterThan(0);
    const values = executor.read("value", name);
    for (let i = 0; i < values.length; i++) {
      const at = (x: number) => {
        executor.write("value", name, values.with(i, x));
        return executor.loss(sequences, how);
      };
      const [above, below] = [Math.fround(values[i] + step), Math.fround(values[i] - step)];
      const slope = (scale * (at(above) - at(below))) / (above - below);
      expect(Math.abs(gradient[i] - slope), `${name}[${i}]`).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
    }
    executor.write("value", name, values);
  }
}
