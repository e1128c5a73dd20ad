// The AI SDK with two providers, one suite: its openai-compatible one against the server, and ours in process. Both say the same.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { EmbeddingModelV3, LanguageModelV3 } from "@ai-sdk/provider";
import { embed, embedMany, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAnyqwen } from "../../../src/ai-sdk/index.ts";
import { person, question, type Served, serveTiny, weatherInput } from "./served.ts";

const greedy = { prompt: question, temperature: 0, maxOutputTokens: 160, maxRetries: 0 };

let served: Served;
beforeAll(async () => {
  served = await serveTiny();
});
afterAll(() => served[Symbol.asyncDispose]());

interface Models {
  readonly language: LanguageModelV3;
  readonly embedding: EmbeddingModelV3;
}

const providers: Record<string, (served: Served) => Models> = {
  "@ai-sdk/openai-compatible": ({ url }) => {
    const provider = createOpenAICompatible({
      name: "local",
      baseURL: `${url}/v1`,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
    return { language: provider("default"), embedding: provider.embeddingModel("default") };
  },
  "anyqwen/ai-sdk": ({ qwen }) => {
    const provider = createAnyqwen();
    return { language: provider(qwen), embedding: provider.embeddingModel(qwen) };
  },
};

const makeWeather = (seen: unknown[]) =>
  tool({
    description: "Weather of a city",
    inputSchema: weatherInput,
    execute: (input) => {
      seen.push(input);
      return { sky: "rain" };
    },
  });

describe.each(Object.keys(providers))("%s", (name) => {
  let language: LanguageModelV3;
  let embedding: EmbeddingModelV3;
  beforeAll(() => {
    ({ language, embedding } = providers[name](served));
  });

  it("streamText says what generateText says, with usage and the reason of the end", async () => {
    const whole = await generateText({ ...greedy, model: language });
    const streamed = streamText({ ...greedy, model: language });
    const pieces: string[] = [];
    for await (const piece of streamed.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(whole.text);
    expect(await streamed.finishReason).toBe(whole.finishReason);
    const { inputTokens, outputTokens } = await streamed.totalUsage;
    expect([inputTokens, outputTokens]).toEqual([whole.usage.inputTokens, whole.usage.outputTokens]);
    expect(outputTokens).toBeGreaterThan(1);
    expect((await streamed.usage).inputTokenDetails.cacheReadTokens).toBeGreaterThan(1);
  });

  it("a token limit ends with length, a stop sequence with stop and without it", async () => {
    const cut = await generateText({ ...greedy, model: language, maxOutputTokens: 8 });
    expect([cut.finishReason, cut.usage.outputTokens]).toEqual(["length", 8]);
    const stop = cut.text.slice(2, 4);
    const stopped = await generateText({ ...greedy, model: language, stopSequences: [stop] });
    expect([stopped.finishReason, stopped.text]).toEqual(["stop", cut.text.slice(0, cut.text.indexOf(stop))]);
  });

  it("an object meets its schema, streamed and whole", async () => {
    const output = Output.object({ schema: person });
    const whole = await generateText({ ...greedy, model: language, output });
    const streamed = streamText({ ...greedy, model: language, output });
    let partials = 0;
    for await (const _ of streamed.partialOutputStream) partials++;
    expect(person.parse(whole.output)).toEqual(await streamed.output);
    expect(partials).toBeGreaterThan(1);
  });

  it("arrays and choices meet theirs", async () => {
    const list = await generateText({ ...greedy, model: language, output: Output.array({ element: weatherInput }) });
    for (const entry of list.output) weatherInput.parse(entry);
    const choice = await generateText({
      ...greedy,
      model: language,
      output: Output.choice({ options: ["yes", "no"] }),
    });
    expect(["yes", "no"]).toContain(choice.output);
  });

  it("steps: a required call, its tool, and an answer that knows the result; streamed the same", async () => {
    const seen: unknown[] = [];
    const asked = {
      ...greedy,
      model: language,
      tools: { weather: makeWeather(seen) },
      stopWhen: stepCountIs(2),
      prepareStep: ({ stepNumber }: { stepNumber: number }) => ({
        toolChoice: stepNumber === 0 ? ("required" as const) : ("none" as const),
      }),
    };
    const whole = await generateText(asked);
    expect(whole.steps.map(({ finishReason }) => finishReason)[0]).toBe("tool-calls");
    expect(whole.steps).toHaveLength(2);
    expect(seen.length).toBeGreaterThan(0);
    expect(whole.steps[0].toolCalls.map(({ input }) => input)).toEqual(seen);
    expect(whole.text).not.toBe("");
    const streamed = streamText(asked);
    const parts: string[] = [];
    for await (const part of streamed.fullStream) parts.push(part.type);
    expect(parts).toEqual(expect.arrayContaining(["tool-input-start", "tool-input-delta", "tool-call", "tool-result"]));
    const steps = await streamed.steps;
    expect(steps.map(({ toolCalls }) => toolCalls.map(({ input }) => input))).toEqual(
      whole.steps.map(({ toolCalls }) => toolCalls.map(({ input }) => input)),
    );
    expect(await streamed.text).toBe(whole.text);
  });

  it("the named one of several tools is called once", async () => {
    const tools = { weather: makeWeather([]), clock: tool({ inputSchema: weatherInput.pick({ units: true }) }) };
    const { toolCalls } = await generateText({
      ...greedy,
      model: language,
      tools,
      toolChoice: { type: "tool", toolName: "clock" },
    });
    expect(toolCalls.map(({ toolName }) => toolName)).toEqual(["clock"]);
  });

  it("an aborted stream ends as aborted", async () => {
    const leave = new AbortController();
    const streamed = streamText({ ...greedy, model: language, maxOutputTokens: 2000, abortSignal: leave.signal });
    const types: string[] = [];
    for await (const part of streamed.fullStream) {
      types.push(part.type);
      if (part.type === "text-delta") leave.abort();
    }
    expect(types.at(-1)).toBe("abort");
    await expect(generateText({ ...greedy, model: language, abortSignal: leave.signal })).rejects.toThrow(/abort/i);
  });

  it("embeds many values as it embeds each", async () => {
    const values = ["a cat", "a dog"];
    const many = await embedMany({ model: embedding, values });
    const each = await Promise.all(values.map((value) => embed({ model: embedding, value })));
    expect(many.embeddings).toEqual(each.map(({ embedding }) => embedding));
    expect(Math.hypot(...many.embeddings[0])).toBeCloseTo(1, 5);
    expect(many.usage.tokens).toBe(each[0].usage.tokens + each[1].usage.tokens);
  });
});

it("both providers say the same: texts, calls, documents, vectors", async () => {
  const answers = Object.values(providers).map(async (make) => {
    const { language, embedding } = make(served);
    const text = await generateText({ ...greedy, model: language, temperature: 1, seed: 3 });
    const call = await generateText({
      ...greedy,
      model: language,
      tools: { weather: makeWeather([]) },
      toolChoice: "required",
    });
    const document = await generateText({ ...greedy, model: language, output: Output.object({ schema: person }) });
    const vector = await embed({ model: embedding, value: "a cat" });
    return [
      [text.text, text.finishReason, text.usage.outputTokens],
      call.toolCalls.map(({ toolName, input }) => ({ toolName, input })),
      document.output,
      vector.embedding,
    ];
  });
  const [overHttp, inProcess] = await Promise.all(answers);
  expect(inProcess).toEqual(overHttp);
});

it("both tell the same thoughts before a document, streamed and whole, and count them", async () => {
  await using thinking = await serveTiny("qwen3");
  const [think] = await thinking.qwen.tokenize("<think>");
  const bias = { [think]: 50 };
  const providerOptions = {
    local: { logit_bias: bias, chat_template_kwargs: { enable_thinking: true } },
    anyqwen: { logitBias: bias, thinking: true },
  };
  const answers = Object.values(providers).flatMap((make) => {
    const output = Output.object({ schema: person.pick({ age: true }) });
    const asked = { ...greedy, model: make(thinking).language, output, maxOutputTokens: 60, providerOptions };
    return [generateText(asked), streamText(asked)].map(async (result) => {
      const { reasoningText, output, usage } = await result;
      return [await reasoningText, await output, (await usage).outputTokenDetails.reasoningTokens];
    });
  });
  const [first, ...others] = await Promise.all(answers);
  expect(first).toEqual([expect.stringMatching(/./), { age: expect.any(Number) }, expect.any(Number)]);
  expect(first[2]).toBeGreaterThan(0);
  expect(others).toEqual([first, first, first]);
});
