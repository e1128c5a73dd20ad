// Whether a listed value (enum, const) meets the other keywords of its schema, as far as they can stand beside a list.

import { isObject } from "../../core/objects.ts";
import { countOf, numberOf, type Schema, unsupported } from "./schema-source.ts";

/** Beside a list of values, these would need a whole validator. */
const TOO_MUCH: Readonly<Record<string, readonly string[]>> = {
  string: ["pattern", "format"],
  object: ["properties", "required", "patternProperties", "additionalProperties", "minProperties", "maxProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems"],
};

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  return Number.isInteger(value) ? "integer" : typeof value;
}

export function meets(value: unknown, schema: Schema, path: string): boolean {
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  const type = typeOf(value);
  if (types && !types.includes(type) && !(type === "integer" && types.includes("number"))) return false;
  for (const keyword of ["anyOf", "oneOf", ...(TOO_MUCH[type] ?? [])])
    if (schema[keyword] !== undefined) throw unsupported(path, `${keyword} beside enum or const`);
  if (typeof value === "number") return isWithin(value, schema, path);
  return typeof value !== "string" || fits(value, schema, path);
}

function isWithin(value: number, schema: Schema, path: string): boolean {
  const bound = (keyword: string) => numberOf(schema, keyword, path);
  return (
    value >= (bound("minimum") ?? -Infinity) &&
    value <= (bound("maximum") ?? Infinity) &&
    value > (bound("exclusiveMinimum") ?? -Infinity) &&
    value < (bound("exclusiveMaximum") ?? Infinity)
  );
}

function fits(value: string, schema: Schema, path: string): boolean {
  const length = Array.from(value).length;
  const [least, most] = [countOf(schema, "minLength", path) ?? 0, countOf(schema, "maxLength", path) ?? Infinity];
  return length >= least && length <= most;
}
