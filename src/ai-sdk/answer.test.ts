import { expect, it } from "vitest";
import type { EndPart, Part } from "../api.ts";
import { streamOf, wholeAnswer } from "./answer.ts";

const end: EndPart = {
  type: "end",
  reason: "tool-calls",
  usage: { promptTokens: 20, cachedTokens: 5, completionTokens: 9, contextTokens: 29 },
  timings: { promptMs: 1, promptPerSecond: 1, decodeMs: 1, decodePerSecond: 1, firstTokenMs: 1 },
  tokens: [],
  seed: 7,
};
const logprob = { id: 3, text: "a", logprob: -1, top: [] };
const parts: readonly Part[] = [
  { type: "reasoning", text: "", ids: [1] },
  { type: "reasoning", text: "hm", ids: [2] },
  { type: "text", text: "a", ids: [3], logprobs: [logprob] },
  { type: "text", text: "", ids: [4] },
  { type: "text", text: "b", ids: [5] },
  { type: "tool-call-start", id: "c0", name: "clock" },
  { type: "tool-call-delta", id: "c0", arguments: "{" },
  { type: "tool-call-delta", id: "c0", arguments: "}" },
  { type: "tool-call", id: "c0", name: "clock", arguments: "{}" },
  { type: "tool-call-start", id: "c1", name: "clock" },
  { type: "tool-call-dropped", id: "c1" },
  { type: "text", text: "c" },
  end,
];

async function* given(): AsyncGenerator<Part, void> {
  yield* parts;
}

it("opens, fills and closes blocks, tells calls, and counts", async () => {
  const stream = [];
  for await (const part of streamOf(given())) stream.push(part);
  expect(stream).toEqual([
    { type: "reasoning-start", id: "0" },
    { type: "reasoning-delta", id: "0", delta: "hm" },
    { type: "reasoning-end", id: "0" },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "a" },
    { type: "text-delta", id: "1", delta: "b" },
    { type: "text-end", id: "1" },
    { type: "tool-input-start", id: "c0", toolName: "clock" },
    { type: "tool-input-delta", id: "c0", delta: "{" },
    { type: "tool-input-delta", id: "c0", delta: "}" },
    { type: "tool-input-end", id: "c0" },
    { type: "tool-call", toolCallId: "c0", toolName: "clock", input: "{}" },
    { type: "tool-input-start", id: "c1", toolName: "clock" },
    { type: "tool-input-end", id: "c1" },
    { type: "text-start", id: "2" },
    { type: "text-delta", id: "2", delta: "c" },
    { type: "text-end", id: "2" },
    {
      type: "finish",
      finishReason: { unified: "tool-calls", raw: "tool-calls" },
      usage: {
        inputTokens: { total: 20, noCache: 15, cacheRead: 5, cacheWrite: undefined },
        outputTokens: { total: 9, text: 7, reasoning: 2 },
        raw: end.usage,
      },
      providerMetadata: { anyqwen: { seed: 7, timings: end.timings, logprobs: [logprob] } },
    },
  ]);
});

it("tells the engine's own parts on request, each before what becomes of it", async () => {
  const raw: unknown[] = [];
  for await (const part of streamOf(given(), { raw: true })) if (part.type === "raw") raw.push(part.rawValue);
  expect(raw).toEqual(parts);
});

it("folds a stream into the whole answer", async () => {
  const { content, finish } = await wholeAnswer(streamOf(given()));
  expect(content).toEqual([
    { type: "reasoning", text: "hm" },
    { type: "text", text: "ab" },
    { type: "tool-call", toolCallId: "c0", toolName: "clock", input: "{}" },
    { type: "text", text: "c" },
  ]);
  expect(finish.finishReason.unified).toBe("tool-calls");
});
