// OpenAI's own client against the server, through the helpers that its users call: what they parse, run and stream.

import OpenAI from "openai";
import { zodResponseFormat, zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { person, question, type Served, serveTiny, weatherInput, weatherSchema } from "./served.ts";

const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: question }];
const greedy = { model: "default", temperature: 0 };
const chat = { ...greedy, messages, max_completion_tokens: 160 };
const weather = {
  type: "function" as const,
  function: { name: "weather", description: "Weather of a city", parameters: weatherSchema },
};

let served: Served;
let client: OpenAI;

beforeAll(async () => {
  served = await serveTiny();
  client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => served[Symbol.asyncDispose]());

describe("chat completions", () => {
  it("the stream helper's final answer is the whole one, log-probabilities and usage included", async () => {
    const asked = { ...chat, max_completion_tokens: 24, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(asked);
    const streamed = await client.chat.completions
      .stream({ ...asked, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(whole.choices[0].logprobs?.content?.length).toBeGreaterThan(20);
    expect(streamed.choices[0].logprobs?.content).toEqual(whole.choices[0].logprobs?.content);
    expect(streamed.choices[0].message.content).toBe(whole.choices[0].message.content);
    expect(streamed.choices[0].finish_reason).toBe("length");
    expect(streamed.usage?.completion_tokens).toBe(24);
  });

  it("required calls validate, streamed ones are the same, and their results are answered", async () => {
    const asked = { ...chat, tools: [weather], tool_choice: "required" as const, parallel_tool_calls: false };
    const whole = (await client.chat.completions.create(asked)).choices[0];
    const streamed = (await client.chat.completions.stream(asked).finalChatCompletion()).choices[0];
    expect([whole.finish_reason, streamed.finish_reason]).toEqual(["tool_calls", "tool_calls"]);
    const [call] = functionCalls(whole.message);
    weatherInput.parse(JSON.parse(call.function.arguments));
    expect(functionCalls(streamed.message).map((made) => made.function)).toMatchObject([call.function]);
    const result = { role: "tool" as const, tool_call_id: call.id, content: "rain" };
    const answer = await client.chat.completions.create({
      ...asked,
      messages: [...messages, whole.message, result],
      tool_choice: "none",
      max_completion_tokens: 8,
    });
    expect(answer.choices[0].message.tool_calls).toBeUndefined();
    expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(whole.message.content?.length ?? 0);
  });

  it("runTools runs the function with what the model gave it", async () => {
    const seen: unknown[] = [];
    const runner = client.chat.completions.runTools({
      ...chat,
      tool_choice: { type: "function", function: { name: "weather" } },
      tools: [
        {
          type: "function",
          function: {
            ...weather.function,
            parse: (text: string) => weatherInput.parse(JSON.parse(text)),
            function: (input: unknown) => seen.push(input) && "rain",
          },
        },
      ],
    });
    expect(await runner.finalFunctionToolCallResult()).toBe("rain");
    expect(seen).toHaveLength(1);
  });

  it("parse gives the document of a zod schema, streamed and whole", async () => {
    const asked = { ...chat, response_format: zodResponseFormat(person, "person") };
    const whole = await client.chat.completions.parse(asked);
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
    expect(person.parse(whole.choices[0].message.parsed)).toEqual(streamed.choices[0].message.parsed);
  });
});

describe("responses", () => {
  const asked = { ...greedy, input: question, max_output_tokens: 160 };

  it("parse gives the document of a zod schema, streamed and whole", async () => {
    const format = { ...asked, text: { format: zodTextFormat(person, "person") } };
    const whole = await client.responses.parse(format);
    const streamed = await client.responses.stream(format).finalResponse();
    expect(person.parse(whole.output_parsed)).toEqual(streamed.output_parsed);
  });

  it("a required call is parsed, streamed the same, and goes on with its result by the answer's id", async () => {
    const tools = [zodResponsesFunction({ name: "weather", parameters: weatherInput })];
    const calling = { ...asked, tools, tool_choice: "required" as const, parallel_tool_calls: false };
    const whole = await client.responses.parse(calling);
    const streamed = await client.responses.stream(calling).finalResponse();
    const [call] = whole.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
    const [again] = streamed.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
    expect(call.parsed_arguments).toEqual(weatherInput.parse(JSON.parse(again.arguments)));
    const answer = await client.responses.create({
      ...greedy,
      previous_response_id: whole.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "rain" }],
      max_output_tokens: 8,
    });
    expect(answer.usage?.input_tokens).toBeGreaterThan(whole.usage?.output_tokens ?? 0);
    expect(answer.output_text).not.toBe("");
  });
});

it("embeddings of several inputs are those of each alone", async () => {
  const embed = async (input: string | string[]) => {
    const { data } = await client.embeddings.create({ model: "default", input });
    return data.map(({ embedding }) => embedding);
  };
  expect(await embed(["a cat", "a dog"])).toEqual([...(await embed("a cat")), ...(await embed("a dog"))]);
});

function functionCalls({ tool_calls = [] }: OpenAI.ChatCompletionMessage) {
  return tool_calls.flatMap((call) => (call.type === "function" ? [call] : []));
}
