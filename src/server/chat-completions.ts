// POST /v1/chat/completions, streamed or whole. Both are made of the same parts, so that they say the same.

import { z } from "@hono/zod-openapi";
import type { ChatMessage, ChatOptions, EndPart, Part, TokenLogprob, ToolCallPart } from "../api.ts";
import { formatOf, responseFormat, structuredOutputs, toolChoice, toolChoiceOf } from "./constraints.ts";
import type { ServerEvent } from "./events.ts";
import { messageOf, messageSchema } from "./messages.ts";
import { samplingFields, samplingOf, toolSchema } from "./schemas.ts";
import { type Caller, type Choice, type Service, timingsOf, usageOf } from "./service.ts";

export const chatRequest = z
  .object({
    ...samplingFields,
    messages: z.array(messageSchema).min(1),
    max_tokens: z.number().int().min(1).nullish(),
    max_completion_tokens: z.number().int().min(1).nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.number().int().min(0).max(20).nullish(),
    tools: z.array(toolSchema).max(128).nullish(),
    tool_choice: toolChoice.nullish(),
    response_format: responseFormat.nullish(),
    structured_outputs: structuredOutputs.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).nullish(),
    chat_template_kwargs: z.record(z.string(), z.unknown()).nullish(),
  })
  .openapi("ChatCompletionRequest");

export type ChatRequest = z.infer<typeof chatRequest>;

interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export async function chatCompletion(service: Service, request: ChatRequest, caller: Caller) {
  const head = headOf("chatcmpl", service.name);
  const choices = Array.from({ length: request.n ?? 1 }, () => new AnswerText());
  for await (const { index, part } of ask(service, request, caller)) choices[index].take(part);
  return {
    ...head,
    object: "chat.completion" as const,
    choices: choices.map((choice, index) => ({
      index,
      message: choice.message(),
      logprobs: request.logprobs ? { content: choice.logprobs, refusal: null } : null,
      finish_reason: finishReason(choice.end),
    })),
    usage: chatUsage(
      choices.map(({ end }) => end),
      choices.reduce((sum, { reasoningTokens }) => sum + reasoningTokens, 0),
    ),
    timings: timingsOf(choices[0].end),
  };
}

export async function* chatCompletionEvents(
  service: Service,
  request: ChatRequest,
  caller: Caller,
): AsyncGenerator<ServerEvent, void> {
  const head = headOf("chatcmpl", service.name);
  const count = request.n ?? 1;
  const withUsage = request.stream_options?.include_usage === true;
  const chunk = (choices: readonly object[], figures: object = { usage: null }): ServerEvent => ({
    data: { ...head, object: "chat.completion.chunk", choices, ...(withUsage && figures) },
  });
  const calls = Array.from({ length: count }, () => new Map<string, number>());
  const begun = new Set<number>();
  const ends: EndPart[] = [];
  let reasoningTokens = 0;
  for await (const { index, part } of ask(service, request, caller)) {
    if (!begun.has(index))
      yield chunk([{ index, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }]);
    begun.add(index);
    reasoningTokens += reasoningTokensOf(part);
    if (part.type === "end") {
      ends[index] = part;
      yield chunk([{ index, delta: {}, logprobs: null, finish_reason: finishReason(part) }]);
      continue;
    }
    const logprobs =
      request.logprobs && "logprobs" in part && part.logprobs ? { content: part.logprobs.map(logprobOf) } : null;
    const delta = deltaOf(part, calls[index]);
    if (delta) yield chunk([{ index, delta, logprobs, finish_reason: null }]);
  }
  if (withUsage) yield chunk([], { usage: chatUsage(ends, reasoningTokens), timings: timingsOf(ends[0]) });
  yield { data: "[DONE]" };
}

function ask(service: Service, request: ChatRequest, caller: Caller): AsyncGenerator<Choice, void> {
  const messages: ChatMessage[] = request.messages.map(messageOf);
  return service.chat(messages, chatOptions(request), request.n ?? 1, caller);
}

