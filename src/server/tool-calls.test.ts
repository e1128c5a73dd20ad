// An answer with thoughts, text and two calls, through each of the API's shapes. The model is played: no tiny checkpoint calls tools.

import { describe, expect, it } from "vitest";
import type { ChatMessage, ChatOptions, Part, Qwen } from "../api.ts";
import { createServer } from "./index.ts";

const call = (id: string, city: string): Part[] => [
  { type: "tool-call-start", id, name: "get_weather" },
  { type: "tool-call-delta", id, arguments: '{"city": ' },
  { type: "tool-call-delta", id, arguments: `"${city}"}` },
  { type: "tool-call", id, name: "get_weather", arguments: `{"city": "${city}"}` },
];
const parts: Part[] = [
  { type: "reasoning", text: "Two ", ids: [1] },
  { type: "reasoning", text: "cities.", ids: [2, 3] },
  { type: "text", text: "I will look.", ids: [4] },
  ...call("call_1", "Paris"),
  ...call("call_2", "Rome"),
  {
    type: "end",
    reason: "tool-calls",
    usage: { promptTokens: 20, cachedTokens: 5, completionTokens: 9, contextTokens: 28 },
    timings: { promptMs: 1, promptPerSecond: 1, decodeMs: 1, decodePerSecond: 1, firstTokenMs: 1 },
    tokens: [1, 2, 3, 4],
    seed: 1,
  },
];

function served() {
  const asked: { messages: readonly ChatMessage[]; options: ChatOptions }[] = [];
  const qwen = {
    info: { name: "played", contextTokens: 100 },
    async *chat(messages: readonly ChatMessage[], options: ChatOptions) {
      asked.push({ messages, options });
      yield* parts;
    },
  } as unknown as Qwen;
  const server = createServer(qwen);
  const post = async (path: string, body: object) => {
    const request = new Request(`http://localhost${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return server.fetch(request);
  };
  const json = async (path: string, body: object) => (await post(path, body)).json();
  const events = async (path: string, body: object) => {
    const text = await (await post(path, { ...body, stream: true })).text();
    return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data));
  };
  return { asked, json, events };
}

const messages = [{ role: "user", content: "Weather in Paris and Rome?" }];
const parameters = { type: "object", properties: { city: { type: "string" } } };
const tools = [{ type: "function", function: { name: "get_weather", parameters } }];

it("whoever leaves a stream ends the answer, in every shape", async () => {
  for (const path of ["/v1/chat/completions", "/v1/messages", "/v1/responses"]) {
    let ended = false;
    const qwen = {
      info: { name: "played", contextTokens: 100 },
      async *chat(_: unknown, { signal }: ChatOptions): AsyncGenerator<Part> {
        yield { type: "text", text: "a" };
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        ended = true;
      },
    } as unknown as Qwen;
    const body = JSON.stringify({ messages, input: "a", max_tokens: 5, stream: true });
    const headers = { "content-type": "application/json" };
    const answer = await createServer(qwen).fetch(
      new Request(`http://localhost${path}`, { method: "POST", headers, body }),
    );
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([path, ended]).toEqual([path, true]);
  }
});

