// Small readers of JSON that strangers wrote: each says which file and which key was not what it should be.

import { AnyqwenError } from "../core/errors.ts";
import { isObject, type JsonObject } from "../core/objects.ts";

export function asObject(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw malformed(where, "an object", value);
  return value;
}

export function asArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(where, "a list", value);
  return value;
}

export function asString(value: unknown, where: string): string {
  if (typeof value !== "string") throw malformed(where, "a string", value);
  return value;
}

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnyqwenError("format", `${name}: not valid JSON (${(cause as Error).message}); download the file again`, {
      cause,
    });
  }
}

export function malformed(where: string, expected: string, value: unknown): AnyqwenError {
  const found = value === undefined ? "nothing" : (JSON.stringify(value)?.slice(0, 80) ?? String(value));
  return new AnyqwenError("format", `${where}: expected ${expected}, found ${found}`);
}
