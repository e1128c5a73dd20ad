// The routes. Each is a schema, which also documents it (/openapi.json), and a line that hands the request to its own file.

import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import {
  anthropicError,
  countRequest,
  countTokens,
  messageAnswer,
  messageEvents,
  messagesRequest,
} from "./anthropic.ts";
import { chatCompletion, chatCompletionEvents, chatRequest } from "./chat-completions.ts";
import { completion, completionEvents, completionRequest } from "./completions.ts";
import { ApiError, errorBody, invalid, toApiError } from "./errors.ts";
import { eventStream, type ServerEvent } from "./events.ts";
import { checkHost, checkKey, checkOrigin, type GuardOptions } from "./guard.ts";
import type { ModelManager } from "./model-manager.ts";
import { addModelRoutes, modelPaths } from "./model-routes.ts";
import { servePage } from "./page.ts";
import { ResponseStore } from "./response-store.ts";
import { responseAnswer, responseEvents, responseRequest } from "./responses.ts";
import type { Caller, Service } from "./service.ts";
import { embeddingRequest, embeddings, rerank, rerankRequest } from "./vectors.ts";

export interface AppOptions extends GuardOptions {
  readonly version: string;
  readonly maxBodyBytes: number;
  readonly log: (line: string) => void;
  /** Absent: clients can neither pull models nor switch to another one. */
  readonly models?: ModelManager;
}

/** What a runtime knows of a connection and a request does not tell. */
interface Bindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}

type Env = { Bindings: Bindings };

export function createApp(service: Service, options: AppOptions): OpenAPIHono<Env> {
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      const param = issue.path.join(".");
      throw invalid(`${param || "body"}: ${issue.message}`, param || undefined, "invalid_value");
    },
  });
  app.onError((error, c) => failed(error, c, options));
  app.notFound((c) => {
    const error = new ApiError(
      404,
      "not_found_error",
      `${c.req.method} ${c.req.path}: there is no such route; /openapi.json lists them`,
    );
    return c.json(errorBody(error), 404);
  });
  app.use(count(service));
  app.use(checkHost(options), checkOrigin(options));
  app.get("/health", (c) => {
    const { gate } = service;
    return c.json(
      {
        status: gate.draining ? "stopping" : "ok",
        active: gate.active,
        waiting: gate.waiting,
        slots: gate.slots,
        memory_bytes: process.memoryUsage.rss(),
        models_api: options.models !== undefined,
      },
      gate.draining ? 503 : 200,
    );
  });
  app.use(servePage());
  app.use(checkKey(options));
  app.use(bodyLimit({ maxSize: options.maxBodyBytes, onError: () => tooLarge(options.maxBodyBytes) }));
  app.get("/metrics", async (c) =>
    c.text(await service.metrics.registry.metrics(), 200, { "content-type": service.metrics.registry.contentType }),
  );

  addModels(app, service);
  addText(app, service);
  if (options.models) addModelRoutes(app, options.models);
  const answer = answerRoutes(app, service, options);
  const store = new ResponseStore();
  answer("/v1/chat/completions", chatRequest, "Answer a conversation", {
    whole: (request, caller) => chatCompletion(service, request, caller),
    events: (request, caller) => chatCompletionEvents(service, request, caller),
  });
  answer("/v1/responses", responseRequest, "Answer a conversation, told as items", {
    whole: (request, caller) => responseAnswer(service, store, request, caller),
    events: (request, caller) => responseEvents(service, store, request, caller),
  });
  answer("/v1/messages", messagesRequest, "Answer a conversation in Anthropic's shape", {
    whole: (request, caller) => messageAnswer(service, request, caller),
    events: (request, caller) => messageEvents(service, request, caller),
  });
  answer("/v1/messages/count_tokens", countRequest, "Count the tokens of a conversation", {
    whole: (request) => countTokens(service, request),
  });
  answer("/v1/completions", completionRequest, "Continue a text", {
    whole: (request, caller) => completion(service, request, caller),
    events: (request, caller) => completionEvents(service, request, caller),
  });
  answer("/v1/embeddings", embeddingRequest, "Turn texts into vectors", {
    whole: (request, caller) => embeddings(service, request, caller),
  });
  answer("/v1/rerank", rerankRequest, "Order documents by how well they answer a query", {
    whole: (request, caller) => rerank(service, request, caller),
  });
  app.get("/v1/responses/:id", (c) => {
    const kept = store.answer(c.req.param("id"));
    if (!kept) throw new ApiError(404, "not_found_error", "there is no such response here any more");
    return c.json(kept);
  });
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "anyqwen", version: options.version } });
  return app;
}

interface Answers<Asked> {
  readonly whole: (request: Asked, caller: Caller) => Promise<object>;
  readonly events?: (request: Asked, caller: Caller) => AsyncGenerator<ServerEvent, void>;
}

