// What this room's tests share: fixtures and the Qwen2.5 tokenizer built from them.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";
import { readTokenizerJson } from "./tokenizer-json.ts";
import type { Pretokeniser } from "./pretokenise.ts";

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

let parsed: unknown;

export function qwen25Json(): unknown {
  parsed ??= JSON.parse(
    gunzipSync(readFileSync(new URL("tokenizer/qwen2.5-tokenizer.json.gz", fixtures))).toString("utf8"),
  );
  return parsed;
}

export function qwen25(pretokeniser: Pretokeniser = "qwen2"): Tokenizer {
  return createTokenizer({ ...readTokenizerJson(qwen25Json(), "qwen2.5-tokenizer.json"), pretokeniser });
}
