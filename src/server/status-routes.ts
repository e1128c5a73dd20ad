// What the server says of itself: whether it is well, its figures for Prometheus, and the models that it answers with.

import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env, HonoRequest } from "hono";
import type { CurrentModel } from "./current-model.ts";
import type { Gate } from "./gate.ts";
import type { Metrics } from "./metrics.ts";
import { addGet } from "./routes.ts";
import type { Service } from "./service.ts";

const health = z
  .object({
    status: z.enum(["ok", "stopping"]),
    active: z.number().int().openapi({ description: "answers under way" }),
    waiting: z.number().int().openapi({ description: "requests that wait for a slot" }),
    slots: z.number().int().openapi({ description: "answers that may be under way at once" }),
    models_api: z.boolean().openapi({ description: "whether models can be pulled and switched here" }),
    memory_bytes: z.number().int().optional().openapi({ description: "of the process; only for who has the key" }),
  })
  .openapi("Health");

interface HealthOptions {
  readonly modelsApi: boolean;
  /** Whether who asks may know of memory. */
  readonly trusts: (request: HonoRequest) => Promise<boolean>;
}

export function addHealth<E extends Env>(app: OpenAPIHono<E>, gate: Gate, { modelsApi, trusts }: HealthOptions): void {
  const described = { summary: "Whether the server is well", answer: health, otherwise: { 503: "it is stopping" } };
  addGet(app, "/health", described, async (c) => {
    const state: z.infer<typeof health> = {
      status: gate.draining ? "stopping" : "ok",
      active: gate.active,
      waiting: gate.waiting,
      slots: gate.slots,
      models_api: modelsApi,
      ...((await trusts(c.req)) && { memory_bytes: process.memoryUsage.rss() }),
    };
    return c.json(state, gate.draining ? 503 : 200);
  });
}

export function addMetrics<E extends Env>(app: OpenAPIHono<E>, { registry }: Metrics): void {
  addGet(app, "/metrics", { summary: "Figures for Prometheus", answer: "text/plain" }, async (c) =>
    c.text(await registry.metrics(), 200, { "content-type": registry.contentType }),
  );
}

const model = z
  .object({
    id: z.string(),
    object: z.literal("model"),
    created: z.number().int().openapi({ description: "when the server was started, in seconds" }),
    owned_by: z.string(),
    context_length: z.number().int().openapi({ description: "tokens of prompt and answer together" }),
  })
  .openapi("Model");
const modelList = z.object({ object: z.literal("list"), data: z.array(model) }).openapi("ModelList");

export function addServedModels<E extends Env>(app: OpenAPIHono<E>, current: CurrentModel): void {
  const created = Math.floor(Date.now() / 1000);
  const tell = ({ name, qwen }: Service): z.infer<typeof model> => ({
    id: name,
    object: "model",
    created,
    owned_by: "anyqwen",
    context_length: qwen.info.contextTokens,
  });
  addGet(
    app,
    "/v1/models",
    { summary: "The model that is served, and with each of its adapters", answer: modelList },
    (c) => c.json({ object: "list", data: current.models.map(tell) } satisfies z.infer<typeof modelList>),
  );
  const one = { summary: "One of them", answer: model, otherwise: { 404: "no such model" } };
  addGet(app, "/v1/models/{id}", one, (c) => c.json(tell(current.named(c.req.param("id")))));
}
