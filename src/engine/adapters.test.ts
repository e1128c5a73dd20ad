// Adapters chosen per request: each answer is that of its adapter alone, whatever runs beside it and whatever is held already.

import { expect, test } from "vitest";
import { expected, fixture, generate, openFixture } from "./testing.ts";

const base = "train/qwen2";
const adapters = { trained: fixture(`${base}/adapter`) };
const prompt = Array.from({ length: 40 }, (_, i) => (i * 29 + 3) % 256);
const greedy = { temperature: 0, maxTokens: 8, ignoreEos: true };
const withIt = { ...greedy, adapter: "trained" };

test("logits with the adapter and without are PEFT's", async () => {
  await using engine = await openFixture(base, { adapters });
  expect(engine.info.adapters).toEqual(["trained"]);
  const { values: ids } = await expected(`${base}/adapter`, "input_ids");
  for (const [name, adapter] of [
    ["logits", "trained"],
    ["base_logits", undefined],
  ] as const) {
    const { logits } = await engine.client.call("logits", { ids, hidden: false, adapter });
    const { values } = await expected(`${base}/adapter`, name);
    expect(Math.max(...logits.map((value, i) => Math.abs(value - values[i])))).toBeLessThan(2e-4);
    const scores = await engine.client.call("score", { ids, start: 1, adapter });
    const row = values.slice(0, 256);
    const sum = Math.log(row.reduce((total, value) => total + Math.exp(value), 0));
    expect(scores[0]).toBeCloseTo(row[ids[1]] - sum, 3);
  }
});

test("answers are the same alone and together, and what others hold of the prompt is theirs alone", async () => {
  await using engine = await openFixture(base, { adapters });
  const plain = await generate(engine, prompt, greedy);
  const adapted = await generate(engine, prompt, withIt);
  expect(adapted.end.tokens).not.toEqual(plain.end.tokens);
  expect(adapted.end.usage.cachedTokens).toBe(0);
  expect((await generate(engine, prompt, withIt)).end.usage.cachedTokens).toBe(prompt.length - 1);

  await using fresh = await openFixture(base, { adapters, poolTokens: 2048 });
  const together = await Promise.all([greedy, withIt, withIt, greedy].map((how) => generate(fresh, prompt, how)));
  expect(together.map(({ end }) => end.tokens)).toEqual([plain, adapted, adapted, plain].map(({ end }) => end.tokens));
});

test("a session that changes its adapter computes again; saved, it goes on with the adapter by any name", async () => {
  await using engine = await openFixture(base, { adapters });
  const { session } = await engine.client.call("openSession", {});
  const plain = await generate(engine, prompt, greedy, session);
  const adapted = await generate(engine, prompt, withIt, session);
  expect(adapted.end.usage.cachedTokens).toBe(0);
  expect(adapted.end.tokens).not.toEqual(plain.end.tokens);
  const bytes = await engine.client.call("saveSession", { session, extra: null });

  await using other = await openFixture(base, { adapters: { renamed: adapters.trained } });
  const { session: restored } = await other.client.call("openSession", {});
  await other.client.call("restoreSession", { session: restored, bytes });
  const more = [...prompt, ...adapted.end.tokens, 7];
  const went = await generate(other, more, { ...greedy, adapter: "renamed" }, restored);
  expect(went.end.usage.cachedTokens).toBe(prompt.length + adapted.end.tokens.length - 1);
  expect(went.end.tokens).toEqual((await generate(engine, more, withIt)).end.tokens);

  await using bare = await openFixture(base);
  const { session: without } = await bare.client.call("openSession", {});
  await expect(bare.client.call("restoreSession", { session: without, bytes })).rejects.toThrow("adapter");
});

test("added and removed while the model stays loaded, for all outputs", async () => {
  await using engine = await openFixture(base);
  const plain = await generate(engine, prompt, greedy);
  await expect(generate(engine, prompt, withIt)).rejects.toMatchObject({ code: "not-found" });
  const { session } = await engine.client.call("openSession", {});
  await generate(engine, prompt, greedy, session);
  const source = adapters.trained;
  expect((await engine.client.call("addAdapter", { name: "trained", source })).adapters).toEqual(["trained"]);
  await expect(engine.client.call("addAdapter", { name: "trained", source })).rejects.toThrow("already");
  const adapted = await generate(engine, prompt, withIt, session);
  expect(adapted.end.tokens).not.toEqual(plain.end.tokens);
  const { logits } = await engine.client.call("logits", { ids: prompt, hidden: true, adapter: "trained" });
  const best = logits.subarray(-256).reduce((top, value, id, row) => (value > row[top] ? id : top), 0);
  expect(best).toBe(adapted.end.tokens[0]);

  const running = generate(engine, prompt, { ...withIt, maxTokens: 200 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(engine.client.call("removeAdapter", { name: "trained" })).rejects.toMatchObject({ code: "busy" });
  await running;
  expect((await engine.client.call("removeAdapter", { name: "trained" })).adapters).toEqual([]);
  await expect(generate(engine, prompt, withIt)).rejects.toThrow("there is no adapter");
  expect((await generate(engine, prompt, greedy, session)).end.tokens).toEqual(plain.end.tokens);
});

test("refused: an adapter of another base, and names that cannot be told apart from models", async () => {
  await expect(openFixture("models/qwen2_tied", { adapters })).rejects.toThrow(/^adapter trained: .* another base/);
  await using engine = await openFixture(base);
  const { trained: source } = adapters;
  await expect(engine.client.call("addAdapter", { name: "a+b", source })).rejects.toThrow("an adapter's name");
  await expect(engine.client.call("addAdapter", { name: "x", source: fixture(base) })).rejects.toThrow(
    "adapter_config",
  );
});
