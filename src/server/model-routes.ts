// The routes of the page's model picker: what is here and what could be, pulls with their progress, and which model is served. They
// are there only where the server was told so; see docs/server.md.

import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { eventStream, type ServerEvent } from "./events.ts";
import type { ModelManager } from "./model-manager.ts";
import { addGet, postRoute } from "./routes.ts";

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

const progress = { model: z.string(), bytes: z.number(), total_bytes: z.number() };
const modelsList = z
  .object({
    serving: z.string(),
    loading: z.object(progress).nullable(),
    pulls: z
      .array(
        z.object({
          ...progress,
          state: z.enum(["waiting", "downloading", "done", "failed", "cancelled"]),
          message: z.string().optional(),
        }),
      )
      .readonly(),
    pulled: z.array(
      z.object({ name: z.string(), type: z.string(), bytes: z.number(), fits: z.boolean(), serving: z.boolean() }),
    ),
    catalogue: z.array(z.object({ name: z.string(), about_bytes: z.number(), fits: z.boolean(), pulled: z.boolean() })),
  })
  .openapi("ModelsState");

export function addModelRoutes<E extends Env>(app: OpenAPIHono<E>, models: ModelManager): void {
  addGet(
    app,
    modelPaths.list,
    { summary: "Models on this machine, and those to download", answer: modelsList },
    async (c) => c.json((await models.list()) satisfies z.infer<typeof modelsList>),
  );
  addGet(app, modelPaths.events, { summary: "All of this as it changes", answer: "text/event-stream" }, (c) => {
    const left = new AbortController();
    const signal = AbortSignal.any([c.req.raw.signal, left.signal]);
    return eventStream(
      states(models, signal),
      () => ({ event: "error", data: {} }),
      () => left.abort(),
    );
  });
  app.openapi(postRoute(modelPaths.pull, modelRequest, "Download a model", 202), (c) =>
    c.json(models.pull(nameIn(c)), 202),
  );
  app.openapi(postRoute(modelPaths.cancel, modelRequest, "Stop a download"), (c) =>
    c.json(models.cancel(nameIn(c)), 200),
  );
  app.openapi(postRoute(modelPaths.serve, modelRequest, "Serve another model"), async (c) =>
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

function nameIn(c: { readonly req: { valid(target: "json"): { readonly model: string } } }): string {
  return c.req.valid("json").model;
}
