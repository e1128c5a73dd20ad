import { afterEach, describe, expect, it, vi } from "vitest";
import { ReferenceExecutor } from "../devices/reference/executor.ts";
import { collect, expected, generate, openFixture } from "./testing.ts";

const qwen3 = "models/qwen3_tied";
const options = (seed: number) =>
  ({ temperature: 1, topK: 0, topP: 1, seed, repetitionPenalty: 1, ignoreEos: true, maxTokens: 10 + seed }) as const;

async function prompts(): Promise<number[][]> {
  const ids = (await expected(qwen3, "input_ids")).values;
  return [ids, ids.slice(0, 7), [...ids].reverse(), ids.slice(3, 30), ids.slice(0, 1)];
}

afterEach(() => vi.restoreAllMocks());

/** Every step from here on: which sequences it fed, and how many tokens each. */
function watchSteps(): Map<object, number>[] {
  const steps: Map<object, number>[] = [];
  const { step } = ReferenceExecutor.prototype;
  vi.spyOn(ReferenceExecutor.prototype, "step").mockImplementation(function (this: ReferenceExecutor, segments) {
    steps.push(new Map(segments.map(({ state, tokens }) => [state, tokens.length])));
    step.call(this, segments);
  });
  return steps;
}

const made = (length: number, seed: number) => Array.from({ length }, (_, i) => (i * seed + seed) % 300);

