// POST /v1/messages and /v1/messages/count_tokens: Anthropic's shape, which many agents speak. Thoughts are `thinking` blocks.

import { z } from "@hono/zod-openapi";
import type { ChatMessage, ChatOptions, EndPart, ToolChoice } from "../api.ts";
import { after, type Block, type BlockEvent, blocksOf, wholeAnswer } from "./blocks.ts";
import { schemaFormat } from "./constraints.ts";
import { type ApiError, invalid } from "./errors.ts";
import type { ServerEvent } from "./events.ts";
import type { Caller, Service } from "./service.ts";

const textBlock = z.looseObject({ type: z.literal("text"), text: z.string() });
const block = z.union([
  textBlock,
  z.looseObject({ type: z.literal("thinking"), thinking: z.string() }),
  z.looseObject({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
  z.looseObject({
    type: z.literal("tool_result"),
    tool_use_id: z.string(),
    content: z
      .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
      .optional(),
    is_error: z.boolean().optional(),
  }),
  z.looseObject({ type: z.string() }),
]);

const conversation = {
  model: z.string().optional(),
  system: z.union([z.string(), z.array(textBlock)]).nullish(),
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant", "system"]), content: z.union([z.string(), z.array(block)]) }))
    .min(1),
  tools: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        name: z.string(),
        description: z.string().optional(),
        input_schema: z.record(z.string(), z.unknown()).optional(),
        strict: z.boolean().nullish(),
      }),
    )
    .max(128)
    .nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(["auto", "none", "any", "tool"]),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .nullish(),
  thinking: z.looseObject({ type: z.enum(["enabled", "disabled", "adaptive"]) }).nullish(),
};

const outputFormat = z.looseObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) });

export const countRequest = z.object(conversation).openapi("CountTokensRequest");
export const messagesRequest = z
  .object({
    ...conversation,
    max_tokens: z.number().int().min(1),
    temperature: z.number().min(0).max(100).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: z.number().int().min(0).nullish(),
    stop_sequences: z.array(z.string()).max(16).nullish(),
    output_config: z.looseObject({ format: outputFormat.nullish() }).nullish(),
    stream: z.boolean().nullish(),
  })
  .openapi("MessagesRequest");

type CountRequest = z.infer<typeof countRequest>;
type MessagesRequest = z.infer<typeof messagesRequest>;
type Content = MessagesRequest["messages"][number]["content"];

export async function messageAnswer(service: Service, request: MessagesRequest, caller: Caller) {
  const { end, blocks } = await wholeAnswer(ask(service, request, caller));
  return {
    ...head(service),
    content: blocks.flatMap(contentOf),
    ...stopOf(end),
    usage: usageOf(end),
  };
}

export async function* messageEvents(
  service: Service,
  request: MessagesRequest,
  caller: Caller,
): AsyncGenerator<ServerEvent, void> {
  const event = (type: string, rest: object = {}): ServerEvent => ({ event: type, data: { type, ...rest } });
  const events = ask(service, request, caller);
  // what fails at once fails with a status, so the first event is waited for before anything is said
  const first = await events.next();
  const none = { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  yield event("message_start", {
    message: { ...head(service), content: [], stop_reason: null, stop_sequence: null, usage: none },
  });
  for await (const told of after(first, events)) {
    if (told.type === "open")
      yield event("content_block_start", { index: told.index, content_block: emptyOf(told.block) });
    if (told.type === "delta")
      yield event("content_block_delta", { index: told.index, delta: deltaOf(told.kind, told.text) });
    if (told.type === "close") yield event("content_block_stop", { index: told.index });
    if (told.type === "end") yield event("message_delta", { delta: stopOf(told.end), usage: usageOf(told.end) });
  }
  yield event("message_stop");
}

export async function countTokens(service: Service, request: CountRequest) {
  const { messages, options } = conversationOf(request);
  const prompt = await service.qwen.template({ messages, tools: options.tools, thinking: options.thinking });
  return { input_tokens: (await service.qwen.tokenize(prompt)).length };
}

/** The same errors in Anthropic's words. */
export function anthropicError({ status, message }: ApiError) {
  const types: Record<number, string> = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
  };
  return { type: "error", error: { type: types[status] ?? "api_error", message } };
}

