import { describe, expect, it } from "vitest";
import { Session } from "./session.ts";
import { collect, expected, generate, type Opened, openFixture } from "./testing.ts";
import type { GenerateOptions, ModelOptions } from "./types.ts";

const qwen3 = "models/qwen3_tied";
const sampled = {
  temperature: 1,
  topK: 0,
  topP: 1,
  seed: 7,
  repetitionPenalty: 1,
  ignoreEos: true,
  maxTokens: 12,
} as const;

async function openSession(model: Opened): Promise<Session> {
  return new Session(model.client, await model.client.call("openSession", {}));
}

const ask = (session: Session, ids: readonly number[], options: GenerateOptions = {}) =>
  collect(session.generate(ids, { ...sampled, ...options }));

async function setUp(options: ModelOptions = {}) {
  const model = await openFixture(qwen3, options);
  const ids = (await expected(qwen3, "input_ids")).values;
  // On a model of its own, which cannot know anything of the session's.
  const fresh = async (prompt: readonly number[]) => {
    await using other = await openFixture(qwen3, options);
    return (await generate(other, prompt, sampled)).end.tokens;
  };
  return { model, ids, fresh };
}

describe("a session", () => {
  it("computes only what is new, and gives the tokens of a fresh run", async () => {
    const { model, ids, fresh } = await setUp();
    await using _ = model;
    const session = await openSession(model);
    const first = (await ask(session, ids)).end;
    expect(first.tokens).toEqual(await fresh(ids));
    const next = [...ids, ...first.tokens, 5, 6, 7];
    const second = (await ask(session, next)).end;
    expect(second.usage.cachedTokens).toBe(ids.length + first.tokens.length - 1);
    expect(second.tokens).toEqual(await fresh(next));
    const other = [...ids.slice(0, 20), 9, 8];
    const third = (await ask(session, other)).end;
    expect(third.usage.cachedTokens).toBe(20);
    expect(third.tokens).toEqual(await fresh(other));
    expect(session.length).toBe(third.usage.contextTokens);
  });

  it("forks without either side noticing, and rewinds", async () => {
    const { model, ids, fresh } = await setUp({ poolTokens: 2048 });
    await using _ = model;
    const session = await openSession(model);
    await ask(session, ids);
    const fork = await session.fork();
    const [left, right] = [
      [...ids, 1, 2],
      [...ids, 3, 4, 5],
    ];
    const [a, b] = await Promise.all([ask(session, left), ask(fork, right)]);
    expect(a.end.tokens).toEqual(await fresh(left));
    expect(b.end.tokens).toEqual(await fresh(right));
    await fork.close(); // what it holds would serve the prompt below too
    await session.rewind(10);
    expect(session.length).toBe(10);
    const again = (await ask(session, left)).end;
    expect(again.usage.cachedTokens).toBe(10);
    expect(again.tokens).toEqual(a.end.tokens);
    await expect(session.rewind(1000)).rejects.toThrow(/holds \d+ tokens/);
  });

  it("goes on in another process from what it saved", async () => {
    const { model, ids, fresh } = await setUp({ kv: "q8" });
    await using _ = model;
    const session = await openSession(model);
    const first = (await ask(session, ids)).end;
    const bytes = await session.save();
    const next = [...ids, ...first.tokens, 5];
    const straight = await fresh(next);
    await using second = await openFixture(qwen3, { kv: "q8" });
    const restored = await openSession(second);
    await restored.restore(bytes);
    expect(restored.length).toBe(session.length);
    const { end } = await ask(restored, next);
    expect(end.usage.cachedTokens).toBe(ids.length + first.tokens.length - 1);
    expect(end.tokens).toEqual(straight);
  });

  it("refuses bytes of another model, another cache type, and damaged ones", async () => {
    const { model, ids } = await setUp();
    await using _ = model;
    const session = await openSession(model);
    await ask(session, ids);
    const bytes = await session.save();
    await using other = await openFixture("models/qwen3_bf16");
    await expect((await openSession(other)).restore(bytes)).rejects.toThrow(/its model is/);
    await using half = await openFixture(qwen3, { kv: "f16" });
    await expect((await openSession(half)).restore(bytes)).rejects.toThrow(
      /KV cache type is f32, the loaded one is f16/,
    );
    const target = await openSession(model);
    for (const length of [0, 5, 11, 40, bytes.length - 1]) {
      await expect(target.restore(bytes.subarray(0, length))).rejects.toThrow(/cannot be restored/);
    }
    await target.restore(bytes);
    expect(target.length).toBe(session.length);
  });

  it("comes back whole after others took its room", async () => {
    const { model, ids, fresh } = await setUp({ contextTokens: 512, poolTokens: 512 });
    await using _ = model;
    const session = await openSession(model);
    const first = (await ask(session, ids)).end;
    const saved = await session.save();
    await generate(model, Array(300).fill(3), sampled);
    expect(await session.save()).toEqual(saved);
    await generate(model, Array(300).fill(4), sampled);
    // Nor does it lose anything to a request that is cancelled before it begins.
    const abort = new AbortController();
    const cancelled = generate(model, Array(300).fill(5), { ...sampled, signal: abort.signal }, 1);
    abort.abort();
    expect((await cancelled).end).toMatchObject({ reason: "aborted", usage: { contextTokens: session.length } });
    expect(await session.save()).toEqual(saved);
    await generate(model, Array(300).fill(4), sampled);
    const next = [...ids, ...first.tokens, 2];
    const second = (await ask(session, next)).end;
    expect(second.usage.cachedTokens).toBe(0);
    expect(second.tokens).toEqual(await fresh(next));
  });

  it("answers what is asked at once in turn, and nothing once closed", async () => {
    const { model, ids } = await setUp();
    await using _ = model;
    const session = await openSession(model);
    const [a, b] = await Promise.all([ask(session, ids), ask(session, ids)]);
    expect(b.end.tokens).toEqual(a.end.tokens);
    expect(b.end.usage.cachedTokens).toBe(ids.length - 1);
    await session.close();
    await expect(ask(session, ids)).rejects.toThrow(/session was closed/);
  });
});
