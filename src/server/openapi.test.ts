import { expect, it } from "vitest";
import type { Qwen } from "../api.ts";
import { createApp } from "./app.ts";
import { CurrentModel } from "./current-model.ts";
import { Gate } from "./gate.ts";
import { Metrics } from "./metrics.ts";
import { ModelManager } from "./model-manager.ts";
import { ServedModel } from "./served-model.ts";

it("describes every route that it has", async () => {
  const gate = new Gate(1, 1);
  const model = new ServedModel({ info: { contextTokens: 100, adapters: [] } } as unknown as Qwen, "played", "played");
  const current = new CurrentModel(model, { gate, metrics: new Metrics(gate), deadlineMs: 1000 });
  const models = new ModelManager(current, { source: "played", load: () => Promise.reject(new Error("not here")) });
  const options = { version: "0", maxBodyBytes: 1000, hosts: [], origins: [], log: () => {}, models };
  const app = createApp(current, options);
  const document = await (await app.request("http://localhost/openapi.json")).json();

  const own = app.routes.filter(({ method, path }) => method !== "ALL" && path !== "/openapi.json");
  const routes = own.map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{\.\+\})?/g, "{$1}")}`);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
  for (const route of [
    "GET /health",
    "GET /metrics",
    "GET /v1/models",
    "GET /v1/models/{id}",
    "GET /api/models/events",
  ])
    expect(described).toContain(route);
  expect(document.paths["/v1/models/{id}"].get.parameters).toMatchObject([{ name: "id", in: "path", required: true }]);
  expect(document.components.schemas.ModelList.properties.data.items).toEqual({ $ref: "#/components/schemas/Model" });
});
