// Strings of a JSON schema: length, pattern, format, and any of them together.

import { FORMATS } from "./formats.ts";
import type { JsonNodes } from "./json.ts";
import { type GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import { type Encode, patternNode } from "./pattern-nodes.ts";
import { foundPattern, type Pattern, wholePattern } from "./regex.ts";
import { countOf, type Schema, schemaError, unsupported } from "./schema-source.ts";
import { both, ofLength, type StringSet, setNode, stringSet } from "./string-sets.ts";

export interface StringRule {
  readonly patterns: readonly Pattern[];
  readonly least: number;
  readonly most: number;
}

export function stringRule(schema: Schema, path: string): StringRule {
  const [least, most] = [countOf(schema, "minLength", path) ?? 0, countOf(schema, "maxLength", path) ?? MANY];
  const patterns = (schema.pattern === undefined ? [] : [schema.pattern].flat()).map((pattern) => {
    if (typeof pattern !== "string") throw schemaError(path, "pattern is not a string");
    return foundPattern(pattern, `schema at ${path}: pattern`);
  });
  const { format } = schema;
  if (format === undefined) return { patterns, least, most };
  if (typeof format !== "string" || !Object.hasOwn(FORMATS, format)) {
    throw unsupported(path, `format ${JSON.stringify(format)}`, `known are ${Object.keys(FORMATS).join(", ")}`);
  }
  return { patterns: [...patterns, wholePattern(FORMATS[format], format)], least, most };
}

export function stringNode(grammar: GrammarBuilder, json: JsonNodes, schema: Schema, path: string): NodeId {
  const rule = stringRule(schema, path);
  if (rule.least > rule.most) return grammar.never;
  if (rule.patterns.length === 0) return json.string(rule.least, rule.most);
  return json.quoted(ruleNode(grammar, rule, json.encode));
}

/** A string that meets patterns and length, and is in all of the sets; there is at least one pattern. */
export function ruleNode(
  grammar: GrammarBuilder,
  { patterns, least, most }: StringRule,
  encode: Encode,
  within: readonly StringSet[] = [],
): NodeId {
  const [first] = patterns;
  const isOne = patterns.length === 1 && within.length === 0;
  if (isOne && least === 0 && most === MANY) return patternNode(grammar, first, encode);
  const counted = isOne ? withLength(first, least, most) : undefined;
  if (counted) return patternNode(grammar, counted, encode);
  const sets = [...patterns.map(stringSet), ...within];
  if (least > 0 || most !== MANY) sets.push(ofLength(least, most));
  return setNode(grammar, sets.reduce(both), encode);
}

/** A repeated set of characters takes the length as its count; the commonest case, and cheap for any length. */
function withLength(pattern: Pattern, least: number, most: number): Pattern | undefined {
  if (pattern.kind === "sequence" && pattern.items.length === 1) return withLength(pattern.items[0], least, most);
  if (pattern.kind !== "repeat" || pattern.body.kind !== "characters") return undefined;
  return { ...pattern, least: Math.max(pattern.least, least), most: Math.min(pattern.most, most) };
}
