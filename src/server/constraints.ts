// What an answer must look like: response_format and tool_choice as OpenAI's clients send them, the further forms that servers of open
// models share (structured_outputs), and what the engine takes.

import { z } from "@hono/zod-openapi";
import type { OutputFormat, ToolChoice } from "../api.ts";
import { invalid } from "./errors.ts";

const schema = z.union([z.record(z.string(), z.unknown()), z.boolean()]);

export const responseFormat = z.union([
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ name: z.string().optional(), schema: schema.nullish() }),
  }),
]);

/** Exactly one of them; names as in vLLM. */
export const structuredOutputs = z.strictObject({
  json: schema.optional(),
  regex: z.string().optional(),
  choice: z.array(z.string()).min(1).max(1024).optional(),
  grammar: z.string().optional(),
});

export const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.looseObject({ type: z.literal("function"), function: z.object({ name: z.string() }) }),
]);

type ResponseFormat = z.infer<typeof responseFormat>;
type StructuredOutputs = z.infer<typeof structuredOutputs>;

export function formatOf(
  format: ResponseFormat | null | undefined,
  outputs: StructuredOutputs | null | undefined,
): OutputFormat | undefined {
  const formats: OutputFormat[] = [];
  if (format?.type === "json_object") formats.push({ type: "json" });
  if (format?.type === "json_schema") formats.push(schemaFormat(format.json_schema.schema));
  if (outputs?.json !== undefined) formats.push(schemaFormat(outputs.json));
  if (outputs?.regex !== undefined) formats.push({ type: "regex", pattern: outputs.regex });
  if (outputs?.choice !== undefined) formats.push({ type: "choice", choices: outputs.choice });
  if (outputs?.grammar !== undefined) formats.push({ type: "grammar", ebnf: outputs.grammar });
  if (formats.length > 1)
    throw invalid(
      "the answer can have one format: give response_format or one of structured_outputs",
      "response_format",
    );
  return formats[0];
}

/** Without a schema any JSON will do. */
export function schemaFormat(given: z.infer<typeof schema> | null | undefined): OutputFormat {
  return given == null ? { type: "json" } : { type: "json-schema", schema: given };
}

export function toolChoiceOf(choice: z.infer<typeof toolChoice> | null | undefined): ToolChoice | undefined {
  if (choice == null) return undefined;
  return typeof choice === "string" ? choice : { name: choice.function.name };
}
