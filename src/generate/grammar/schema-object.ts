// Objects of a JSON schema. Properties come in the order of their declaration, each optional one may be left out; behind them those
// that patternProperties and additionalProperties allow, under keys that are written without escapes and are no declared name.

import { PLAIN } from "./code-points.ts";
import { type GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import { foundPattern, literalPattern, type Pattern } from "./regex.ts";
import type { SchemaCompiler } from "./schema.ts";
import { countOf, type Schema, schemasOf, stringsOf, unsupported } from "./schema-source.ts";
import { both, none, type StringSet, setNode, stringSet } from "./string-sets.ts";

interface Property {
  readonly name: string;
  readonly schema: unknown;
  readonly required: boolean;
}

interface PatternProperty {
  readonly source: string;
  readonly pattern: Pattern;
  readonly schema: unknown;
}

const ANY_KEY: Pattern = { kind: "repeat", body: { kind: "characters", set: PLAIN }, least: 0, most: MANY };

export function objectNode(compiler: SchemaCompiler, schema: Schema, path: string): NodeId {
  const { grammar, json } = compiler;
  const patterns = schemasOf(schema.patternProperties, path).map(([source, value]) => ({
    source,
    pattern: foundPattern(source, `schema at ${path}: patternProperties`),
    schema: value,
  }));
  const properties = propertiesOf(compiler, schema, patterns, path);
  const nodes: { node: NodeId; required: boolean }[] = [];
  for (const { name, schema: value, required } of properties) {
    const node = compiler.compile(value, `${path}/properties/${name}`);
    if (node === grammar.never && !required) continue;
    nodes.push({ node: json.member(json.literal(name), node), required });
  }
  const names = properties.map(({ name }) => name);
  const more = moreMembers(compiler, schema, names, patterns, path);
  const counts = countsOf(schema, nodes, path);
  const rest =
    more === grammar.never
      ? grammar.empty
      : grammar.repeat(grammar.sequence(json.comma(), more), counts.least, counts.most);
  if (nodes.length === 0) return json.object(grammar.separated(more, json.comma(), counts.least, counts.most));
  return json.object(
    membersNode(grammar, json.comma(), nodes, rest, grammar.separated(more, json.comma(), counts.least, counts.most)),
  );
}

/** `members` in order; `rest` is what may follow when there was one, `alone` when there was none. */
function membersNode(
  grammar: GrammarBuilder,
  comma: NodeId,
  members: readonly { readonly node: NodeId; readonly required: boolean }[],
  rest: NodeId,
  alone: NodeId,
): NodeId {
  /** With a comma before each. */
  const following = members.map(({ node, required }) => {
    const some = grammar.sequence(comma, node);
    return required ? some : grammar.optional(some);
  });
  const firsts: NodeId[] = [];
  let after = rest;
  const tails = members.map(() => rest);
  for (let i = members.length - 1; i >= 0; i--) {
    tails[i] = after;
    after = grammar.sequence(following[i], after);
  }
  for (const [i, { node, required }] of members.entries()) {
    firsts.push(grammar.sequence(node, tails[i]));
    if (required) return grammar.choice(...firsts);
  }
  return grammar.choice(...firsts, alone);
}

function propertiesOf(
  { merger }: SchemaCompiler,
  schema: Schema,
  patterns: readonly PatternProperty[],
  path: string,
): readonly Property[] {
  const required = new Set(stringsOf(schema.required, `${path}/required`));
  const declared = new Map(schemasOf(schema.properties, `${path}/properties`));
  // What is required and not declared is as additionalProperties says; `true` where it says nothing.
  for (const name of required) {
    if (declared.has(name)) continue;
    const matched = patterns.some(({ pattern }) => includes(stringSet(pattern), name));
    declared.set(name, matched ? true : (schema.additionalProperties ?? true));
  }
  // Readers and validators in JavaScript pass over it, or worse.
  if (declared.has("__proto__")) throw unsupported(path, 'a property named "__proto__"');
  return [...declared].map(([name, value]) => {
    let both = value;
    for (const { pattern, schema: other } of patterns)
      if (includes(stringSet(pattern), name)) both = merger.both(both, other, `${path}/properties/${name}`);
    return { name, schema: both, required: required.has(name) };
  });
}

/** A member under a key that is not declared; never, if none is allowed. */
function moreMembers(
  compiler: SchemaCompiler,
  schema: Schema,
  names: readonly string[],
  patterns: readonly PatternProperty[],
  path: string,
): NodeId {
  const { grammar, json } = compiler;
  const declares = schema.properties !== undefined || names.length > 0 || patterns.length > 0;
  const additional = schema.additionalProperties ?? !(declares || schema.unevaluatedProperties === false);
  if (additional === false && patterns.length === 0) return grammar.never;
  if (!declares) {
    const value = additional === true ? json.value() : compiler.compile(additional, `${path}/additionalProperties`);
    return json.member(json.string(), value);
  }
  const sets = patterns.map(({ pattern }) => stringSet(pattern));
  const others = names.length > 0 ? [none(stringSet({ kind: "choice", items: names.map(literalPattern) }))] : [];
  const key = (parts: readonly StringSet[]) =>
    json.quoted(setNode(grammar, [stringSet(ANY_KEY), ...others, ...parts].reduce(both), json.encode));
  const members = patterns.map(({ source, schema: value }, i) => {
    const only = sets.map((set, at) => (at === i ? set : none(set)));
    return json.member(key(only), compiler.compile(value, `${path}/patternProperties/${source}`));
  });
  if (additional === false) return grammar.choice(...members);
  const value = compiler.compile(additional, `${path}/additionalProperties`);
  return grammar.choice(...members, json.member(key(sets.map(none)), value));
}

/** How many members more there may be. Keys that come twice count once, so a least number beyond one cannot be promised. */
function countsOf(
  schema: Schema,
  nodes: readonly { readonly required: boolean }[],
  path: string,
): { least: number; most: number } {
  const least = countOf(schema, "minProperties", path) ?? 0;
  const most = countOf(schema, "maxProperties", path) ?? MANY;
  const required = nodes.filter((node) => node.required).length;
  if (least > required && (least > 1 || nodes.length > 0))
    throw unsupported(path, `minProperties ${least}`, "name the properties that are required");
  if (most < nodes.length) throw unsupported(path, `maxProperties ${most} with ${nodes.length} declared properties`);
  return { least: Math.max(0, least - required), most: most === MANY ? MANY : most - nodes.length };
}

function includes({ steps, accepts }: StringSet, text: string): boolean {
  let state = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const step = steps[state].find(({ set }) => set.some(([from, to]) => code >= from && code <= to));
    if (!step) return false;
    state = step.to;
  }
  return accepts[state];
}
