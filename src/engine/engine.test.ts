import { afterEach, describe, expect, it, vi } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { ReferenceExecutor } from "../devices/reference/executor.ts";
import { expected, generate, openFixture } from "./testing.ts";

const greedy = { temperature: 0, ignoreEos: true } as const;
const qwen3 = "models/qwen3_tied";

describe("logits", () => {
  it("are the published model's, with every layer's output, whatever the chunk", async () => {
    await using model = await openFixture(qwen3, { rows: 64, outputs: "hidden" });
    const ids = (await expected(qwen3, "input_ids")).values;
    const [logits, hidden] = [await expected(qwen3, "logits"), await expected(qwen3, "hidden_states")];
    const whole = await model.client.call("logits", { ids, hidden: true });
    expect([whole.logits.length / whole.vocab, whole.vocab]).toEqual(logits.shape);
    expect([whole.layers + 1, ids.length, whole.width]).toEqual(hidden.shape);
    for (const [i, value] of logits.values.entries()) expect(Math.abs(value - whole.logits[i])).toBeLessThan(2.5e-4);
    for (const [i, value] of hidden.values.entries()) {
      expect(Math.abs(value - (whole.hidden as Float32Array)[i])).toBeLessThan(2.5e-4);
    }
    const pieces = await model.client.call("logits", { ids, hidden: false, chunk: 7 });
    expect(pieces.logits).toEqual(whole.logits);
  });

  it("give the scores of a text", async () => {
    await using model = await openFixture(qwen3);
    const ids = (await expected(qwen3, "input_ids")).values;
    const logits = (await expected(qwen3, "logits")).values;
    const scores = await model.client.call("score", { ids, start: 20 });
    expect(scores.length).toBe(ids.length - 20);
    const vocab = logits.length / ids.length;
    for (const [i, score] of scores.entries()) {
      const row = logits.slice((i + 19) * vocab, (i + 20) * vocab);
      const sum = Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
      expect(score).toBeCloseTo(row[ids[i + 20]] - sum, 3);
    }
  });
});

describe("rows of logits", () => {
  /** What was asked of the device: tokens and rows of each step. */
  function watchRows(): { tokens: number; rows: number }[] {
    const steps: { tokens: number; rows: number }[] = [];
    const { step } = ReferenceExecutor.prototype;
    vi.spyOn(ReferenceExecutor.prototype, "step").mockImplementation(function (this: ReferenceExecutor, segments) {
      const count = (each: (segment: (typeof segments)[number]) => number) =>
        segments.reduce((sum, segment) => sum + each(segment), 0);
      steps.push({ tokens: count(({ tokens }) => tokens.length), rows: count(({ rows }) => rows.length) });
      step.call(this, segments);
    });
    return steps;
  }
  afterEach(() => vi.restoreAllMocks());

  it("are computed where they are wanted, and are the same as when all are", async () => {
    await using model = await openFixture(qwen3, { rows: 8, outputs: "hidden" });
    const ids = (await expected(qwen3, "input_ids")).values; // 45
    const scores = await model.client.call("score", { ids, start: 1 });
    const { logits, hidden, vocab, width, layers } = await model.client.call("logits", { ids, hidden: true });
    const steps = watchRows();
    expect(await model.client.call("score", { ids, start: 30 })).toEqual(scores.slice(29));
    // Row 29 tells id 30; the last id tells nothing that is asked for.
    expect(steps).toEqual([
      { tokens: 29, rows: 0 },
      { tokens: 8, rows: 8 },
      { tokens: 7, rows: 7 },
    ]);
    const part = await model.client.call("logits", { ids, hidden: true, start: 40 });
    expect(part.logits).toEqual(logits.slice(40 * vocab));
    for (let layer = 0; layer <= layers; layer++) {
      expect(part.hidden?.slice(layer * 5 * width, (layer + 1) * 5 * width)).toEqual(
        hidden?.slice((layer * ids.length + 40) * width, (layer + 1) * ids.length * width),
      );
    }
    expect(steps.slice(3)).toEqual([
      { tokens: 40, rows: 0 },
      { tokens: 5, rows: 5 },
    ]);
    steps.length = 0;
    expect(await model.client.call("score", { ids, start: ids.length })).toEqual(new Float32Array(0));
    await generate(model, ids, { ...greedy, maxTokens: 1, chunk: 20 });
    await model.client.call("embed", { inputs: [ids] });
    expect(steps.every(({ rows }) => rows <= 1)).toBe(true);
    await expect(model.client.call("logits", { ids, hidden: false, start: 45 })).rejects.toThrow(/start is 45/);
  });
});

