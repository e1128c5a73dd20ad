// Sequence state: forks, rewinds, saved states and batches give the same bits as one straight run, across pages of the cache and
// sliding windows, with every cache type.

import { describe, expect, test } from "vitest";
import type { DeviceOptions, Executor, KvType, SequenceState } from "../../src/core/device.ts";
import { devices } from "./devices.ts";
import { difference } from "./fixtures.ts";
import { argmax, decode, load, prefill } from "./harness.ts";

const VOCAB = 256;
const WINDOWED = "models/qwen2_swa";
const LONG = "models/qwen3_yarn";

const GREEDY = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  seed: 1,
  choice: 0,
  position: 9,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};

/** Token ids in a fixed, arbitrary order. */
function tokens(count: number, seed = 1): Int32Array {
  let x = seed;
  return Int32Array.from({ length: count }, () => (x = (x * 1103515245 + 12345) & 0x7fffffff) % VOCAB);
}

const rowOf = (logits: Float32Array, row: number) => logits.slice(row * VOCAB, (row + 1) * VOCAB);

describe.each(devices)("$name", (device) => {
  describe.each<{ path: string; kv: KvType }>([
    { path: WINDOWED, kv: "f32" },
    { path: WINDOWED, kv: "q8" },
    { path: LONG, kv: "f16" },
  ])("$path, $kv", ({ path, kv }) => {
    const text = tokens(300);
    const start = async (more: Partial<DeviceOptions> = {}) => {
      const { executor } = await load(device, path, { kv, ...more });
      const state = executor.createState();
      return { executor, state, straight: prefill(executor, state, text) };
    };

    test("rewound to any position, it continues as if it had never gone further", async () => {
      const { executor, state, straight } = await start();
      for (const position of [299, 257, 256, 255, 100, 17, 1, 0]) {
        state.rewind(position);
        expect(state.length).toBe(position);
        prefill(executor, state, tokens(5, position + 2)); // another continuation
        state.rewind(position);
        expect(rowOf(decode(executor, state, text[position]), 0)).toEqual(rowOf(straight, position));
      }
    });

    test("forks do not see each other, nor what the other rewinds", async () => {
      const { executor, state, straight } = await start();
      for (const position of [280, 256, 250, 3]) {
        state.rewind(position);
        const fork = state.fork();
        const other = tokens(10, position);
        // Both write after the fork in turn; each continues on its own past.
        prefill(executor, fork, other.subarray(0, 9));
        const ours = prefill(executor, state, text.subarray(position, position + 9));
        expect(ours).toEqual(straight.slice(position * VOCAB, (position + 9) * VOCAB));
        const alone = executor.createState();
        const theirs = prefill(executor, alone, Int32Array.of(...text.subarray(0, position), ...other));
        expect(decode(executor, fork, other[9])).toEqual(rowOf(theirs, position + 9));
        alone.release();
        fork.rewind(position);
        state.rewind(position - 1);
        expect(rowOf(decode(executor, fork, text[position]), 0)).toEqual(rowOf(straight, position));
        fork.release();
      }
    });

    test("in one batch with others, prompts and single tokens mixed", async () => {
      const { executor, straight } = await start();
      const [a, b, c] = [executor.createState(), executor.createState(), executor.createState()];
      prefill(executor, a, text.subarray(0, 270));
      prefill(executor, b, text.subarray(0, 20), 20);
      executor.step([
        { state: b, tokens: text.subarray(20, 60), rows: [0, 39] },
        { state: a, tokens: [text[270]], rows: [0] },
        { state: c, tokens: text.subarray(0, 5), rows: [] },
      ]);
      const logits = executor.read("logits");
      expect(logits.length).toBe(3 * VOCAB);
      [20, 59, 270].forEach((position, row) => {
        expect(rowOf(logits, row)).toEqual(rowOf(straight, position));
      });
      expect([a.length, b.length, c.length]).toEqual([271, 60, 5]);
    });

    test("saved, and restored by another executor of the same model", async () => {
      const { executor, state, straight } = await start();
      state.rewind(260);
      const saved = state.save();
      const other = await load(device, path, { kv });
      const restored = other.executor.createState();
      restored.restore(saved, 260);
      expect(restored.length).toBe(260);
      expect(decode(other.executor, restored, text[260])).toEqual(rowOf(straight, 260));
      expect(() => executor.createState().restore(saved.subarray(1), 260)).toThrow();
    });
  });

  test("a context that is full says so and stays usable", async () => {
    const { executor } = await load(device, LONG, { contextTokens: 256 });
    const state = executor.createState();
    const text = tokens(256);
    const straight = prefill(executor, state, text);
    expect(() => decode(executor, state, 1)).toThrow(expect.objectContaining({ code: "context-overflow" }));
    expect(state.length).toBe(256);
    state.rewind(255);
    expect(decode(executor, state, text[255])).toEqual(rowOf(straight, 255));
    state.release();
    expect(prefill(executor, executor.createState(), text.subarray(0, 3))).toEqual(straight.slice(0, 3 * VOCAB));
  });

  test("sampling reads the row that it is asked for", async () => {
    const { executor } = await load(device, LONG);
    executor.step([{ state: executor.createState(), tokens: tokens(9), rows: [2, 5, 8] }]);
    const logits = executor.read("logits");
    const greedy = { ...GREEDY, logprobs: 2 };
    const sampled = executor.sample([2, 0, 1].map((row) => ({ ...greedy, row })));
    [2, 0, 1].forEach((row, i) => {
      const wanted = rowOf(logits, row);
      const sum = wanted.reduce((total, logit) => total + Math.exp(logit), 0);
      const { id, logprob, top } = sampled[i];
      expect(id).toBe(argmax(wanted));
      expect(logprob).toBeCloseTo(wanted[id] - Math.log(sum), 4);
      expect(top?.length).toBe(2);
      expect(top?.[0]?.id).toBe(id);
    });
    expect(() => executor.sample([{ ...greedy, row: 3 }])).toThrow(expect.objectContaining({ name: "AnyqwenError" }));
  });

  test.each<[string, (executor: Executor, state: SequenceState) => void]>([
    ["an id outside the vocabulary", (executor, state) => decode(executor, state, VOCAB)],
    ["a negative id", (executor, state) => decode(executor, state, -1)],
    ["a row beyond the segment", (executor, state) => executor.step([{ state, tokens: [1], rows: [1] }])],
    ["more tokens than loaded for", (executor, state) => executor.step([{ state, tokens: tokens(513), rows: [] }])],
    ["a rewind forward", (_, state) => state.rewind(1)],
    ["an output that is not there", (executor) => executor.read("hidden.0")],
  ])("refuses %s", async (_, act) => {
    const { executor } = await load(device, LONG);
    const state = executor.createState();
    expect(() => act(executor, state)).toThrow(expect.objectContaining({ name: "AnyqwenError" }));
    expect(state.length).toBe(0);
    expect(decode(executor, state, 1).every(Number.isFinite)).toBe(true);
  });

  test("cache types: coarser ones move the logits, by little", async () => {
    const text = tokens(150);
    const run = async (kv: KvType) => {
      const { executor } = await load(device, LONG, { kv });
      return prefill(executor, executor.createState(), text);
    };
    const exact = await run("f32");
    const half = difference(await run("f16"), exact);
    const int8 = difference(await run("q8"), exact);
    expect(half.rms).toBeGreaterThan(1e-5);
    expect(half.rms).toBeLessThan(2e-3);
    expect(int8.rms).toBeGreaterThan(5 * half.rms);
    expect(int8.rms).toBeLessThan(0.1);
  });
});
