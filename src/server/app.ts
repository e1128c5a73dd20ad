// The routes. Each is a schema, which also documents it (/openapi.json), and a line that hands the request to its own file.

import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { countRequest, countTokens, messageAnswer, messageEvents, messagesRequest } from "./anthropic.ts";
import { chatCompletion, chatCompletionEvents, chatRequest } from "./chat-completions.ts";
import { completion, completionEvents, completionRequest } from "./completions.ts";
import type { CurrentModel } from "./current-model.ts";
import { ApiError, errorBody, invalid } from "./errors.ts";
import { eventStream, type ServerEvent } from "./events.ts";
import { failedAnswer, failedStream } from "./failures.ts";
import { type FieldNames, fieldNames } from "./field-names.ts";
import { checkHost, checkKey, checkOrigin, type GuardOptions, keyReader } from "./guard.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelManager } from "./model-manager.ts";
import { addModelRoutes, modelPaths } from "./model-routes.ts";
import { servePage } from "./page.ts";
import { addResponses } from "./response-routes.ts";
import { ResponseStore } from "./response-store.ts";
import { responseAnswer, responseEvents, responseRequest } from "./responses.ts";
import { postRoute } from "./routes.ts";
import { schemaError } from "./schema-errors.ts";
import type { Caller, Service } from "./service.ts";
import { addHealth, addMetrics, addServedModels } from "./status-routes.ts";
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

type Env = { Bindings: Bindings; Variables: { names?: FieldNames; isPage?: boolean } };

export function createApp(current: CurrentModel, options: AppOptions): OpenAPIHono<Env> {
  const app = new OpenAPIHono<Env>({
    defaultHook: async (result, c) => {
      if (result.success) return;
      const asked = result.target === "json" ? await c.req.json() : result.target === "query" ? c.req.query() : {};
      const { message, param } = schemaError(result.error.issues, asked);
      throw invalid(message, param, "invalid_value");
    },
  });
  app.onError((error, c) => failedAnswer(error, c, c.get("names") ?? fieldNames(c.req.path), options.log));
  app.notFound((c) => {
    const error = new ApiError(
      404,
      "not_found_error",
      `${c.req.method} ${c.req.path}: there is no such route; /openapi.json lists them`,
    );
    return c.json(errorBody(error), 404);
  });
  const { gate, metrics } = current.shared;
  app.use(count(metrics));
  app.use(checkHost(options), checkOrigin(options));
  const keyOf = keyReader(options);
  addHealth(app, gate, {
    modelsApi: options.models !== undefined,
    trusts: async (request) => (await keyOf(request)) === "right",
  });
  app.use(servePage());
  app.use(checkKey(options));
  app.use(bodyLimit({ maxSize: options.maxBodyBytes, onError: () => tooLarge(options.maxBodyBytes) }));
  addMetrics(app, metrics);
  addServedModels(app, current);
  addText(app, current);
  if (options.models) addModelRoutes(app, options.models);
  const answer = answerRoutes(app, current, options);
  const store = new ResponseStore();
  answer("/v1/chat/completions", chatRequest, "Answer a conversation", {
    whole: chatCompletion,
    events: chatCompletionEvents,
  });
  answer("/v1/responses", responseRequest, "Answer a conversation, told as items", {
    whole: (model, request, caller) => responseAnswer(model, store, request, caller),
    events: (model, request, caller) => responseEvents(model, store, request, caller),
  });
  answer("/v1/messages", messagesRequest, "Answer a conversation in Anthropic's shape", {
    whole: messageAnswer,
    events: messageEvents,
  });
  answer("/v1/messages/count_tokens", countRequest, "Count the tokens of a conversation", {
    whole: countTokens,
  });
  answer("/v1/completions", completionRequest, "Continue a text", {
    whole: completion,
    events: completionEvents,
  });
  answer("/v1/embeddings", embeddingRequest, "Turn texts into vectors", {
    whole: embeddings,
  });
  answer("/v1/rerank", rerankRequest, "Order documents by how well they answer a query", {
    whole: rerank,
  });
  addResponses(app, store);
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "anyqwen", version: options.version } });
  return app;
}

