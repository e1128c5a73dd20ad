// What is our AI SDK provider's own: loading once, giving back, options that only we have, thoughts, and how things fail.

import type { LanguageModelV3, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import { createProviderRegistry, generateText, Output, rerank, streamText } from "ai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type AnyqwenProvider, createAnyqwen } from "../../../src/ai-sdk/index.ts";
import { load, type Qwen } from "../../../src/index.ts";
import { withTinyModel } from "../../support/tiny.ts";
import { fixture } from "../anyqwen.ts";
import { loadOptions } from "./served.ts";

const path = fixture("models/qwen3_tied");
const prompt = "What is the weather in Oslo?";
const asked = { prompt, temperature: 0, maxOutputTokens: 8, maxRetries: 0 };
const options = { ...loadOptions, contextTokens: 512 };

describe("loading", () => {
  it("happens once for all that ask, at the first request, and again after close", async () => {
    let loads = 0;
    let bytes = 0;
    const onProgress = (progress: { bytes: number }) => {
      if (progress.bytes < bytes || bytes === 0) loads++;
      bytes = progress.bytes;
    };
    await using anyqwen = createAnyqwen({ ...options, onProgress });
    const models = [anyqwen(path), anyqwen.languageModel(path), anyqwen(path)];
    expect(loads).toBe(0);
    const texts = await Promise.all(models.map(async (model) => (await generateText({ ...asked, model })).text));
    expect([loads, new Set(texts).size]).toEqual([1, 1]);
    await anyqwen.close(path);
    expect((await generateText({ ...asked, model: anyqwen(path) })).text).toBe(texts[0]);
    expect(loads).toBe(2);
  });

  it("that fails is told by name, and tried again", async () => {
    await using anyqwen = createAnyqwen(options);
    for (const _ of [1, 2])
      await expect(generateText({ ...asked, model: anyqwen("./no-such-model.gguf") })).rejects.toMatchObject({
        code: "not-found",
      });
  });

  it("is waited for as long as the request's signal lets", async () => {
    await using anyqwen = createAnyqwen(options);
    const leave = new AbortController();
    const waiting = generateText({ ...asked, model: anyqwen(path), abortSignal: leave.signal });
    leave.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect((await generateText({ ...asked, model: anyqwen(path) })).text).not.toBe("");
  });

  it("works through a registry, and knows no images", async () => {
    await using anyqwen = createAnyqwen(options);
    const registry = createProviderRegistry({ local: anyqwen });
    expect((await generateText({ ...asked, model: registry.languageModel(`local:${path}`) })).text).not.toBe("");
    expect(() => registry.imageModel("local:x")).toThrow("x: anyqwen has no image models");
  });
});

describe("a request", () => {
  let qwen: Qwen;
  let anyqwen: AnyqwenProvider;
  let model: LanguageModelV3;
  beforeAll(async () => {
    qwen = await withTinyModel("qwen3", (folder) => load(folder, loadOptions));
    anyqwen = createAnyqwen();
    model = anyqwen(qwen);
  });
  afterAll(() => qwen.close());

  it("has our own options under providerOptions.anyqwen, and tells seed and log-probabilities", async () => {
    const format = { type: "choice", choices: ["yes", "no"] };
    const own = { thinking: false, format, logprobs: 2 };
    const { text, providerMetadata } = await generateText({
      ...asked,
      model,
      seed: 5,
      providerOptions: { anyqwen: own },
    });
    expect(["yes", "no"]).toContain(text);
    expect(providerMetadata?.anyqwen).toMatchObject({ seed: 5, logprobs: expect.any(Array) });
    const [token] = z
      .array(z.object({ top: z.array(z.object({ logprob: z.number() })) }))
      .parse(providerMetadata?.anyqwen.logprobs);
    expect(token.top).toHaveLength(2);
    const wrong = { anyqwen: { thinkin: true } };
    await expect(generateText({ ...asked, model, providerOptions: wrong })).rejects.toThrow("no option thinkin");
  });

  it("tells thoughts apart from the text, streamed and whole", async () => {
    const [think] = await qwen.tokenize("<think>");
    const thinking = {
      ...asked,
      model,
      maxOutputTokens: 60,
      providerOptions: { anyqwen: { thinking: true, logitBias: { [think]: 50 } } },
      output: Output.object({ schema: z.object({ tame: z.boolean() }) }),
    };
    const whole = await generateText(thinking);
    expect(whole.reasoningText).not.toBe("");
    expect(whole.usage.outputTokenDetails.reasoningTokens).toBeGreaterThan(0);
    expect(whole.output).toEqual({ tame: expect.any(Boolean) });
    const streamed = streamText(thinking);
    expect(await streamed.reasoningText).toBe(whole.reasoningText);
    expect(await streamed.output).toEqual(whole.output);
  });

  it("ranks documents, texts and objects", async () => {
    const ranks = [
      { index: 2, score: 0.9 },
      { index: 0, score: 0.5 },
      { index: 1, score: 0.1 },
    ];
    const ranker = vi.fn(async () => ranks);
    const model = anyqwen.rerankingModel({ info: qwen.info, rerank: ranker } as unknown as Qwen);
    const providerOptions = { anyqwen: { instruction: "Find pets" } };
    const texts = await rerank({ model, query: "q", documents: ["a", "b", "c"], topN: 2, providerOptions });
    expect(texts.ranking).toEqual([
      { originalIndex: 2, score: 0.9, document: "c" },
      { originalIndex: 0, score: 0.5, document: "a" },
    ]);
    expect(ranker).toHaveBeenLastCalledWith(
      "q",
      ["a", "b", "c"],
      expect.objectContaining({ instruction: "Find pets" }),
    );
    const { warnings = [] } = await model.doRerank({ query: "q", documents: { type: "object", values: [{ x: 1 }] } });
    expect(ranker).toHaveBeenLastCalledWith("q", ['{"x":1}'], {});
    expect(warnings).toMatchObject([{ type: "compatibility" }]);
  });

  it("that cannot be answered rejects at once, and says why", async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const content = [{ type: "image" as const, image: png }];
    const { prompt: _, ...rest } = asked;
    await expect(generateText({ ...rest, model, messages: [{ role: "user", content }] })).rejects.toThrow(
      "prompt[0].content[0]: files (image/png) are not supported",
    );
    await expect(model.doStream({ prompt: [], temperature: -1 })).rejects.toMatchObject({ code: "invalid-argument" });
  });

  it("that fails on its way tells it in the stream, and gives raw parts on request", async () => {
    const broken = {
      info: qwen.info,
      async *chat() {
        yield { type: "text", text: "a" };
        throw new Error("the worker died");
      },
    } as unknown as Qwen;
    const { stream } = await anyqwen(broken).doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
      includeRawChunks: true,
    });
    const parts: LanguageModelV3StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts.map(({ type }) => type)).toEqual([
      "stream-start",
      "response-metadata",
      "raw",
      "text-start",
      "text-delta",
      "error",
      "finish",
    ]);
  });

  it.each([1, 4])("whose reader leaves after %i parts ends in the engine", async (read) => {
    const ended = vi.fn();
    const endless = {
      info: qwen.info,
      async *chat(_: unknown, { signal }: { signal: AbortSignal }) {
        try {
          yield { type: "text", text: "a" };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        } finally {
          ended();
        }
      },
    } as unknown as Qwen;
    const { stream } = await anyqwen(endless).doStream({ prompt: [{ role: "user", content: [] }] });
    const reader = stream.getReader();
    for (let part = 0; part < read; part++) await reader.read();
    await reader.cancel();
    await vi.waitFor(() => expect(ended).toHaveBeenCalled());
  });
});
