// Objectives against PyTorch (test/fixtures/train/objectives/make.py): preferences, distillation, rsLoRA's scale, dropout. Loss and
// gradients before the first of ten updates, and the losses of all.

import { describe, expect, it } from "vitest";
import { forwardTrace } from "../../src/core/forward-ops.ts";
import { Graph } from "../../src/core/trace.ts";
import type { AdamWStep, TargetLogits, TrainingExecutor } from "../../src/core/training.ts";
import { differentiate } from "../../src/core/vjp.ts";
import { referenceDevice } from "../../src/devices/reference/device.ts";
import { referenceTraining } from "../../src/devices/reference/training.ts";
import { wasmDevice } from "../../src/devices/wasm/device.ts";
import { wasmTraining } from "../../src/devices/wasm/training/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { openModel } from "../../src/models/open.ts";
import type { TrainingExample } from "../../src/train/data/types.ts";
import { openPreference } from "../../src/train/objectives/preference.ts";
import { Supervised } from "../../src/train/objectives/supervised.ts";
import { loadTeacher } from "../../src/train/objectives/teacher.ts";
import { type Expected, fixture, floats, ids, readExpected } from "./fixtures.ts";
import { batchOf, farthest, largest, type OpenedTraining, openTraining } from "./training.ts";

const devices = [
  { device: referenceTraining(dequantise), engine: referenceDevice(dequantise), threads: [1] },
  { device: wasmTraining(dequantise), engine: wasmDevice(), threads: [1, 3] },
  { device: wasmTraining(dequantise, { plain: true }), engine: wasmDevice({ plain: true }), threads: [1] },
].flatMap(({ threads, ...rest }) =>
  threads.map((count) => ({ ...rest, threads: count, name: `${rest.device.name}, ${count}` })),
);

const base = "train/qwen2";
const { sequences, supervised } = batchOf(`${base}/batch.safetensors`);
const start = readExpected(`${base}/adapter/adapter_model.safetensors`);
const expectedOf = (name: string) => readExpected(`train/objectives/${name}.safetensors`);
const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, gradientScale: 1 };
const lora = { rank: 4, alpha: 8 };

/** Writes the adapter that the fixtures begin with. */
function begin({ executor, trained }: OpenedTraining): void {
  for (const { name } of trained) executor.write("value", name, floats(start, `base_model.model.${name}`));
}

function follow(
  executor: TrainingExecutor,
  expected: Map<string, Expected>,
  lossOf: (step: number) => number,
): number[] {
  const losses = floats(expected, "losses");
  expect(losses.length).toBe(11);
  const own: number[] = [];
  losses.forEach((loss, step) => {
    executor.clearGradients();
    own.push(lossOf(step));
    expect(Math.abs(own[step] - loss), `step ${step}`).toBeLessThan(step === 0 ? 2e-5 : 1e-4);
    if (step === 0) compareGradients(executor, expected);
    const update: AdamWStep = { ...adam, step: step + 1 };
    executor.update(update);
  });
  return own;
}

function compareGradients(executor: TrainingExecutor, expected: Map<string, Expected>): void {
  const names = [...expected.keys()].filter((name) => name.startsWith("grad."));
  expect(names.length).toBeGreaterThan(26);
  for (const name of names) {
    const wanted = floats(expected, name);
    const difference = farthest(executor.read("gradient", name.slice(5)), wanted);
    expect(difference, name).toBeLessThan(5e-4 * largest(wanted));
  }
}

/** One thread and several give the same bits. */
const firstRuns = new Map<string, number[]>();
function sameBits(device: string, what: string, losses: number[]): void {
  const key = `${device} ${what}`;
  const first = firstRuns.get(key);
  if (first) expect(losses).toEqual(first);
  else firstRuns.set(key, losses);
}

