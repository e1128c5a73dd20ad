// The server's other shapes, each through its own client: OpenAI's Responses and Anthropic's Messages. All say what chat completions say.

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { load, type Qwen } from "../../src/index.ts";
import { createServer, type Listening, listen } from "../../src/server/index.ts";
import { fixture } from "./anyqwen.ts";

const content = "What is the capital of France?";
const model = "default";
const short = { model, temperature: 0 };

let qwen: Qwen;
let listening: Listening;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  qwen = await load(fixture("models/qwen3_tied"), {
    inProcess: true,
    device: "reference",
    contextTokens: 512,
    poolTokens: 4096,
  });
  listening = await listen(createServer(qwen, { name: "tiny", log: () => {} }));
  openai = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: "none", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: listening.url, apiKey: "none", maxRetries: 0 });
});
afterAll(async () => {
  await listening.close();
  await qwen.close();
});

async function chatText(messages: OpenAI.ChatCompletionMessageParam[], tokens: number): Promise<string> {
  const { choices } = await openai.chat.completions.create({ ...short, messages, max_completion_tokens: tokens });
  return choices[0].message.content ?? "";
}

it("responses: whole and streamed say what chat completions say", async () => {
  const expected = await chatText([{ role: "user", content }], 12);
  const whole = await openai.responses.create({ ...short, input: content, max_output_tokens: 12 });
  expect(whole.output_text).toBe(expected);
  expect(whole.usage?.output_tokens).toBe(12);
  expect([whole.status, whole.incomplete_details?.reason]).toEqual(["incomplete", "max_output_tokens"]);
  let text = "";
  const types: string[] = [];
  let last: OpenAI.Responses.Response | undefined;
  for await (const event of await openai.responses.create({
    ...short,
    input: content,
    max_output_tokens: 12,
    stream: true,
  })) {
    types.push(event.type);
    if (event.type === "response.output_text.delta") text += event.delta;
    if (event.type === "response.incomplete") last = event.response;
  }
  expect(text).toBe(expected);
  expect(types.slice(0, 2)).toEqual(["response.created", "response.in_progress"]);
  expect(types.at(-1)).toBe("response.incomplete");
  expect(last?.output).toMatchObject([{ type: "message", content: [{ type: "output_text", text: expected }] }]);
});

it("responses: an answer's id goes on where it ended, as if all had been sent again", async () => {
  const first = await openai.responses.create({ ...short, input: content, max_output_tokens: 8 });
  const next = await openai.responses.create({
    ...short,
    input: "And of Spain?",
    previous_response_id: first.id,
    max_output_tokens: 8,
  });
  const expected = await chatText(
    [
      { role: "user", content },
      { role: "assistant", content: first.output_text },
      { role: "user", content: "And of Spain?" },
    ],
    8,
  );
  expect(next.output_text).toBe(expected);
  await expect(
    openai.responses.create({ ...short, input: "x", previous_response_id: "resp_unknown" }),
  ).rejects.toMatchObject({ status: 404, code: "previous_response_not_found" });
});

it("responses: what is kept can be looked at again, with what was asked, and forgotten", async () => {
  const input: OpenAI.Responses.ResponseInput = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: "Hello." },
    { role: "user", content: [{ type: "input_text", text: content }] },
  ];
  const answer = await openai.responses.create({ ...short, input, max_output_tokens: 4 });
  expect((await openai.responses.retrieve(answer.id)).output).toEqual(answer.output);
  const texts: string[] = [];
  for await (const item of openai.responses.inputItems.list(answer.id, { order: "asc", limit: 2 }))
    if (item.type === "message") texts.push(...item.content.map((part) => ("text" in part ? part.text : "")));
  expect(texts).toEqual(["Hi.", "Hello.", content]);
  await openai.responses.delete(answer.id);
  const gone = { status: 404, code: "response_not_found" };
  await expect(openai.responses.retrieve(answer.id)).rejects.toMatchObject(gone);
  await expect(openai.responses.delete(answer.id)).rejects.toMatchObject(gone);
  const forgotten = openai.responses.create({ ...short, input: "x", previous_response_id: answer.id });
  await expect(forgotten).rejects.toMatchObject({ code: "previous_response_not_found" });
  const unkept = await openai.responses.create({ ...short, input: "x", max_output_tokens: 2, store: false });
  await expect(openai.responses.retrieve(unkept.id)).rejects.toMatchObject(gone);
  const { paths } = await (await fetch(`${listening.url}/openapi.json`)).json();
  expect(Object.keys(paths["/v1/responses/{id}"])).toEqual(["get", "delete"]);
  expect(Object.keys(paths)).toContain("/v1/responses/{id}/input_items");
});

it("messages: whole and streamed say what chat completions say, and tokens can be counted first", async () => {
  const messages = [{ role: "user" as const, content }];
  const system = "Be brief.";
  const expected = await chatText([{ role: "system", content: system }, ...messages], 12);
  const whole = await anthropic.messages.create({ ...short, system, messages, max_tokens: 12 });
  expect(whole.content).toEqual([{ type: "text", text: expected }]);
  expect([whole.stop_reason, whole.usage.output_tokens]).toEqual(["max_tokens", 12]);
  const { input_tokens } = await anthropic.messages.countTokens({ model, system, messages });
  expect(input_tokens).toBe(whole.usage.input_tokens + (whole.usage.cache_read_input_tokens ?? 0));
  const stream = anthropic.messages.stream({ ...short, system, messages, max_tokens: 12 });
  expect((await stream.finalMessage()).content).toEqual([{ type: "text", text: expected }]);
});

it("messages: errors come in Anthropic's form", async () => {
  const asked = { model: "claude", max_tokens: 4, messages: [{ role: "user" as const, content }] };
  await expect(anthropic.messages.create(asked)).rejects.toMatchObject({
    status: 404,
    error: { type: "error", error: { type: "not_found_error" } },
  });
});