function ask(service: Service, request: MessagesRequest, caller: Caller): AsyncGenerator<BlockEvent, void> {
  const { messages, options } = conversationOf(request);
  const { temperature, top_p, top_k, stop_sequences, output_config } = request;
  const all: ChatOptions = {
    ...options,
    maxTokens: request.max_tokens,
    ...(temperature != null && { temperature }),
    ...(top_p != null && { topP: top_p }),
    ...(top_k != null && { topK: top_k }),
    ...(stop_sequences && { stop: stop_sequences }),
    ...(output_config?.format && { format: schemaFormat(output_config.format.schema) }),
  };
  return blocksOf(service.chat(messages, all, 1, caller));
}

function conversationOf({ system, messages, tools, tool_choice, thinking }: CountRequest): {
  messages: ChatMessage[];
  options: ChatOptions;
} {
  const instructions = typeof system === "string" ? system : (system ?? []).map(({ text }) => text).join("\n");
  const head: ChatMessage[] = instructions === "" ? [] : [{ role: "system", content: instructions }];
  // what Anthropic's own servers run is passed over: agents offer it to every model
  const own = tools?.filter(({ type }) => type == null || type === "custom");
  const functions = own?.map(({ name, description, input_schema, strict }) => ({
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: input_schema ?? { type: "object", properties: {} },
      ...(strict && { strict }),
    },
  }));
  return {
    messages: [...head, ...messages.flatMap(({ role, content }, i) => messagesOf(role, content, i))],
    options: {
      ...(functions && functions.length > 0 && { tools: functions }),
      ...(tool_choice && { toolChoice: choiceOf(tool_choice) }),
      ...(tool_choice?.disable_parallel_tool_use && { parallelToolCalls: false }),
      ...(thinking && thinking.type !== "adaptive" && { thinking: thinking.type === "enabled" }),
    },
  };
}

function choiceOf({ type, name }: NonNullable<CountRequest["tool_choice"]>): ToolChoice {
  if (type === "tool") {
    if (name === undefined) throw invalid("tool_choice.name: which tool is to be called is missing", "tool_choice");
    return { name };
  }
  return type === "any" ? "required" : type;
}

/** Results of tools are messages of their own for templates, and come before what else the user says. */
function messagesOf(role: string, content: Content, index: number): ChatMessage[] {
  if (typeof content === "string") return [{ role, content }];
  const results: ChatMessage[] = [];
  const calls: unknown[] = [];
  let [text, reasoning] = ["", ""];
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else if (part.type === "thinking") reasoning += part.thinking;
    else if (part.type === "tool_use")
      calls.push({ id: part.id, type: "function", function: { name: part.name, arguments: part.input ?? {} } });
    else if (part.type === "tool_result")
      results.push({ role: "tool", tool_call_id: String(part.tool_use_id), content: resultText(part.content) });
    else if (part.type !== "redacted_thinking")
      throw invalid(
        `messages[${index}]: blocks of type ${JSON.stringify(part.type)} are not supported; this model reads text`,
        "messages",
      );
  }
  const said = text !== "" || calls.length > 0 || results.length === 0;
  const message: ChatMessage = {
    role,
    content: text,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return said ? [...results, message] : results;
}

function resultText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { text?: string; type: string }) => part.text ?? `[${part.type}]`).join("\n");
}

function head(service: Service) {
  return {
    id: `msg_${crypto.randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model: service.name,
  };
}

function emptyOf(block: Block): object {
  if (block.kind === "tool-call") return { type: "tool_use", id: block.id, name: block.name, input: {} };
  return block.kind === "text" ? { type: "text", text: "" } : { type: "thinking", thinking: "", signature: "" };
}

function deltaOf(kind: Block["kind"], text: string): object {
  if (kind === "tool-call") return { type: "input_json_delta", partial_json: text };
  return kind === "text" ? { type: "text_delta", text } : { type: "thinking_delta", thinking: text };
}

/** A call that breaks off has no input; its text follows. */
function contentOf(block: Block): object[] {
  if (block.kind === "tool-call")
    return block.whole
      ? [{ type: "tool_use", id: block.id, name: block.name, input: JSON.parse(block.arguments) }]
      : [];
  if (block.kind === "text") return [{ type: "text", text: block.text }];
  return [{ type: "thinking", thinking: block.text, signature: "" }];
}

function stopOf({ reason, stop }: EndPart) {
  const sequence = typeof stop === "string" ? stop : null;
  const stop_reason =
    reason === "tool-calls"
      ? "tool_use"
      : reason === "length"
        ? "max_tokens"
        : sequence === null
          ? "end_turn"
          : "stop_sequence";
  return { stop_reason, stop_sequence: sequence };
}

function usageOf({ usage }: EndPart) {
  return {
    input_tokens: usage.promptTokens - usage.cachedTokens,
    output_tokens: usage.completionTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedTokens,
  };
}
