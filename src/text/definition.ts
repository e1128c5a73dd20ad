// What a tokenizer is made of, whichever file it came from. Readers (tokenizer.json, vocab.json and merges.txt, GGUF) fill it,
// createTokenizer turns it into tables.

import type { MergeList } from "./merge-list.ts";
import type { PackedStrings } from "./packed.ts";
import type { Pretokeniser } from "./pretokenise.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Hidden by skipSpecial, and not parsed in the "nonspecial" mode. */
  readonly special: boolean;
}

export interface TokenizerDefinition {
  /** What error messages call it. */
  readonly name: string;
  /** Spellings in the byte-level alphabet, by id; ids without one are empty. */
  readonly tokens: PackedStrings;
  /** In order of rank. */
  readonly merges: MergeList;
  readonly added: readonly AddedToken[];
  readonly pretokeniser: Pretokeniser;
  /** Whether text is brought to NFC first. */
  readonly nfc: boolean;
}

/** Ids stay below this, which every Qwen keeps by a factor of four; it bounds what a lying file can make us allocate. */
export const maxTokenId = 1 << 20;

export function isTokenId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < maxTokenId;
}
