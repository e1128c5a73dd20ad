// Two schemas that must both hold, as one: for allOf, for keywords beside $ref and anyOf, and for properties that several places speak
// about. Values are restricted keyword by keyword; what cannot be joined is refused.

import { isObject } from "../../core/objects.ts";
import { asSchema, listOf, type Schema, sameJson, schemaError, stringsOf, unsupported } from "./schema-source.ts";

/** A schema, or false for what nothing meets. */
export type Either = Schema | false;

const MOST_DEPTH = 50;
const LARGER = new Set(["minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"]);
const SMALLER = new Set(["maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"]);
/** Decided by `mergeSchemas` as a whole. */
const JOINED = new Set([
  "properties",
  "additionalProperties",
  "patternProperties",
  "items",
  "prefixItems",
  "enum",
  "const",
]);

export class SchemaMerger {
  readonly #resolve: (reference: unknown, path: string) => unknown;

  /** `resolve`: what a $ref points to. */
  constructor(resolve: (reference: unknown, path: string) => unknown) {
    this.#resolve = resolve;
  }

  /** Without $ref and allOf. */
  flat(given: unknown, path: string, depth = 0): Either {
    if (depth > MOST_DEPTH) throw schemaError(path, "allOf and $ref refer to themselves, or nest too deep");
    const schema = asSchema(given, path);
    if (!schema) return false;
    if (schema.$ref === undefined && schema.allOf === undefined) return schema;
    const { $ref, allOf, ...rest } = schema;
    let merged: Either = rest;
    if ($ref !== undefined)
      merged = this.#join(this.flat(this.#resolve($ref, path), path, depth + 1), merged, path, depth);
    const parts = allOf === undefined ? [] : listOf(allOf, `${path}/allOf`);
    parts.forEach((part, i) => {
      merged = this.#join(merged, this.flat(part, `${path}/allOf/${i}`, depth + 1), path, depth);
    });
    return merged;
  }

  both(a: unknown, b: unknown, path: string, depth = 0): Either {
    return this.#join(this.flat(a, path, depth + 1), this.flat(b, path, depth + 1), path, depth);
  }

  #join(a: Either, b: Either, path: string, depth: number): Either {
    if (depth > MOST_DEPTH) throw schemaError(path, "its parts refer to themselves, or nest too deep");
    if (!a || !b) return false;
    const merged: Record<string, unknown> = {};
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (JOINED.has(key)) continue;
      const value =
        b[key] === undefined ? a[key] : a[key] === undefined ? b[key] : this.#value(key, a[key], b[key], path);
      if (value === undefined) return false;
      merged[key] = value;
    }
    const values = commonValues(a, b, path);
    if (values) merged.enum = values;
    this.#joinObjects(merged, a, b, path, depth);
    this.#joinArrays(merged, a, b, path, depth);
    return merged;
  }

  /** Of a keyword that both have; undefined: nothing meets both. */
  #value(key: string, a: unknown, b: unknown, path: string): unknown {
    if (LARGER.has(key)) return Math.max(a as number, b as number);
    if (SMALLER.has(key)) return Math.min(a as number, b as number);
    if (key === "required") return [...new Set([...stringsOf(a, path), ...stringsOf(b, path)])];
    if (key === "type") return commonTypes(a, b);
    if (key === "pattern") return [...new Set([a, b].flat())];
    if (key === "anyOf" || key === "oneOf") {
      const [left, right] = [listOf(a, path), listOf(b, path)];
      return left.flatMap((one) => right.map((other) => ({ allOf: [one, other] })));
    }
    if (key === "format" && a !== b) throw unsupported(path, "allOf with two formats");
    return a;
  }

  #joinObjects(merged: Record<string, unknown>, a: Schema, b: Schema, path: string, depth: number): void {
    const [left, right] = [propertiesOf(a), propertiesOf(b)];
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      if (one.patternProperties === undefined) continue;
      if (other.patternProperties ?? other.properties ?? other.additionalProperties) {
        throw unsupported(path, "allOf with patternProperties and other properties");
      }
      merged.patternProperties = one.patternProperties;
    }
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    if (names.size > 0) {
      merged.properties = Object.fromEntries(
        [...names].map((name) => {
          const [one, other] = [propertyOf(a, left, name), propertyOf(b, right, name)];
          if (one === undefined || other === undefined) return [name, one ?? other];
          return [name, this.both(one, other, `${path}/properties/${name}`, depth + 1)];
        }),
      );
    }
    const [more, others] = [a.additionalProperties, b.additionalProperties];
    const additional =
      more !== undefined && others !== undefined ? this.both(more, others, path, depth + 1) : (more ?? others);
    if (additional !== undefined) merged.additionalProperties = additional;
  }

  #joinArrays(merged: Record<string, unknown>, a: Schema, b: Schema, path: string, depth: number): void {
    const [left, right] = [prefixOf(a), prefixOf(b)];
    const length = Math.max(left.length, right.length);
    const at = (schema: Schema, prefix: readonly unknown[], i: number) =>
      i < prefix.length ? prefix[i] : itemsOf(schema);
    if (length > 0) {
      merged.prefixItems = Array.from({ length }, (_, i) => {
        const [one, other] = [at(a, left, i), at(b, right, i)];
        if (one === undefined || other === undefined) return one ?? other;
        return this.both(one, other, `${path}/prefixItems/${i}`, depth + 1);
      });
    }
    const [one, other] = [itemsOf(a), itemsOf(b)];
    const items =
      one !== undefined && other !== undefined ? this.both(one, other, `${path}/items`, depth + 1) : (one ?? other);
    if (items !== undefined) merged.items = items;
  }
}

/** Draft 7 writes the first items as a list in `items`, and the rest as additionalItems. */
export const prefixOf = (schema: Schema): readonly unknown[] =>
  Array.isArray(schema.items) ? schema.items : Array.isArray(schema.prefixItems) ? schema.prefixItems : [];

export const itemsOf = (schema: Schema): unknown =>
  Array.isArray(schema.items)
    ? schema.additionalItems
    : (schema.items ?? (schema.unevaluatedItems === false ? false : undefined));

const propertiesOf = (schema: Schema): Schema => (isObject(schema.properties) ? schema.properties : {});

/** What a schema says about a property that it may not name. */
function propertyOf(schema: Schema, properties: Schema, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
}

function commonTypes(a: unknown, b: unknown): unknown {
  const [left, right] = [[a].flat(), [b].flat()];
  const common = new Set<unknown>();
  for (const one of left) {
    for (const other of right) {
      if (one === other) common.add(one);
      else if ([one, other].includes("integer") && [one, other].includes("number")) common.add("integer");
    }
  }
  return common.size > 0 ? [...common] : undefined;
}

function commonValues(a: Schema, b: Schema, path: string): readonly unknown[] | undefined {
  const [left, right] = [valuesOf(a, path), valuesOf(b, path)];
  if (!left || !right) return left ?? right;
  return left.filter((value) => right.some((other) => sameJson(value, other)));
}

/** Of enum and const. */
export function valuesOf(schema: Schema, path: string): readonly unknown[] | undefined {
  const listed = schema.enum;
  if (listed !== undefined && !Array.isArray(listed)) throw schemaError(path, "enum is not a list");
  for (const value of [...(listed ?? []), schema.const]) {
    if (value === undefined || sameJson(value, JSON.parse(JSON.stringify(value)))) continue;
    throw schemaError(path, "enum or const holds a value that JSON cannot write, such as a number beyond 1.8e308");
  }
  if (schema.const === undefined) return listed;
  return !listed || listed.some((value) => sameJson(value, schema.const)) ? [schema.const] : [];
}
