// Messages as OpenAI's clients send them to what templates take: one text per message, system for developer, the calls as they are.

import { z } from "@hono/zod-openapi";
import type { ChatMessage } from "../api.ts";
import { invalid } from "./errors.ts";

const part = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });

export const messageSchema = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part)]).nullish(),
  name: z.string().optional(),
  reasoning_content: z.string().nullish(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.object({
        id: z.string().optional(),
        type: z.literal("function").optional(),
        function: z.object({ name: z.string(), arguments: z.string() }),
      }),
    )
    .nullish(),
});

export type MessageRequest = z.infer<typeof messageSchema>;

export function messageOf(message: MessageRequest, index: number): ChatMessage {
  const { role, content, reasoning_content, tool_calls, tool_call_id, name } = message;
  return {
    role: role === "developer" ? "system" : role === "function" ? "tool" : role,
    content: textOf(content, `messages[${index}].content`),
    ...(reasoning_content && { reasoning_content }),
    ...(tool_calls && tool_calls.length > 0 && { tool_calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
    ...(name !== undefined && { name }),
  };
}

/**
 * What stands in several system messages at the start, in one: agents send their instructions in parts, and templates refuse a second
 * one (Qwen3.5) or are not made for it.
 */
export function joinSystem(messages: readonly ChatMessage[]): ChatMessage[] {
  const others = messages.findIndex(({ role }) => role !== "system");
  const count = others < 0 ? messages.length : others;
  if (count < 2) return [...messages];
  const content = messages.slice(0, count).map((message) => message.content);
  return [{ role: "system", content: content.join("\n\n") }, ...messages.slice(count)];
}

function textOf(content: MessageRequest["content"], where: string): string {
  if (content == null) return "";
  if (typeof content === "string") return content;
  return content
    .map(({ type, text, refusal }, i) => {
      if (text !== undefined) return text;
      if (refusal !== undefined) return refusal;
      throw invalid(
        `${where}[${i}]: parts of type ${JSON.stringify(type)} are not supported; this model reads text`,
        where,
      );
    })
    .join("");
}
