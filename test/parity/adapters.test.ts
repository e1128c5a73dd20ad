// Adapters: the logits of one that PEFT saved, the same bits alone and beside others, and a base that does not notice.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AdapterWeights, BoundWeight, DeviceOptions, Executor, LowRank } from "../../src/core/device.ts";
import type { StorageType } from "../../src/core/storage.ts";
import { wasmDevice } from "../../src/devices/wasm/device.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { fitsBlocks, quantised } from "../../src/formats/quantise.ts";
import { bindAdapter, readAdapter } from "../../src/models/adapter.ts";
import { type Model, openModel } from "../../src/models/open.ts";
import { type DeviceUnderTest, devices } from "./devices.ts";
import { expectClose, fixture, floats, ids, readExpected, type Tolerance } from "./fixtures.ts";
import { prefill } from "./harness.ts";

const BASE = "train/qwen2";
const expected = readExpected(`${BASE}/adapter/expected.safetensors`);
const prompt = ids(expected, "input_ids");
const vocab = 256;

/** Noise of the fixture's adapter logits (meta.json): 7.5e-6 at most, 1.3e-6 rms; floors as in f32Tolerance. */
const peft: Tolerance = { max: 2e-4, rms: 2.6e-5 };

test.each(devices)(
  "of a hybrid, on every projection of its delta nets, give PEFT's logits on $name",
  async (device) => {
    const path = "train/qwen3_5_text";
    const tensors = readExpected(`${path}/adapter/expected.safetensors`);
    const checkpoint = await openCheckpoint(await nodeFiles(fixture(path)));
    const hybrid = openModel(checkpoint);
    const adapter = await readAdapter(await nodeFiles(fixture(`${path}/adapter`)));
    const adapters = new Map([["trained", bindAdapter(hybrid, adapter, "trained")]]);
    const trace = hybrid.trace();
    const executor = await (await device.create()).load(trace, hybrid.weights(trace), { ...options, adapters });
    const found = prefill(executor, executor.createState("trained"), ids(tensors, "input_ids"));
    // meta.json: noise of 1.2e-5 at most, 2.0e-6 rms
    expectClose(found, floats(tensors, "logits"), device.tolerance({ max: 2.4e-4, rms: 4e-5 }, false));
    executor.dispose();
    await checkpoint.close();
  },
);

let model: Model;
let trained: AdapterWeights;
let stored: BoundWeight[];
beforeAll(async () => {
  const checkpoint = await openCheckpoint(await nodeFiles(fixture(BASE)));
  model = openModel(checkpoint);
  stored = model.weights(model.trace());
  trained = bindAdapter(model, await readAdapter(await nodeFiles(fixture(`${BASE}/adapter`))), "trained");
});

afterAll(() => model.checkpoint.close());

const options: DeviceOptions = { kv: "f32", maxTokens: 64, maxRows: 64, contextTokens: 4096, threads: 1 };

async function load(device: DeviceUnderTest, type: StorageType = "F32", more: Partial<DeviceOptions> = {}) {
  const weights = stored.map(({ weight, parts: [part] }) => {
    const as = weight.shape.length === 2 && fitsBlocks(part, type) ? type : part.type;
    return { weight, parts: [quantised(part, as)] };
  });
  return (await device.create()).load(model.trace(), weights, { ...options, ...more });
}

/** One of another rank that changes only some layers, those of the last one and the head among them. */
function madeUp(rank: number, seed: number, keep: (name: string) => boolean): AdapterWeights {
  const noise = (n: number, by: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 7.9 + seed) * by);
  const pairs = new Map<string, LowRank>();
  for (const op of model.trace().ops) {
    if (op.kind !== "linear" || !keep(op.weight.name)) continue;
    const [out, in_] = op.weight.shape;
    pairs.set(op.weight.name, { a: noise(rank * in_, 0.2), b: noise(out * rank, 0.2), rank, scale: 0.7 });
  }
  return pairs;
}
const head = () => madeUp(19, 1, (name) => /layers\.1\.mlp|lm_head/.test(name));
const queries = () => madeUp(3, 2, (name) => /q_proj|o_proj/.test(name));

const logitsWith = (executor: Executor, adapter: string | undefined, chunk?: number, text = prompt) => {
  const state = executor.createState(adapter);
  const logits = prefill(executor, state, text, chunk);
  state.release();
  return logits;
};

