// What this room's tests share: fixtures, the Qwen2.5 tokenizer built from them, and answers read to their end.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createOutputParser, type OutputParserOptions, type OutputPart } from "./output-parser.ts";
import type { Pretokeniser } from "./pretokenise.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";
import { parseTokenizerJson } from "./tokenizer-json.ts";

export const fixtures = new URL("../../test/fixtures/", import.meta.url);

export function fixtureText(path: string): string {
  return readFileSync(new URL(path, fixtures), "utf8");
}

export function jsonLines<T>(path: string): T[] {
  return fixtureText(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

let bytes: Uint8Array | undefined;

export function qwen25Bytes(): Uint8Array {
  bytes ??= gunzipSync(readFileSync(new URL("tokenizer/qwen2.5-tokenizer.json.gz", fixtures)));
  return bytes;
}

export function qwen25Json(): unknown {
  return JSON.parse(new TextDecoder().decode(qwen25Bytes()));
}

export function qwen25(pretokeniser: Pretokeniser = "qwen2"): Tokenizer {
  return createTokenizer({ ...parseTokenizerJson(qwen25Bytes(), "qwen2.5-tokenizer.json"), pretokeniser });
}

/** The parts of an answer that comes in `pieces`, ids counted, with neighbours that go on with each other joined. */
export function parseAll(pieces: readonly string[], options: OutputParserOptions = {}): OutputPart[] {
  let ids = 0;
  const parser = createOutputParser({ newId: () => `id${ids++}`, ...options });
  const joined: OutputPart[] = [];
  for (const part of [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()]) {
    const last = joined.at(-1);
    if ((part.type === "text" || part.type === "reasoning") && last?.type === part.type)
      joined[joined.length - 1] = { ...part, text: last.text + part.text };
    else if (part.type === "tool-call-delta" && last?.type === "tool-call-delta" && last.id === part.id)
      joined[joined.length - 1] = { ...part, arguments: last.arguments + part.arguments };
    else joined.push(part);
  }
  return joined;
}

/** For whoever waits for whole calls. */
export function withoutPieces(parts: readonly OutputPart[]): OutputPart[] {
  return parts.flatMap((part) => {
    if (part.type === "tool-call-start" || part.type === "tool-call-delta") return [];
    return [part.type === "malformed-tool-call" ? { type: part.type, text: part.text } : part];
  });
}

/** Fails unless every call begins once, its pieces are its arguments, and those of a call that goes no further are no JSON. */
export function checkPieces(parts: readonly OutputPart[]): void {
  const open = new Map<string, { readonly name: string; pieces: string }>();
  const wrong = (what: string) => {
    throw new Error(`${what}: ${JSON.stringify(parts)}`);
  };
  for (const part of parts) {
    if (part.type === "tool-call-start") open.set(part.id, { name: part.name, pieces: "" });
    if (!("id" in part) || part.id === undefined) continue;
    const call = open.get(part.id);
    if (!call) throw wrong(`${part.id} has not begun`);
    if (part.type === "tool-call-delta") call.pieces += part.arguments;
    if (part.type === "malformed-tool-call" && isJson(call.pieces)) wrong("a call that was given up is whole");
    if (part.type === "tool-call") {
      if (part.name !== call.name || part.arguments !== call.pieces) wrong("pieces differ from the call");
      if (!isJson(part.arguments)) wrong("the arguments are no JSON");
    }
    if (part.type === "tool-call" || part.type === "malformed-tool-call") open.delete(part.id);
  }
  if (open.size > 0) wrong("a call has no end");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
