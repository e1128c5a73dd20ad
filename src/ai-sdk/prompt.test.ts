import type { LanguageModelV3Prompt, LanguageModelV3ToolResultOutput } from "@ai-sdk/provider";
import { expect, it } from "vitest";
import { messagesOf } from "./prompt.ts";

const results = (...outputs: LanguageModelV3ToolResultOutput[]): LanguageModelV3Prompt => [
  {
    role: "tool",
    content: outputs.map((output, i) => ({ type: "tool-result", toolCallId: `c${i}`, toolName: "t", output })),
  },
];

it("gives one text a message, thoughts and calls beside it, and a message a result", () => {
  const prompt: LanguageModelV3Prompt = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Weather" },
        { type: "text", text: " in Oslo?" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "I should look." },
        { type: "text", text: "Let me see." },
        { type: "tool-call", toolCallId: "c0", toolName: "weather", input: { city: "Oslo" } },
        { type: "tool-call", toolCallId: "c1", toolName: "weather", input: { city: "Rome" } },
      ],
    },
    ...results({ type: "text", value: "rain" }, { type: "json", value: { degrees: 21 } }),
  ];
  const call = (id: string, city: string) => ({
    id,
    type: "function",
    function: { name: "weather", arguments: `{"city":"${city}"}` },
  });
  expect(messagesOf(prompt)).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "Weather in Oslo?" },
    {
      role: "assistant",
      content: "Let me see.",
      reasoning_content: "I should look.",
      tool_calls: [call("c0", "Oslo"), call("c1", "Rome")],
    },
    { role: "tool", tool_call_id: "c0", content: "rain" },
    { role: "tool", tool_call_id: "c1", content: '{"degrees":21}' },
  ]);
});

it("tells results that failed, were denied, or have several parts", () => {
  const prompt = results(
    { type: "error-text", value: "no such city" },
    { type: "error-json", value: { code: 404 } },
    { type: "execution-denied" },
    { type: "execution-denied", reason: "not today" },
    {
      type: "content",
      value: [
        { type: "text", text: "one" },
        { type: "text", text: "two" },
      ],
    },
  );
  expect(messagesOf(prompt).map(({ content }) => content)).toEqual([
    "no such city",
    '{"code":404}',
    "The user denied this call.",
    "not today",
    "one\ntwo",
  ]);
});

it("refuses files, images and results of others' tools, and says where they are", () => {
  const image = { type: "file" as const, mediaType: "image/png", data: "" };
  const text = { type: "text" as const, text: "What is this?" };
  expect(() => messagesOf([{ role: "user", content: [text, image] }])).toThrow(
    "prompt[0].content[1]: files (image/png) are not supported",
  );
  expect(() => messagesOf([{ role: "assistant", content: [image] }])).toThrow("prompt[0].content[0]: files");
  const output = {
    type: "content" as const,
    value: [{ type: "image-data" as const, mediaType: "image/png", data: "" }],
  };
  expect(() => messagesOf(results(output))).toThrow("prompt[0].content[0].output.value[0]: parts of type image-data");
  const result = { type: "tool-result" as const, toolCallId: "c", toolName: "t", output };
  expect(() => messagesOf([{ role: "assistant", content: [result] }])).toThrow("a provider ran");
});
