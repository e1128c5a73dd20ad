// What the readers of records share: fields checked one by one, with words for what is wrong with them.

import { isObject } from "../../core/objects.ts";
import type { ChatMessage } from "../../engine/types.ts";
import type { LabelledIds } from "./types.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Says what is wrong with a record; whoever reads the file knows where it stands. */
export class RecordError extends Error {}

export function wholeNumbers(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw new RecordError(`${name} is ${kindOf(value)}; expected a list of whole numbers`);
  const wrong = value.findIndex((item) => !Number.isSafeInteger(item));
  if (wrong >= 0) throw new RecordError(`${name}[${wrong}] is ${kindOf(value[wrong])}; expected a whole number`);
  return value as number[];
}

export function checkMessage(value: unknown, where: string): ChatMessage {
  if (!isObject(value)) throw new RecordError(`${where} is ${kindOf(value)}; expected { role, content }`);
  const { role, content, tool_calls: calls } = value;
  if (typeof role !== "string" || role === "") throw new RecordError(`${where} has no role`);
  if (calls !== undefined && calls !== null && !Array.isArray(calls))
    throw new RecordError(`${where}: tool_calls is ${kindOf(calls)}; expected a list`);
  const said = typeof content === "string" || Array.isArray(content);
  if (!said && !(Array.isArray(calls) && calls.length > 0)) throw new RecordError(`${where} has no content`);
  return value as unknown as ChatMessage;
}

export function toolsOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const tools = listOf("tools", value);
  const wrong = tools.findIndex((tool) => !isObject(tool));
  if (wrong >= 0) throw new RecordError(`tools[${wrong}] is ${kindOf(tools[wrong])}; expected an object`);
  return tools;
}

export function listOf(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new RecordError(`${name} is ${kindOf(value)}; expected a list`);
  return value;
}

export function filled(name: string, value: unknown, mayBeEmpty = false): string {
  if (typeof value !== "string") throw new RecordError(`${name} is ${kindOf(value)}; expected a text`);
  if (value === "" && !mayBeEmpty) throw new RecordError(`${name} is empty`);
  return value;
}

export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  return value !== null && typeof value === "object"
    ? "an object"
    : (JSON.stringify(value)?.slice(0, 40) ?? String(value));
}

/** Ids as they are; without labels every one is a label. */
export function idsWithLabels({ input_ids, labels = input_ids }: Fields): LabelledIds {
  const ids = wholeNumbers("input_ids", input_ids);
  const wanted = wholeNumbers("labels", labels);
  if (ids.length !== wanted.length) throw new RecordError(`${ids.length} input_ids and ${wanted.length} labels`);
  return { input_ids: ids, labels: wanted };
}
