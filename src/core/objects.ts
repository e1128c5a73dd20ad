// What JSON calls an object: neither null nor a list. Values that strangers wrote are looked at through this.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