function chatOptions(request: ChatRequest): ChatOptions {
  const { enable_thinking, ...variables } = request.chat_template_kwargs ?? {};
  const effort = request.reasoning_effort;
  const thinking =
    typeof enable_thinking === "boolean"
      ? enable_thinking
      : effort == null
        ? undefined
        : effort !== "none" && effort !== "minimal";
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const format = formatOf(request.response_format, request.structured_outputs);
  const choice = toolChoiceOf(request.tool_choice);
  return {
    ...samplingOf(request),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(request.logprobs && { logprobs: request.top_logprobs ?? true }),
    ...(request.tools && { tools: request.tools }),
    ...(choice !== undefined && { toolChoice: choice }),
    ...(request.parallel_tool_calls === false && { parallelToolCalls: false }),
    ...(format && { format }),
    ...(thinking !== undefined && { thinking }),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
}

/** Gathers the parts of one choice. */
class AnswerText {
  readonly logprobs: object[] = [];
  reasoningTokens = 0;
  #text = "";
  #reasoning = "";
  readonly #calls: object[] = [];
  #end: EndPart | undefined;

  take(part: Part): void {
    this.reasoningTokens += reasoningTokensOf(part);
    if (part.type === "end") this.#end = part;
    else if (part.type === "tool-call") this.#calls.push(callOf(part));
    else if (part.type === "text" || part.type === "reasoning") {
      if (part.type === "text") this.#text += part.text;
      else this.#reasoning += part.text;
      if (part.logprobs) this.logprobs.push(...part.logprobs.map(logprobOf));
    }
  }

  get end(): EndPart {
    if (!this.#end) throw new Error("the answer has no end");
    return this.#end;
  }

  message() {
    const calls = this.#calls.length > 0;
    return {
      role: "assistant" as const,
      content: this.#text === "" && calls ? null : this.#text,
      refusal: null,
      ...(this.#reasoning !== "" && { reasoning_content: this.#reasoning }),
      ...(calls && { tool_calls: this.#calls }),
    };
  }
}

function callOf({ id, name, arguments: given }: Omit<ToolCallPart, "type">) {
  return { id, type: "function" as const, function: { name, arguments: given } };
}

/** `calls`: which one of the answer each id is. */
function deltaOf(part: Exclude<Part, EndPart>, calls: Map<string, number>): object | undefined {
  switch (part.type) {
    case "text":
      return { content: part.text };
    case "reasoning":
      return { reasoning_content: part.text };
    case "tool-call-start": {
      const index = calls.size;
      calls.set(part.id, index);
      return { tool_calls: [{ index, ...callOf({ ...part, arguments: "" }) }] };
    }
    case "tool-call-delta":
      return { tool_calls: [{ index: calls.get(part.id), function: { arguments: part.arguments } }] };
    default:
      return undefined; // its pieces have told it
  }
}

export function finishReason({ reason }: EndPart): "stop" | "length" | "tool_calls" {
  return reason === "tool-calls" ? "tool_calls" : reason === "length" ? "length" : "stop";
}

function reasoningTokensOf(part: Part): number {
  return part.type === "reasoning" ? (part.ids?.length ?? 0) : 0;
}

function chatUsage(ends: readonly EndPart[], reasoning: number) {
  return { ...usageOf(ends), completion_tokens_details: { reasoning_tokens: reasoning } };
}

const utf8 = new TextEncoder();
const oneLogprob = ({ text, logprob }: { readonly text: string; readonly logprob: number }) => ({
  token: text,
  logprob,
  bytes: [...utf8.encode(text)],
});
function logprobOf(token: TokenLogprob) {
  return { ...oneLogprob(token), top_logprobs: token.top.map(oneLogprob) };
}

export function headOf(kind: string, model: string): Head {
  return { id: `${kind}-${crypto.randomUUID().replaceAll("-", "")}`, created: Math.floor(Date.now() / 1000), model };
}