describe.each(devices)("objectives on $name", ({ device, engine, threads }) => {
  const options = { threads };

  it.each(["most", "residuals"] as const)("prefer the chosen answers, keeping %s", async (keep) => {
    const expected = expectedOf("dpo");
    const opened = await openTraining(device, base, { lora, keep, options: { ...options, maxTokens: 45 } });
    const { executor } = opened;
    const pairs = pairsOf("train/objectives/dpo.safetensors");
    const parts = { executor, maxTokens: 45, seed: 0 };
    const reference = pairs.flatMap((pair) => [...executor.losses(sequencesIn(pair))].map((loss) => -loss));
    expect(farthest(Float32Array.from(reference), floats(expected, "reference"))).toBeLessThan(1e-4);
    const objective = await openPreference(parts, 0.1, pairs, async () => {});
    begin(opened);
    const losses = follow(executor, expected, (step) => {
      const figures = objective.accumulate(pairs, step + 1);
      if (step === 0) {
        expect(figures.reward_accuracy).toBeCloseTo(floats(expected, "accuracy")[0], 6);
        expect(Math.abs((figures.reward_margin ?? 0) - floats(expected, "margin")[0])).toBeLessThan(2e-5);
        const { sum, count } = objective.measure(pairs.slice(0, 1));
        const rest = objective.measure(pairs.slice(1));
        expect((sum + rest.sum) / (count + rest.count)).toBeCloseTo(figures.loss, 9);
      }
      return figures.loss;
    });
    sameBits(device.name, keep, losses);
    executor.dispose();
  });

  it("come near the teacher", async () => {
    const loss = { kind: "distillation", temperature: 2, weight: 0.7 } as const;
    const { executor, vocab } = await openTraining(device, base, { loss, options });
    const checkpoint = await openCheckpoint(await nodeFiles(fixture("models/qwen3_moe_mixed")));
    const model = openModel(checkpoint);
    const trace = model.trace({ head: "logits" });
    const teacher = await loadTeacher(engine, trace, model.weights(trace), vocab, { longest: 30, threads });
    await checkpoint.close();
    const objective = new Supervised({ executor, maxTokens: 45, seed: 0 }, teacher);
    expect(objective.memoryBytes).toBeGreaterThan(0);
    const examples = sequences.map(({ ids: input, labels }) => ({ input_ids: [...input], labels: [...labels] }));
    const losses = follow(executor, expectedOf("distil"), (step) => {
      const figures = objective.accumulate(examples, step + 1);
      const { sum, count } = objective.measure(examples);
      expect(sum / count).toBeCloseTo(figures.loss, 9);
      return figures.loss;
    });
    sameBits(device.name, "distil", losses);
    objective.close();
    executor.dispose();
  });

  it("have rsLoRA's scale", async () => {
    const opened = await openTraining(device, base, { lora: { ...lora, rslora: true }, options });
    begin(opened);
    const { executor } = opened;
    follow(executor, expectedOf("rslora"), () => executor.accumulate(sequences, 1 / supervised) / supervised);
    executor.dispose();
  });

  it.each(["most", "residuals"] as const)("leave out what the masks say, keeping %s", async (keep) => {
    const opened = await openTraining(device, base, { lora: { ...lora, dropout: 0.25 }, keep, options });
    begin(opened);
    const { executor } = opened;
    const expected = expectedOf("dropout");
    const keys = Uint32Array.from(ids(expected, "keys"));
    const without = executor.loss(sequences) / supervised;
    const losses = follow(executor, expected, (step) => {
      const [a, b, c] = keys.subarray(3 * step, 3 * step + 3);
      // in two passes: masks go with their sequences
      const first = executor.accumulate(sequences.slice(0, 1), 1 / supervised, { dropout: [a] });
      return (first + executor.accumulate(sequences.slice(1), 1 / supervised, { dropout: [b, c] })) / supervised;
    });
    expect(Math.abs(without - losses[0])).toBeGreaterThan(1e-3);
    sameBits(device.name, `dropout ${keep}`, losses);
    executor.dispose();
  });
});

it("dropout of 0.25 is off without keys: the loss is that of a program without it", async () => {
  const losses = await Promise.all(
    [0.25, undefined].map(async (dropout) => {
      const opened = await openTraining(wasmTraining(dequantise), base, { lora: { ...lora, dropout } });
      begin(opened);
      const loss = opened.executor.loss(sequences);
      opened.executor.dispose();
      return loss;
    }),
  );
  expect(losses[0]).toBe(losses[1]);
});

/** Rows of the fixture's batch, two by two. */
function pairsOf(path: string): TrainingExample[] {
  const rows = batchOf(path).sequences.map(({ ids: input, labels }) => ({
    input_ids: [...input],
    labels: [...labels],
  }));
  return [0, 2, 4].map((n) => ({ ...rows[n], rejected: rows[n + 1] }));
}

const sequencesIn = ({ rejected, ...chosen }: TrainingExample) =>
  [chosen, rejected ?? chosen].map(({ input_ids, labels }) => ({
    ids: Int32Array.from(input_ids),
    labels: Int32Array.from(labels),
  }));

