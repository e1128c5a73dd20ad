// A JSON schema as it was given: places in it, references, and what is refused. Keywords that only describe are passed over; those
// that would restrict what may come, and that the grammar cannot follow, are refused with their name and place.

import { AnyqwenError } from "../../core/errors.ts";
import { isObject, type JsonObject } from "../../core/objects.ts";

export type Schema = JsonObject;

/** Always refused. */
const UNSUPPORTED = [
  "not",
  "if",
  "then",
  "else",
  "contains",
  "minContains",
  "maxContains",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
  "propertyNames",
  "$dynamicRef",
  "$recursiveRef",
] as const;

export function schemaError(path: string, what: string): AnyqwenError {
  return new AnyqwenError("invalid-argument", `format: schema at ${path}: ${what}`);
}

export function unsupported(path: string, keyword: string, instead = ""): AnyqwenError {
  return schemaError(path, `${keyword} is not supported${instead && `; ${instead}`}`);
}

/** A schema as an object; `false`, which allows nothing, is undefined. */
export function asSchema(value: unknown, path: string): Schema | undefined {
  if (value === true) return {};
  if (value === false) return undefined;
  if (!isObject(value)) throw schemaError(path, `expected a schema, found ${JSON.stringify(value)?.slice(0, 60)}`);
  for (const keyword of UNSUPPORTED) if (value[keyword] !== undefined) throw unsupported(path, keyword);
  if (value.uniqueItems === true) throw unsupported(path, "uniqueItems", "leave it out, or check afterwards");
  if (value.multipleOf !== undefined && value.multipleOf !== 1) throw unsupported(path, "multipleOf");
  for (const keyword of ["unevaluatedProperties", "unevaluatedItems"])
    if (value[keyword] !== undefined && value[keyword] !== false) throw unsupported(path, keyword);
  return value;
}

export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw schemaError(path, "expected a list that is not empty");
}

export function stringsOf(value: unknown, path: string): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw schemaError(path, "expected a list of strings");
}

export function schemasOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (isObject(value)) return Object.entries(value);
  throw schemaError(path, "expected an object of schemas");
}

export function countOf(schema: Schema, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0))
    return value as number | undefined;
  throw schemaError(path, `${keyword} is ${JSON.stringify(value)}; expected a whole number from 0 on`);
}

export function numberOf(schema: Schema, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined || Number.isFinite(value)) return value as number | undefined;
  throw schemaError(path, `${keyword} is ${JSON.stringify(value)}; expected a number`);
}

/** What "#/…" points to in `root`. */
export function resolveReference(root: unknown, reference: unknown, path: string): unknown {
  if (typeof reference !== "string" || !/^#(?:$|\/)/.test(reference)) {
    throw schemaError(path, `$ref ${JSON.stringify(reference)} is not supported; it must point into the schema, "#/…"`);
  }
  let at = root;
  for (const part of reference.split("/").slice(1)) {
    const key = decodePart(part).replaceAll("~1", "/").replaceAll("~0", "~");
    const holds = typeof at === "object" && at !== null && Object.hasOwn(at, key);
    if (!holds) throw schemaError(path, `$ref ${JSON.stringify(reference)} points to nothing`);
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Equal as JSON, whatever the order of keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    );
  }
  return a === b;
}
