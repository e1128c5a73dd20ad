// What is wrong with a request that does not fit its schema: the field, what was expected and what was found. Where a field may have one
// of several shapes, the shape that the request comes closest to is the one that is talked about.

import type { z } from "@hono/zod-openapi";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface Complaint {
  readonly path: Path;
  readonly expected: readonly string[];
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

export function schemaError(issues: readonly Issue[], body: unknown): { message: string; param: string | undefined } {
  const { path, expected } = complaintOf(issues[0], []);
  const param = path.length === 0 ? undefined : written(path);
  return { message: `${param ?? "body"} is ${found(body, path)}; expected ${alternatives(expected)}`, param };
}

function complaintOf(issue: Issue, before: Path): Complaint {
  const path = [...before, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) return closest(issue.errors, path);
  if (issue.code === "invalid_key") return { path, expected: ["keys that are token ids"] };
  return { path, expected: expectedBy(issue) };
}

function closest(branches: readonly (readonly Issue[])[], path: Path): Complaint {
  const fits = branches.map((issues) => Math.min(...issues.map(closeness)) + reach(issues[0]));
  const best = Math.max(...fits);
  const complaints = branches.filter((_, n) => fits[n] === best).map(([issue]) => complaintOf(issue, path));
  const [first] = complaints;
  const same = complaints.filter((other) => written(other.path) === written(first.path));
  return { path: first.path, expected: [...new Set(same.flatMap(({ expected }) => expected))] };
}

/** 0: something else altogether; 1: of another type by its own word; 2: meant to be this, with a slip in it. */
function closeness({ path, code }: Issue): number {
  if (path.length === 0) return code === "invalid_type" || code === "invalid_value" ? 0 : 2;
  return code === "invalid_value" && path.length === 1 && path[0] === "type" ? 1 : 2;
}

/** Of lists of different things, the one that is right for longer. */
function reach({ path: [index] }: Issue): number {
  return typeof index === "number" ? index : 0;
}

function expectedBy(issue: Issue): string[] {
  switch (issue.code) {
    case "invalid_type":
      return [kinds[issue.expected] ?? issue.expected];
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value));
    case "too_small":
      return [`${sizeOf(issue.origin)}${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`];
    case "too_big":
      return [`${sizeOf(issue.origin)}${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`];
    case "unrecognized_keys":
      return [`none of the keys ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`];
    case "invalid_format":
      return [`a text that matches ${issue.pattern ?? issue.format}`];
    default:
      return [issue.message];
  }
}

function sizeOf(origin: string): string {
  return origin === "string" ? "characters: " : origin === "array" ? "entries: " : "";
}

function alternatives(expected: readonly string[]): string {
  return expected.length < 2 ? expected.join("") : `${expected.slice(0, -1).join(", ")} or ${expected.at(-1)}`;
}

function written(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );
}

function found(body: unknown, path: Path): string {
  let at = body;
  for (const key of path) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  if (at === undefined) return "missing";
  if (Array.isArray(at)) return `a list of ${at.length}`;
  if (typeof at === "object" && at !== null) return "an object";
  const text = JSON.stringify(at);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
