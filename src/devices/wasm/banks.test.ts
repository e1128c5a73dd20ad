import { describe, expect, it } from "vitest";
import { cutIntoStages } from "../../core/stages.ts";
import { Graph, type Trace } from "../../core/trace.ts";
import { shareOut } from "./banks.ts";
import { packWeights } from "./placement.ts";

const WIDTH = 64;
const MATRIX = WIDTH * WIDTH * 4;
const shape = { heads: 1, kvHeads: 1, headDim: WIDTH, scale: 1 };

/** Layers of three matrices, and a head. */
function decoder(layers: number, head: string): Trace {
  const g = new Graph();
  const matrix = (name: string) => g.weight(name, WIDTH, WIDTH);
  let x = g.embed(matrix("embed"));
  for (let layer = 0; layer < layers; layer++) {
    g.output(`hidden.${layer}`, x);
    g.appendKv(layer, g.linear(x, matrix(`${layer}.k`)), g.linear(x, matrix(`${layer}.v`)), shape);
    x = g.linear(g.attention(layer, x, shape), matrix(`${layer}.o`), { residual: x });
  }
  g.output("logits", g.linear(g.gatherRows(x), matrix(head)));
  return g.finish();
}

function share(trace: Trace, bytes: number, cacheBytes = 0) {
  const weights = trace.weights.map((weight) => {
    const { name, shape } = weight;
    const tensor = { name, type: "F32" as const, shape, byteLength: MATRIX, read: async () => {} };
    return { weight, parts: [tensor] };
  });
  const room = { bytes, contextTokens: 256, cacheBytes: () => cacheBytes, stateBytes: () => 0 };
  const { shares, turns } = shareOut(trace, cutIntoStages(trace), packWeights(weights), room);
  const names = shares.map(({ weights }) => weights.map(({ bound }) => bound.weight.name));
  return { shares, turns, names };
}

describe("shareOut", () => {
  it("takes one bank, one run and no copies where everything fits", () => {
    const trace = decoder(2, "head");
    const { shares, turns } = share(trace, 8 * MATRIX);
    expect(turns).toEqual([{ bank: 0, run: 0, input: undefined }]);
    expect(shares).toHaveLength(1);
    expect(shares[0].runs).toEqual([trace.ops]);
    expect([...shares[0].outputs]).toEqual([...trace.outputs]);
    expect(shares[0].written.size).toBe(0);
  });

  it("fills banks in order, a layer's weights and cache together", () => {
    const { shares, turns, names } = share(decoder(3, "head"), 4.5 * MATRIX, 0.5 * MATRIX);
    expect(names).toEqual([
      ["embed", "0.k", "0.v", "0.o"],
      ["1.k", "1.v", "1.o"],
      ["2.k", "2.v", "2.o", "head"],
    ]);
    expect(shares.map(({ kv }) => kv.map(({ layer }) => layer))).toEqual([[0], [1], [2]]);
    expect(shares.map(({ outputs }) => [...outputs.keys()])).toEqual([
      ["hidden.0", "hidden.1"],
      ["hidden.2"],
      ["logits"],
    ]);
    expect(turns.map(({ bank, input }) => [input?.from, bank])).toEqual([
      [undefined, 0],
      [0, 1],
      [1, 2],
    ]);
    expect(shares[1].written).toEqual(new Set([turns[1].input?.value]));
    expect(shares[0].read).toContain(turns[1].input?.value);
  });

  it("runs a tied head where the embeddings lie", () => {
    const { turns, names, shares } = share(decoder(2, "embed"), 4 * MATRIX);
    expect(names).toEqual([
      ["embed", "0.k", "0.v", "0.o"],
      ["1.k", "1.v", "1.o"],
    ]);
    expect(turns.map(({ bank, run }) => [bank, run])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(shares[0].outputs).toContainEqual(["logits", expect.anything()]);
    expect(turns[2].input?.value.rows).toBe("R"); // only the rows whose logits are wanted
  });

  it("says what does not fit", () => {
    expect(() => share(decoder(1, "head"), 2.5 * MATRIX, MATRIX)).toThrow(
      /^0\.k and 2 more: 1 MiB with 1 MiB of cache for 256 positions must lie in one .* room for 1 MiB/,
    );
  });
});
