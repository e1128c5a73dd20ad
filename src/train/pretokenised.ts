// Examples that are token ids already: one JSON object a line, {"input_ids": [...], "labels": [...]}. Without labels every token is one.

import { AnyqwenError } from "../core/errors.ts";
import { supervisedTokens } from "./batches.ts";
import type { TrainingExample } from "./types.ts";

/** Fails with code "format", naming file and line. `positions`: most tokens of an example. */
export function parsePretokenised(
  text: string,
  name: string,
  { vocab, positions }: { readonly vocab: number; readonly positions: number },
): TrainingExample[] {
  const examples: TrainingExample[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const fail = (what: string): never => {
      throw new AnyqwenError("format", `${name}:${index + 1}: ${what}`);
    };
    const parsed = parseLine(line, fail);
    const ids = integers(parsed.input_ids, "input_ids", fail);
    const labels = parsed.labels === undefined ? ids : integers(parsed.labels, "labels", fail);
    if (ids.length < 2) fail(`${ids.length} tokens; an example needs two, one to predict the other from`);
    if (ids.length > positions) fail(`${ids.length} tokens, but the model has ${positions} positions; cut the example`);
    if (labels.length !== ids.length) fail(`${ids.length} input_ids, but ${labels.length} labels`);
    const outside = ids.find((id) => id < 0 || id >= vocab);
    if (outside !== undefined) fail(`token id ${outside} is outside the model's vocabulary of ${vocab}`);
    const wrong = labels.find((label) => label !== -100 && (label < 0 || label >= vocab));
    if (wrong !== undefined) fail(`label ${wrong}: expected -100 (not supervised) or an id below ${vocab}`);
    const example = { input_ids: ids, labels };
    if (supervisedTokens([example]) === 0) fail("no label behind the first token: there is nothing to learn from it");
    examples.push(example);
  });
  if (examples.length === 0) throw new AnyqwenError("format", `${name}: no examples; expected one JSON object a line`);
  return examples;
}

function parseLine(line: string, fail: (what: string) => never): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    fail(`not JSON (${(cause as Error).message})`);
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
    return fail('expected an object with "input_ids" and "labels"');
  return parsed as Record<string, unknown>;
}

function integers(value: unknown, field: string, fail: (what: string) => never): Int32Array {
  if (!Array.isArray(value)) return fail(`"${field}" is ${value === undefined ? "missing" : "no list"}`);
  const at = value.findIndex((item) => !Number.isInteger(item) || Math.abs(item) >= 2 ** 31);
  if (at >= 0) return fail(`"${field}": element ${at} is ${JSON.stringify(value[at])}, not a token id`);
  return Int32Array.from(value);
}