describe.each(devices)("$name", (device) => {
  test("logits with PEFT's adapter and without, the same bits in chunks", async () => {
    const executor = await load(device, "F32", { adapters: new Map([["trained", trained]]) });
    const adapted = logitsWith(executor, "trained");
    expectClose(adapted, floats(expected, "logits"), device.tolerance(peft, false));
    const plain = logitsWith(executor, undefined);
    expectClose(plain, floats(expected, "base_logits"), device.tolerance(peft, false));
    for (const chunk of [1, 3, 9]) {
      expect(logitsWith(executor, "trained", chunk)).toEqual(adapted);
      expect(logitsWith(executor, undefined, chunk)).toEqual(plain);
    }
    executor.dispose();
  });

  test.each(["Q8_0", "Q4_0", "BF16"] as const)("on a base in %s: as the reference device", async (type) => {
    const reference = await load(devices[0], type, { adapters: new Map([["trained", trained]]) });
    const executor = await load(device, type, { adapters: new Map([["trained", trained]]) });
    const tolerance: Tolerance = device.tolerance(peft, !type.startsWith("B"));
    expectClose(logitsWith(executor, "trained"), logitsWith(reference, "trained"), tolerance);
    expectClose(logitsWith(executor, undefined), logitsWith(reference, undefined), tolerance);
    executor.dispose();
  });

  test.each(["F32", "Q8_0"] as const)("%s: the same bits alone and in one step with others", async (type) => {
    const bare = await load(device, type);
    const plain = logitsWith(bare, undefined);
    bare.dispose();
    const executor = await load(device, type, { adapters: new Map([["trained", trained]]) });
    const alone = logitsWith(executor, "trained");
    executor.addAdapter("head", head());
    executor.addAdapter("queries", queries());
    const names = ["trained", undefined, "head", "queries", undefined, "trained"];
    const each = names.map((name) => logitsWith(executor, name));
    expect(each[0]).toEqual(alone);
    expect(each[1]).toEqual(plain);
    expect(each[2]).not.toEqual(plain);
    expect(each[3]).not.toEqual(plain);

    const states = names.map((name) => executor.createState(name));
    const rows: number[][] = names.map(() => []);
    for (let at = 0; at < prompt.length; at += 4) {
      const sizes = names.map((_, n) => (n === 3 ? 1 : 4)); // one falls behind the others
      const pieces = names.map((_, n) => prompt.subarray(rows[n].length / vocab, rows[n].length / vocab + sizes[n]));
      const live = names.map((_, n) => n).filter((n) => pieces[n].length > 0);
      executor.step(live.map((n) => ({ state: states[n], tokens: pieces[n], rows: [...pieces[n].keys()] })));
      const logits = executor.read("logits");
      let from = 0;
      for (const n of live) {
        rows[n].push(...logits.subarray(from, from + pieces[n].length * vocab));
        from += pieces[n].length * vocab;
      }
    }
    names.forEach((_, n) => {
      expect(Float32Array.from(rows[n])).toEqual(each[n].subarray(0, rows[n].length));
    });
    executor.dispose();
  });

  test("forks keep the adapter; one that was removed is refused, and the others are as before", async () => {
    const executor = await load(device);
    const plain = logitsWith(executor, undefined);
    for (const [name, weights] of [
      ["head", head()],
      ["trained", trained],
      ["queries", queries()],
    ] as const)
      executor.addAdapter(name, weights);
    expect(() => executor.addAdapter("head", head())).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    const adapted = logitsWith(executor, "trained");
    const state = executor.createState("trained");
    prefill(executor, state, prompt.subarray(0, 5));
    const fork = state.fork();
    expect(fork.adapter).toBe("trained");
    expect(prefill(executor, fork, prompt.subarray(5))).toEqual(adapted.subarray(5 * vocab));

    const other = executor.createState("head");
    executor.removeAdapter("head");
    expect(() => prefill(executor, other, prompt)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(other.length).toBe(0);
    expect(logitsWith(executor, "trained")).toEqual(adapted);
    executor.removeAdapter("queries");
    executor.removeAdapter("trained");
    expect(logitsWith(executor, undefined)).toEqual(plain);
    executor.addAdapter("again", trained);
    expect(logitsWith(executor, "again", 5)).toEqual(adapted);
    executor.dispose();
  });
});

test("wasm: the same bits on two threads, and over several memories", async () => {
  const adapters = new Map([
    ["trained", trained],
    ["head", head()],
  ]);
  const small = { ...options, contextTokens: 512, adapters };
  const text = Int32Array.from({ length: 60 }, (_, i) => (i * 37) % vocab);
  const one = await wasmDevice().load(model.trace(), stored, small);
  const several = await wasmDevice({ bankBytes: 180_000 }).load(model.trace(), stored, small);
  const two = await wasmDevice().load(model.trace(), stored, { ...small, threads: 2 });
  expect(several.memoryBytes).toBeGreaterThan(one.memoryBytes); // two memories
  for (const name of ["trained", "head", undefined]) {
    const alone = logitsWith(one, name, 60, text);
    expect(logitsWith(several, name, 60, text)).toEqual(alone);
    for (const chunk of [1, 7, 60]) expect(logitsWith(two, name, chunk, text)).toEqual(alone);
  }
  for (const executor of [one, several, two]) executor.dispose();
});
