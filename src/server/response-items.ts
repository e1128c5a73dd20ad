// The items of OpenAI's Responses API: what a conversation is made of on the way in, and an answer's blocks on the way out.

import { z } from "@hono/zod-openapi";
import type { ChatMessage } from "../api.ts";
import type { Block, TextBlock } from "./blocks.ts";
import { invalid } from "./errors.ts";

const contentPart = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(contentPart)]);

export const inputItem = z.union([
  z.looseObject({
    type: z.literal("message").optional(),
    role: z.enum(["user", "assistant", "system", "developer"]),
    content,
  }),
  z.looseObject({ type: z.literal("function_call"), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.looseObject({ type: z.literal("function_call_output"), call_id: z.string(), output: content }),
  z.looseObject({ type: z.literal("reasoning"), content: z.array(contentPart).nullish() }),
]);

type InputItem = z.infer<typeof inputItem>;

/** What was asked, as it is listed later: every item with an id, texts as parts. */
export function keptInput(input: string | readonly InputItem[], newId: () => string): { id: string }[] {
  const items: readonly InputItem[] = typeof input === "string" ? [{ role: "user", content: input }] : input;
  return items.map((item) => {
    const id = typeof item.id === "string" ? item.id : newId();
    if (!("role" in item) || item.type === "reasoning") return { ...item, id };
    const type = item.role === "assistant" ? "output_text" : "input_text";
    const content = typeof item.content === "string" ? [{ type, text: item.content }] : item.content;
    return { type: "message", status: "completed", ...item, id, content };
  });
}

/** Thoughts, text and calls that follow each other are one message of the assistant. */
export function messagesOf(items: readonly InputItem[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let turn: { content: string; reasoning_content?: string; tool_calls?: unknown[] } | undefined;
  const assistant = () => {
    if (turn) return turn;
    turn = { content: "" };
    messages.push({ role: "assistant", ...turn });
    return turn;
  };
  const update = (change: object) => {
    const now = Object.assign(assistant(), change);
    messages[messages.length - 1] = { role: "assistant", ...now };
  };
  for (const [index, item] of items.entries()) {
    if (item.type === "reasoning")
      update({ reasoning_content: (turn?.reasoning_content ?? "") + textOf(item.content ?? "", index) });
    else if (item.type === "function_call") {
      const call = { id: item.call_id, type: "function", function: { name: item.name, arguments: item.arguments } };
      update({ tool_calls: [...(turn?.tool_calls ?? []), call] });
    } else if (item.type === "function_call_output") {
      turn = undefined;
      messages.push({ role: "tool", tool_call_id: String(item.call_id), content: textOf(item.output, index) });
    } else if (item.role === "assistant") update({ content: (turn?.content ?? "") + textOf(item.content, index) });
    else {
      turn = undefined;
      messages.push({ role: item.role === "developer" ? "system" : item.role, content: textOf(item.content, index) });
    }
  }
  return messages;
}

function textOf(given: z.infer<typeof content>, index: number): string {
  if (typeof given === "string") return given;
  return given
    .map(({ type, text, refusal }) => {
      if (text !== undefined) return text;
      if (refusal !== undefined) return refusal;
      throw invalid(
        `input[${index}]: parts of type ${JSON.stringify(type)} are not supported; this model reads text`,
        "input",
      );
    })
    .join("");
}

export interface OutputItem {
  readonly id: string;
  readonly type: "reasoning" | "message" | "function_call";
}

/** An item as it is announced (`done` false: empty) and as it ends. */
export function itemOf(block: Block, id: string, done: boolean): OutputItem & Record<string, unknown> {
  const status = done ? "completed" : "in_progress";
  if (block.kind === "tool-call")
    return {
      id,
      type: "function_call",
      status: done && !block.whole ? "incomplete" : status,
      call_id: block.id,
      name: block.name,
      arguments: block.arguments,
    };
  const content = done ? [partOf(block)] : [];
  if (block.kind === "reasoning") return { id, type: "reasoning", status, summary: [], content };
  return { id, type: "message", status, role: "assistant", content };
}

/** What an item of text holds. */
export function partOf({ kind, text }: TextBlock): object {
  if (kind === "reasoning") return { type: "reasoning_text", text };
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

/** What the answer adds to the conversation. */
export function answerMessage(blocks: readonly Block[]): ChatMessage {
  const joined = (kind: "text" | "reasoning") =>
    blocks.map((block) => (block.kind === kind ? block.text : "")).join("");
  const calls = blocks.flatMap((block) => {
    if (block.kind !== "tool-call" || !block.whole) return [];
    return [{ id: block.id, type: "function", function: { name: block.name, arguments: block.arguments } }];
  });
  const reasoning = joined("reasoning");
  return {
    role: "assistant",
    content: joined("text"),
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
