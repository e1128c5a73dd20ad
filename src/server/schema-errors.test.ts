import { describe, expect, it } from "vitest";
import { messagesRequest } from "./anthropic.ts";
import { chatRequest } from "./chat-completions.ts";
import { completionRequest } from "./completions.ts";
import { responseRequest } from "./responses.ts";
import { schemaError } from "./schema-errors.ts";
import { embeddingRequest } from "./vectors.ts";

const messages = [{ role: "user", content: "Hi" }];
const chat = { messages };
const shapes = { chatRequest, messagesRequest, completionRequest, responseRequest, embeddingRequest };
const wrong: readonly (readonly [keyof typeof shapes, body: object, message: string])[] = [
  ["chatRequest", {}, "messages is missing; expected a list"],
  ["chatRequest", { messages: [] }, "messages is a list of 0; expected entries: at least 1"],
  ["chatRequest", { ...chat, temperature: -1 }, "temperature is -1; expected at least 0"],
  ["chatRequest", { ...chat, temperature: "hot" }, 'temperature is "hot"; expected a number'],
  ["chatRequest", { ...chat, n: 1.5 }, "n is 1.5; expected a whole number"],
  ["chatRequest", { ...chat, stop: 5 }, "stop is 5; expected a text or a list"],
  ["chatRequest", { ...chat, stop: ["a", 5] }, "stop[1] is 5; expected a text"],
  ["chatRequest", { ...chat, logit_bias: { a: 1 } }, "logit_bias.a is 1; expected keys that are token ids"],
  ["chatRequest", { messages: [{ role: "me" }] }, 'messages[0].role is "me"; expected "system", "developer", "user", '],
  [
    "chatRequest",
    { messages: [{ role: "user", content: [{}] }] },
    "messages[0].content[0].type is missing; expected a text",
  ],
  [
    "chatRequest",
    { ...chat, response_format: { type: "xml" } },
    'response_format.type is "xml"; expected "text", "json_object" or "json_schema"',
  ],
  [
    "chatRequest",
    { ...chat, response_format: { type: "json_schema" } },
    "response_format.json_schema is missing; expected an object",
  ],
  [
    "chatRequest",
    { ...chat, tool_choice: "any" },
    'tool_choice is "any"; expected "none", "auto", "required" or an object',
  ],
  [
    "chatRequest",
    { ...chat, structured_outputs: { regexp: "a" } },
    'structured_outputs is an object; expected none of the keys "regexp"',
  ],
  ["responseRequest", { input: 5 }, "input is 5; expected a text or a list"],
  [
    "responseRequest",
    { input: [{ role: "user", content: [{ type: 5 }] }] },
    "input[0].content[0].type is 5; expected a text",
  ],
  ["responseRequest", { input: [{ type: "function_call", call_id: 1 }] }, "input[0].call_id is 1; expected a text"],
  ["messagesRequest", { messages }, "max_tokens is missing; expected a number"],
  ["completionRequest", { prompt: [1, "a"] }, 'prompt[1] is "a"; expected a number'],
  ["embeddingRequest", { input: [] }, "input is a list of 0; expected entries: at least 1"],
];

describe("a request that does not fit", () => {
  for (const [shape, body, message] of wrong)
    it(`${shape}: ${message}`, () => {
      const { error } = shapes[shape].safeParse(body);
      expect(schemaError(error?.issues ?? [], body).message).toContain(message);
    });
});
