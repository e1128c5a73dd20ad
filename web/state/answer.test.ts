// What is asked of the server, and how an answer grows with the chunks of its stream.

import { describe, expect, it } from "vitest";
import { eventsOf } from "../api/chat.ts";
import { ServerError } from "../api/problem.ts";
import { grown, requestBody } from "./answer.ts";
import { type AssistantMessage, newAnswer } from "./conversation.ts";
import { defaultSettings } from "./settings.ts";

type Chunk = Parameters<typeof eventsOf>[0];

function answerOf(...chunks: readonly Chunk[]): AssistantMessage {
  let answer = newAnswer();
  for (const [at, chunk] of chunks.entries())
    for (const event of eventsOf(chunk)) answer = grown(answer, event, 100 * (at + 1));
  return answer;
}

const delta = (fields: object): Chunk => ({ choices: [{ delta: fields }] });

describe("an answer", () => {
  it("grows by thoughts, text and figures, and knows when it began", () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } };
    const answer = answerOf(
      delta({ role: "assistant", content: "" }),
      delta({ reasoning_content: "Hm" }),
      delta({ reasoning_content: "m." }),
      delta({ content: "Yes" }),
      { choices: [{ delta: { content: "." }, finish_reason: "length" }] },
      { choices: [], usage, timings: { predicted_per_second: 20 } },
    );
    expect(answer).toMatchObject({ content: "Yes.", reasoning: "Hmm.", ending: "length" });
    expect(answer).toMatchObject({ firstTokenMs: 200, reasoningMs: 100 });
    expect(answer.figures).toEqual({ promptTokens: 9, cachedTokens: 5, completionTokens: 4, tokensPerSecond: 20 });
  });

  it("puts calls together whose arguments come in pieces", () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const { toolCalls } = answerOf(
      call(0, { id: "a", function: { name: "look", arguments: '{"at":' } }),
      call(0, { function: { arguments: '"x"}' } }),
      call(1, { id: "b", function: { name: "wait", arguments: "{}" } }),
    );
    expect(toolCalls).toEqual([
      { id: "a", name: "look", arguments: '{"at":"x"}' },
      { id: "b", name: "wait", arguments: "{}" },
    ]);
  });

  it("keeps no call that breaks off", () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const { toolCalls, content } = answerOf(
      call(0, { id: "a", function: { name: "look", arguments: "" } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { id: "b", function: { name: "wait", arguments: "" } }),
      call(1, { function: { arguments: '{"for": "' } }),
      delta({ content: "<tool_call>" }),
      { choices: [{ delta: {}, finish_reason: "length" }] },
    );
    expect(toolCalls).toEqual([{ id: "a", name: "look", arguments: "{}" }]);
    expect(content).toBe("<tool_call>");
  });

  it("fails with what the stream says went wrong", () => {
    expect(() => answerOf({ error: { message: "not finished after 600 s", code: "deadline" } })).toThrow(ServerError);
  });
});

describe("a request", () => {
  const messages = [
    { id: "1", role: "user", content: "Hi" },
    { ...newAnswer(), id: "2", ending: "stopped" },
    { id: "3", role: "user", content: "Are you there?" },
  ] as const;

  it("leaves to the model what is not set, and answers that say nothing", () => {
    expect(requestBody(messages, defaultSettings)).toEqual({
      model: "default",
      messages: [
        { role: "user", content: "Hi" },
        { role: "user", content: "Are you there?" },
      ],
    });
  });

  it("carries what is set", () => {
    const tool = { type: "function", function: { name: "look" } };
    const tools = JSON.stringify([tool]);
    const settings = { ...defaultSettings, system: "Be brief.", temperature: 0, maxTokens: 5, seed: 7, tools };
    expect(requestBody(messages, { ...settings, thinking: "off" })).toMatchObject({
      messages: [{ role: "system", content: "Be brief." }, {}, {}],
      temperature: 0,
      max_completion_tokens: 5,
      seed: 7,
      tools: [tool],
      chat_template_kwargs: { enable_thinking: false },
    });
  });
});
