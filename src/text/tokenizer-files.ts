// A tokenizer from the older pair of files, vocab.json and merges.txt, with its added tokens in tokenizer_config.json or, older
// still, in added_tokens.json and special_tokens_map.json.

import { isObject } from "../core/objects.ts";
import type { AddedToken, TokenizerDefinition } from "./definition.ts";
import { asObject, asString, malformed } from "./json.ts";
import { packedMerges, packMerges } from "./merge-list.ts";
import { plainStrings } from "./packed.ts";
import { findPretokeniser, readVocabulary } from "./tokenizer-json.ts";

export interface VocabularyFiles {
  /** vocab.json, parsed. */
  readonly vocabulary: unknown;
  /** merges.txt */
  readonly merges: string;
  /** tokenizer_config.json, parsed. */
  readonly config?: unknown;
  /** added_tokens.json, parsed. */
  readonly addedTokens?: unknown;
  /** special_tokens_map.json, parsed. */
  readonly specialTokens?: unknown;
}

export function readVocabularyFiles(files: VocabularyFiles, name: string): TokenizerDefinition {
  const lines = files.merges.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#version"));
  const merges = packMerges(plainStrings(lines));
  if (typeof merges === "number")
    throw malformed(`${name}: merges.txt, merge ${merges}`, '"left right"', lines[merges]);
  const config = isObject(files.config) ? files.config : {};
  const pattern = config.pretokenize_regex;
  return {
    name,
    tokens: readVocabulary(files.vocabulary, `${name}: vocab.json`),
    merges: packedMerges(merges),
    added: readAdded(files, config.added_tokens_decoder, name),
    pretokeniser: pattern === undefined ? "qwen2" : findPretokeniser(pattern, `${name}: tokenizer_config.json`),
    nfc: true,
  };
}

function readAdded(files: VocabularyFiles, decoder: unknown, name: string): AddedToken[] {
  if (decoder !== undefined) {
    const where = `${name}: tokenizer_config.json: added_tokens_decoder`;
    return Object.entries(asObject(decoder, where)).map(([id, entry]) => {
      const token = asObject(entry, `${where}[${id}]`);
      return {
        id: Number(id),
        content: asString(token.content, `${where}[${id}].content`),
        special: token.special === true,
      };
    });
  }
  if (files.addedTokens === undefined) return [];
  const special = specialContents(files.specialTokens);
  const where = `${name}: added_tokens.json`;
  return Object.entries(asObject(files.addedTokens, where)).map(([content, id]) => {
    if (typeof id !== "number") throw malformed(`${where}[${JSON.stringify(content)}]`, "an id", id);
    return { id, content, special: special.has(content) };
  });
}

/** Every text in special_tokens_map.json: plain, as { content }, or in a list of either. */
function specialContents(json: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown, depth: number) => {
    if (typeof value === "string") found.add(value);
    else if (Array.isArray(value) && depth < 2) for (const item of value) visit(item, depth + 1);
    else if (isObject(value)) visit(value.content, depth + 1);
  };
  if (isObject(json)) for (const value of Object.values(json)) visit(value, 0);
  return found;
}