interface Answers<Asked> {
  readonly whole: (model: Service, request: Asked, caller: Caller) => Promise<object>;
  readonly events?: (model: Service, request: Asked, caller: Caller) => AsyncGenerator<ServerEvent, void>;
}

/** Makes a route that answers whole, or as a stream where the request asks for one. */
function answerRoutes(app: OpenAPIHono<Env>, current: CurrentModel, { log }: AppOptions) {
  return <Asked extends { model?: string; stream?: boolean | null }>(
    path: string,
    schema: z.ZodType<Asked>,
    summary: string,
    { whole, events }: Answers<Asked>,
  ) => {
    app.openapi(postRoute(path, schema, summary), async (c) => {
      const request = c.req.valid("json" as never) as Asked;
      const model = current.named(request.model);
      const names = fieldNames(path, request);
      c.set("names", names);
      const caller = callerOf(c);
      if (!request.stream || !events) {
        const letGo = model.hold();
        return c.json(await whole(model, request, caller).finally(letGo));
      }
      const left = new AbortController();
      const among = { ...caller, signal: AbortSignal.any([caller.signal, left.signal]) };
      return eventStream(
        holding(model, events(model, request, among)),
        (error) => failedStream(error, path, names, log),
        () => left.abort(),
      );
    });
  };
}

/** The model stays loaded for as long as its events are read. */
async function* holding(model: Service, events: AsyncGenerator<ServerEvent, void>): AsyncGenerator<ServerEvent, void> {
  const letGo = model.hold();
  try {
    yield* events;
  } finally {
    letGo();
  }
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

function addText(app: OpenAPIHono<Env>, current: CurrentModel): void {
  app.openapi(postRoute("/tokenize", tokenizeRequest, "Turn text into token ids"), async (c) => {
    const { content, prompt, model } = c.req.valid("json");
    const service = current.named(model);
    const text = content ?? prompt;
    if (text === undefined) throw invalid("content: a text to turn into ids is missing", "content");
    const tokens = await service.once(callerOf(c), () => service.qwen.tokenize(text));
    return c.json({ tokens, count: tokens.length, max_model_len: service.qwen.info.contextTokens });
  });
  app.openapi(postRoute("/detokenize", detokenizeRequest, "Turn token ids into text"), async (c) => {
    const { tokens, model } = c.req.valid("json");
    const service = current.named(model);
    const unknown = tokens.find((id) => id >= service.qwen.info.vocab);
    if (unknown !== undefined)
      throw invalid(`token id ${unknown}: this model has ids below ${service.qwen.info.vocab}`, "tokens");
    const text = await service.once(callerOf(c), () => service.qwen.detokenize(tokens));
    return c.json({ content: text, prompt: text });
  });
}

/** Clients are told apart by where they call from: all have the server's one key, and anything else they could make up. */
function callerOf(c: Context<Env>): Caller {
  return { client: c.env?.incoming?.socket?.remoteAddress ?? "", signal: c.req.raw.signal };
}

/** What requests are counted under; anything else is one name, or strangers could make as many as they like. */
const routes = new Set([
  ...["/health", "/metrics", "/openapi.json", "/tokenize", "/detokenize", "/v1/models", "/v1/chat/completions"],
  ...["/v1/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens", "/v1/embeddings", "/v1/rerank"],
  ...Object.values(modelPaths),
]);

function count(metrics: Metrics): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const path = c.req.path.replace(/^(\/v1\/(?:models|responses))\/.*/, "$1");
    const known = c.get("isPage") ? "page" : routes.has(path) ? path : "other";
    metrics.requested(known, c.res.status);
  };
}

function tooLarge(bytes: number): never {
  throw new ApiError(413, "invalid_request_error", `a body of more than ${bytes >> 20} MiB is not read`, {
    code: "request_too_large",
  });
}
