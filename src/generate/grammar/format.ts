// What an answer must look like, as callers say it, and the grammar of it.

import { AnyqwenError } from "../../core/errors.ts";
import { ebnfNode } from "./ebnf.ts";
import { JsonNodes } from "./json.ts";
import { oneOfTexts } from "./literals.ts";
import type { GrammarBuilder, NodeId } from "./nodes.ts";
import { asText, patternNode } from "./pattern-nodes.ts";
import { wholePattern } from "./regex.ts";
import { schemaNode } from "./schema.ts";

export type OutputFormat =
  /** A JSON object of any shape. */
  | { readonly type: "json" }
  /** JSON that meets the schema; docs/structured-output.md says which keywords are understood, the others are refused. */
  | { readonly type: "json-schema"; readonly schema: unknown }
  /** A text that the regular expression matches as a whole. */
  | { readonly type: "regex"; readonly pattern: string }
  /** A text that `root` matches, in the notation of llama.cpp's grammars. */
  | { readonly type: "grammar"; readonly ebnf: string }
  /** One of these texts. */
  | { readonly type: "choice"; readonly choices: readonly string[] };

/** Characters of a schema, pattern or grammar, as JSON. */
const LONGEST_FORMAT = 1 << 20;

export function checkFormat(format: unknown): asserts format is OutputFormat {
  const given = format as Readonly<Record<string, unknown>> | null;
  const wrong = (what: string) => new AnyqwenError("invalid-argument", `format: ${what}`);
  if (typeof given !== "object" || given === null) throw wrong("expected an object with a type");
  const { type, schema, pattern, ebnf, choices } = given;
  const isText = (value: unknown) => typeof value === "string";
  if (type === "json-schema" && typeof schema !== "object" && typeof schema !== "boolean")
    throw wrong("schema is missing");
  if (type === "regex" && !isText(pattern)) throw wrong("pattern is no text");
  if (type === "grammar" && !isText(ebnf)) throw wrong("ebnf is no text");
  if (type === "choice" && !(Array.isArray(choices) && choices.length > 0 && choices.every(isText)))
    throw wrong("choices is no list of texts");
  const known = ["json", "json-schema", "regex", "grammar", "choice"];
  if (!known.includes(String(type))) throw wrong(`type is ${JSON.stringify(type)}; known are ${known.join(", ")}`);
  if (lengthOf(format) > LONGEST_FORMAT)
    throw wrong(`it has more than ${LONGEST_FORMAT} characters, or nests too deep`);
}

function lengthOf(format: unknown): number {
  try {
    return JSON.stringify(format).length;
  } catch {
    return Infinity;
  }
}

export function formatNode(grammar: GrammarBuilder, format: OutputFormat): NodeId {
  switch (format.type) {
    case "json":
      return new JsonNodes(grammar).anyObject();
    case "json-schema":
      return schemaNode(grammar, format.schema);
    case "regex":
      return patternNode(grammar, wholePattern(format.pattern, "pattern"), asText(grammar));
    case "grammar":
      return ebnfNode(grammar, format.ebnf);
    case "choice":
      return oneOfTexts(grammar, format.choices);
  }
}