describe("requests at the same time", () => {
  it("give what each gives alone, in steps of any size", async () => {
    for (const load of [{}, { chunk: 4, rows: 3 }]) {
      await using model = await openFixture(qwen3, load);
      const all = await prompts();
      const alone = [];
      for (const [i, ids] of all.entries()) {
        await using other = await openFixture(qwen3, load);
        alone.push((await generate(other, ids, options(i))).end.tokens);
      }
      const together = await Promise.all(all.map((ids, i) => generate(model, ids, options(i))));
      expect(together.map(({ end }) => end.tokens)).toEqual(alone);
    }
  });

  it("give the same when they have to take room from each other", async () => {
    await using roomy = await openFixture(qwen3);
    // Two pages of 256 positions for three requests that come to need more than one each.
    await using tight = await openFixture(qwen3, { contextTokens: 512, poolTokens: 512 });
    const long = Array.from({ length: 250 }, (_, i) => (i * 37) % 300);
    const ask = { ...options(3), maxTokens: 12 };
    const three = [long, long.slice(1), long.slice(2)];
    const alone = [];
    for (const ids of three) alone.push((await generate(roomy, ids, ask)).end.tokens);
    const together = await Promise.all(three.map((ids) => generate(tight, ids, ask)));
    expect(together.map(({ end }) => end.tokens)).toEqual(alone);
  });

  it("use what an earlier one began with, and give the same", async () => {
    await using model = await openFixture(qwen3);
    await using other = await openFixture(qwen3);
    const [ids] = await prompts();
    const first = (await generate(model, ids, options(1))).end;
    const longer = [...ids, ...first.tokens, 4];
    const changed = [...ids.slice(0, 30), 3, 2];
    for (const [prompt, cached] of [
      [longer, longer.length - 2],
      [changed, 30],
      [longer, longer.length - 1],
    ] as const) {
      const { end } = await generate(model, prompt, options(2));
      expect(end.usage.cachedTokens).toBe(cached);
      if (prompt === changed) expect(end.tokens).toEqual((await generate(other, prompt, options(2))).end.tokens);
    }
  });

  it("compute what they all begin with once, whether they come together or later", async () => {
    const prefix = made(167, 37);
    const all = Array.from({ length: 16 }, (_, i) => [...prefix, i + 1, 2 * i + 5, 9]);
    const alone = [];
    for (const ids of all) {
      await using other = await openFixture(qwen3);
      alone.push((await generate(other, ids, options(2))).end.tokens);
    }
    for (const load of [{}, { chunk: 50, rows: 4 }]) {
      await using model = await openFixture(qwen3, { poolTokens: 16 * 512, ...load });
      const steps = watchSteps();
      const running = all.slice(0, 12).map((ids) => generate(model, ids, options(2)));
      await running[0];
      const ended = [
        ...(await Promise.all(running)),
        ...(await Promise.all(all.slice(12).map((ids) => generate(model, ids, options(2))))),
      ];
      expect(ended.map(({ end }) => end.tokens)).toEqual(alone);
      const fed = steps.reduce((sum, step) => sum + [...step.values()].reduce((a, b) => a + b, 0), 0);
      // Its own three tokens of the prompt and eleven of the answer each, and the prefix.
      expect(fed).toBeLessThanOrEqual(prefix.length + 16 * (3 + 12));
      expect(ended.filter(({ end }) => end.usage.cachedTokens >= prefix.length)).toHaveLength(15);
      vi.restoreAllMocks();
    }
  });

  it("use what a running one holds", async () => {
    await using model = await openFixture(qwen3, { poolTokens: 1024 });
    const ids = made(100, 11);
    const steps = watchSteps();
    const first = generate(model, ids, { ...options(1), maxTokens: 60 });
    while (steps.length < 10) await new Promise((resolve) => setTimeout(resolve, 1));
    const { end } = await generate(model, ids, { ...options(1), maxTokens: 5 });
    expect(end.usage.cachedTokens).toBe(ids.length - 1);
    expect(end.tokens).toEqual((await first).end.tokens.slice(0, 5));
  });

  it("let short prompts pass long ones, and long ones go on", async () => {
    await using model = await openFixture(qwen3, { chunk: 16, poolTokens: 2048 });
    const steps = watchSteps();
    const order: string[] = [];
    const run = async (name: string, ids: number[]) => {
      await generate(model, ids, { ...options(1), maxTokens: 1 });
      order.push(name);
    };
    await Promise.all([run("long", made(400, 7)), run("longer", made(450, 11)), run("short", made(20, 13))]);
    expect(order).toEqual(["short", "long", "longer"]);
    // No step went without the oldest as long as it was there.
    const [oldest] = steps[0].keys();
    const turns = steps.filter((step) => step.has(oldest)).length;
    expect(steps.slice(0, turns).every((step) => step.has(oldest))).toBe(true);
    expect(turns).toBeLessThanOrEqual(2 * (400 / 16) + 1);
  });

  it("take turns when there are more than a step has rows", async () => {
    await using model = await openFixture(qwen3, { rows: 2, chunk: 64, poolTokens: 2560 });
    const steps = watchSteps();
    const ends = await Promise.all([3, 7, 11, 13, 17].map((seed) => generate(model, made(8, seed), options(9))));
    expect(ends.map(({ end }) => end.tokens.length)).toEqual([19, 19, 19, 19, 19]);
    for (const state of new Set(steps.flatMap((step) => [...step.keys()]))) {
      const turns = steps.flatMap((step, i) => (step.has(state) ? [i] : []));
      const waits = turns.slice(1).map((turn, i) => turn - turns[i]);
      expect(Math.max(...waits)).toBeLessThanOrEqual(3);
    }
  });

  it("that wait for room or for a prefix end at once when they are cancelled", async () => {
    await using model = await openFixture(qwen3, { chunk: 16 });
    const long = made(400, 7);
    const order: string[] = [];
    const first = generate(model, long, { ...options(1), maxTokens: 80 }).then(() => order.push("first"));
    const abort = new AbortController();
    const waiting = [long, made(300, 11)].map((ids) =>
      generate(model, ids, { ...options(1), signal: abort.signal }).then(({ end }) => order.push(end.reason)),
    );
    setTimeout(() => abort.abort(), 20);
    await Promise.all([first, ...waiting]);
    expect(order).toEqual(["aborted", "aborted", "first"]);
  });

  it("give the same text with drafts as without", async () => {
    await using model = await openFixture(qwen3);
    const [ids] = await prompts();
    // Three rounds of the same ids: something to look up, and penalties that a draft changes.
    const prompt = [ids, ids, ids].flatMap((round) => round.slice(0, 15));
    let accepted = 0;
    for (const ask of [
      { ...options(1), maxTokens: 40 },
      { ...options(2), temperature: 0, maxTokens: 40 },
      { ...options(4), temperature: 0, maxTokens: 40, repetitionPenalty: 1.3, frequencyPenalty: 0.2 },
      { ...options(5), topK: 2, maxTokens: 40, stop: ["e"] },
    ]) {
      const plain = await generate(model, prompt, ask);
      const drafted = await generate(model, prompt, { ...ask, speculate: true });
      expect(drafted.end.tokens).toEqual(plain.end.tokens);
      expect(drafted.text).toBe(plain.text);
      expect(drafted.end.usage.completionTokens).toBe(plain.end.usage.completionTokens);
      accepted += drafted.end.speculation?.accepted ?? 0;
    }
    expect(accepted).toBeGreaterThan(10);
  });

  it("end when they are cancelled, by signal or by leaving the loop, and let the others go on", async () => {
    await using model = await openFixture(qwen3);
    const [ids] = await prompts();
    const straight = (await generate(model, ids, options(1))).end.tokens;
    const abort = new AbortController();
    const cancelled = collect(
      (async function* () {
        let count = 0;
        for await (const part of model.client.stream(
          "generate",
          { prompt: ids, options: options(300) },
          abort.signal,
        )) {
          if (++count === 2) abort.abort();
          yield part;
        }
      })(),
    );
    const other = generate(model, ids, options(1));
    const { end } = await cancelled;
    expect(end.reason).toBe("aborted");
    expect(end.usage.completionTokens).toBeLessThan(300);
    expect((await other).end.tokens).toEqual(straight);
    for await (const part of model.client.stream("generate", { prompt: ids, options: options(300) })) {
      expect(part.type).toBe("text");
      break;
    }
    expect((await generate(model, ids, options(1))).end.tokens).toEqual(straight);
    await expect(generate(model, ids, { ...options(1), signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("are refused beyond the number that was allowed, and taken again later", async () => {
    await using model = await openFixture(qwen3, { maxRequests: 2 });
    const all = [3, 7, 11].map((seed) => generate(model, made(8, seed), options(1)));
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(ends[2]).toMatchObject({
      reason: { code: "busy", message: expect.stringMatching(/^2 requests are under way/) },
    });
    expect((await generate(model, made(8, 11), options(1))).end.reason).toBe("length");
  });

  it("fail when the model is closed", async () => {
    const model = await openFixture(qwen3);
    const [ids] = await prompts();
    const running = generate(model, ids, options(300)).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await model.client.close();
    expect(await running).toMatchObject({ code: "aborted" });
    await expect(generate(model, ids, options(1))).rejects.toMatchObject({ code: "aborted" });
  });
});
