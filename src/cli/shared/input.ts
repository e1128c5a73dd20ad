// What commands read: a prompt from wherever it was given, and JSON lines from a file or stdin, in order, one at a time.

import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { AnyqwenError } from "../../core/errors.ts";
import { UsageError } from "./exit.ts";
import { note } from "./output.ts";

/** The whole of stdin. */
export async function readStdin(): Promise<string> {
  sayThatWeWait();
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** A terminal that says nothing looks as if the command hung. */
function sayThatWeWait(): void {
  if (process.stdin.isTTY) note("reading from the terminal; Ctrl-D on a line of its own ends");
}

/** A text file, or stdin for "-". */
export async function readTextInput(path: string): Promise<string> {
  if (path === "-") return readStdin();
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw readFailure(path, cause);
  });
}

export async function readJsonInput(path: string): Promise<unknown> {
  const text = await readTextInput(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnyqwenError("format", `${nameOf(path)}: not valid JSON (${(cause as Error).message})`, { cause });
  }
}

export interface JsonLine {
  /** For error messages: "cases.jsonl line 3". */
  readonly where: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Objects, one a line, each as soon as it is there; empty lines are skipped. "-" is stdin. */
export async function* jsonLines(path: string): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const line of textLines(path)) {
    number++;
    if (line.trim() !== "") yield parseLine(line, `${nameOf(path)} line ${number}`);
  }
}

/** Lines end at \n alone: readline would also split at U+2028, which JSON strings may hold. */
async function* textLines(path: string): AsyncGenerator<string> {
  if (path === "-") sayThatWeWait();
  const input = path === "-" ? process.stdin : createReadStream(path);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of input) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      if (!(chunk as Uint8Array).includes(0x0a)) continue; // a long line comes in many chunks
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (cause) {
    throw readFailure(path, cause as NodeJS.ErrnoException);
  }
  yield rest + decoder.decode();
}

function readFailure(path: string, cause: NodeJS.ErrnoException): AnyqwenError {
  if (cause.code === "ENOENT") return new AnyqwenError("not-found", `${path}: no such file`, { cause });
  return new AnyqwenError("io", `${path}: ${cause.message}`, { cause });
}

function parseLine(line: string, where: string): JsonLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new AnyqwenError("format", `${where}: not valid JSON (${(cause as Error).message})`, { cause });
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new AnyqwenError("format", `${where}: expected an object, found ${JSON.stringify(value).slice(0, 40)}`);
  }
  return { where, value: value as Record<string, unknown> };
}

function nameOf(path: string): string {
  return path === "-" ? "stdin" : path;
}

export function stringField({ where, value }: JsonLine, field: string): string {
  const found = value[field];
  if (typeof found === "string") return found;
  throw new AnyqwenError("format", `${where}: "${field}" should be a string, found ${describe(found)}`);
}

export function idsField({ where, value }: JsonLine, field: string): number[] {
  const found = value[field];
  if (Array.isArray(found) && found.every((id) => Number.isInteger(id) && id >= 0)) return found as number[];
  throw new AnyqwenError("format", `${where}: "${field}" should be a list of token ids, found ${describe(found)}`);
}

function describe(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}

/** Texts from arguments, else from a file (one a line; of .jsonl the field "text"), else from stdin, one a line. */
export async function textsOf(given: readonly string[], input: string | undefined): Promise<string[]> {
  if (given.length > 0 && input !== undefined) throw new UsageError("give either texts or --input, not both");
  const texts: string[] = [...given];
  if (given.length === 0 && input === undefined && process.stdin.isTTY) {
    throw new UsageError("no texts: give some, use --input, or pipe them in");
  }
  if (input?.endsWith(".jsonl")) {
    for await (const line of jsonLines(input)) texts.push(stringField(line, "text"));
  } else if (given.length === 0) {
    texts.push(...(await readTextInput(input ?? "-")).split(/\r?\n/).filter((line) => line.trim() !== ""));
  }
  if (texts.length === 0) throw new AnyqwenError("invalid-argument", `${nameOf(input ?? "-")}: there is no text in it`);
  return texts;
}
