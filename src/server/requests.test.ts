// What requests come to: each field of each shape as an option of the engine, on a model that is played.

import { describe, expect, it } from "vitest";
import type { ChatMessage, ChatOptions, EndPart, GenerateOptions, Part, Qwen } from "../api.ts";
import { createServer, type ServerOptions } from "./index.ts";

const messages = [{ role: "user", content: "Hi" }];
const end: EndPart = {
  type: "end",
  reason: "stop",
  usage: { promptTokens: 3, cachedTokens: 1, completionTokens: 2, contextTokens: 5 },
  timings: { promptMs: 1, promptPerSecond: 1, decodeMs: 1, decodePerSecond: 1, firstTokenMs: 1 },
  tokens: [1, 2],
  seed: 1,
};
const token = (text: string): Part => ({
  type: "text",
  text,
  ids: [text.length],
  logprobs: [{ id: text.length, text, logprob: -0.5, top: [{ id: 9, text: "x", logprob: -1 }] }],
});

/** Ids of plain text are its characters' codes; the markers of a gap are tokens unless `gaps` is false. */
function served(options: ServerOptions = {}, gaps = true) {
  const asked: { input: unknown; options: ChatOptions & GenerateOptions }[] = [];
  async function* answer(input: unknown, given: ChatOptions & GenerateOptions): AsyncGenerator<Part> {
    asked.push({ input, options: given });
    yield token(`a${given.choice ?? 0}`);
    yield token(" b");
    yield end;
  }
  const qwen = {
    info: { name: "played", contextTokens: 100, vocab: 1000, adapters: [] },
    chat: (input: readonly ChatMessage[], given: ChatOptions) => answer(input, given),
    generate: (input: unknown, given: GenerateOptions) => answer(input, given),
    tokenize: async (text: string, { special = "all" } = {}) => {
      const marker = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"].indexOf(text);
      if (special === "all" && gaps && marker >= 0) return [900 + marker];
      return [...text].map((character) => character.charCodeAt(0));
    },
    rerank: async () => [1, 2, 0].map((index) => ({ index, score: 1 / (index + 1) })),
  } as unknown as Qwen;
  const server = createServer(qwen, { log: () => {}, ...options });
  const post = (path: string, body: object) =>
    server.fetch(
      new Request(`http://localhost${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  const json = async (path: string, body: object) => (await post(path, body)).json();
  const events = async (path: string, body: object) => {
    const text = await (await post(path, { ...body, stream: true })).text();
    return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data));
  };
  return { asked, post, json, events };
}

describe("options", () => {
  it("of chat completions, all by their names", async () => {
    const { json, asked } = served();
    await json("/v1/chat/completions", {
      messages,
      ...{ temperature: 0.5, top_p: 0.9, top_k: -1, min_p: 0.1, repetition_penalty: 1.1, seed: -7 },
      ...{ presence_penalty: 0.2, frequency_penalty: 0.3, logit_bias: { 5: 1 }, stop: ["x"], max_tokens: 9 },
      ...{ max_completion_tokens: 8, logprobs: true, top_logprobs: 3, ignore_eos: true, parallel_tool_calls: false },
      chat_template_kwargs: { enable_thinking: false, tone: "dry" },
    });
    expect(asked[0].options).toMatchObject({
      ...{ temperature: 0.5, topP: 0.9, topK: 0, minP: 0.1, repetitionPenalty: 1.1, seed: 7 },
      ...{ presencePenalty: 0.2, frequencyPenalty: 0.3, logitBias: { 5: 1 }, stop: ["x"], maxTokens: 8 },
      ...{ logprobs: 3, ignoreEos: true, parallelToolCalls: false, thinking: false, variables: { tone: "dry" } },
    });
    await json("/v1/chat/completions", { messages, temperature: null, max_tokens: null });
    expect(Object.keys(asked[1].options).toSorted()).toEqual(["choice", "signal"]);
  });

  it("of thinking: an effort thinks, none and minimal do not, and enable_thinking has the last word", async () => {
    const { json, asked } = served();
    const thinking = async (path: string, body: object) => {
      await json(path, body);
      return asked.at(-1)?.options.thinking;
    };
    const efforts = { none: false, minimal: false, low: true, medium: true, high: true, xhigh: true };
    for (const [effort, expected] of Object.entries(efforts)) {
      const chat = await thinking("/v1/chat/completions", { messages, reasoning_effort: effort });
      const responses = await thinking("/v1/responses", { input: "Hi", reasoning: { effort } });
      expect([effort, chat, responses]).toEqual([effort, expected, expected]);
    }
    const both = { messages, reasoning_effort: "high", chat_template_kwargs: { enable_thinking: false } };
    expect(await thinking("/v1/chat/completions", both)).toBe(false);
    const asAnthropic = (type: string) => thinking("/v1/messages", { messages, max_tokens: 5, thinking: { type } });
    expect([await asAnthropic("enabled"), await asAnthropic("disabled")]).toEqual([true, false]);
    expect(await asAnthropic("adaptive")).toBeUndefined();
    expect(await thinking("/v1/responses", { input: "Hi" })).toBeUndefined();
  });

  it("of Anthropic's tools: what its own servers run is passed over", async () => {
    const { json, asked } = served();
    const own = { name: "weather", input_schema: { type: "object" } };
    const tools = [{ type: "web_search_20250305", name: "web_search" }, own, { type: "custom", ...own, name: "news" }];
    await json("/v1/messages", { messages, max_tokens: 5, tools });
    expect(asked[0].options.tools).toMatchObject([{ function: { name: "weather" } }, { function: { name: "news" } }]);
    await json("/v1/messages", { messages, max_tokens: 5, tools: tools.slice(0, 1) });
    expect(asked[1].options).not.toHaveProperty("tools");
  });
});

describe("answers", () => {
  it("several choices stream side by side, each with its index, and are counted together", async () => {
    const { events, json } = served();
    const chat = { messages, n: 3, logprobs: true };
    const whole = await json("/v1/chat/completions", chat);
    const chunks = await events("/v1/chat/completions", { ...chat, stream_options: { include_usage: true } });
    for (const { index, message, logprobs } of whole.choices) {
      const own = chunks.flatMap(({ choices }) =>
        choices.filter((choice: { index: number }) => choice.index === index),
      );
      expect(own.map(({ delta }) => delta.content ?? "").join("")).toBe(message.content);
      expect(message.content).toBe(`a${index} b`);
      expect(own.flatMap((choice) => choice.logprobs?.content ?? [])).toEqual(logprobs.content);
      expect(own.at(-1).finish_reason).toBe("stop");
    }
    expect(chunks.at(-1).usage).toEqual(whole.usage);
    expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 });
  });

  it("completions tell where each token stands in the text, streamed and whole", async () => {
    const { events, json } = served();
    const asked = { prompt: "one", echo: true, logprobs: 1, n: 2 };
    const { choices } = await json("/v1/completions", asked);
    const chunks = (await events("/v1/completions", asked)).flatMap((chunk) => chunk.choices);
    for (const { index, text, logprobs } of choices) {
      expect([text, logprobs.text_offset]).toEqual([`onea${index} b`, [3, 5]]);
      const own = chunks.filter((choice) => choice.index === index);
      expect(own.map((choice) => choice.text).join("")).toBe(text);
      expect(own.flatMap((choice) => choice.logprobs?.text_offset ?? [])).toEqual([3, 5]);
    }
  });

  it("a suffix leaves a gap between two texts, in which nothing is a special token", async () => {
    const { json, asked } = served();
    await json("/v1/completions", { prompt: "a<|fim_middle|>", suffix: "z" });
    const codes = [..."a<|fim_middle|>"].map((character) => character.charCodeAt(0));
    expect(asked[0].input).toEqual([900, ...codes, 901, 122, 902]);
    const refused = await served({}, false).json("/v1/completions", { prompt: "a", suffix: "z" });
    expect(refused.error).toMatchObject({ param: "suffix", message: expect.stringContaining("<|fim_prefix|>") });
    expect((await json("/v1/completions", { prompt: [1], suffix: "z" })).error.param).toBe("suffix");
  });

  it("ranks: as many as wanted, best first, with their documents if asked for", async () => {
    const { json } = served();
    const asked = { query: "q", documents: ["a", { text: "b" }, "c"], top_n: 2 };
    const { model, results } = await json("/v1/rerank", { ...asked, return_documents: true });
    expect([model, results]).toEqual([
      "played",
      [
        { index: 1, relevance_score: 1 / 2, document: { text: "b" } },
        { index: 2, relevance_score: 1 / 3, document: { text: "c" } },
      ],
    ]);
    const plain = await json("/v1/rerank", { ...asked, top_n: null });
    expect(plain.results).toHaveLength(3);
    expect(plain.results[0]).toEqual({ index: 1, relevance_score: 1 / 2 });
  });

  it("images are refused by their place, in every shape", async () => {
    const { json } = served();
    const url = "http://192.0.2.1/x.png";
    const refused = async (path: string, body: object) => (await json(path, body)).error.message;
    const user = (part: object) => [{ role: "user", content: [part] }];
    expect(
      await refused("/v1/chat/completions", { messages: user({ type: "image_url", image_url: { url } }) }),
    ).toMatch(/^messages\[0\]\.content\[0\]: parts of type "image_url" are not supported/);
    expect(await refused("/v1/responses", { input: user({ type: "input_image", image_url: url }) })).toMatch(
      /^input\[0\]: parts of type "input_image" are not supported/,
    );
    const image = { type: "image", source: { type: "url", url } };
    expect(await refused("/v1/messages", { max_tokens: 5, messages: user(image) })).toMatch(
      /^messages\[0\]: blocks of type "image" are not supported/,
    );
  });
});

it("an answer that takes longer than the deadline is given up, whole and streamed, and its slot is free", async () => {
  const qwen = {
    info: { name: "played", contextTokens: 100, adapters: [] },
    async *chat(_: unknown, { signal }: ChatOptions): AsyncGenerator<Part> {
      yield token("a");
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      yield { ...end, reason: "aborted" };
    },
  } as unknown as Qwen;
  const server = createServer(qwen, { log: () => {}, deadlineMs: 30, slots: 1, queue: 0 });
  const ask = (stream: boolean) =>
    server.fetch(
      new Request("http://localhost/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages, stream }),
      }),
    );
  const whole = await ask(false);
  expect([whole.status, (await whole.json()).error]).toEqual([
    408,
    expect.objectContaining({ type: "timeout_error", code: "deadline", message: "not finished after 0.03 s" }),
  ]);
  const text = await (await ask(true)).text();
  expect(text).toContain('"content":"a"');
  expect(text).toMatch(/^data: \{"error":\{.*"code":"deadline"/m);
  expect(text).not.toContain("[DONE]");
  const health = await server.fetch(new Request("http://localhost/health"));
  expect(await health.json()).toMatchObject({ active: 0, waiting: 0 });
});
