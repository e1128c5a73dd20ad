import { describe, expect, it } from "vitest";
import { collect, expected, generate, openFixture } from "./testing.ts";

const qwen3 = "models/qwen3_tied";
const options = (seed: number) =>
  ({ temperature: 1, topK: 0, topP: 1, seed, repetitionPenalty: 1, ignoreEos: true, maxTokens: 10 + seed }) as const;

async function prompts(): Promise<number[][]> {
  const ids = (await expected(qwen3, "input_ids")).values;
  return [ids, ids.slice(0, 7), [...ids].reverse(), ids.slice(3, 30), ids.slice(0, 1)];
}

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
