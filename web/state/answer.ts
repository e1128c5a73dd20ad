// An answer as it grows: what is asked of the server, and how each of its events changes the message.

import type { ChatEvent } from "../api/chat.ts";
import type { AssistantMessage, Ending, Figures, Message, ToolCall } from "./conversation.ts";
import { parseTools, type Settings } from "./settings.ts";

export function requestBody(messages: readonly Message[], settings: Settings): object {
  const { system, temperature, topP, maxTokens, seed, thinking } = settings;
  const parsed = parseTools(settings.tools);
  const tools = "tools" in parsed ? parsed.tools : [];
  return {
    model: "default",
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system", content: system }]),
      ...messages.filter(isWorthSending).map(sentMessage),
    ],
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(seed !== undefined && { seed }),
    ...(thinking !== "auto" && { chat_template_kwargs: { enable_thinking: thinking === "on" } }),
    ...(tools.length > 0 && { tools }),
  };
}

/** An answer that was stopped before its first word says nothing. */
function isWorthSending(message: Message): boolean {
  return message.role !== "assistant" || message.content !== "" || message.toolCalls.length > 0;
}

function sentMessage(message: Message): object {
  if (message.role === "user") return { role: "user", content: message.content };
  if (message.role === "tool") return { role: "tool", tool_call_id: message.callId, content: message.content };
  return {
    role: "assistant",
    content: message.content,
    ...(message.reasoning !== "" && { reasoning_content: message.reasoning }),
    ...(message.toolCalls.length > 0 && {
      tool_calls: message.toolCalls.map(({ id, name, arguments: given }) => ({
        id,
        type: "function",
        function: { name, arguments: given },
      })),
    }),
  };
}

/** `elapsedMs`: since the question was sent. */
export function grown(answer: AssistantMessage, event: ChatEvent, elapsedMs: number): AssistantMessage {
  const { firstTokenMs = elapsedMs } = answer;
  switch (event.type) {
    case "text":
      return { ...answer, firstTokenMs, content: answer.content + event.text };
    case "reasoning":
      return {
        ...answer,
        firstTokenMs,
        reasoning: answer.reasoning + event.text,
        reasoningMs: elapsedMs - firstTokenMs,
      };
    case "tool-call":
      return { ...answer, firstTokenMs, toolCalls: withCall(answer.toolCalls, event) };
    case "finish":
      return ended(answer, event.reason === "length" ? "length" : "complete");
    case "figures":
      return { ...answer, figures: figuresOf(event) };
  }
}

/** A call that broke off is none: it is not sent again, and nobody is asked for its result. */
export function ended(answer: AssistantMessage, ending: Ending): AssistantMessage {
  return { ...answer, ending, toolCalls: answer.toolCalls.filter((call) => isJson(call.arguments)) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withCall(
  calls: readonly ToolCall[],
  { index, id, name, arguments: given }: Extract<ChatEvent, { type: "tool-call" }>,
): readonly ToolCall[] {
  const known = calls[index];
  if (known) return calls.with(index, { ...known, arguments: known.arguments + given });
  return [...calls, { id: id ?? `call-${index}`, name: name ?? "", arguments: given }];
}

function figuresOf({ usage, tokensPerSecond }: Extract<ChatEvent, { type: "figures" }>): Figures {
  return {
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    completionTokens: usage.completion_tokens,
    tokensPerSecond,
  };
}
