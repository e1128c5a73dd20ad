// The tools of a request to /v1/responses. A model here calls functions; what OpenAI's own servers run (web search, files, images) and
// kinds of calls that only they know (custom, namespace) are passed over, since agents offer them to every model beside their functions.

import { z } from "@hono/zod-openapi";
import type { ChatOptions } from "../api.ts";

const functionTool = z.looseObject({
  type: z.literal("function"),
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});
const otherTool = z.looseObject({ type: z.string().refine((type) => type !== "function") });

export const responseTool = z.union([functionTool, otherTool]);
export type ResponseTool = z.infer<typeof responseTool>;
type FunctionTool = z.infer<typeof functionTool>;

/** Those that the model is told of. */
export function functionsAmong(tools: readonly ResponseTool[] | null | undefined): FunctionTool[] {
  return (tools ?? []).filter((tool): tool is FunctionTool => tool.type === "function");
}

/** As templates and the engine take them. */
export function toolsOf(functions: readonly FunctionTool[]): ChatOptions["tools"] {
  return functions.map(({ name, description, parameters, strict }) => ({
    type: "function",
    function: {
      name,
      ...(description != null && { description }),
      parameters: parameters ?? { type: "object", properties: {} },
      strict: strict === true,
    },
  }));
}
