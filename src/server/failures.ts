// What goes wrong while a request is answered, in the form that its route's clients read. What is the server's fault is logged.

import type { Context } from "hono";
import { anthropicError } from "./anthropic.ts";
import { type ApiError, errorBody, toApiError } from "./errors.ts";
import type { ServerEvent } from "./events.ts";
import type { FieldNames } from "./field-names.ts";

type Log = (line: string) => void;

export function failedAnswer(error: unknown, c: Context, names: FieldNames, log: Log): Response {
  const known = toApiError(error, names);
  if (known.status === 500) log(`${c.req.method} ${c.req.path}: ${traceOf(error)}`);
  const { retryAfter } = known.details;
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  return c.json(bodyOf(known, c.req.path), known.status as 400);
}

export function bodyOf(error: ApiError, path: string): object {
  return isAnthropic(path) ? anthropicError(error) : errorBody(error);
}

/** The last event of a stream that was under way. */
export function failedStream(error: unknown, path: string, names: FieldNames, log: Log): ServerEvent {
  const known = toApiError(error, names);
  if (known.status === 500) log(`${path}: ${traceOf(error)}`);
  if (isAnthropic(path)) return { event: "error", data: anthropicError(known) };
  const body = errorBody(known);
  return path === "/v1/responses" ? { event: "error", data: { ...body.error, type: "error" } } : { data: body };
}

const isAnthropic = (path: string) => path.startsWith("/v1/messages");
const traceOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
