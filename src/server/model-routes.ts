// The routes of the page's model picker: what is here and what could be, pulls with their progress, and which model is served. They
// are there only where the server was told so; see docs/server.md.

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { eventStream, type ServerEvent } from "./events.ts";
import type { ModelManager } from "./model-manager.ts";

export const modelPaths = {
  list: "/api/models",
  events: "/api/models/events",
  pull: "/api/models/pull",
  cancel: "/api/models/cancel",
  serve: "/api/models/serve",
} as const;

/** A bar that moves is enough. */
const LEAST_BETWEEN_MS = 200;
/** Said again after this time, so that nobody between takes the stream for dead. */
const MOST_BETWEEN_MS = 15_000;

const modelRequest = z.object({ model: z.string().trim().min(1).max(300) }).openapi("ModelNameRequest");

export function addModelRoutes<E extends Env>(app: OpenAPIHono<E>, models: ModelManager): void {
  app.get(modelPaths.list, async (c) => c.json(await models.list()));
  app.get(modelPaths.events, (c) => {
    const left = new AbortController();
    const signal = AbortSignal.any([c.req.raw.signal, left.signal]);
    return eventStream(
      states(models, signal),
      () => ({ event: "error", data: {} }),
      () => left.abort(),
    );
  });
  app.openapi(post(modelPaths.pull, "Download a model", 202), (c) => c.json(models.pull(nameIn(c)), 202));
  app.openapi(post(modelPaths.cancel, "Stop a download", 200), (c) => c.json(models.cancel(nameIn(c)), 200));
  app.openapi(post(modelPaths.serve, "Serve another model", 200), async (c) =>
    c.json(await models.serve(nameIn(c)), 200),
  );
}

async function* states(models: ModelManager, signal: AbortSignal): AsyncGenerator<ServerEvent, void> {
  while (!signal.aborted && !models.stopped) {
    // what changes meanwhile is told next time
    const changed = models.change(AbortSignal.any([signal, AbortSignal.timeout(MOST_BETWEEN_MS)]));
    yield { event: "models", data: models.state };
    await changed;
    await new Promise((resolve) => setTimeout(resolve, LEAST_BETWEEN_MS));
  }
}

function post<Status extends 200 | 202>(path: string, summary: string, status: Status) {
  return createRoute({
    method: "post",
    path,
    summary,
    request: { body: { required: true, content: { "application/json": { schema: modelRequest } } } },
    responses: { [status]: { description: "what is under way" }, 400: { description: "a name that is none" } },
  });
}

function nameIn(c: { readonly req: { valid(target: "json"): { readonly model: string } } }): string {
  return c.req.valid("json").model;
}
