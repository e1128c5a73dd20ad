import { describe, expect, it } from "vitest";
import { cutIntoStages } from "./stages.ts";
import { Graph } from "./trace.ts";

const shape = { heads: 2, kvHeads: 1, headDim: 4, scale: 0.5 };

function attend(g: Graph, layer: number, x: ReturnType<Graph["embed"]>, residual: boolean) {
  const [k, v] = ["k", "v"].map((name) => g.linear(x, g.weight(`${layer}.${name}`, 4, 8)));
  g.appendKv(layer, k, v, shape);
  const attended = g.attention(layer, x, shape);
  return g.linear(attended, g.weight(`${layer}.o`, 8, 8), residual ? { residual: x } : {});
}

const kinds = (g: Graph) => cutIntoStages(g.finish()).map(({ ops }) => ops.map(({ kind }) => kind).join(" "));

describe("cutIntoStages", () => {
  it("cuts where one value alone is carried on, and hands it from stage to stage", () => {
    const g = new Graph();
    const x = g.embed(g.weight("embed", 16, 8));
    const y = attend(g, 0, x, true);
    const rows = g.gatherRows(attend(g, 1, y, true));
    g.output("logits", g.linear(rows, g.weight("embed", 16, 8)));
    const trace = g.finish();
    const stages = cutIntoStages(trace);
    expect(stages.flatMap(({ ops }) => ops)).toEqual(trace.ops);
    const layer = "linear linear appendKv attention linear";
    expect(kinds(g)).toEqual(["embed", layer, layer, "gatherRows", "linear"]);
    expect(stages.map(({ input, output }) => [input?.id, output?.id])).toEqual(
      stages.map((_, n) => [stages[n - 1]?.output?.id, stages[n + 1]?.input?.id]),
    );
    expect(stages[1].input).toBe(x);
    expect(stages[2].input).toBe(y);
  });

  it("does not count outputs that only callers read", () => {
    const g = new Graph();
    const x = g.embed(g.weight("embed", 16, 8));
    g.output("hidden.0", x);
    const normed = g.rmsNorm(x, g.weight("norm", 8), 1e-6);
    g.output("hidden.1", normed);
    g.output("embedding", g.gatherRows(normed));
    expect(kinds(g)).toEqual(["embed", "rmsNorm", "gatherRows"]);
  });

  it("keeps a layer's cache and its attention together, even where nothing else is carried between them", () => {
    const g = new Graph();
    g.output("logits", attend(g, 0, g.embed(g.weight("embed", 16, 8)), false));
    expect(kinds(g)).toEqual(["embed", "linear linear appendKv attention", "linear"]);
  });
});
