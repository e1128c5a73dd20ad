// Hybrids behind the engine: what a session or another conversation holds is gone on from at checkpoints, and every answer has the
// tokens of a fresh run.

import { describe, expect, it } from "vitest";
import { Session } from "./session.ts";
import { collect, expected, generate, type Opened, openFixture } from "./testing.ts";
import type { ModelOptions } from "./types.ts";

const hybrid = "models/qwen3_5_text";
const START = 305; // <|im_start|>
const sampled = {
  temperature: 1,
  topK: 0,
  topP: 1,
  seed: 3,
  repetitionPenalty: 1,
  ignoreEos: true,
  maxTokens: 9,
} as const;

/** A conversation of messages of 19 tokens and their start, and the head of an answer. */
async function conversation(messages: number, seed = 1): Promise<number[]> {
  const ids = (await expected(hybrid, "input_ids")).values;
  const message = (n: number) => [START, ...Array.from({ length: 19 }, (_, i) => ids[(n * 31 + i * seed) % 150] % 300)];
  return [...Array.from({ length: messages }, (_, n) => message(n)).flat(), START, 7];
}

async function openSession(model: Opened): Promise<Session> {
  return new Session(model.client, await model.client.call("openSession", {}));
}

async function fresh(prompt: readonly number[], options: ModelOptions = {}): Promise<readonly number[]> {
  await using other = await openFixture(hybrid, options);
  return (await generate(other, prompt, sampled)).end.tokens;
}

describe("a hybrid's session", () => {
  it("goes on from where it is, and after an edit from the message before it", async () => {
    await using model = await openFixture(hybrid);
    const session = await openSession(model);
    const ask = async (prompt: readonly number[]) => {
      const { end } = await collect(session.generate(prompt, sampled));
      expect(end.tokens).toEqual(await fresh(prompt));
      return end;
    };
    const prompt = await conversation(6); // messages end at 20, 40 .. 120
    const first = await ask(prompt);
    expect(first.usage.cachedTokens).toBe(0);
    const next = [...prompt, ...first.tokens, START, 5, 6, 7];
    const second = await ask(next);
    expect(second.usage.cachedTokens).toBe(prompt.length + first.tokens.length - 1);
    // thoughts dropped: the answer is rendered otherwise
    expect((await ask([...prompt, 1, 2, START, 5])).usage.cachedTokens).toBe(120);
    const edited = [...prompt];
    edited[95] = 9; // in the last message but one
    expect((await ask(edited)).usage.cachedTokens).toBe(80);
    edited[50] = 9; // one of those that have no checkpoint of their own, but the first message has
    expect((await ask(edited)).usage.cachedTokens).toBe(20);
  });

  it("forks, rewinds to any length, and is saved and restored", async () => {
    await using model = await openFixture(hybrid);
    const session = await openSession(model);
    const prompt = await conversation(3);
    await collect(session.generate(prompt, sampled));
    const fork = await session.fork();
    for (const length of [60, 47, 1]) {
      await session.rewind(length);
      expect(session.length).toBe(length);
      const other = [...prompt.slice(0, length), 4, 5];
      expect((await collect(session.generate(other, sampled))).end.tokens).toEqual(await fresh(other));
    }
    const saved = await fork.save();
    await using later = await openFixture(hybrid);
    const restored = await openSession(later);
    await restored.restore(saved);
    const next = [...prompt, 3, 2, 1];
    const { end } = await collect(restored.generate(next, sampled));
    expect(end.usage.cachedTokens).toBe(60); // the last checkpoint is saved too
    expect(end.tokens).toEqual(await fresh(next));
  });

  it("drafts by looking up what came before: the same tokens, and states that forks and edits go on from", async () => {
    await using model = await openFixture(hybrid);
    const ids = (await expected(hybrid, "input_ids")).values.slice(0, 12);
    const message = [START, ...ids, ...ids, ...ids];
    let accepted = 0;
    for (const temperature of [0, 0.7]) {
      const ask = { ...sampled, temperature, maxTokens: 40, speculate: true };
      const session = await openSession(model);
      let prompt: readonly number[] = message;
      for (let turn = 0; turn < 3; turn++) {
        const { end } = await collect(session.generate(prompt, ask));
        await using other = await openFixture(hybrid);
        const plain = await generate(other, prompt, { ...ask, speculate: false });
        expect(end.tokens).toEqual(plain.end.tokens);
        accepted += end.speculation?.accepted ?? 0;
        if (turn === 0) await (await session.fork()).close();
        if (turn === 1) await session.rewind(prompt.length + 7);
        prompt = [...prompt, ...end.tokens.slice(0, 7 + 10 * turn), START, ...ids, ...ids];
      }
    }
    expect(accepted).toBeGreaterThan(10);
  });
});

describe("conversations with a hybrid at the same time", () => {
  it("share what they begin with, and wait where states are few", async () => {
    const five = await Promise.all([1, 2, 3, 4, 5].map(async (n) => [...(await conversation(5)), n]));
    const alone = await Promise.all(five.map((prompt) => fresh(prompt)));
    for (const options of [{}, { states: 2 }, { states: 1 }, { chunk: 5, rows: 2, states: 3 }]) {
      await using model = await openFixture(hybrid, options);
      const answers = await Promise.all(five.map((prompt) => generate(model, prompt, sampled)));
      expect(answers.map(({ end }) => end.tokens)).toEqual(alone);
      if (!("states" in options))
        expect(answers.slice(1).map(({ end }) => end.usage.cachedTokens)).toEqual([100, 100, 100, 100]);
    }
  });

  it("embeds and scores as it generates: sequences that need more states than there are take turns", async () => {
    const inputs = await Promise.all([2, 3, 4].map((n) => conversation(n)));
    const embed = async (states: number) => {
      await using model = await openFixture(hybrid, { states });
      return await model.client.call("embed", { inputs });
    };
    expect(await embed(1)).toEqual(await embed(16));
  });
});
