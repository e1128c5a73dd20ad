// How routes are made, so that each stands in the server's own document (/openapi.json): those that are asked with a body, and those
// that are only looked at.

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, Env } from "hono";

export function postRoute<T extends z.ZodType>(path: string, schema: T, summary: string, status: 200 | 202 = 200) {
  return createRoute({
    method: "post",
    path,
    summary,
    request: { body: { required: true, content: { "application/json": { schema } } } },
    responses: {
      [status]: { description: "the answer, or a stream of events where one is asked for" },
      400: { description: "a request that makes no sense" },
    },
  });
}

interface Described {
  readonly summary: string;
  /** What comes back; text where it is no JSON. */
  readonly answer: z.ZodType | "text/plain" | "text/event-stream";
  /** By status: what else may come back. */
  readonly otherwise?: Readonly<Record<number, string>>;
}

/** A parameter at the path's end takes all that is left of it: names of models have slashes. */
export function addGet<E extends Env>(
  app: OpenAPIHono<E>,
  path: string,
  { summary, answer, otherwise = {} }: Described,
  handler: (c: Context<E>) => Response | Promise<Response>,
): void {
  const content =
    typeof answer === "string"
      ? { [answer]: { schema: { type: "string" as const } } }
      : { "application/json": { schema: answer } };
  const [, name] = /\{(\w+)\}$/.exec(path) ?? [];
  app.openAPIRegistry.registerPath({
    method: "get",
    path,
    summary,
    ...(name !== undefined && { request: { params: z.object({ [name]: z.string() }) } }),
    responses: {
      200: { description: "what was asked for", content },
      ...Object.fromEntries(Object.entries(otherwise).map(([status, description]) => [status, { description }])),
    },
  });
  app.get(path.replace(/\{(\w+)\}$/, ":$1{.+}"), handler);
}
