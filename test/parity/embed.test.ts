// Embedding and reranker models: the last token's final norm, and the probability of "yes" against "no".

import { describe, expect, test } from "vitest";
import { devices } from "./devices.ts";
import { expectClose, f32Tolerance, floats, ids, readExpected } from "./fixtures.ts";
import { load } from "./harness.ts";

describe.each(devices)("$name", (device) => {
  describe("qwen3_embedding", () => {
    const expected = readExpected("embed/qwen3_embedding/expected.safetensors");
    const texts = Array.from(ids(expected, "lengths"), (_, i) => ids(expected, `input_ids.${i}`));

    test("one batch: last hidden states, embeddings, their first dimensions and similarities", async () => {
      const { executor, model } = await load(device, "embed/qwen3_embedding");
      expect(model.kind).toBe("embed");
      const hidden = model.config.hiddenSize;
      executor.step(texts.map((tokens) => ({ state: executor.createState(), tokens, rows: [tokens.length - 1] })));
      const last = executor.read("embedding");
      expectClose(last, floats(expected, "last_hidden"), device.tolerance({ max: 2e-4, rms: 2e-5 }, false));
      const rows = texts.map((_, i) => last.subarray(i * hidden, (i + 1) * hidden));
      const unit = rows.map(normalise);
      const tolerance = device.tolerance({ max: 1e-5, rms: 1e-5 }, false);
      expectClose(unit.flat(), floats(expected, "embeddings"), tolerance);
      expectClose(
        rows.flatMap((row) => normalise(row.subarray(0, 16))),
        floats(expected, "embeddings_mrl16"),
        tolerance,
      );
      const similarity = unit.flatMap((a) => unit.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)));
      expectClose(similarity, floats(expected, "similarity"), tolerance);
    });

    test("alone and in a batch: the same bits", async () => {
      const { executor } = await load(device, "embed/qwen3_embedding");
      const segments = texts.map((tokens) => ({ state: executor.createState(), tokens, rows: [tokens.length - 1] }));
      executor.step(segments);
      const together = executor.read("embedding");
      const alone = segments.flatMap(({ tokens, rows }) => {
        executor.step([{ state: executor.createState(), tokens, rows }]);
        return [...executor.read("embedding")];
      });
      expect([...together]).toEqual(alone);
    });
  });

  test("qwen3_reranker: last logits and scores", async () => {
    const expected = readExpected("embed/qwen3_reranker/expected.safetensors");
    const [yes, no] = ids(expected, "yes_no_ids");
    const { executor, model } = await load(device, "embed/qwen3_reranker");
    expect(model.kind).toBe("generate");
    const scores: number[] = [];
    const last: number[] = [];
    for (const i of floats(expected, "score").keys()) {
      const tokens = ids(expected, `input_ids.${i}`);
      executor.step([{ state: executor.createState(), tokens, rows: [tokens.length - 1] }]);
      const logits = executor.read("logits");
      last.push(...logits);
      scores.push(1 / (1 + Math.exp(logits[no] - logits[yes])));
    }
    const tolerance = (tensor: string) => f32Tolerance("embed/qwen3_reranker/meta.json", tensor);
    expectClose(last, floats(expected, "last_logits"), device.tolerance(tolerance("last_logits"), false));
    expectClose(scores, floats(expected, "score"), device.tolerance({ max: 1e-5, rms: 1e-5 }, false));
  });
});

function normalise(row: Float32Array): number[] {
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  return Array.from(row, (x) => x / length);
}
