// Training on the WASM device against the reference: sequences longer than a block of queries and passes longer than a chunk of rows,
// windows, packed weights of every type, sequences side by side. And what bits may not depend on: threads.

import { describe, expect, it } from "vitest";
import type { BoundWeight } from "../../src/core/device.ts";
import { forwardTrace } from "../../src/core/forward-ops.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../../src/core/storage.ts";
import { Graph, type Weight } from "../../src/core/trace.ts";
import type { TargetLogits, TrainingSequence } from "../../src/core/training.ts";
import { differentiate } from "../../src/core/vjp.ts";
import { referenceTraining } from "../../src/devices/reference/training.ts";
import { wasmTraining } from "../../src/devices/wasm/training/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import { quantisableTypes, quantise } from "../../src/formats/quantise.ts";
import { farthest, largest, type OpenedTraining, openTraining, type TrainingSetup } from "./training.ts";

const reference = referenceTraining(dequantise);
const wasm = wasmTraining(dequantise);
const noise = (seed: number) => Math.sin(seed * 12.9898 + 78.233) * 43758.5453;
const fraction = (seed: number) => noise(seed) - Math.floor(noise(seed));

function sequence(length: number, vocab: number, seed: number): TrainingSequence {
  const ids = Int32Array.from({ length }, (_, i) => Math.floor(fraction(seed + i) * vocab));
  return { ids, labels: ids.map((id, i) => (fraction(seed + 7000 + i) < 0.3 ? -100 : id)) };
}

function startAdapter({ executor, trained }: OpenedTraining): void {
  trained.forEach(({ name, shape }, n) => {
    const size = shape[0] * shape[1];
    const draw = (_: unknown, i: number) => (fraction(n * 5000 + i) - 0.5) * 0.2;
    executor.write("value", name, Float32Array.from({ length: size }, draw));
  });
}

