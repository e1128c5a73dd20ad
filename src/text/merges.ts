// The merge table of the BPE: (left id, right id) -> rank and merged id, in one open-addressing table of 16-byte entries, with the
// pairs of single bytes in a plain 256 x 256 table in front, since every word starts from those.

import { AnyqwenError } from "../core/errors.ts";
import { byteCharacters } from "./byte-level.ts";
import { type PackedStrings, unpackString } from "./packed.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Rank of a pair that does not merge. */
export const noMerge = 0x7fffffff;

/** What the BPE asks. */
export interface Merges {
  /** Ids of the single bytes. */
  readonly byteIds: Int32Array;
  /** Ranks by left byte * 256 + right byte. */
  readonly byteRanks: Int32Array;
  /** Merged ids by rank. */
  readonly merged: Int32Array;
  /** Of the merge of two tokens, or `noMerge`. */
  rank(left: number, right: number): number;
}

/** Merges in any order. */
export class MergeTable implements Merges {
  readonly byteIds: Int32Array;
  readonly byteRanks = new Int32Array(65536).fill(noMerge);
  readonly merged: Int32Array;
  /** left, right, rank, unused; left is -1 in a free entry. */
  readonly #entries: Int32Array;
  readonly #mask: number;

  constructor(merges: PackedStrings, vocabulary: Vocabulary, name: string) {
    const { units, starts, ends } = merges;
    const count = starts.length / 2;
    let capacity = 1024;
    while (capacity < count * 1.6) capacity *= 2;
    this.#entries = new Int32Array(capacity * 4).fill(-1);
    this.#mask = capacity - 1;
    this.merged = new Int32Array(count);

    this.byteIds = byteIdsOf(vocabulary, name);
    const byteOf = new Int16Array(vocabulary.size).fill(-1);
    for (let byte = 0; byte < 256; byte++) byteOf[this.byteIds[byte]] = byte;
    // Trained vocabularies number merged tokens in order of their merges, so the next id is usually the one.
    let guess = 0;
    for (let rank = 0; rank < count; rank++) {
      const start = starts[2 * rank];
      const middle = ends[2 * rank];
      const end = ends[2 * rank + 1];
      const left = vocabulary.findKnown(units, start, middle);
      const right = vocabulary.findKnown(units, middle, end);
      const merged = vocabulary.isSpelling(guess, units, start, end) ? guess : vocabulary.findKnown(units, start, end);
      guess = merged + 1;
      if (left < 0 || right < 0 || merged < 0) {
        const shown = `${unpackString(merges, 2 * rank)} ${unpackString(merges, 2 * rank + 1)}`.slice(0, 80);
        throw new AnyqwenError("format", `${name}: merge ${rank} ("${shown}") names a token that the vocabulary lacks`);
      }
      this.merged[rank] = merged;
      this.#insert(left, right, rank);
      if (byteOf[left] >= 0 && byteOf[right] >= 0)
        this.byteRanks[byteOf[left] * 256 + byteOf[right]] = this.rank(left, right);
    }
  }

  rank(left: number, right: number): number {
    const entries = this.#entries;
    let slot = hashPair(left, right) & this.#mask;
    for (;;) {
      const at = slot * 4;
      const found = entries[at];
      if (found === left && entries[at + 1] === right) return entries[at + 2];
      if (found < 0) return noMerge;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The first of two equal merges wins: it has the lower rank. */
  #insert(left: number, right: number, rank: number): void {
    const entries = this.#entries;
    let slot = hashPair(left, right) & this.#mask;
    while (entries[slot * 4] >= 0) {
      if (entries[slot * 4] === left && entries[slot * 4 + 1] === right) return;
      slot = (slot + 1) & this.#mask;
    }
    entries[slot * 4] = left;
    entries[slot * 4 + 1] = right;
    entries[slot * 4 + 2] = rank;
  }
}

/** Fails if some byte has no token: then it is no byte-level BPE. */
export function byteIdsOf(vocabulary: Vocabulary, name: string): Int32Array {
  return Int32Array.from(byteCharacters, (character, byte) => {
    const id = vocabulary.find(character);
    if (id >= 0) return id;
    const hex = byte.toString(16).padStart(2, "0");
    throw new AnyqwenError(
      "format",
      `${name}: the vocabulary has no token for byte 0x${hex}; it is not a byte-level BPE`,
    );
  });
}

export function hashPair(left: number, right: number): number {
  const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
