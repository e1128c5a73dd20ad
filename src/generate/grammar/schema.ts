// JSON schemas to grammars. Where a schema allows more than can be said, the grammar allows less, never more: properties come in the
// order in which they are declared, objects with declared properties have no others unless additionalProperties says so, and oneOf is
// read as anyOf.

import { isObject } from "../../core/objects.ts";
import { JsonNodes } from "./json.ts";
import { oneOfTexts } from "./literals.ts";
import { type GrammarBuilder, MANY, type NodeId, tooLarge } from "./nodes.ts";
import { integerBetween, numberBetween } from "./number-range.ts";
import { itemsOf, prefixOf, SchemaMerger, valuesOf } from "./schema-merge.ts";
import { objectNode } from "./schema-object.ts";
import { countOf, listOf, numberOf, resolveReference, type Schema, schemaError } from "./schema-source.ts";
import { stringNode } from "./schema-string.ts";
import { meets } from "./schema-values.ts";

/** Schemas looked at, each as often as it is; merging can multiply them. */
const MOST_VISITS = 20_000;
const MOST_DEPTH = 100;
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
type Type = (typeof TYPES)[number];

/** Keywords that speak about one type only. */
const SPEAKS_OF: Readonly<Partial<Record<Type, readonly string[]>>> = {
  object: ["properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"],
  string: ["pattern", "minLength", "maxLength", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
};

export class SchemaCompiler {
  readonly json: JsonNodes;
  readonly merger: SchemaMerger;
  readonly #grammar: GrammarBuilder;
  readonly #root: unknown;
  readonly #references = new Map<string, NodeId>();
  #visits = 0;
  #depth = 0;

  /** `root`: what "#" stands for in references. */
  constructor(grammar: GrammarBuilder, json: JsonNodes, root: unknown) {
    this.#grammar = grammar;
    this.json = json;
    this.#root = root;
    this.merger = new SchemaMerger((reference, path) => resolveReference(root, reference, path));
  }

  get grammar(): GrammarBuilder {
    return this.#grammar;
  }

  /** The JSON texts that meet the schema. */
  compile(given: unknown, path = "#"): NodeId {
    if (++this.#visits > MOST_VISITS) throw tooLarge(`it refers to more than ${MOST_VISITS} schemas`);
    if (++this.#depth > MOST_DEPTH) throw schemaError(path, `schemas nest more than ${MOST_DEPTH} deep`);
    try {
      return this.#compile(given, path);
    } finally {
      this.#depth--;
    }
  }

  #compile(given: unknown, path: string): NodeId {
    if (isObject(given) && typeof given.$ref === "string" && isOnlyReference(given)) {
      return this.#reference(given.$ref, path);
    }
    const schema = this.merger.flat(given, path);
    if (!schema) return this.#grammar.never;
    const values = valuesOf(schema, path);
    if (values) {
      const { enum: _, const: __, ...others } = schema;
      const allowed = values.filter((value) => meets(value, others, path));
      return this.#grammar.shared(
        oneOfTexts(
          this.#grammar,
          allowed.map((value) => this.json.spell(value)),
        ),
      );
    }
    for (const keyword of ["anyOf", "oneOf"]) {
      if (schema[keyword] === undefined) continue;
      const { [keyword]: list, ...base } = schema;
      const alternatives = listOf(list, `${path}/${keyword}`);
      return this.#grammar.choice(
        ...alternatives.map((alternative, i) => this.#alternative(base, alternative, `${path}/${keyword}/${i}`)),
      );
    }
    return this.#grammar.choice(...typesOf(schema, path).map((type) => this.#typed(type, schema, path)));
  }

  #alternative(base: Schema, alternative: unknown, path: string): NodeId {
    const restricts = [...Object.values(SPEAKS_OF).flat(), "type", "anyOf", "oneOf"].some(
      (key) => base[key] !== undefined,
    );
    return this.compile(restricts ? { allOf: [base, alternative] } : alternative, path);
  }

  /** Each reference is one rule, so that it may lead back to itself. */
  #reference(reference: string, path: string): NodeId {
    const known = this.#references.get(reference);
    if (known !== undefined) return known;
    const rule = this.#grammar.declare();
    const node = this.#grammar.rule(rule);
    this.#references.set(reference, node);
    this.#grammar.define(rule, this.compile(resolveReference(this.#root, reference, path), reference));
    return node;
  }

  #typed(type: Type, schema: Schema, path: string): NodeId {
    switch (type) {
      case "object":
        return objectNode(this, schema, path);
      case "array":
        return this.#array(schema, path);
      case "string":
        return stringNode(this.#grammar, this.json, schema, path);
      case "null":
        return this.json.literal(null);
      case "boolean":
        return this.#grammar.choice(this.json.literal(true), this.json.literal(false));
      default:
        return this.#number(type, schema, path);
    }
  }

  #number(type: "number" | "integer", schema: Schema, path: string): NodeId {
    const bound = (keyword: string) => numberOf(schema, keyword, path);
    const [least, most] = [bound("minimum"), bound("maximum")];
    const [over, under] = [bound("exclusiveMinimum"), bound("exclusiveMaximum")];
    const whole = type === "integer" || schema.multipleOf === 1;
    if ([least, most, over, under].every((value) => value === undefined)) {
      return whole ? this.json.integer() : this.json.number();
    }
    const above = over !== undefined && over >= (least ?? -Infinity);
    const below = under !== undefined && under <= (most ?? Infinity);
    const bounds = { least: above ? over : least, most: below ? under : most, above, below };
    return whole ? integerBetween(this.#grammar, bounds) : numberBetween(this.#grammar, bounds);
  }

  #array(schema: Schema, path: string): NodeId {
    const { json } = this;
    const grammar = this.#grammar;
    const least = countOf(schema, "minItems", path) ?? 0;
    const most = countOf(schema, "maxItems", path) ?? MANY;
    if (least > most) return grammar.never;
    const prefix = prefixOf(schema).slice(0, most);
    const nodes = prefix.map((item, i) => this.compile(item, `${path}/prefixItems/${i}`));
    const items = itemsOf(schema);
    // After the first items there are no others, unless it is said or needed.
    const open = items !== undefined || prefix.length === 0 || least > prefix.length;
    const item = open ? (items === undefined ? json.value() : this.compile(items, `${path}/items`)) : grammar.never;
    if (nodes.length === 0) return json.array(grammar.separated(item, json.comma(), least, most));
    const count = (wanted: number) => Math.max(0, wanted - nodes.length);
    let rest = grammar.repeat(grammar.sequence(json.comma(), item), count(least), most === MANY ? MANY : count(most));
    for (let i = nodes.length - 1; i >= 0; i--) {
      const some = grammar.sequence(i > 0 ? json.comma() : grammar.empty, nodes[i], rest);
      rest = i < least ? some : grammar.optional(some);
    }
    return json.array(rest);
  }
}

/** The grammar of all JSON texts that meet a schema. */
export function schemaNode(grammar: GrammarBuilder, schema: unknown): NodeId {
  return new SchemaCompiler(grammar, new JsonNodes(grammar), schema).compile(schema);
}

const DESCRIBES = new Set([
  "$ref",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "$comment",
  "$defs",
  "definitions",
]);

function isOnlyReference(schema: Schema): boolean {
  return Object.keys(schema).every((key) => DESCRIBES.has(key));
}

function typesOf(schema: Schema, path: string): readonly Type[] {
  if (schema.type !== undefined) {
    const types = [schema.type].flat();
    for (const type of types)
      if (!TYPES.includes(type as Type))
        throw schemaError(path, `type is ${JSON.stringify(type)}; known are ${TYPES.join(", ")}`);
    return types.includes("number") ? (types as Type[]).filter((type) => type !== "integer") : (types as Type[]);
  }
  const spoken = Object.entries(SPEAKS_OF).flatMap(([type, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined) ? [type as Type] : [],
  );
  if (spoken.length > 0) return spoken;
  return TYPES.filter((type) => type !== "integer");
}
