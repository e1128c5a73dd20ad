// POST /v1/responses: OpenAI's newer API. The same answer as chat completions gives, told as items; a conversation can go on from an
// earlier answer by its id.

import { z } from "@hono/zod-openapi";
import type { ChatMessage, ChatOptions, OutputFormat } from "../api.ts";
import { after, type Block, type BlockEvent, blocksOf, wholeAnswer } from "./blocks.ts";
import { schemaFormat } from "./constraints.ts";
import { ApiError } from "./errors.ts";
import type { ServerEvent } from "./events.ts";
import { joinSystem } from "./messages.ts";
import { answerMessage, inputItem, itemOf, keptInput, messagesOf, partOf } from "./response-items.ts";
import type { ResponseStore } from "./response-store.ts";
import { functionsAmong, responseTool, toolsOf } from "./response-tools.ts";
import type { Caller, Service } from "./service.ts";

const textFormat = z.union([
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }),
]);

export const responseRequest = z
  .object({
    model: z.string().optional(),
    input: z.union([z.string(), z.array(inputItem).min(1)]),
    instructions: z.string().nullish(),
    previous_response_id: z.string().nullish(),
    max_output_tokens: z.number().int().min(1).nullish(),
    temperature: z.number().min(0).max(100).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    tools: z.array(responseTool).max(128).nullish(),
    tool_choice: z
      .union([z.enum(["auto", "none", "required"]), z.looseObject({ type: z.literal("function"), name: z.string() })])
      .nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
    text: z.looseObject({ format: textFormat.optional() }).nullish(),
    store: z.boolean().nullish(),
    stream: z.boolean().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .openapi("ResponseRequest");

type ResponseRequest = z.infer<typeof responseRequest>;

interface Turn {
  readonly id: string;
  readonly created: number;
  readonly messages: readonly ChatMessage[];
  readonly events: AsyncGenerator<BlockEvent, void>;
}

const newId = (kind: string) => `${kind}_${crypto.randomUUID().replaceAll("-", "")}`;

export async function responseAnswer(service: Service, store: ResponseStore, request: ResponseRequest, caller: Caller) {
  const turn = begin(service, store, request, caller);
  const ended = await wholeAnswer(turn.events);
  const output = ended.blocks.map((block) => itemOf(block, newId(idKind(block)), true));
  return finish(service, store, request, turn, output, ended);
}

export async function* responseEvents(
  service: Service,
  store: ResponseStore,
  request: ResponseRequest,
  caller: Caller,
): AsyncGenerator<ServerEvent, void> {
  const turn = begin(service, store, request, caller);
  const first = await turn.events.next();
  let sequence = 0;
  const event = (type: string, rest: object): ServerEvent => ({
    event: type,
    data: { type, sequence_number: sequence++, ...rest },
  });
  const begun = answerOf(service, request, turn, { status: "in_progress", output: [] });
  yield event("response.created", { response: begun });
  yield event("response.in_progress", { response: begun });
  const output: object[] = [];
  let item_id = "";
  for await (const told of after(first, turn.events)) {
    if (told.type === "end") {
      const response = finish(service, store, request, turn, output, told);
      yield event(told.end.reason === "length" ? "response.incomplete" : "response.completed", { response });
      continue;
    }
    const at = { output_index: told.index };
    if (told.type === "open") {
      item_id = newId(idKind(told.block));
      yield event("response.output_item.added", { ...at, item: itemOf(told.block, item_id, false) });
      if (told.block.kind !== "tool-call")
        yield event("response.content_part.added", { ...at, item_id, content_index: 0, part: partOf(told.block) });
    } else if (told.type === "delta") {
      yield event(`response.${deltaNames[told.kind]}.delta`, {
        ...at,
        item_id,
        delta: told.text,
        ...(told.kind !== "tool-call" && { content_index: 0 }),
        ...(told.kind === "text" && { logprobs: [] }),
      });
    } else {
      yield* closing(told.block, at, item_id, event);
      const item = itemOf(told.block, item_id, true);
      output.push(item);
      yield event("response.output_item.done", { ...at, item });
    }
  }
}

const deltaNames = {
  text: "output_text",
  reasoning: "reasoning_text",
  "tool-call": "function_call_arguments",
} as const;

function* closing(
  block: Block,
  at: object,
  item_id: string,
  event: (type: string, rest: object) => ServerEvent,
): Generator<ServerEvent> {
  if (block.kind === "tool-call") {
    const { arguments: given, name, whole } = block;
    if (whole) yield event("response.function_call_arguments.done", { ...at, item_id, name, arguments: given });
    return;
  }
  const more = block.kind === "text" ? { logprobs: [] } : {};
  yield event(`response.${deltaNames[block.kind]}.done`, {
    ...at,
    item_id,
    content_index: 0,
    text: block.text,
    ...more,
  });
  yield event("response.content_part.done", { ...at, item_id, content_index: 0, part: partOf(block) });
}

function begin(service: Service, store: ResponseStore, request: ResponseRequest, caller: Caller): Turn {
  const { previous_response_id: previous, instructions, input } = request;
  const before = previous == null ? [] : store.find(previous)?.messages;
  if (!before)
    throw new ApiError(
      404,
      "not_found_error",
      `there is no response ${JSON.stringify(previous)} here any more; send the conversation as input`,
      {
        param: "previous_response_id",
        code: "previous_response_not_found",
      },
    );
  const said: ChatMessage[] = typeof input === "string" ? [{ role: "user", content: input }] : messagesOf(input);
  const messages = [...before, ...said];
  // instructions are of this answer alone, so they are not kept with the conversation
  const asked = instructions == null ? messages : [{ role: "system", content: instructions }, ...messages];
  const events = blocksOf(service.chat(joinSystem(asked), optionsOf(request), 1, caller));
  return { id: newId("resp"), created: Math.floor(Date.now() / 1000), messages, events };
}

function optionsOf(request: ResponseRequest): ChatOptions {
  const { max_output_tokens, temperature, top_p, tools, tool_choice, reasoning } = request;
  const format = formatOf(request.text?.format);
  const functions = functionsAmong(tools);
  const effort = reasoning?.effort;
  return {
    ...(max_output_tokens != null && { maxTokens: max_output_tokens }),
    ...(temperature != null && { temperature }),
    ...(top_p != null && { topP: top_p }),
    ...(functions.length > 0 && { tools: toolsOf(functions) }),
    ...(tool_choice != null && {
      toolChoice: typeof tool_choice === "string" ? tool_choice : { name: tool_choice.name },
    }),
    ...(request.parallel_tool_calls === false && { parallelToolCalls: false }),
    ...(format && { format }),
    ...(effort != null && { thinking: effort !== "none" && effort !== "minimal" }),
  };
}

function formatOf(format: z.infer<typeof textFormat> | undefined): OutputFormat | undefined {
  if (format?.type === "json_object") return { type: "json" };
  return format?.type === "json_schema" ? schemaFormat(format.schema as Record<string, unknown>) : undefined;
}

function finish(
  service: Service,
  store: ResponseStore,
  request: ResponseRequest,
  turn: Turn,
  output: readonly object[],
  { end, blocks, reasoningTokens }: Extract<BlockEvent, { type: "end" }>,
) {
  const cut = end.reason === "length";
  const { promptTokens, cachedTokens, completionTokens } = end.usage;
  const answer = answerOf(service, request, turn, {
    status: cut ? "incomplete" : "completed",
    output,
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: cachedTokens },
      output_tokens: completionTokens,
      output_tokens_details: { reasoning_tokens: reasoningTokens },
      total_tokens: promptTokens + completionTokens,
    },
  });
  if (request.store !== false) {
    const input = keptInput(request.input, () => newId("msg"));
    store.keep(turn.id, { messages: [...turn.messages, answerMessage(blocks)], input, answer });
  }
  return answer;
}

function answerOf(service: Service, request: ResponseRequest, { id, created }: Turn, more: object) {
  return {
    id,
    object: "response",
    created_at: created,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    model: service.name,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    store: request.store !== false,
    temperature: request.temperature ?? null,
    text: { format: request.text?.format ?? { type: "text" } },
    tool_choice: request.tool_choice ?? "auto",
    tools: functionsAmong(request.tools),
    top_p: request.top_p ?? null,
    truncation: "disabled",
    usage: null,
    ...more,
  };
}

function idKind(block: Block): string {
  return block.kind === "tool-call" ? "fc" : block.kind === "text" ? "msg" : "rs";
}
