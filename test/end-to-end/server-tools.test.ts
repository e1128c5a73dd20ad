// Calls of tools through OpenAI's and Anthropic's own clients: what is streamed and what comes whole is the same. The model is played,
// since no tiny checkpoint calls tools as it is asked; its words go token by token through the engine's own parser.

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnswerOutput } from "../../src/engine/output.ts";
import { openText, type TextSide } from "../../src/engine/text-side.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import type { ChatMessage, ChatOptions, Part, Qwen } from "../../src/index.ts";
import { createServer, type Listening, listen } from "../../src/server/index.ts";
import { fixture } from "./anyqwen.ts";

const parameters = {
  type: "object",
  properties: { path: { type: "string" }, text: { type: "string" }, line: { type: "integer" } },
};
const called = { path: "a b.md", text: 'say "é" 🎈\n\tand </b>', line: 12 };
const write = (values: object) => JSON.stringify({ name: "write", arguments: values });
const xml = (values: object) => {
  const inside = Object.entries(values).map(([key, value]) => `<parameter=${key}>\n${value}\n</parameter>\n`);
  return `<tool_call>\n<function=write>\n${inside.join("")}</function>\n</tool_call>`;
};

/** Answers and the arguments of their calls. */
const good: Readonly<Record<string, readonly [answer: string, calls: object[]]>> = {
  "JSON, after thoughts and text": [
    `<think>\nSo.\n</think>\n\nI write.\n<tool_call>\n${write(called)}\n</tool_call>`,
    [called],
  ],
  XML: [`I write.\n${xml(called)}`, [called]],
  "two calls": [`<tool_call>${write(called)}</tool_call>\n<tool_call>${write({})}</tool_call>`, [called, {}]],
  "two in one block": [`<tool_call>${write(called)}\n${write({ line: 1 })}</tool_call>`, [called, { line: 1 }]],
  "mended JSON": [`<tool_call>${write(called).slice(0, -2)},</tool_call>`, [called]],
  "a parameter that is not closed": [xml({ path: "x" }).replace("</parameter>\n", ""), [{ path: "x" }]],
};
const broken: Readonly<Record<string, string>> = {
  "JSON that breaks off": `<tool_call>${write(called).slice(0, -20)}`,
  "JSON that cannot be read": `<tool_call>${write(called).replace("12", "twelve")}</tool_call>`,
  "XML that breaks off": xml(called).slice(0, 70),
};

let text: TextSide;
let listening: Listening;
let openai: OpenAI;
let anthropic: Anthropic;
let close: () => Promise<void>;

/** Says what the user asks it to say. */
async function* say([{ content }]: readonly ChatMessage[], options: ChatOptions): AsyncGenerator<Part, void> {
  const output = new AnswerOutput(text, options, { prompt: "", tools: options.tools });
  const tokens = text.encode(String(content), "all");
  for (const id of tokens) yield* output.push(id, { id }).parts;
  const { parts, toolCalls } = output.end();
  yield* parts;
  const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: tokens.length, contextTokens: 1 };
  const timings = { promptMs: 1, promptPerSecond: 1, decodeMs: 1, decodePerSecond: 1, firstTokenMs: 1 };
  yield { type: "end", reason: toolCalls ? "tool-calls" : "stop", usage, timings, tokens: [...tokens], seed: 1 };
}

beforeAll(async () => {
  const files = await nodeFiles(fixture("models/qwen3_tied"));
  const checkpoint = await openCheckpoint(files);
  text = await openText(files, checkpoint);
  close = async () => {
    text.close();
    await checkpoint.close();
  };
  const qwen = { info: { name: "played", contextTokens: 4096 }, chat: say } as unknown as Qwen;
  listening = await listen(createServer(qwen, { log: () => {} }));
  openai = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: "none", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: listening.url, apiKey: "none", maxRetries: 0 });
});
afterAll(async () => {
  await listening.close();
  await close();
});

const model = "default";
const messagesOf = (content: string) => [{ role: "user" as const, content }];

async function chat(content: string) {
  const tools = [{ type: "function" as const, function: { name: "write", parameters } }];
  const asked = { model, messages: messagesOf(content), tools };
  const [{ message, finish_reason }] = (await openai.chat.completions.create(asked)).choices;
  const streamed = { content: "", finish_reason: "" };
  const calls: { name: string; pieces: string[] }[] = [];
  for await (const { choices } of await openai.chat.completions.create({ ...asked, stream: true })) {
    streamed.content += choices[0].delta.content ?? "";
    streamed.finish_reason = choices[0].finish_reason ?? streamed.finish_reason;
    for (const { index, function: more } of choices[0].delta.tool_calls ?? []) {
      calls[index] ??= { name: more?.name ?? "", pieces: [] };
      calls[index].pieces.push(more?.arguments ?? "");
    }
  }
  const whole = (message.tool_calls ?? []).flatMap((call) => (call.type === "function" ? [call.function] : []));
  expect(streamed).toEqual({ content: message.content ?? "", finish_reason });
  return { whole, calls };
}

async function responses(input: string) {
  const tools = [{ type: "function" as const, name: "write", parameters, strict: false }];
  const asked = { model, input, tools };
  const whole = await openai.responses.create(asked);
  const streamed = await openai.responses.stream(asked).finalResponse();
  const items = (output: OpenAI.Responses.ResponseOutputItem[]) =>
    output.map((item) => {
      if (item.type === "message") return item.content.map((part) => (part.type === "output_text" ? part.text : ""));
      return item.type === "function_call" ? [item.name, item.arguments, item.status] : [item.type];
    });
  expect(items(streamed.output)).toEqual(items(whole.output));
  return whole.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
}

async function messages(content: string) {
  const tools = [{ name: "write", input_schema: { ...parameters, type: "object" as const } }];
  const asked = { model, max_tokens: 1000, messages: messagesOf(content), tools };
  const whole = await anthropic.messages.create(asked);
  const streamed = await anthropic.messages.stream(asked).finalMessage();
  const blocks = (all: Anthropic.ContentBlock[]) =>
    all.map((block) => (block.type === "tool_use" ? { name: block.name, input: block.input } : block));
  return { whole: blocks(whole.content), streamed: blocks(streamed.content), reason: whole.stop_reason };
}

describe("calls, streamed and whole", () => {
  for (const [name, [answer, expected]] of Object.entries(good))
    it(name, async () => {
      const { whole, calls } = await chat(answer);
      expect(whole.map((call) => JSON.parse(call.arguments))).toEqual(expected);
      expect(calls.map((call) => ({ name: call.name, arguments: call.pieces.join("") }))).toEqual(whole);
      if (expected[0] === called) expect(calls[0].pieces.length).toBeGreaterThan(10);

      const items = await responses(answer);
      expect(items.map((item) => JSON.parse(item.arguments))).toEqual(expected);

      const told = await messages(answer);
      expect(told.streamed).toEqual(told.whole);
      expect(told.whole.flatMap((block) => ("input" in block ? [block.input] : []))).toEqual(expected);
      expect(told.reason).toBe("tool_use");
    });

  for (const [name, answer] of Object.entries(broken))
    it(`${name}: the text is the same, and what was streamed of the call is no JSON`, async () => {
      const { whole, calls } = await chat(answer);
      expect([whole.length, calls.length]).toEqual([0, 1]);
      expect(() => JSON.parse(calls[0].pieces.join(""))).toThrow();
      expect((await responses(answer)).map(({ status }) => status)).toEqual(["incomplete"]);
      const told = await messages(answer);
      expect(told.streamed.filter((block) => !("input" in block))).toEqual(told.whole);
      expect(told.reason).toBe("end_turn");
    });
});
