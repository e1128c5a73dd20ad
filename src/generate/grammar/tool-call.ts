// A tool call in the markup of the model's family: Hermes' JSON (Qwen2.5, Qwen3), or XML (Qwen3-Coder, Qwen3.5). Arguments meet the
// tool's schema as a reader of the markup finds them (text/tool-calls.ts).

import { AnyqwenError } from "../../core/errors.ts";
import { JsonNodes } from "./json.ts";
import type { GrammarBuilder, NodeId } from "./nodes.ts";
import { SchemaCompiler } from "./schema.ts";
import { XmlParameters } from "./xml-parameters.ts";

export type CallStyle = "json" | "xml";

export interface GrammarTool {
  readonly name: string;
  /** Schema of the arguments; absent: any object. */
  readonly parameters?: unknown;
}

export interface CallTags {
  readonly open: NodeId;
  readonly close: NodeId;
}

/** One call of one of the tools. */
export function callNode(
  grammar: GrammarBuilder,
  style: CallStyle,
  tools: readonly GrammarTool[],
  { open, close }: CallTags,
): NodeId {
  const calls = tools.map((tool) => (style === "json" ? hermesCall(grammar, tool) : xmlCall(grammar, tool)));
  return grammar.sequence(open, grammar.choice(...calls), close);
}

function hermesCall(grammar: GrammarBuilder, { name, parameters }: GrammarTool): NodeId {
  const json = new JsonNodes(grammar);
  const schema = parameters === undefined ? undefined : objectSchema(parameters);
  const given =
    schema === undefined
      ? json.anyObject()
      : inTool(name, () => new SchemaCompiler(grammar, json, schema).compile(schema));
  return grammar.sequence(grammar.text(`{"name": ${JSON.stringify(name)}, "arguments": `), given, grammar.text("}"));
}

function xmlCall(grammar: GrammarBuilder, { name, parameters }: GrammarTool): NodeId {
  if (/[\s<>]/.test(name) || name === "") {
    throw new AnyqwenError(
      "invalid-argument",
      `tool ${JSON.stringify(name)}: its name cannot stand in this model's calls`,
    );
  }
  const given = new XmlParameters(grammar);
  const node = parameters === undefined ? given.any() : inTool(name, () => given.of(objectSchema(parameters)));
  return grammar.sequence(grammar.text(`<function=${name}>\n`), node, grammar.text("</function>"));
}

/** Arguments are an object, whatever else the schema says. */
function objectSchema(parameters: unknown): unknown {
  const isEmpty = typeof parameters === "object" && parameters !== null && Object.keys(parameters).length === 0;
  return isEmpty ? { type: "object" } : parameters;
}

function inTool<T>(name: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof AnyqwenError)) throw error;
    throw new AnyqwenError(error.code, `tool ${JSON.stringify(name)}: ${error.message}`, { cause: error });
  }
}
