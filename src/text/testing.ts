// What this room's tests share: fixtures and the Qwen2.5 tokenizer built from them.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
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
