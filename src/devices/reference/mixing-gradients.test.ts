// Vector-Jacobian products of hybrids and experts against finite differences in float64: key heads shared by value heads, a
// convolution that reaches over a sequence's start, gates by column and by row, experts with and without renormalised weights, among
// all tokens and among the wanted rows.

import { describe, expect, it } from "vitest";
import { Graph, type Value } from "../../core/trace.ts";
import type { TrainingSequence } from "../../core/training.ts";
import { expectSlopes, openSlopes } from "./testing.ts";

const [vocab, width] = [11, 8];
const delta = { keyHeads: 2, valueHeads: 4, keyDim: 3, valueDim: 2, taps: 3 };
const attention = { heads: 2, kvHeads: 1, headDim: 4, scale: 0.5 };

function deltaNet(g: Graph, x: Value, residual: Value): Value {
  const channels = 2 * 6 + 8;
  const linear = (name: string, out: number) => g.linear(x, g.weight(`${name}.weight`, out, width));
  const mixed = g.causalConv(0, linear("qkv", channels), g.weight("conv", channels * delta.taps), delta);
  const gates = { a: linear("a", 4), b: linear("b", 4), aLog: g.weight("aLog", 4), dtBias: g.weight("dtBias", 4) };
  const read = g.rmsNorm(g.gatedDelta(0, mixed, gates, delta), g.weight("deltaNorm", 2), 1e-5);
  return g.linear(g.swiglu(linear("z", 8), read), g.weight("deltaOut.weight", width, 8), { residual });
}

function gatedAttention(g: Graph, x: Value, residual: Value): Value {
  const both = g.linear(x, g.weight("q.weight", 2 * width, width));
  const rope = { frequencies: Float64Array.of(0.7), scale: 1 };
  const k = g.linear(x, g.weight("k.weight", 4, width));
  g.appendKv(1, g.rope(k, 4, rope), g.linear(x, g.weight("v.weight", 4, width)), attention);
  const q = g.rmsNorm(g.slice(both, 2, 0, 4), g.weight("qNorm", 4), 1e-5, true);
  const attended = g.attention(1, g.rope(q, 4, rope), attention);
  const gated = g.sigmoidGate(g.slice(both, 2, 4, 4), attended);
  return g.linear(gated, g.weight("o.weight", width, width), { residual });
}

function experts(g: Graph, name: string, x: Value, normTopK: boolean): Value {
  const stacked = (part: string, out: number, in_: number) => g.weight(`${name}.${part}`, 3, out, in_);
  const router = g.linear(x, g.weight(`${name}.router.weight`, 3, width));
  const [gate, up, down] = [stacked("gate", 5, width), stacked("up", 5, width), stacked("down", width, 5)];
  const routed = g.moe(x, router, { gate, up, down, topK: 2, normTopK });
  const shared = g.linear(x, g.weight(`${name}.shared.weight`, width, width));
  return g.add(routed, g.sigmoidGate(g.linear(x, g.weight(`${name}.sharedGate.weight`, 1, width)), shared));
}

function graph() {
  const g = new Graph();
  const x = g.embed(g.weight("table", vocab, width));
  const mixed = deltaNet(g, g.rmsNorm(x, g.weight("norm", width), 1e-5, true), x);
  const routed = g.add(mixed, experts(g, "first", mixed, false));
  const wanted = g.gatherRows(gatedAttention(g, routed, routed));
  const out = g.add(wanted, experts(g, "second", wanted, true));
  g.output("logits", g.linear(out, g.weight("head", vocab, width)));
  return g.finish();
}

const sequences: TrainingSequence[] = [
  { ids: Int32Array.of(1, 5, 5, 2, 9), labels: Int32Array.of(1, -100, 5, 2, 9) },
  { ids: Int32Array.of(3, 1, 10), labels: Int32Array.of(-100, 1, 10) },
];

describe.each(["most", "residuals"] as const)("gradients of hybrids and experts, keeping %s", (keep) => {
  it("are the slopes of the loss", async () => {
    const { executor, names } = await openSlopes(graph(), keep);
    expect(names).toHaveLength(29);
    expectSlopes(executor, names, sequences, 0.3);
  });

  it("are the same where sequences stand alone", async () => {
    const { executor, names } = await openSlopes(graph(), keep);
    for (const sequence of sequences) executor.accumulate([sequence], 0.3);
    const apart = names.map((name) => executor.read("gradient", name));
    executor.clearGradients();
    executor.accumulate(sequences, 0.3);
    names.forEach((name, n) => {
      const together = executor.read("gradient", name);
      expect(Math.max(...together.map((value, i) => Math.abs(value - apart[n][i]))), name).toBeLessThan(1e-6);
    });
  });
});
