// LangChain's ChatOpenAI and OpenAIEmbeddings against the server.

import { AIMessageChunk, HumanMessage, type ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { person, question, type Served, serveTiny, weatherInput } from "./served.ts";

const weather = tool(({ city, days }) => `rain in ${city} for ${days} days`, {
  name: "weather",
  description: "Weather of a city",
  schema: weatherInput,
});

let served: Served;
let model: ChatOpenAI;

beforeAll(async () => {
  served = await serveTiny();
  const configuration = { baseURL: `${served.url}/v1` };
  model = new ChatOpenAI({
    model: "default",
    apiKey: "none",
    configuration,
    temperature: 0,
    maxTokens: 160,
    maxRetries: 0,
  });
});
afterAll(() => served[Symbol.asyncDispose]());

it("stream says what invoke says, with usage", async () => {
  const whole = await model.invoke(question);
  let streamed = new AIMessageChunk("");
  for await (const chunk of await model.stream(question)) streamed = streamed.concat(chunk);
  expect(whole.text).not.toBe("");
  expect(streamed.text).toBe(whole.text);
  expect(whole.usage_metadata?.output_tokens).toBeGreaterThan(0);
  expect(streamed.usage_metadata?.output_tokens).toBe(whole.usage_metadata?.output_tokens);
});

it("bindTools: a required call runs its tool, streamed the same, and the answer is gone on with", async () => {
  const calling = model.bindTools([weather], { tool_choice: "required", parallel_tool_calls: false });
  const asked = new HumanMessage(question);
  const whole = await calling.invoke([asked]);
  const [call] = whole.tool_calls ?? [];
  weatherInput.parse(call.args);
  let streamed = new AIMessageChunk("");
  for await (const chunk of await calling.stream([asked])) streamed = streamed.concat(chunk);
  expect(streamed.tool_calls).toMatchObject([{ name: "weather", args: call.args }]);
  const result: ToolMessage = await weather.invoke(call);
  expect(result.content).toBe(`rain in ${call.args.city} for ${call.args.days} days`);
  const answer = await model.bindTools([weather], { tool_choice: "none" }).invoke([asked, whole, result]);
  expect([answer.text === "", answer.tool_calls]).toEqual([false, []]);
});

it.each(["jsonSchema", "functionCalling"] as const)("withStructuredOutput by %s", async (method) => {
  const found = await model.withStructuredOutput(person, { name: "person", method }).invoke(question);
  expect(person.parse(found)).toEqual(found);
});

it("embeds documents as it embeds each", async () => {
  const embeddings = new OpenAIEmbeddings({
    model: "default",
    apiKey: "none",
    configuration: { baseURL: `${served.url}/v1` },
  });
  const vectors = await embeddings.embedDocuments(["a cat", "a dog"]);
  expect(vectors).toEqual([await embeddings.embedQuery("a cat"), await embeddings.embedQuery("a dog")]);
});
