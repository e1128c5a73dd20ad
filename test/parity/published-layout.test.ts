// A model written from its trace's weights has the tensors that its checkpoint has: names, shapes and values.

import { expect, test } from "vitest";
import type { StoredTensor } from "../../src/core/storage.ts";
import { dequantiseRows } from "../../src/formats/dequantise.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { openModel } from "../../src/models/open.ts";
import { publishedTensors } from "../../src/models/published-layout.ts";
import { fixture } from "./fixtures.ts";

async function floatsOf(tensor: StoredTensor): Promise<Float32Array> {
  const stored = new Uint8Array(tensor.byteLength);
  await tensor.read(0, stored);
  const values = new Float32Array(tensor.shape.reduce((a, b) => a * b, 1));
  dequantiseRows(tensor.type, stored, tensor.shape[tensor.shape.length - 1], values);
  return values;
}

test.each(["qwen2_moe", "qwen3_moe_mixed", "qwen3_next", "qwen3_5_text", "qwen3_5_moe_full", "qwen3_tied"])(
  "%s",
  async (name) => {
    const checkpoint = await openCheckpoint(await nodeFiles(fixture(`models/${name}`)));
    const model = openModel(checkpoint);
    const trace = model.trace();
    const values = new Map<string, Float32Array>();
    for (const { weight, parts } of model.weights(trace)) {
      const pieces = await Promise.all(parts.map(floatsOf));
      values.set(weight.name, Float32Array.from(pieces.flatMap((piece) => [...piece])));
    }
    const read = (weight: string) => {
      const known = values.get(weight);
      if (!known) throw new Error(`${weight} is not a weight`);
      return known;
    };
    const written = publishedTensors(trace.weights, model.config, read);
    const expected = new Map(
      [...checkpoint.tensors]
        .filter(([key]) => !key.startsWith("mtp.") && !key.includes("visual"))
        .map(([key, tensor]) => [key.replace("model.language_model.", "model."), tensor]),
    );
    expect(written.map((tensor) => tensor.name).sort()).toEqual([...expected.keys()].sort());
    for (const tensor of written) {
      const stored = expected.get(tensor.name);
      if (!stored) throw new Error(tensor.name);
      expect(tensor.shape, tensor.name).toEqual(stored.shape);
      expect(tensor.values(), tensor.name).toEqual(await floatsOf(stored));
    }
    await checkpoint.close();
  },
);