describe.each(["wasm", "reference"] as const)("a teacher on %s", (name) => {
  it("gives the rows of a whole step, whatever chunks they are asked for in", async () => {
    const engine = name === "wasm" ? wasmDevice() : referenceDevice(dequantise);
    const checkpoint = await openCheckpoint(await nodeFiles(fixture("models/qwen3_moe_mixed")));
    const model = openModel(checkpoint);
    const trace = model.trace({ head: "logits" });
    const weights = model.weights(trace);
    // labels far apart and close together; fewer columns than the teacher has
    const labelled = (length: number, from: number, every: number) => {
      const tokens = Int32Array.from({ length }, (_, i) => (i * 7 + from) % 200);
      return { ids: tokens, labels: tokens.map((id, i) => (i >= from && i % every === 0 ? id : -100)) };
    };
    const pass = [labelled(190, 180, 1), labelled(1, 0, 1), labelled(170, 3, 2)];
    const teacher = await loadTeacher(engine, trace, weights, 200, { longest: 190, threads: 2 });
    const rows: Float32Array[] = [];
    const targets = teacher.targets(pass);
    const count = 10 + 83;
    for (let first = 0; first < count; first += 13)
      targets(first, Math.min(13, count - first), (row, logits) => {
        expect(row).toBe(rows.length);
        rows.push(logits.slice());
      });
    expect(rows.length).toBe(count);
    teacher.close();
    const limits = { kv: "f32", maxTokens: 190, maxRows: 190, contextTokens: 380, threads: 1 } as const;
    const executor = await engine.load(trace, weights, limits);
    const whole = pass.flatMap(({ ids: tokens, labels }) => {
      const wanted = [...labels.keys()].filter((i) => i > 0 && labels[i] >= 0).map((i) => i - 1);
      const state = executor.createState();
      executor.step([{ state, tokens, rows: wanted }]);
      state.release();
      const logits = executor.read("logits");
      return wanted.map((_, n) => logits.slice(n * 256, n * 256 + 200));
    });
    expect(rows).toEqual(whole);
    executor.dispose();

    const wider = await loadTeacher(engine, trace, weights, 260, { longest: 190, threads: 1 });
    wider.targets(pass)(0, 1, (_, logits) => {
      expect(logits.subarray(0, 200)).toEqual(whole[0]);
      expect([...logits.subarray(256)]).toEqual(new Array(4).fill(Math.fround(-1e30)));
    });
    wider.close();
    await checkpoint.close();
  });
});

it("rows in several chunks have the losses and gradients that they have in one, with a teacher and with factors of their own", async () => {
  const g = new Graph();
  const [vocab, width] = [200_000, 8]; // 72 rows to a chunk
  const x = g.gatherRows(g.embed(g.weight("table", vocab, width)));
  g.output("logits", g.linear(x, g.weight("head", vocab, width)));
  const trace = g.finish();
  const noise = Float32Array.from({ length: vocab * width }, (_, i) => ((i * 7919) % 1000) / 250 - 2);
  const weights = trace.weights.map((weight) => {
    const bytes = new Uint8Array(noise.buffer);
    const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
    return { weight, parts: [{ ...weight, type: "F32" as const, byteLength: bytes.length, read }] };
  });
  const pass = [60, 45].map((length) => {
    const tokens = Int32Array.from({ length }, (_, i) => 1777 * i + length); // all of them different
    return { ids: tokens, labels: tokens };
  });
  const from =
    (skipped: number): TargetLogits =>
    (first, count, put) => {
      for (let row = first; row < first + count; row++) {
        const start = 101 * (row + skipped);
        put(row, noise.subarray(start, start + vocab));
      }
    };
  const loss = { kind: "distillation", temperature: 1.5, weight: 0.4 } as const;
  const program = differentiate(forwardTrace(trace), new Set(["table"]), "most", loss);
  const executor = await wasmTraining(dequantise).load(program, weights, { maxTokens: 105, threads: 2, exact: true });
  const apart = [
    executor.losses([pass[0]], { targets: from(0) })[0],
    executor.losses([pass[1]], { targets: from(59) })[0],
  ];
  executor.accumulate([pass[0]], 1 / apart[0], { targets: from(0) });
  executor.accumulate([pass[1]], -2, { targets: from(59) });
  const expected = executor.read("gradient", "table");
  expect(largest(expected)).toBeGreaterThan(1e-4);
  executor.clearGradients();
  const factors = (losses: Float64Array) => {
    expect([...losses]).toEqual(apart);
    return [1 / losses[0], -2];
  };
  executor.accumulate(pass, factors, { targets: from(0) });
  expect(farthest(executor.read("gradient", "table"), expected)).toBe(0);
  executor.dispose();
});
