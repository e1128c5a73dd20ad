// What a server says that has its port but not its model yet: a supervisor learns that it lives, a client when to come again.

import { ApiError } from "./errors.ts";
import { bodyOf } from "./failures.ts";

const RETRY_AFTER_S = 5;

export function stillLoading(request: Request): Response {
  const { pathname } = new URL(request.url);
  const error = new ApiError(503, "server_error", "the model is being loaded; try again in a while", {
    code: "loading",
  });
  const body = pathname === "/health" ? { status: "loading" } : bodyOf(error, pathname);
  return Response.json(body, { status: error.status, headers: { "Retry-After": String(RETRY_AFTER_S) } });
}
