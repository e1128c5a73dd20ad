// A model over several memories gives the bits of the same model in one: every family on the smallest banks that hold its stages,
// its hidden states, and sequences that fork, go back, and move between loads with other banks through saved states.

import { afterEach, describe, expect, test, vi } from "vitest";
import type { Executor } from "../../src/core/device.ts";
import { AnyqwenError } from "../../src/core/errors.ts";
import { wasmDevice } from "../../src/devices/wasm/device.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { openModel } from "../../src/models/open.ts";
import { fixture, ids, readExpected } from "./fixtures.ts";
import { decode, prefill } from "./harness.ts";

const families = [
  "models/qwen2_tied",
  "models/qwen2_untied",
  "models/qwen2_swa",
  "models/qwen2_moe",
  "models/qwen3_tied",
  "models/qwen3_moe_mixed",
  "models/qwen3_5_text",
  "embed/qwen3_embedding",
];

interface Wanted {
  readonly plain?: boolean;
  readonly hidden?: boolean;
  readonly draftVocab?: number;
  readonly threads?: number;
  readonly contextTokens?: number;
  /** Default: as many as everything fits. */
  readonly bankBytes?: number;
}

let memories = 0;
class CountedMemory extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories++;
  }
}

const loaded: Executor[] = [];
afterEach(() => {
  for (const executor of loaded.splice(0)) executor.dispose();
});

async function load(path: string, wanted: Wanted) {
  const { plain, hidden, draftVocab, threads = 1, contextTokens = 1024, bankBytes } = wanted;
  const checkpoint = await openCheckpoint(await nodeFiles(fixture(path)));
  memories = 0;
  vi.spyOn(WebAssembly, "Memory", "get").mockReturnValue(CountedMemory);
  try {
    const model = openModel(checkpoint);
    const trace = model.trace({ hidden, draftVocab });
    const options = { kv: "f16", maxTokens: 160, maxRows: 160, contextTokens, threads } as const;
    const executor = await wasmDevice({ plain, bankBytes }).load(trace, model.weights(trace), options);
    loaded.push(executor);
    return { executor, outputs: [...trace.outputs.keys()], banks: memories };
  } finally {
    vi.restoreAllMocks();
    await checkpoint.close();
  }
}

/** On the smallest banks that hold the model. */
async function loadBanks(path: string, wanted: Wanted = {}) {
  for (let bankBytes = 2 ** 16; ; bankBytes *= 1.25) {
    try {
      const result = await load(path, { ...wanted, bankBytes });
      expect(result.banks).toBeGreaterThan(2);
      return result;
    } catch (error) {
      if (!(error instanceof AnyqwenError && error.code === "out-of-memory")) throw error;
    }
  }
}

const tokens = (count: number, seed = 1) => Int32Array.from({ length: count }, (_, i) => (i * 31 + seed * 17) % 256);

describe.each(families)("%s", (path) => {
  const prompt = ids(
    readExpected(`${path}/expected.safetensors`),
    path.startsWith("embed") ? "input_ids.0" : "input_ids",
  );
  const output = path.startsWith("embed") ? "embedding" : "logits";

  test.each([
    { plain: false, threads: 1 },
    { plain: false, threads: 2 },
    { plain: true, threads: 1 },
  ])("the bits of one memory: plain $plain, $threads threads", async (how) => {
    const [one, several] = [await load(path, how), await loadBanks(path, how)];
    expect(one.banks).toBe(1);
    const run = ({ executor }: typeof one, chunk: number) =>
      prefill(executor, executor.createState(), prompt, chunk, output);
    const expected = run(one, prompt.length);
    for (const chunk of [prompt.length, 7, 1]) expect(run(several, chunk)).toEqual(expected);
  });

  test("hidden states", async () => {
    const [one, several] = [await load(path, { hidden: true }), await loadBanks(path, { hidden: true })];
    for (const { executor } of [one, several])
      executor.step([{ state: executor.createState(), tokens: prompt, rows: [2, 5] }]);
    expect(one.outputs).toContain("hidden.1");
    for (const name of one.outputs) expect(several.executor.read(name)).toEqual(one.executor.read(name));
  });
});

