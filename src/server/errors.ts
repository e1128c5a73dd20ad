// What goes wrong, as HTTP tells it: a status, and a body in OpenAI's form ({ error: { message, type, param, code } }). Clients branch
// on these words; the message is for people.

import { HTTPException } from "hono/http-exception";
import { AnyqwenError, type ErrorCode } from "../core/errors.ts";
import { type FieldNames, inFields } from "./field-names.ts";

export type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "not_found_error"
  | "rate_limit_error"
  | "timeout_error"
  | "server_error";

interface Details {
  readonly param?: string;
  readonly code?: string;
  /** Seconds after which it is worth trying again. */
  readonly retryAfter?: number;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 429 | 499 | 500 | 503,
    readonly type: ErrorType,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
  }
}

export function invalid(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, "invalid_request_error", message, { param, code });
}

/** Errors of the engine that the request brought about; all others are the server's. */
const requestErrors: Partial<Record<ErrorCode, string>> = {
  "context-overflow": "context_length_exceeded",
  "invalid-argument": "invalid_value",
  template: "invalid_template_input",
  unsupported: "unsupported",
};

/** `names`: what the request calls the engine's options. */
export function toApiError(error: unknown, names: FieldNames): ApiError {
  if (error instanceof ApiError) return error;
  // the framework's own: a body that is no JSON
  if (error instanceof HTTPException && error.status === 415)
    return new ApiError(415, "invalid_request_error", "the body is JSON: send Content-Type: application/json");
  if (error instanceof HTTPException && error.status < 500) return invalid(error.message, undefined, "invalid_body");
  if (!(error instanceof AnyqwenError))
    return new ApiError(500, "server_error", "the server failed; its log says more");
  const code = requestErrors[error.code];
  if (code !== undefined) {
    const { message, param } = inFields(error.message, names);
    return invalid(message, param ?? (error.code === "context-overflow" ? names.input : undefined), code);
  }
  if (error.code === "aborted")
    return new ApiError(499, "timeout_error", "the request was given up", { code: "aborted" });
  if (error.code === "busy")
    return new ApiError(429, "rate_limit_error", error.message, { code: "busy", retryAfter: 5 });
  if (error.code === "out-of-memory")
    return new ApiError(503, "server_error", error.message, { code: "out_of_memory", retryAfter: 5 });
  return new ApiError(500, "server_error", error.message, { code: error.code });
}

export function errorBody({ type, message, details }: ApiError) {
  return { error: { message, type, param: details.param ?? null, code: details.code ?? null } };
}
