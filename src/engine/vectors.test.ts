import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import { Session } from "./session.ts";
import { collect, expected, fixture, generate, openFixture } from "./testing.ts";

const signal = new AbortController().signal;

describe("embed", () => {
  it("gives the published model's vectors, alone and together, whole and cut to fewer dimensions", async () => {
    const path = "embed/qwen3_embedding";
    await using model = await openFixture(path);
    expect(model.info.kind).toBe("embed");
    const published = await expected(path, "embeddings");
    const [count, width] = published.shape;
    const inputs = [];
    for (let i = 0; i < count; i++) inputs.push((await expected(path, `input_ids.${i}`)).values);
    const together = await model.client.call("embed", { inputs });
    for (const [i, vector] of together.entries()) {
      const alone = (await model.client.call("embed", { inputs: [inputs[i]] }))[0];
      expect(alone).toEqual(vector);
      for (let j = 0; j < width; j++) expect(Math.abs(vector[j] - published.values[i * width + j])).toBeLessThan(1e-5);
    }
    const short = await model.client.call("embed", { inputs, dimensions: 16 });
    const cut = (await expected(path, "embeddings_mrl16")).values;
    for (const [i, value] of short.flatMap((vector) => [...vector]).entries()) {
      expect(Math.abs(value - cut[i])).toBeLessThan(1e-5);
    }
    await expect(model.client.call("embed", { inputs, dimensions: width + 1 })).rejects.toThrow(/dimensions is 49/);
  });

  it("loads a chat model again for its vectors, and then again for its logits", async () => {
    await using model = await openFixture("models/qwen3_tied");
    const inputs = [[1, 2, 3]];
    const logits = await model.client.call("logits", { ids: [1, 2, 3], hidden: false });
    const [vector] = await model.client.call("embed", { inputs });
    const { hidden, layers, width } = await model.client.call("logits", { ids: [1, 2, 3], hidden: true });
    const last = (hidden as Float32Array).slice((layers * 3 + 2) * width);
    const length = Math.hypot(...last);
    for (const [i, value] of vector.entries()) expect(value).toBeCloseTo(last[i] / length, 6);
    expect((await model.client.call("logits", { ids: [1, 2, 3], hidden: false })).logits).toEqual(logits.logits);
  });
});

describe("embed beside others", () => {
  const long = (seed: number) => Array.from({ length: 300 }, (_, i) => (i * 31 + seed * 7) % 300);
  const answer = { temperature: 0, ignoreEos: true } as const;

  it("waits for room that others take, and gives the same vectors", async () => {
    await using model = await openFixture("models/qwen3_tied", { contextTokens: 512, poolTokens: 512 });
    const embed = (n: number) => model.client.call("embed", { inputs: [long(n), long(n + 1)] });
    const alone = await Promise.all([embed(1)]);
    const [answered, ...together] = await Promise.all([
      generate(model, long(0), { ...answer, maxTokens: 40 }),
      ...[1, 2, 3].map(embed),
    ]);
    expect(answered.end.tokens).toHaveLength(40);
    expect(together[0]).toEqual(alone[0]);
    for (const n of [2, 3]) expect(together[n - 1]).toEqual(await embed(n));
  });

  it("fails when what it waits for is given up, and when it alone is too long", async () => {
    await using model = await openFixture("models/qwen3_tied", { contextTokens: 512, poolTokens: 512 });
    const leave = new AbortController();
    const running = generate(model, long(0), { ...answer, maxTokens: 60 });
    const waiting = model.client.call("embed", { inputs: [long(1)] }, { signal: leave.signal });
    setTimeout(() => leave.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect((await running).end.tokens).toHaveLength(60);
    await expect(model.client.call("embed", { inputs: [[...long(1), ...long(2)]] })).rejects.toMatchObject({
      code: "context-overflow",
    });
  });
});

describe("requests for different outputs", () => {
  it("leave a session what it holds", async () => {
    await using model = await openFixture("models/qwen3_tied");
    const session = new Session(model.client, await model.client.call("openSession", {}));
    const ask = () => collect(session.generate([1, 2, 3, 4], { temperature: 0, ignoreEos: true, maxTokens: 5 }));
    const first = await ask();
    await model.client.call("logits", { ids: [1, 2], hidden: true });
    await model.client.call("embed", { inputs: [[1, 2]] });
    const second = await ask();
    expect(second.end.tokens).toEqual(first.end.tokens);
    expect(second.end.usage.cachedTokens).toBe(3);
    const fork = await session.fork();
    await session.close();
    expect((await collect(fork.generate([1, 2, 3, 4], { temperature: 0, maxTokens: 1 }))).end.usage.cachedTokens).toBe(
      3,
    );
  });
});

describe("rerank", () => {
  it("counts what prompts share once, so that long ones fit", async () => {
    const engine = await Engine.open(fixture("models/qwen3_tied"), { device: "reference", contextTokens: 512 }, {});
    const head = Array.from({ length: 280 }, (_, i) => (i * 31) % 300);
    const prompts = [1, 2, 3].map((last) => [...head, last, last]);
    const together = await engine.rerankIds(prompts, { yes: 5, no: 6 }, signal);
    for (const { index, score } of together) {
      expect((await engine.rerankIds([prompts[index]], { yes: 5, no: 6 }, signal))[0].score).toBe(score);
    }
    await engine.close();
  });

  it("gives the published model's scores, best first", async () => {
    const path = "embed/qwen3_reranker";
    const engine = await Engine.open(fixture(path), { device: "reference", kv: "f32" }, {});
    const scores = (await expected(path, "score")).values;
    const [yes, no] = (await expected(path, "yes_no_ids")).values;
    const prompts = [];
    for (const i of scores.keys()) prompts.push((await expected(path, `input_ids.${i}`)).values);
    const ranked = await engine.rerankIds(prompts, { yes, no }, signal);
    expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).sort((a, b) => b - a));
    for (const { index, score } of ranked) expect(score).toBeCloseTo(scores[index], 5);
    await engine.close();
  });
});