describe("sequences over several banks", () => {
  const path = "models/qwen3_tied";
  const text = tokens(300);

  async function both() {
    const [one, several] = [await load(path, {}), await loadBanks(path)];
    const states = [one, several].map(({ executor }) => executor.createState());
    prefill(one.executor, states[0], text, 50);
    prefill(several.executor, states[1], text, 50);
    return { one: one.executor, several: several.executor, states };
  }

  test("fork and go back", async () => {
    const { one, several, states } = await both();
    for (const position of [280, 256, 250, 3]) {
      const logits = [one, several].map((executor, n) => {
        const state = states[n];
        state.rewind(position);
        const fork = state.fork();
        const theirs = prefill(executor, fork, tokens(9, position));
        const ours = prefill(executor, state, text.subarray(position, position + 9));
        fork.rewind(position);
        const again = decode(executor, fork, 7);
        fork.release();
        return [theirs, ours, again];
      });
      expect(logits[1]).toEqual(logits[0]);
    }
  });

  test("saved states fit any number of banks", async () => {
    const { one, several, states } = await both();
    const saved = states.map((state) => state.save());
    expect(saved[1]).toEqual(saved[0]);
    const logits = [one, several].map((executor, n) => {
      const state = executor.createState();
      state.restore(saved[1 - n], 300);
      return decode(executor, state, 5);
    });
    expect(logits[1]).toEqual(logits[0]);
    expect(() => several.createState().restore(saved[0].subarray(1), 300)).toThrow(/300 positions/);
  });

  test("a batch of several, sampled", async () => {
    const { one, several, states } = await both();
    const drawn = [one, several].map((executor, n) => {
      const other = executor.createState();
      executor.step([
        { state: other, tokens: text.subarray(0, 20), rows: [19] },
        { state: states[n], tokens: [9], rows: [0] },
      ]);
      const request = { temperature: 1, topK: 20, topP: 0.9, minP: 0, seed: 3, choice: 0, position: 300, logprobs: 5 };
      const penalties = { repetitionPenalty: 1.1, presencePenalty: 0, frequencyPenalty: 0 };
      return executor.sample([0, 1].map((row) => ({ ...request, ...penalties, row })));
    });
    expect(drawn[1]).toEqual(drawn[0]);
  });

  test("a context that is full leaves every bank as it was", async () => {
    const { executor } = await loadBanks(path, { contextTokens: 512 });
    const [a, b] = [executor.createState(), executor.createState()];
    prefill(executor, a, text.subarray(0, 200), 50);
    const before = prefill(executor, b, text.subarray(0, 250), 50);
    const batch = [
      { state: a, tokens: text.subarray(200, 257), rows: [] }, // both need a second page
      { state: b, tokens: text.subarray(250, 257), rows: [] },
    ];
    expect(() => executor.step(batch)).toThrow(expect.objectContaining({ code: "context-overflow" }));
    expect([a.length, b.length]).toEqual([200, 250]);
    b.rewind(240);
    expect(prefill(executor, b, text.subarray(240, 250))).toEqual(before.slice(-10 * 320));
    a.release();
    prefill(executor, b, text.subarray(250, 300));
    expect(b.length).toBe(300);
  });

  test("figures count all banks", async () => {
    const [one, several] = [await load(path, {}), await loadBanks(path)];
    expect(several.executor.memoryBytes).toBeGreaterThan(one.executor.memoryBytes);
    expect(several.executor.identity).toBe(one.executor.identity);
    several.executor.dispose();
    expect(() => decode(several.executor, several.executor.createState(), 1)).toThrow(/closed/);
  });

  test("what fits no bank is named, with its size and the room there is", async () => {
    await expect(load(path, { bankBytes: 40_000 })).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/^model\.embed_tokens\.weight: \d+ MiB must lie in one .* room for 1 MiB/),
    });
  });
});

test("drafts that are taken back, and a fork that makes their updates be applied", async () => {
  const path = "models/qwen3_5_text";
  const prompt = ids(readExpected(`${path}/expected.safetensors`), "input_ids");
  const run = ({ executor }: { executor: Executor }) => {
    const state = executor.createState();
    prefill(executor, state, prompt.subarray(0, 20));
    const logits: Float32Array[] = [];
    for (const held of [3, 1, 2]) {
      executor.step([{ state, tokens: prompt.subarray(state.length, state.length + 5), rows: [0, 4], drafts: 4 }]);
      logits.push(executor.read("logits"));
      state.rewind(state.length - 4 + held);
      logits.push(decode(executor, state.fork(), 7));
    }
    return logits;
  };
  expect(run(await loadBanks(path, { threads: 2 }))).toEqual(run(await load(path, {})));
});

test("drafts of an MTP layer", async () => {
  const path = "models/qwen3_5_mtp";
  const prompt = ids(readExpected(`${path}/expected.safetensors`), "input_ids");
  const draft = ({ executor }: { executor: Executor }) => {
    const { drafter } = executor;
    if (!drafter) throw new Error("no drafter");
    executor.step([{ state: executor.createState(), tokens: prompt, rows: [] }]);
    const hidden = executor.read("final");
    const tokens = [...prompt.subarray(1), 5];
    drafter.step([{ state: drafter.createState(), tokens, hidden, rows: tokens.map((_, i) => i) }]);
    return { logits: drafter.read("logits"), hidden: drafter.read("hidden") };
  };
  const wanted = { draftVocab: 304 };
  expect(draft(await loadBanks(path, wanted))).toEqual(draft(await load(path, wanted)));
});
