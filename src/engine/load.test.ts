import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inProcessChannel } from "./channels.ts";
import { EngineClient } from "./client.ts";
import { collect, expected, fixture, generate, openFixture } from "./testing.ts";
import type { ModelOptions, ModelSource } from "./types.ts";

const qwen3 = "models/qwen3_tied";
const greedy = { temperature: 0, ignoreEos: true, maxTokens: 16 } as const;

async function open(source: ModelSource, options: ModelOptions = {}) {
  const client = new EngineClient(inProcessChannel());
  const info = await client.call("load", { source, options: { device: "reference", kv: "f32", ...options } });
  return { client, info, [Symbol.asyncDispose]: () => client.close() };
}

describe("load", () => {
  it("takes bytes and Blobs by file name as it takes a path", async () => {
    const names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
    const bytes = names.map((name) => [name, new Uint8Array(readFileSync(fixture(`${qwen3}/${name}`)))] as const);
    const ids = (await expected(qwen3, "input_ids")).values;
    const tokens = (await expected(qwen3, "greedy_ids")).values;
    const blobs = bytes.map(([name, content]) => [name, new Blob([content])] as const);
    const picked = bytes.map(([name, content]) => new File([content], name));
    for (const source of [Object.fromEntries(bytes), Object.fromEntries(blobs), picked]) {
      await using model = await open(source);
      expect((await generate(model, ids, greedy)).end.tokens).toEqual(tokens);
    }
    const gguf = readFileSync(fixture("gguf/qwen3_tied-f16.gguf"));
    await using model = await open({ "model.gguf": new Uint8Array(gguf) });
    expect(model.info).toMatchObject({ architecture: "qwen3", tokenizer: true, vocab: 320 });
  });

  it("quantises linear weights on request, and nothing else", async () => {
    await using plain = await openFixture(qwen3);
    const ids = (await expected(qwen3, "input_ids")).values;
    const before = await plain.client.call("logits", { ids, hidden: false });
    const errors = [];
    for (const quantize of ["q8", "q4"] as const) {
      await using small = await openFixture(qwen3, { quantize });
      expect(small.info.weightBytes).toBeLessThan(plain.info.weightBytes * 0.4);
      const after = await small.client.call("logits", { ids, hidden: false });
      errors.push(Math.hypot(...after.logits.map((x, i) => x - before.logits[i])) / Math.hypot(...before.logits));
    }
    expect(errors[0]).toBeGreaterThan(0);
    expect(errors[0]).toBeLessThan(0.05);
    expect(errors[1]).toBeGreaterThan(errors[0]);
    expect(errors[1]).toBeLessThan(0.5);
  });

  it("says with numbers what does not fit, before it loads anything", async () => {
    const progress: unknown[] = [];
    const client = new EngineClient(inProcessChannel());
    const params = { source: fixture(qwen3), options: { poolTokens: 2 ** 32, device: "reference" } } as const;
    const load = client.call("load", params, { onProgress: (figure) => progress.push(figure) });
    await expect(load).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(
        /needs \d+ MiB \(weights \d+ MiB, KV cache \d+ MiB for 4294967296 positions.*fewer contextTokens/,
      ),
    });
    expect(progress).toEqual([]);
  });

  it("refuses options that make no sense, and what is no model", async () => {
    const path = fixture(qwen3);
    await expect(open(path, { contextTokens: 0 })).rejects.toThrow(/contextTokens is 0; expected a whole number/);
    await expect(open(path, { contextTokens: 513 })).rejects.toThrow(/513.*512 positions/);
    await expect(open(path, { kv: "q3" as "q8" })).rejects.toThrow(/kv is "q3"; expected f16, f32, q8/);
    await expect(open({})).rejects.toThrow(/set of files is empty/);
    await expect(open({ "a.txt": new Uint8Array(3) })).rejects.toMatchObject({ code: "not-found" });
    await expect(open(fixture("nowhere"), { offline: true })).rejects.toMatchObject({ code: "not-found" });
  });

  it("tells how far it is, and stops when asked", async () => {
    const progress: { bytes: number; totalBytes: number }[] = [];
    const client = new EngineClient(inProcessChannel());
    const params = { source: fixture(qwen3), options: { device: "reference" } } as const;
    await client.call("load", params, { onProgress: (figure) => progress.push(figure) });
    expect(progress.at(-1)?.bytes).toBe(progress.at(-1)?.totalBytes);
    await client.close();
    const abort = new AbortController();
    const second = new EngineClient(inProcessChannel());
    const load = second.call("load", params, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(load).rejects.toMatchObject({ code: "aborted" });
    await second.close();
  });
});

describe("a full context", () => {
  it("goes on without the middle when asked to", async () => {
    await using model = await openFixture(qwen3, { contextTokens: 64 });
    const ids = (await expected(qwen3, "input_ids")).values;
    const options = { ...greedy, maxTokens: 120, overflow: "shift" } as const;
    const { end } = await generate(model, [...ids, ...ids], options);
    expect(end).toMatchObject({ reason: "length", usage: { promptTokens: 2 * ids.length, completionTokens: 120 } });
    expect(end.usage.contextTokens).toBeLessThanOrEqual(64);
  });
});

describe("a text longer than the context", () => {
  it("fails, also where the cache's whole pages have room", async () => {
    await using model = await openFixture(qwen3, { contextTokens: 8 });
    const ids = Array.from({ length: 9 }, (_, i) => i);
    const { client } = model;
    const long = {
      code: "context-overflow",
      message: expect.stringMatching(/9 tokens .* context of 8; .*contextTokens/),
    };
    await expect(client.call("logits", { ids, hidden: false })).rejects.toMatchObject(long);
    await expect(client.call("embed", { inputs: [[1], ids] })).rejects.toMatchObject(long);
    await expect(client.call("score", { ids: [...ids, 1], start: 1 })).rejects.toMatchObject(long);
    expect((await client.call("score", { ids, start: 1 })).length).toBe(8);
  });
});

describe("inspect", () => {
  it("says what a model is and costs without loading it", async () => {
    const client = new EngineClient(inProcessChannel());
    const options = { kv: "f16", contextTokens: 512 } as const;
    const facts = await client.call("inspect", { source: fixture(qwen3), options });
    expect(facts).toMatchObject({ architecture: "qwen3", layers: 3, heads: 4, kvHeads: 2, headDim: 32, vocab: 320 });
    expect(facts.memory.kvBytes).toBe(512 * 3 * 2 * 2 * 32 * 2);
    const own = await client.call("inspect", { source: fixture("models/qwen2_untied"), options });
    expect([own.copiedHead, facts.copiedHead]).toEqual([false, false]);
    expect(facts.tensors).toEqual([{ type: "F32", tensors: 35, bytes: facts.parameters * 4 }]);
    await expect(collect(client.stream("generate", { prompt: [1], options: {} }))).rejects.toThrow(
      /no model is loaded/,
    );
  });
});
