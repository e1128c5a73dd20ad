import { describe, expect, test } from "vitest";
import { memoryTensor } from "../../test/support/formats.ts";
import type { BoundWeight } from "../core/device.ts";
import { Graph } from "../core/trace.ts";
import { quantised } from "../formats/quantise.ts";
import { countParameters } from "./parameters.ts";

const [vocab, width] = [40, 256];

/** Values that look like trained ones; another seed, other values. */
function table(seed: number): Float32Array {
  return Float32Array.from({ length: vocab * width }, (_, i) => Math.sin((i + seed) * 12.9898) * Math.cos(i * seed));
}

function weightsOf(tensors: Readonly<Record<string, Float32Array>>, headType: "F32" | "Q2_K" | "Q8_0"): BoundWeight[] {
  const g = new Graph();
  return Object.entries(tensors).map(([name, values]) => {
    const tensor = memoryTensor(name, [vocab, width], new Uint8Array(values.slice().buffer));
    const type = name === "lm_head.weight" ? headType : "Q8_0";
    return { weight: g.weight(name, vocab, width), parts: [quantised(tensor, type)] };
  });
}

describe("countParameters", () => {
  test.each(["F32", "Q8_0", "Q2_K"] as const)(
    "a head that is the embeddings again, in %s, counts once",
    async (type) => {
      const both = { "model.embed_tokens.weight": table(3), "lm_head.weight": table(3) };
      const expected = { parameters: vocab * width, copiedHead: true };
      expect(await countParameters(weightsOf(both, type))).toEqual(expected);
    },
  );

  test("a head of its own counts, be it alike in all rows but one", async () => {
    const own = { "model.embed_tokens.weight": table(3), "lm_head.weight": table(5) };
    const expected = { parameters: 2 * vocab * width, copiedHead: false };
    expect(await countParameters(weightsOf(own, "F32"))).toEqual(expected);
    const nearly = table(3).map((value, i) => (Math.floor(i / width) === 24 ? -value : value));
    const almost = { "model.embed_tokens.weight": table(3), "lm_head.weight": nearly };
    expect(await countParameters(weightsOf(almost, "F32"))).toEqual(expected);
  });

  test("without a head there is nothing to compare", async () => {
    const count = await countParameters(weightsOf({ "model.embed_tokens.weight": table(3) }, "F32"));
    expect(count).toEqual({ parameters: vocab * width, copiedHead: false });
  });
});
