// Arguments as Qwen3-Coder and Qwen3.5 write them: each parameter on lines of its own, texts as they are, everything else as JSON. A
// reader takes a value for a text or for JSON by the parameter's schema, so what is written here is what it will read.

import { parameterTypes } from "../../text/tool-calls.ts";
import { ANY, type CodePoints, difference, single } from "./code-points.ts";
import { JsonNodes } from "./json.ts";
import { oneOfTexts } from "./literals.ts";
import { type GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import { asText } from "./pattern-nodes.ts";
import { literalPattern, type Pattern, wholePattern } from "./regex.ts";
import { SchemaCompiler } from "./schema.ts";
import { valuesOf } from "./schema-merge.ts";
import { asSchema, listOf, type Schema, schemasOf, stringsOf, unsupported } from "./schema-source.ts";
import { ruleNode, stringRule } from "./schema-string.ts";
import { meets } from "./schema-values.ts";
import { none, setNode, stringSet } from "./string-sets.ts";

const CLOSE = "</parameter>";
/** Without what could be read as the end of the value. */
const NO_TAGS: CodePoints = difference(ANY, single("<"));
const anyOf = (set: CodePoints): Pattern => ({
  kind: "repeat",
  body: { kind: "characters", set },
  least: 0,
  most: MANY,
});
/** A text beside other types, which no reader takes for one of those: it begins with a letter and is none of JSON's words. */
const WORDY = "[\\p{L}_][^<]*";
const WORDS = wholePattern("([nN][uU][lL][lL]|[nN][oO][nN][eE]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])\\s*", "words");

export class XmlParameters {
  readonly #grammar: GrammarBuilder;

  constructor(grammar: GrammarBuilder) {
    this.#grammar = grammar;
  }

  /** Parameters of any name, as texts. */
  any(): NodeId {
    const grammar = this.#grammar;
    const key = grammar.repeat(
      grammar.set([
        [0x30, 0x39],
        [0x41, 0x5a],
        [0x5f, 0x5f],
        [0x61, 0x7a],
      ]),
      1,
      64,
    );
    return grammar.repeat(this.#parameter(key, this.#freeText()), 0, 64);
  }

  of(parameters: unknown): NodeId {
    const grammar = this.#grammar;
    const compiler = new SchemaCompiler(grammar, new JsonNodes(grammar, { without: "<" }), parameters);
    const schema = compiler.merger.flat(parameters, "#");
    if (!schema) return grammar.never;
    for (const keyword of ["anyOf", "oneOf", "patternProperties", "enum", "const", "minProperties", "maxProperties"])
      if (schema[keyword] !== undefined) throw unsupported("#", keyword, "this model's calls take plain parameters");
    const required = new Set(stringsOf(schema.required, "#/required"));
    const declared = new Map(schemasOf(schema.properties, "#/properties"));
    for (const name of required)
      if (!declared.has(name)) throw unsupported("#", `required ${JSON.stringify(name)} without a property`);
    const nodes = [...declared].map(([name, value]) => {
      if (/[\n<>]/.test(name) || name.trim() !== name || name === "")
        throw unsupported("#", `the property name ${JSON.stringify(name)}`, "it cannot stand in this model's calls");
      const path = `#/properties/${name}`;
      const types = parameterTypes(value, parameters);
      const node = this.#parameter(grammar.text(name), this.#value(compiler, value, types, path));
      return required.has(name) ? node : grammar.optional(node);
    });
    return grammar.sequence(...nodes);
  }

  #parameter(name: NodeId, value: NodeId): NodeId {
    const grammar = this.#grammar;
    return grammar.sequence(
      grammar.text("<parameter="),
      name,
      grammar.text(">\n"),
      value,
      grammar.text(`\n${CLOSE}\n`),
    );
  }

  #value(compiler: SchemaCompiler, given: unknown, types: ReadonlySet<string>, path: string): NodeId {
    // Without a type, or with this one only, a reader takes whatever stands there as a text.
    if (types.size > 0 && !types.has("string")) return compiler.compile(given, path);
    const schema = compiler.merger.flat(given, path);
    if (!schema) return this.#grammar.never;
    const mixed = [...types].some((type) => type !== "string" && type !== "null");
    return this.#text(compiler, schema, mixed, path);
  }

  /** A schema that allows texts, perhaps beside others. */
  #text(compiler: SchemaCompiler, schema: Schema, mixed: boolean, path: string): NodeId {
    const grammar = this.#grammar;
    const values = valuesOf(schema, path);
    if (values)
      return this.#listed(
        values.filter((value) => meets(value, withoutValues(schema), path)),
        mixed,
        path,
      );
    for (const keyword of ["anyOf", "oneOf"]) {
      if (schema[keyword] === undefined) continue;
      const { [keyword]: list, ...base } = schema;
      return grammar.choice(
        ...listOf(list, `${path}/${keyword}`).map((alternative, i) => {
          const at = `${path}/${keyword}/${i}`;
          const both = compiler.merger.both(base, alternative, at);
          return both ? this.#text(compiler, both, mixed, at) : grammar.never;
        }),
      );
    }
    const types = schema.type === undefined ? ["string"] : [schema.type].flat();
    const others = types.filter((type) => type !== "string");
    const other = others.length > 0 ? compiler.compile({ ...schema, type: others }, path) : grammar.never;
    return types.includes("string")
      ? grammar.choice(other, this.#raw(asSchema(schema, path) ?? {}, mixed, path))
      : other;
  }

  #raw(schema: Schema, mixed: boolean, path: string): NodeId {
    const rule = stringRule(schema, path);
    const isFree = rule.patterns.length === 0 && rule.least === 0 && rule.most === MANY;
    if (isFree && !mixed) return this.#freeText();
    const patterns = [...rule.patterns, mixed ? wholePattern(WORDY, "text") : anyOf(NO_TAGS)];
    if (!mixed) return ruleNode(this.#grammar, { ...rule, patterns }, asText(this.#grammar));
    return ruleNode(this.#grammar, { ...rule, patterns }, asText(this.#grammar), [none(stringSet(WORDS))]);
  }

  /** Any text without the closing tag. */
  #freeText(): NodeId {
    const closed: Pattern = { kind: "sequence", items: [anyOf(ANY), literalPattern(CLOSE), anyOf(ANY)] };
    return this.#grammar.shared(setNode(this.#grammar, none(stringSet(closed)), asText(this.#grammar)));
  }

  #listed(values: readonly unknown[], mixed: boolean, path: string): NodeId {
    const texts = values.map((value) => {
      if (typeof value !== "string") return JSON.stringify(value);
      const isRead = mixed && !/^[\p{L}_]/u.test(value);
      if (value.includes("<") || isRead || (mixed && /^(?:null|none|true|false)\s*$/i.test(value))) {
        throw unsupported(path, `the value ${JSON.stringify(value)}`, "it cannot stand in this model's calls");
      }
      return value;
    });
    return oneOfTexts(this.#grammar, texts);
  }
}

function withoutValues({ enum: _, const: __, ...others }: Schema): Schema {
  return others;
}