describe("tool calls", () => {
  it("chat completions: whole, and as deltas with an index for each call", async () => {
    const { json, events, asked } = served();
    const { choices, usage } = await json("/v1/chat/completions", { messages, tools });
    expect(choices[0].finish_reason).toBe("tool_calls");
    expect(usage.completion_tokens_details).toEqual({ reasoning_tokens: 3 });
    expect(choices[0].message).toMatchObject({ content: "I will look.", reasoning_content: "Two cities." });
    expect(choices[0].message.tool_calls.map((made: { id: string }) => made.id)).toEqual(["call_1", "call_2"]);
    const chunks = await events("/v1/chat/completions", { messages, tools, stream_options: { include_usage: true } });
    expect(chunks.at(-1).usage).toEqual(usage);
    const deltas = chunks.flatMap(({ choices: [choice] }) => choice?.delta.tool_calls ?? []);
    expect(deltas.map(({ index }) => index)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(deltas[3]).toEqual({
      index: 1,
      id: "call_2",
      type: "function",
      function: { name: "get_weather", arguments: "" },
    });
    expect(deltas.slice(4)).toEqual(
      ['{"city": ', '"Rome"}'].map((piece) => ({ index: 1, function: { arguments: piece } })),
    );
    expect(asked[0].options.tools).toHaveLength(1);
    await json("/v1/chat/completions", { messages, tools, tool_choice: "none" });
    expect(asked.at(-1)?.options.toolChoice).toBe("none");
    const named = { name: "get_weather" };
    await json("/v1/chat/completions", { messages, tools, tool_choice: { type: "function", function: named } });
    expect(asked.at(-1)?.options.toolChoice).toEqual(named);
  });

  it("messages: thinking, text and tool_use blocks, opened and closed in turn", async () => {
    const { json, events, asked } = served();
    const body = { messages, max_tokens: 50, tools: [{ name: "get_weather", input_schema: parameters }] };
    const whole = await json("/v1/messages", body);
    expect(whole.stop_reason).toBe("tool_use");
    expect(whole.content.map(({ type }: { type: string }) => type)).toEqual([
      "thinking",
      "text",
      "tool_use",
      "tool_use",
    ]);
    expect(whole.content[3].input).toEqual({ city: "Rome" });
    expect(asked[0].options.tools).toEqual(tools);
    const told = await events("/v1/messages", body);
    const opened = told.filter(({ type }) => type === "content_block_start").map(({ index }) => index);
    const closed = told.filter(({ type }) => type === "content_block_stop").map(({ index }) => index);
    expect(opened).toEqual([0, 1, 2, 3]);
    expect(closed).toEqual(opened);
    const pieces = told
      .filter(({ delta }) => delta?.type === "input_json_delta")
      .map(({ delta }) => delta.partial_json);
    expect(pieces).toEqual(['{"city": ', '"Paris"}', '{"city": ', '"Rome"}']);
  });

  it("messages: strict tools and the format of the answer reach the engine", async () => {
    const { json, asked } = served();
    await json("/v1/messages", {
      messages,
      max_tokens: 5,
      tools: [{ name: "get_weather", input_schema: parameters, strict: true }],
      output_config: { format: { type: "json_schema", schema: parameters } },
    });
    expect(asked[0].options.tools).toMatchObject([{ function: { name: "get_weather", strict: true } }]);
    expect(asked[0].options.format).toEqual({ type: "json-schema", schema: parameters });
  });

  it("messages: results of tools become messages of their own", async () => {
    const { json, asked } = served();
    await json("/v1/messages", {
      max_tokens: 5,
      messages: [
        ...messages,
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "get_weather", input: { city: "Rome" } }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: "sunny" },
            { type: "text", text: "And?" },
          ],
        },
      ],
    });
    expect(asked[0].messages.slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "a", type: "function", function: { name: "get_weather", arguments: { city: "Rome" } } }],
      },
      { role: "tool", tool_call_id: "a", content: "sunny" },
      { role: "user", content: "And?" },
    ]);
  });

  it("responses: items, announced, filled and done; what was called goes on by its id", async () => {
    const { json, events, asked } = served();
    const body = { input: "Weather?", tools: [{ type: "function", name: "get_weather", parameters }] };
    const whole = await json("/v1/responses", body);
    const kinds = ["reasoning", "message", "function_call", "function_call"];
    expect(whole.output.map(({ type }: { type: string }) => type)).toEqual(kinds);
    expect(whole.usage.output_tokens_details.reasoning_tokens).toBe(3);
    const told = await events("/v1/responses", body);
    expect(told.map(({ sequence_number }) => sequence_number)).toEqual(told.map((_, i) => i));
    const added = told.filter(({ type }) => type === "response.output_item.added").map(({ item }) => item.type);
    expect(added).toEqual(kinds);
    const pieces = told.filter(({ type }) => type === "response.function_call_arguments.delta");
    expect(pieces.map(({ delta }) => delta)).toEqual(['{"city": ', '"Paris"}', '{"city": ', '"Rome"}']);
    const done = told.filter(({ type }) => type === "response.function_call_arguments.done");
    expect(done.map((event) => event.arguments)).toEqual(['{"city": "Paris"}', '{"city": "Rome"}']);
    await json("/v1/responses", {
      previous_response_id: whole.id,
      input: [{ type: "function_call_output", call_id: "call_1", output: "sunny" }],
    });
    expect(asked.at(-1)?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  });

  it("responses: what agents send beside functions is passed over, and their instructions are one system message", async () => {
    const { json, asked } = served();
    const say = (role: string, text: string) => ({ type: "message", role, content: [{ type: "input_text", text }] });
    const answer = await json("/v1/responses", {
      instructions: "You are an agent.",
      input: [say("developer", "The sandbox is closed."), say("developer", "Be brief."), say("user", "Weather?")],
      tools: [
        { type: "web_search", external_web_access: false },
        { type: "function", name: "get_weather", parameters },
        { type: "namespace", name: "agents", tools: [{ type: "function", name: "spawn", parameters }] },
        { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: /x/" } },
      ],
      tool_choice: "auto",
    });
    expect(asked[0].options.tools).toMatchObject([{ function: { name: "get_weather" } }]);
    expect(answer.tools).toMatchObject([{ type: "function", name: "get_weather" }]);
    expect(asked[0].messages).toEqual([
      { role: "system", content: "You are an agent.\n\nThe sandbox is closed.\n\nBe brief." },
      { role: "user", content: "Weather?" },
    ]);
    const broken = await json("/v1/responses", { input: "a", tools: [{ type: "function", parameters }] });
    expect(broken.error).toMatchObject({ code: "invalid_value", param: expect.stringMatching(/^tools/) });
    await json("/v1/responses", { input: "a", tools: [{ type: "web_search" }] });
    expect(asked.at(-1)?.options).not.toHaveProperty("tools");
  });
});