describe("training on WASM", () => {
  it.each([
    ["models/qwen2_swa", undefined],
    ["models/qwen3_tied", undefined],
    ["models/qwen3_bf16", { rank: 5, alpha: 8 }],
    ["gguf/qwen2_tied-q8_0.gguf", { rank: 8, alpha: 16 }],
    ["models/qwen3_5_text", undefined],
    ["models/qwen3_5_moe_text", undefined],
    ["models/qwen3_next", { rank: 4, alpha: 8 }],
    ["models/qwen2_moe", undefined],
    ["models/qwen3_moe_mixed", undefined],
    ["gguf/qwen3_moe-f16.gguf", { rank: 4, alpha: 8 }],
    ["gguf/qwen3_5_text-q8_0.gguf", { rank: 4, alpha: 8 }],
  ] as const)("has the reference's gradients of %s", async (path, lora) => {
    const setup: TrainingSetup = { lora, options: { maxTokens: 240, threads: 2 } };
    const [expected, actual] = await Promise.all([reference, wasm].map((device) => openTraining(device, path, setup)));
    const lengths = [131, 50, 1, 58];
    const sequences = lengths.map((length, n) => sequence(length, expected.vocab, 1000 * n));
    if (lora) for (const opened of [expected, actual]) startAdapter(opened);
    const losses = [expected, actual].map(({ executor }) => executor.accumulate(sequences, 0.01));
    expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(1e-6);
    expect(actual.executor.loss(sequences)).toBe(losses[1]);
    for (const { name } of expected.trained) {
      const gradient = expected.executor.read("gradient", name);
      expect(largest(gradient), name).toBeGreaterThan(0);
      expect(farthest(actual.executor.read("gradient", name), gradient), name).toBeLessThan(5e-4 * largest(gradient));
    }
    const norm = expected.executor.gradientNorm();
    // a hybrid's keys of nearly no length: the last bit of a weight moves gradients by 5e-5 of their size
    const tolerance = /qwen3_(5|next)/.test(path) ? 2e-4 : 1e-5;
    expect(Math.abs(actual.executor.gradientNorm() / norm - 1)).toBeLessThan(tolerance);
    actual.executor.dispose();
  });

  it.each([
    ["models/qwen3_5_moe_text", "most"],
    ["models/qwen3_next", "residuals"],
    ["models/qwen2_moe", "residuals"],
  ] as const)("has them too of %s with dropout, a teacher and factors by sequence, keeping %s", async (path, keep) => {
    const [lora, loss] = [
      { rank: 4, alpha: 8, dropout: 0.3 },
      { kind: "distillation", temperature: 2, weight: 0.5 },
    ] as const;
    const setup: TrainingSetup = { lora, loss, keep, options: { maxTokens: 240, threads: 2 } };
    const opened = await Promise.all([reference, wasm].map((device) => openTraining(device, path, setup)));
    const [expected, actual] = opened;
    const sequences = [131, 50, 58].map((length, n) => sequence(length, expected.vocab, 1000 * n));
    const targets: TargetLogits = (first, count, put) => {
      const logit = (row: number) => (_: unknown, i: number) => 4 * fraction(row * expected.vocab + i);
      for (let row = first; row < first + count; row++)
        put(row, Float32Array.from({ length: expected.vocab }, logit(row)));
    };
    const factors = (sums: Float64Array) => sums.map((sum, n) => [0.2, -0.1, 0.3][n] / (1 + sum));
    const how = { dropout: [1, 2, 3], targets };
    for (const each of opened) startAdapter(each);
    const losses = opened.map(({ executor }) => executor.accumulate(sequences, factors, how));
    expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(1e-6);
    expect(losses[0]).not.toBe(expected.executor.loss(sequences, { targets }));
    for (const { name } of expected.trained) {
      const gradient = expected.executor.read("gradient", name);
      expect(largest(gradient), name).toBeGreaterThan(0);
      expect(farthest(actual.executor.read("gradient", name), gradient), name).toBeLessThan(5e-4 * largest(gradient));
    }
    for (const { executor } of opened) executor.dispose();
  });

  it.each([
    ["models/qwen3_tied", [700, 300, 100]],
    ["models/qwen3_5_text", [300, 129, 1, 64]],
    ["models/qwen3_5_moe_text", [150, 65]],
  ])("has the same bits of %s with one thread and with three, and in passes of one sequence", async (path, lengths) => {
    const opened = await Promise.all(
      [1, 3].map((threads) => openTraining(wasm, path, { options: { maxTokens: 1100, threads } })),
    );
    const sequences = lengths.map((length, n) => sequence(length, opened[0].vocab, 1000 * n));
    const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, gradientScale: 0.5 };
    for (const { executor } of opened) {
      executor.accumulate(sequences, 0.01);
      executor.update({ ...adam, step: 1 });
    }
    const [one, three] = opened.map(({ executor }) => executor);
    expect(three.gradientNorm()).toBe(one.gradientNorm());
    for (const { name } of opened[0].trained) expect(three.read("value", name)).toEqual(one.read("value", name));
    // forward, a token's values depend on its own sequence alone
    const apart = sequences.map((each) => one.loss([each]));
    const sum = apart.reduce((a, b) => a + b);
    expect(Math.abs(three.loss(sequences) / sum - 1)).toBeLessThan(1e-7);
    for (const executor of [one, three]) executor.dispose();
  });

  it.each(["models/qwen3_5_text", "models/qwen3_next"])("keeps packed sequences of %s apart", async (path) => {
    const { executor, vocab, trained } = await openTraining(wasm, path, { options: { maxTokens: 260, threads: 2 } });
    const sequences = [130, 2, 65, 63].map((length, n) => sequence(length, vocab, 1000 * n));
    for (const each of sequences) executor.accumulate([each], 0.01);
    const apart = trained.map(({ name }) => executor.read("gradient", name));
    executor.clearGradients();
    executor.accumulate(sequences, 0.01);
    trained.forEach(({ name }, n) => {
      const difference = farthest(executor.read("gradient", name), apart[n]);
      expect(difference, name).toBeLessThan(2e-5 * largest(apart[n]));
    });
    executor.dispose();
  });

  const grouped: StorageType[] = ["G4_32", "G4_64", "G4_128"];
  it.each([...quantisableTypes, ...grouped])("multiplies by packed %s as by its values", async (type) => {
    const { losses, gradients } = await throughPacked(type, true);
    expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(1e-5);
    expect(farthest(gradients[1], gradients[0])).toBeLessThan(1e-5 * largest(gradients[0]));
  });

  it.each(["Q4_0", "Q4_K", "Q5_0", "Q6_K"] as const)("goes forward through %s in int8 where it may", async (type) => {
    const { losses, gradients } = await throughPacked(type, false);
    expect(losses[1]).not.toBe(losses[0]);
    expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(5e-3);
    expect(farthest(gradients[1], gradients[0])).toBeLessThan(5e-2 * largest(gradients[0]));
  });
});

/** Losses and gradients of a table behind a packed layer: on the reference, and on WASM. */
async function throughPacked(type: StorageType, exact: boolean) {
  const g = new Graph();
  const [vocab, width, out] = [40, 512, 72];
  const x = g.embed(g.weight("table", vocab, width));
  const wanted = g.gatherRows(g.linear(x, g.weight("packed.weight", out, width)));
  g.output("logits", g.linear(wanted, g.weight("head", vocab, out)));
  const trace = g.finish();
  const program = differentiate(forwardTrace(trace), new Set(["table"]), "most");
  const weights = trace.weights.map((weight): BoundWeight => {
    return { weight, parts: [stored(weight, weight.name === "packed.weight" ? type : "F32")] };
  });
  const options = { maxTokens: 30, threads: 2, exact };
  const executors = await Promise.all([reference, wasm].map((device) => device.load(program, weights, options)));
  const losses = executors.map((executor) => executor.accumulate([sequence(30, vocab, 3)], 1));
  const gradients = executors.map((executor) => executor.read("gradient", "table"));
  for (const executor of executors) executor.dispose();
  return { losses, gradients };
}

/** Noise, stored as `type`. */
function stored({ name, shape }: Weight, type: StorageType): StoredTensor {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => fraction(i) - 0.5);
  const bytes = new Uint8Array(shape[0] * rowBytes(type, shape[1]));
  if (type.startsWith("G4_")) {
    const { bytes: block } = storageFormat(type);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(fraction(i) * 256);
    // each block begins with an f16 scale and a zero point
    for (let at = 0; at < bytes.length; at += block) bytes.set([0, 0x2c, Math.floor(fraction(at) * 16)], at);
  } else quantise(type, values, bytes);
  const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
  return { name, type, shape, byteLength: bytes.length, read };
}
