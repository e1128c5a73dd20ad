// Predictions on the devices that train, and the samples made of them: what PyTorch generates greedily, whatever is guessed on the way.

import { describe, expect, it } from "vitest";
import type { TargetLogits } from "../../src/core/training.ts";
import { referenceTraining } from "../../src/devices/reference/training.ts";
import { wasmTraining } from "../../src/devices/wasm/training/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import type { SamplePrompt } from "../../src/train/sample-prompts.ts";
import { Sampler } from "../../src/train/samples.ts";
import { floats, ids, readExpected } from "./fixtures.ts";
import { batchOf, openTraining } from "./training.ts";

const devices = [referenceTraining(dequantise), wasmTraining(dequantise)];
const decode = (some: readonly number[]) => some.join(" ");
const { signal } = new AbortController();

describe.each(devices)("training on $name", (device) => {
  it("predicts the token with the largest logit at every label, in chunks of rows, and leaves gradients alone", async () => {
    const expected = readExpected("models/qwen3_tied/expected.safetensors");
    const [input, logits] = [ids(expected, "input_ids"), floats(expected, "logits")];
    const { executor, vocab, trained } = await openTraining(device, "models/qwen3_tied");
    const labels = input.map((id, n) => (n % 3 === 1 ? -100 : id));
    const best = (row: number) => {
      const values = logits.subarray(row * vocab, (row + 1) * vocab);
      return values.indexOf(Math.max(...values));
    };
    const labelled = Array.from({ length: input.length }, (_, n) => n).filter((n) => n > 0 && labels[n] >= 0);
    const right = labelled.map((n) => best(n - 1));
    executor.accumulate([{ ids: input, labels }], 0.01);
    const before = executor.read("gradient", trained[0].name);
    const twice = executor.predict([
      { ids: input, labels },
      { ids: input, labels },
    ]);
    expect([...twice]).toEqual([...right, ...right]);
    expect(executor.read("gradient", trained[0].name)).toEqual(before);
    executor.dispose();
  });

  it("predicts without a teacher and with nothing left out, though passes before had both", async () => {
    const { sequences } = batchOf("train/qwen2/batch.safetensors");
    const lora = { rank: 4, alpha: 8 };
    const loss = { kind: "distillation", temperature: 2, weight: 0.5 } as const;
    const plain = await openTraining(device, "train/qwen2", { lora });
    const distilled = await openTraining(device, "train/qwen2", { lora: { ...lora, dropout: 0.5 }, loss });
    for (const { executor, trained } of [plain, distilled])
      for (const [n, { name, shape }] of trained.entries()) {
        const draw = (_: unknown, i: number) => Math.sin(12.9898 * (1000 * n + i));
        executor.write("value", name, Float32Array.from({ length: shape[0] * shape[1] }, draw));
      }
    const targets: TargetLogits = (first, count, put) => {
      for (let row = first; row < first + count; row++) put(row, new Float32Array(distilled.vocab));
    };
    const dropout = sequences.map((_, n) => n + 1);
    const { executor } = distilled;
    expect(executor.accumulate(sequences, 1, { dropout, targets })).not.toBe(executor.loss(sequences, { targets }));
    executor.loss(sequences, { dropout, targets });
    expect(executor.predict(sequences)).toEqual(plain.executor.predict(sequences));
    for (const { executor } of [plain, distilled]) executor.dispose();
  });

  it("samples what PyTorch generates, from bad guesses and from good ones", async () => {
    const expected = readExpected("models/qwen3_tied/expected.safetensors");
    const [input, greedy] = [[...ids(expected, "input_ids")], [...ids(expected, "greedy_ids")]];
    const { executor } = await openTraining(device, "models/qwen3_tied", { options: { maxTokens: 130 } });
    const prompts: SamplePrompt[] = [
      { prompt: "unknown", ids: input },
      { prompt: "half right", ids: input, expected: greedy.map((id, n) => (n < 7 ? id : 0)) },
    ];
    const limits = { tokens: greedy.length, passTokens: 130, positions: 512 };
    const sampler = new Sampler(executor, { prompts, endIds: [], decode }, limits);
    const samples = await sampler.take(signal);
    expect(samples?.map(({ text }) => text)).toEqual([decode(greedy), decode(greedy)]);
    const short = new Sampler(executor, { prompts, endIds: [greedy[4]], decode }, limits);
    const until = greedy.indexOf(greedy[4]);
    expect((await short.take(signal))?.map(({ text }) => text)).toEqual(
      [0, 0].map(() => decode(greedy.slice(0, until))),
    );
    executor.dispose();
  });
});