describe("generate", () => {
  it("gives the published model's greedy tokens, in any chunks", async () => {
    const ids = (await expected(qwen3, "input_ids")).values;
    const tokens = (await expected(qwen3, "greedy_ids")).values;
    for (const chunk of [1, 7, 512]) {
      await using model = await openFixture(qwen3);
      const { end } = await generate(model, ids, { ...greedy, maxTokens: 16, chunk });
      expect(end.tokens).toEqual(tokens);
      expect(end.reason).toBe("length");
      expect(end.usage).toMatchObject({ promptTokens: ids.length, completionTokens: 16 });
    }
  });

  it("works for ids alone when there is no tokenizer", async () => {
    await using model = await openFixture("models/qwen2_untied");
    const ids = (await expected("models/qwen2_untied", "input_ids")).values;
    const tokens = (await expected("models/qwen2_untied", "greedy_ids")).values;
    const { end, parts } = await generate(model, ids, { ...greedy, maxTokens: 16 });
    expect(end.tokens).toEqual(tokens);
    expect(parts.flatMap((part) => (part.type === "text" ? (part.ids ?? []) : []))).toEqual(tokens);
    await expect(model.client.call("tokenize", { text: "a", special: "all" })).rejects.toThrow(/no tokenizer/);
  });

  it("ends at the model's end tokens unless told otherwise", async () => {
    await using model = await openFixture(qwen3);
    const ids = (await expected(qwen3, "input_ids")).values;
    const tokens = (await expected(qwen3, "greedy_ids")).values;
    const { end } = await generate(model, ids, { ...greedy, stop: [tokens[5]], maxTokens: 16 });
    const first = tokens.indexOf(tokens[5]);
    expect(end).toMatchObject({ reason: "stop", stop: tokens[5], tokens: tokens.slice(0, first + 1) });
  });

  it("ends at a stop text, which may span tokens and is no part of the answer", async () => {
    await using model = await openFixture(qwen3);
    const ids = (await expected(qwen3, "input_ids")).values;
    const { text } = await generate(model, ids, { ...greedy, maxTokens: 16 });
    const from = Math.floor(text.length / 2);
    const stop = text.slice(from, from + 5);
    const stopped = await generate(model, ids, { ...greedy, maxTokens: 16, stop: ["never said", stop] });
    expect(stopped.text).toBe(text.slice(0, text.indexOf(stop)));
    expect(stopped.end).toMatchObject({ reason: "stop", stop });
    const unstopped = await generate(model, ids, { ...greedy, maxTokens: 16, stop: `${text}!` });
    expect(unstopped).toMatchObject({ text, end: { reason: "length" } });
  });

  it("counts prompt and answer for penalties, and tells log-probabilities", async () => {
    await using model = await openFixture(qwen3);
    const ids = (await expected(qwen3, "input_ids")).values;
    const plain = await generate(model, ids, { ...greedy, maxTokens: 8, logprobs: 3 });
    const told = plain.parts.flatMap((part) => (part.type === "text" ? (part.logprobs ?? []) : []));
    expect(told.map(({ id }) => id)).toEqual(plain.end.tokens);
    const scores = await model.client.call("score", { ids: [...ids, ...plain.end.tokens], start: ids.length });
    for (const [i, { logprob, top }] of told.entries()) {
      expect(logprob).toBeCloseTo(scores[i], 4);
      expect(top[0]).toMatchObject({ id: told[i].id, logprob });
      expect(top.map((other) => other.logprob)).toEqual(top.map((other) => other.logprob).sort((a, b) => b - a));
      expect(top).toHaveLength(3);
    }
    const { end } = await generate(model, ids, { ...greedy, maxTokens: 40, presencePenalty: 1000 });
    expect(new Set([...ids, ...end.tokens]).size).toBe(new Set(ids).size + 40);
    const banned = Object.fromEntries(plain.end.tokens.map((id) => [id, -1000]));
    const other = await generate(model, ids, { ...greedy, maxTokens: 8, logitBias: banned });
    expect(other.end.tokens.some((id) => id in banned)).toBe(false);
  });

  it("says what does not fit the context", async () => {
    await using model = await openFixture(qwen3, { contextTokens: 32 });
    const error = await generate(model, Array(33).fill(5), { maxTokens: 1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AnyqwenError);
    expect(error).toMatchObject({
      code: "context-overflow",
      message: expect.stringMatching(/33 tokens .* context 32/),
    });
    const { end } = await generate(model, Array(30).fill(5), greedy);
    expect(end.reason).toBe("length");
    expect(end.usage.completionTokens).toBe(3);
  });

  it("refuses options out of range, and ids that are none", async () => {
    await using model = await openFixture(qwen3);
    await expect(generate(model, [1], { temperature: -1 })).rejects.toThrow(
      /temperature is -1; expected a number from 0/,
    );
    await expect(generate(model, [1, 320], {})).rejects.toThrow(/token id 320: this model has ids 0 to 319/);
    await expect(generate(model, [], {})).rejects.toThrow(/no token ids/);
  });
});
