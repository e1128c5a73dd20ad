// Drafts from an MTP layer behind the engine: never another text, whatever is sampled, forked, edited or computed beside it.

import { describe, expect, it } from "vitest";
import { Session } from "./session.ts";
import { collect, expected, generate, type Opened, openFixture } from "./testing.ts";
import type { GenerateOptions } from "./types.ts";

const MODEL = "models/qwen3_5_mtp";
const ask = { topK: 0, topP: 1, seed: 5, repetitionPenalty: 1, ignoreEos: true, maxTokens: 40 } as const;
const prompt = async () => (await expected(MODEL, "input_ids")).values;

async function openSession(model: Opened): Promise<Session> {
  return new Session(model.client, await model.client.call("openSession", {}));
}

async function plain(ids: readonly number[], options: GenerateOptions): Promise<readonly number[]> {
  await using model = await openFixture(MODEL, { mtp: false });
  expect(model.info.mtp).toBe(false);
  return (await generate(model, ids, options)).end.tokens;
}

describe("drafts from an MTP layer", () => {
  it.each([
    ["greedy", { temperature: 0 }],
    ["sampled", { temperature: 0.8 }],
    ["sampled from few, with penalties", { temperature: 0.5, topK: 3, frequencyPenalty: 0.3 }],
  ])("%s: the same tokens, by default and when asked for", async (_, sampling) => {
    const ids = await prompt();
    const options = { ...ask, ...sampling };
    const straight = await plain(ids, options);
    await using model = await openFixture(MODEL);
    for (const speculate of [undefined, "mtp", true, "lookup", "none"] as const) {
      const { end } = await generate(model, ids, { ...options, speculate });
      expect(end.tokens).toEqual(straight);
      if (speculate === "none") expect(end.speculation).toBeUndefined();
      else if (speculate !== "lookup") expect(end.speculation?.drafted).toBeGreaterThan(0);
    }
  });

  it("in a session that is edited, forked, rewound and saved", async () => {
    await using model = await openFixture(MODEL);
    const session = await openSession(model);
    let ids = await prompt();
    const options = { ...ask, temperature: 0.3, maxTokens: 12 };
    for (let turn = 0; turn < 4; turn++) {
      const { end } = await collect(session.generate(ids, options));
      expect(end.tokens).toEqual(await plain(ids, options));
      const fork = await session.fork();
      const other = [...ids.slice(0, 30), turn, 2, 3];
      expect((await collect(fork.generate(other, options))).end.tokens).toEqual(await plain(other, options));
      await fork.close();
      if (turn === 1) await session.rewind(ids.length - 3);
      if (turn === 2) await session.restore(await session.save());
      ids = [...ids, ...end.tokens.slice(0, 9), 1, 2];
    }
  });

  it("beside other answers, with few rows and in small chunks", async () => {
    const ids = await prompt();
    const prompts = [ids, ids.slice(0, 21), ids.slice(5), [...ids, ...ids], ids.slice(11, 13), ids.slice(7, 30)];
    const options = { ...ask, temperature: 0.6, maxTokens: 14 };
    const straight = await Promise.all(prompts.map((each) => plain(each, options)));
    for (const how of [{}, { rows: 3, chunk: 6 }, { states: 2 }]) {
      await using model = await openFixture(MODEL, how);
      const answers = await Promise.all(prompts.map((each) => generate(model, each, options)));
      expect(answers.map(({ end }) => end.tokens)).toEqual(straight);
    }
  });

  it("among few ids, and on the wasm device", async () => {
    const ids = await prompt();
    const options = { ...ask, temperature: 0 };
    await using base = await openFixture(MODEL, { device: "wasm", threads: 1, mtp: false });
    const straight = (await generate(base, ids, options)).end.tokens;
    await using model = await openFixture(MODEL, { device: "wasm", threads: 1, draftVocab: 200 });
    const { end } = await generate(model, ids, options);
    expect(end.tokens).toEqual(straight);
    expect(end.speculation?.drafted).toBeGreaterThan(0);
  });
});

describe("a model without an MTP layer", () => {
  it("says so when drafts are to come from one", async () => {
    await using model = await openFixture("models/qwen3_5_text");
    await expect(generate(model, [1, 2], { ...ask, speculate: "mtp" })).rejects.toThrow("has no MTP layer");
    await expect(openFixture("models/qwen3_5_text", { mtp: true })).rejects.toThrow("it has no MTP layer");
    await expect(model.client.call("logits", { ids: [1], hidden: false, mtp: true })).rejects.toThrow("MTP layer");
  });
});

describe("oracle drafts", () => {
  it.each([
    [1, 1],
    [0.5, 0.5],
    [0, 0],
  ])("of which a share of %f is right hold accordingly, and change no token", async (oracleAcceptance, share) => {
    await using model = await openFixture(MODEL);
    const options = { prompt: 0, generate: 30, repeat: 1, oracleAcceptance };
    const { oracle } = await model.client.call("bench", options);
    if (!oracle) throw new Error("no oracle");
    expect(oracle.drafted).toBeGreaterThan(0);
    const held = oracle.accepted / oracle.drafted;
    if (share === 0.5) expect(held > 0 && held < 1).toBe(true);
    else expect(held).toBe(share);
    expect(oracle.draftedPerSecond.length).toBe(1);
  });

  it("need an MTP layer", async () => {
    await using model = await openFixture("models/qwen3_5_text");
    const options = { prompt: 0, generate: 2, repeat: 1, oracleAcceptance: 1 };
    await expect(model.client.call("bench", options)).rejects.toThrow("no MTP layer");
  });
});
