// Every vector-Jacobian product against finite differences in float64: a small graph with all ops that training meets, its heads
// shared, attention windowed, rotated in part, and a weight used twice.

import { describe, expect, it } from "vitest";
import type { LowRankOptions } from "../../core/forward-ops.ts";
import { Graph } from "../../core/trace.ts";
import type { PassOptions, TargetLogits, TrainingSequence } from "../../core/training.ts";
import type { Loss } from "../../core/vjp.ts";
import { expectSlopes, noise, openSlopes } from "./testing.ts";

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

const sequences: TrainingSequence[] = [
  { ids: Int32Array.of(1, 5, 5, 2, 9), labels: Int32Array.of(1, -100, 5, 2, 9) },
  { ids: Int32Array.of(3, 1, 10), labels: Int32Array.of(-100, 1, 10) },
];

const lowRank = { rank: 2, scale: 1.5, targets: (module: string) => module === "q" || module === "down" };
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

describe.each(["most", "residuals"] as const)("gradients, keeping %s", (keep) => {
  it.each<[string, LowRankOptions, Loss | undefined, PassOptions]>([
    ["the loss", lowRank, undefined, {}],
    ["the loss with dropout", { ...lowRank, dropout: 0.4 }, undefined, { dropout }],
    ["the divergence from a teacher", lowRank, { kind: "distillation", temperature: 1.7, weight: 0.6 }, { targets }],
  ])("are the slopes of %s", async (_, adapter, loss, how) => {
    const { executor, names } = await openSlopes(graph(), keep, adapter, loss);
    expect(names).toHaveLength(15);
    expectSlopes(executor, names, sequences, 0.3, how);
  });

  it("have a factor for each sequence, which may depend on their losses", async () => {
    const { executor } = await openSlopes(graph(), keep, lowRank);
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
    const { executor } = await openSlopes(graph(), keep, lowRank);
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
