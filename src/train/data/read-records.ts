// Records of a data file: JSON lines, a JSON list, or (for any other name) one plain text. What cannot be used ends the reading with its
// place and reason, or is left out and told.

import { AnyqwenError } from "../../core/errors.ts";
import { RecordError } from "./record-fields.ts";
import { parseRecord } from "./records.ts";
import type { BrokenRecord, PlacedRecord } from "./types.ts";

/** What to do with what cannot be used. */
export type BrokenPolicy = "stop" | "skip";

/** Collects what is left out; with "stop" the first one ends everything, with code "format". */
export class BrokenRecords {
  readonly left: BrokenRecord[] = [];
  constructor(private readonly policy: BrokenPolicy) {}

  add(where: string, reason: string): void {
    if (this.policy === "stop") {
      throw new AnyqwenError("format", `${where}: ${reason}; mend it, or leave such examples out (broken: skip)`);
    }
    this.left.push({ where, reason });
  }
}

export function readRecords(name: string, text: string, broken: BrokenRecords): PlacedRecord[] {
  const body = text.replace(/^\uFEFF/, "");
  if (/\.(jsonl?|ndjson)$/i.test(name))
    return body.trimStart().startsWith("[") ? fromList(name, body, broken) : fromLines(name, body, broken);
  return body.trim() === "" ? [] : [{ where: name, record: { kind: "text", text: body } }];
}

function fromLines(name: string, text: string, broken: BrokenRecords): PlacedRecord[] {
  const records: PlacedRecord[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    place(records, `${name}:${index + 1}`, () => parse(line), broken);
  }
  return records;
}

function fromList(name: string, text: string, broken: BrokenRecords): PlacedRecord[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new AnyqwenError("format", `${name}: not a valid JSON list (${(cause as Error).message})`, { cause });
  }
  const records: PlacedRecord[] = [];
  for (const [index, item] of (list as unknown[]).entries())
    place(records, `${name}, entry ${index + 1}`, () => item, broken);
  return records;
}

function place(records: PlacedRecord[], where: string, read: () => unknown, broken: BrokenRecords): void {
  try {
    records.push({ where, record: parseRecord(read()) });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    broken.add(where, error.message);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RecordError(`not valid JSON (${(cause as Error).message})`);
  }
}