/** Makes a route that answers whole, or as a stream where the request asks for one. */
function answerRoutes(app: OpenAPIHono<Env>, service: Service, { log }: AppOptions) {
  return <Asked extends { model?: string; stream?: boolean | null }>(
    path: string,
    schema: z.ZodType<Asked>,
    summary: string,
    { whole, events }: Answers<Asked>,
  ) => {
    app.openapi(post(path, schema, summary), async (c) => {
      const request = c.req.valid("json" as never) as Asked;
      service.checkModel(request.model);
      if (!request.stream || !events) return c.json(await whole(request, callerOf(c)));
      const caller = callerOf(c);
      const left = new AbortController();
      const among = { ...caller, signal: AbortSignal.any([caller.signal, left.signal]) };
      return eventStream(
        events(request, among),
        (error) => failedStream(error, path, log),
        () => left.abort(),
      );
    });
  };
}

function addModels(app: OpenAPIHono<Env>, service: Service): void {
  const created = Math.floor(Date.now() / 1000);
  const model = (id: string) => ({
    id,
    object: "model" as const,
    created,
    owned_by: "anyqwen",
    context_length: service.qwen.info.contextTokens,
  });
  app.get("/v1/models", (c) => c.json({ object: "list", data: [model(service.name)] }));
  app.get("/v1/models/:id{.+}", (c) => {
    service.checkModel(c.req.param("id"));
    return c.json(model(service.name));
  });
}

const tokenizeRequest = z
  .object({
    model: z.string().optional(),
    content: z.string().optional(),
    prompt: z.string().optional(),
    add_special_tokens: z.boolean().nullish(),
  })
  .openapi("TokenizeRequest");
const detokenizeRequest = z
  .object({ model: z.string().optional(), tokens: z.array(z.number().int().min(0)) })
  .openapi("DetokenizeRequest");

function addText(app: OpenAPIHono<Env>, service: Service): void {
  app.openapi(post("/tokenize", tokenizeRequest, "Turn text into token ids"), async (c) => {
    const { content, prompt, model } = c.req.valid("json");
    service.checkModel(model);
    const text = content ?? prompt;
    if (text === undefined) throw invalid("content: a text to turn into ids is missing", "content");
    const { qwen } = service;
    const tokens = await service.once(callerOf(c), () => qwen.tokenize(text));
    return c.json({ tokens, count: tokens.length, max_model_len: qwen.info.contextTokens });
  });
  app.openapi(post("/detokenize", detokenizeRequest, "Turn token ids into text"), async (c) => {
    const { tokens, model } = c.req.valid("json");
    service.checkModel(model);
    const { qwen } = service;
    const unknown = tokens.find((id) => id >= qwen.info.vocab);
    if (unknown !== undefined)
      throw invalid(`token id ${unknown}: this model has ids below ${qwen.info.vocab}`, "tokens");
    const text = await service.once(callerOf(c), () => qwen.detokenize(tokens));
    return c.json({ content: text, prompt: text });
  });
}

function post<T extends z.ZodType>(path: string, schema: T, summary: string) {
  return createRoute({
    method: "post",
    path,
    summary,
    request: { body: { required: true, content: { "application/json": { schema } } } },
    responses: {
      200: { description: "the answer, or a stream of events" },
      400: { description: "a request that makes no sense" },
    },
  });
}

/** Clients are told apart by where they call from: all have the server's one key, and anything else they could make up. */
function callerOf(c: Context<Env>): Caller {
  return { client: c.env?.incoming?.socket?.remoteAddress ?? "", signal: c.req.raw.signal };
}

/** What requests are counted under; anything else is one name, or strangers could make as many as they like. */
const routes = new Set([
  ...["/", "/health", "/metrics", "/openapi.json", "/tokenize", "/detokenize", "/v1/models", "/v1/chat/completions"],
  ...["/v1/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens", "/v1/embeddings", "/v1/rerank"],
  ...Object.values(modelPaths),
]);

function count(service: Service): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const path = c.req.path.replace(/^(\/v1\/(?:models|responses))\/.*/, "$1");
    const known = routes.has(path) ? path : "other";
    service.metrics.requested(known, c.res.status);
  };
}

function failed(error: unknown, c: Context, { log }: AppOptions): Response {
  const known = toApiError(error);
  if (known.status === 500) log(`${c.req.method} ${c.req.path}: ${traceOf(error)}`);
  const { retryAfter } = known.details;
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json(isAnthropic(c.req.path) ? anthropicError(known) : errorBody(known), known.status as 400);
}

function failedStream(error: unknown, path: string, log: AppOptions["log"]): ServerEvent {
  const known = toApiError(error);
  if (known.status === 500) log(`${path}: ${traceOf(error)}`);
  if (isAnthropic(path)) return { event: "error", data: anthropicError(known) };
  const body = errorBody(known);
  return path === "/v1/responses" ? { event: "error", data: { ...body.error, type: "error" } } : { data: body };
}

const isAnthropic = (path: string) => path.startsWith("/v1/messages");
const traceOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function tooLarge(bytes: number): never {
  throw new ApiError(413, "invalid_request_error", `a body of more than ${bytes >> 20} MiB is not read`, {
    code: "request_too_large",
  });
}
