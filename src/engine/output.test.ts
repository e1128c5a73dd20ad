import { describe, expect, it } from "vitest";
import { nodeFiles } from "../formats/node-files.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import { AnswerOutput, type ChatContext } from "./output.ts";
import { fixture } from "./testing.ts";
import { openText } from "./text-side.ts";
import type { GenerateOptions, Part } from "./types.ts";

async function speak(answer: string, options: GenerateOptions, chat?: ChatContext) {
  const files = await nodeFiles(fixture("models/qwen3_tied"));
  const checkpoint = await openCheckpoint(files);
  const text = await openText(files, checkpoint);
  const output = new AnswerOutput(text, options, chat);
  const ids = text.encode(answer, "all");
  const parts: Part[] = [];
  let stop: string | undefined;
  for (const id of ids) {
    const pushed = output.push(id, { id, ...(options.logprobs !== undefined && { logprob: -1 }) });
    parts.push(...pushed.parts);
    stop = pushed.stop;
    if (stop !== undefined) break;
  }
  const { parts: rest, toolCalls } = output.end();
  parts.push(...rest);
  text.close();
  await checkpoint.close();
  const textOf = (type: Part["type"]) =>
    parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  return { ids, parts, stop, toolCalls, text: textOf("text"), reasoning: textOf("reasoning") };
}

const answer =
  '<think>\nlet me see\n</think>\n\nI look it up: é 漢 🎈\n<tool_call>\n{"name": "find", "arguments": {"what": "it"}}\n</tool_call>';

describe("an answer's output", () => {
  it("is text as it is without a template", async () => {
    const { text, parts, ids } = await speak(answer, {});
    expect(text).toBe(answer);
    expect(parts.flatMap((part) => (part.type === "text" ? (part.ids ?? []) : []))).toEqual(ids);
  });

  it("is reasoning, text and calls in a chat", async () => {
    const { text, reasoning, parts, toolCalls } = await speak(answer, {}, { prompt: "" });
    expect(reasoning).toBe("let me see");
    expect(text).toBe("I look it up: é 漢 🎈");
    expect(toolCalls).toBe(true);
    expect(parts.at(-1)).toMatchObject({ type: "tool-call", name: "find", arguments: '{"what":"it"}' });
    const pieces = parts.filter((part) => part.type === "tool-call-delta").map((part) => part.arguments);
    expect([pieces.join(""), pieces.length > 3]).toEqual(['{"what":"it"}', true]);
    expect(parts.filter(({ type }) => type === "tool-call-start")).toHaveLength(1);
    const opened = await speak("so\n</think>\n\nyes", {}, { prompt: "<|im_start|>assistant\n<think>\n" });
    expect(opened).toMatchObject({ reasoning: "so", text: "yes", toolCalls: false });
  });

  it("shows a call that cannot be read as it was written", async () => {
    const { text, toolCalls } = await speak("<tool_call>\n{nonsense\n</tool_call>", {}, { prompt: "" });
    expect(text).toBe("<tool_call>\n{nonsense\n</tool_call>");
    expect(toolCalls).toBe(false);
  });

  it("drops a call that breaks off, and shows it as it was written", async () => {
    const broken = '<tool_call>\n{"name": "find", "arguments": {"what": "it';
    const { text, toolCalls, parts } = await speak(broken, {}, { prompt: "" });
    expect([text, toolCalls]).toEqual([`${broken}\n</tool_call>`, false]);
    const [dropped] = parts.filter((part) => part.type === "tool-call-dropped");
    expect(parts.find((part) => part.type === "tool-call-start")?.id).toBe(dropped.id);
  });

  it("ends at a stop text without a trace of it, and tells the log-probabilities of all ids", async () => {
    const { text, stop, parts } = await speak("one two three", { stop: ["two"], logprobs: true });
    expect({ text, stop }).toEqual({ text: "one ", stop: "two" });
    const told = parts.flatMap((part) => (part.type === "text" ? (part.logprobs ?? []) : []));
    expect(told.map((entry) => entry.text).join("")).toBe("one two");
  });
});
