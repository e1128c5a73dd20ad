// Every vector-Jacobian product against finite differences in float64: a small graph with all ops that training meets, its heads
// shared, attention windowed, rotated in part, and a weight used twice.

import { describe, expect, it } from "vitest";
import type { BoundWeight } from "../../core/device.ts";
import { forwardTrace } from "../../core/forward-ops.ts";
import { Graph, type Weight } from "../../core/trace.ts";
import type { PassOptions, TargetLogits, TrainingSequence } from "../../core/training.ts";
import { differentiate, type Keep, type Loss } from "../../core/vjp.ts";
import { referenceTraining } from "./training.ts";

const [vocab, width, headDim] = [11, 8, 4];
const shape = { heads: 2, kvHeads: 1, headDim, scale: 0.5, window: 3 };

function graph() {
  const g = new Graph();
  const table = g.weight("table", vocab, width);
  const x = g.embed(table);
  const normed = g.rmsNorm(x, g.weight("norm", width), 1e-5);
  const rope = { frequencies: Float64Array.of(0.7), scale: 1.1 };
  const q = g.linear(normed, g.weight("q.weight", width, width), { bias: g.weight("q.bias", width) });
  const k = g.linear(normed, g.weight("k.weight", headDim, width));
  const v = g.linear(normed, g.weight("v.weight", headDim, width));
  const keys = g.rope(g.rmsNorm(k, g.weight("kNorm", headDim), 1e-5), headDim, rope);
  g.appendKv(0, keys, v, shape);
  const attended = g.attention(0, g.rope(q, headDim, rope), shape);
  const residual = g.linear(attended, g.weight("o.weight", width, width), { residual: x });
  const wanted = g.gatherRows(residual);
  const up = g.linear(wanted, g.weight("up.weight", 6, width));
  const gated = g.swiglu(g.linear(wanted, g.weight("gate.weight", 6, width)), up);
  const out = g.add(g.linear(gated, g.weight("down.weight", width, 6)), wanted);
  g.output("logits", g.linear(out, table));
  return g.finish();
}

/** Numbers in (-1, 1) that look like noise. */
const noise = (seed: number) => Math.sin(seed * 12.9898 + 78.233) * 0.9;

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

const sequences: TrainingSequence[] = [
  { ids: Int32Array.of(1, 5, 5, 2, 9), labels: Int32Array.of(1, -100, 5, 2, 9) },
  { ids: Int32Array.of(3, 1, 10), labels: Int32Array.of(-100, 1, 10) },
];

/** Keys of the sequences' masks. */
const dropout = [11, 22];
/** Another model's logits, the same for every row. */
const targets: TargetLogits = (first, count, put) => {
  for (let row = first; row < first + count; row++)
    put(
      row,
      Float32Array.from({ length: vocab }, (_, i) => 2 * noise(i)),
    );
};

async function open(keep: Keep, more: { dropout?: number; loss?: Loss } = {}) {
  const trace = graph();
  const targets = (module: string) => module === "q" || module === "down";
  const forward = forwardTrace(trace, { rank: 2, scale: 1.5, targets, dropout: more.dropout });
  const trained = new Set(forward.weights.map(({ name }) => name));
  const device = referenceTraining((_type, bytes, out) => out.set(new Float32Array(bytes.slice().buffer)));
  const program = differentiate(forward, trained, keep, more.loss);
  const executor = await device.load(program, trace.weights.map(bound), { maxTokens: 8, threads: 1, exact: true });
  for (const [n, { name, shape }] of forward.adapter.entries()) {
    const size = shape[0] * shape[1];
    executor.write(
      "value",
      name,
      Float32Array.from({ length: size }, (_, i) => noise(9000 + 100 * n + i)),
    );
  }
  return { executor, names: [...trained] };
}

describe.each(["most", "residuals"] as const)("gradients, keeping %s", (keep) => {
  it.each<[string, Parameters<typeof open>[1], PassOptions]>([
    ["the loss", {}, {}],
    ["the loss with dropout", { dropout: 0.4 }, { dropout }],
    ["the divergence from a teacher", { loss: { kind: "distillation", temperature: 1.7, weight: 0.6 } }, { targets }],
  ])("are the slopes of %s", async (_, more, how) => {
    const { executor, names } = await open(keep, more);
    const total = executor.accumulate(sequences, 0.3, how);
    expect(executor.loss(sequences, how)).toBeCloseTo(total, 12);
    expect(names).toHaveLength(15);
    for (const name of names) {
      const gradient = executor.read("gradient", name);
      const values = executor.read("value", name);
      const step = 2 ** -12;
      for (let i = 0; i < values.length; i++) {
        const at = (x: number) => {
          executor.write("value", name, values.with(i, x));
          return executor.loss(sequences, how);
        };
        const [above, below] = [Math.fround(values[i] + step), Math.fround(values[i] - step)];
        const slope = (0.3 * (at(above) - at(below))) / (above - below);
        expect(Math.abs(gradient[i] - slope), `${name}[${i}]`).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
      }
      executor.write("value", name, values);
    }
  });

  it("have a factor for each sequence, which may depend on their losses", async () => {
    const { executor } = await open(keep);
    const losses = executor.losses(sequences);
    expect(losses[0] + losses[1]).toBeCloseTo(executor.loss(sequences), 12);
    executor.accumulate([sequences[0]], losses[1]);
    executor.accumulate([sequences[1]], -0.5);
    const apart = executor.read("gradient", "table");
    executor.clearGradients();
    executor.accumulate(sequences, (seen) => {
      expect([...seen]).toEqual([...losses]);
      return [seen[1], -0.5];
    });
    const together = executor.read("gradient", "table");
    expect(Math.max(...apart.map((x, i) => Math.abs(x - together[i])))).toBeLessThan(1e-6);
  });

  it("are added from pass to pass", async () => {
    const { executor } = await open(keep);
    executor.accumulate([sequences[0]], 0.3);
    executor.accumulate([sequences[1]], 0.3);
    const apart = executor.read("gradient", "table");
    executor.clearGradients();
    executor.accumulate(sequences, 0.3);
    const together = executor.read("gradient", "table");
    expect(Math.max(...apart.map((x, i) => Math.abs(x - together[i])))).toBeLessThan(1e-6);
    expect(Math.max(...together)).toBeGreaterThan(0.01);
  });
});
