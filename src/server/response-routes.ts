// Answers of /v1/responses that are kept: looked at again, with what was asked, and forgotten.

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { ApiError, invalid } from "./errors.ts";
import type { Kept, ResponseStore } from "./response-store.ts";

const params = z.object({ id: z.string() });
const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional().openapi({ description: "the id of the item before the first one" }),
});

function kept(method: "get" | "delete", path: string, summary: string) {
  return createRoute({
    method,
    path,
    summary,
    request: { params },
    responses: { 200: { description: "as OpenAI gives it" }, 404: { description: "not kept, or no more" } },
  });
}

export function addResponses<E extends Env>(app: OpenAPIHono<E>, store: ResponseStore): void {
  const find = (id: string): Kept => {
    const entry = store.find(id);
    if (entry) return entry;
    throw new ApiError(404, "not_found_error", `there is no response ${JSON.stringify(id)} here any more`, {
      param: "id",
      code: "response_not_found",
    });
  };
  app.openapi(kept("get", "/v1/responses/{id}", "Look at a kept answer again"), (c) =>
    c.json(find(c.req.valid("param").id).answer),
  );
  app.openapi(kept("delete", "/v1/responses/{id}", "Forget a kept answer"), (c) => {
    const { id } = c.req.valid("param");
    find(id);
    store.delete(id);
    return c.json({ id, object: "response", deleted: true });
  });
  const items = kept("get", "/v1/responses/{id}/input_items", "List what a kept answer was asked");
  app.openapi({ ...items, request: { params, query: page } }, (c) => {
    const { limit, order, after } = c.req.valid("query");
    const { input } = find(c.req.valid("param").id);
    const all = order === "asc" ? input : input.toReversed();
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && from === 0) throw invalid(`after: there is no item ${JSON.stringify(after)}`, "after");
    const data = all.slice(from, from + limit);
    return c.json({
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: from + limit < all.length,
    });
  });
}
