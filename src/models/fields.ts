// Reads typed fields out of a configuration from outside (config.json, GGUF metadata). Every error names source, key and value.

import { AnyqwenError } from "../core/errors.ts";

/** Larger counts than any model has; keeps a lying file from making us loop or allocate. */
const LARGEST_COUNT = 2 ** 31 - 1;

export class Fields {
  constructor(
    /** What error messages call the source: "config.json of …". */
    readonly source: string,
    private readonly lookUp: (key: string) => unknown,
  ) {}

  /** The fields of a parsed JSON object. */
  static of(json: unknown, source: string): Fields {
    if (json === null || typeof json !== "object" || Array.isArray(json)) {
      throw new AnyqwenError("format", `${source}: ${show(json)}; expected an object`);
    }
    const object = json as Record<string, unknown>;
    return new Fields(source, (key) => (Object.hasOwn(object, key) ? object[key] : undefined));
  }

  /** The value of a key; null counts as absent, as in Hugging Face's files. */
  raw(key: string): unknown {
    return this.lookUp(key) ?? undefined;
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  /** A whole number from `least` on. Without a default the key is required. */
  count(key: string, fallback?: number, least = 1): number {
    const value = this.number(key, fallback);
    if (!Number.isInteger(value) || value < least || value > LARGEST_COUNT) {
      throw this.wrong(key, `a whole number from ${least} on`);
    }
    return value;
  }

  number(key: string, fallback?: number): number {
    const raw = this.raw(key) ?? fallback;
    if (raw === undefined) throw this.missing(key);
    const value = typeof raw === "bigint" ? Number(raw) : raw;
    if (typeof value !== "number" || !Number.isFinite(value)) throw this.wrong(key, "a number");
    return value;
  }

  positive(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (value <= 0) throw this.wrong(key, "a number above 0");
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.raw(key) ?? fallback;
    if (typeof value !== "boolean") throw this.wrong(key, "true or false");
    return value;
  }

  string(key: string, fallback?: string): string {
    const value = this.raw(key) ?? fallback;
    if (value === undefined) throw this.missing(key);
    if (typeof value !== "string") throw this.wrong(key, "a string");
    return value;
  }

  /** A list, or undefined where the key is absent. Its elements are unchecked. */
  list(key: string): readonly unknown[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
    if (!Array.isArray(value)) throw this.wrong(key, "a list");
    return value;
  }

  /** The fields of a nested object, or undefined where the key is absent. */
  object(key: string): Fields | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : Fields.of(value, `${this.source}, "${key}"`);
  }

  wrong(key: string, expected: string): AnyqwenError {
    return new AnyqwenError("format", `${this.source}: "${key}" is ${show(this.raw(key))}; expected ${expected}`);
  }

  missing(key: string): AnyqwenError {
    return new AnyqwenError("format", `${this.source}: "${key}" is missing; the file is damaged or incomplete`);
  }
}

/** A value for an error message, cut short. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  const text = JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
