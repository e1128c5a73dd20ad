// Merges of a vocabulary that numbers its tokens in the order of the merges that make them. Then the token that two others spell
// together tells the merge, and no table of pairs is needed: a look-up in the vocabulary and the length of the left part decide. A
// table of 151,387 pairs takes most of the time of loading such a tokenizer, and a short prompt asks for a few hundred of them; pairs
// that were asked for are remembered, as texts ask for the same ones again and again.

import { byteOf } from "./byte-level.ts";
import type { MergeList } from "./merge-list.ts";
import { byteIdsOf, hashPair, type Merges, noMerge } from "./merges.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Remembered pairs: a power of two. */
const remembered = 1 << 18;

export class OrderedMerges implements Merges {
  readonly byteIds: Int32Array;
  readonly byteRanks = new Int32Array(65536).fill(noMerge);
  readonly merged: Int32Array;
  readonly #vocabulary: Vocabulary;
  readonly #first: number;
  readonly #lefts: Uint16Array;
  /** left + 1 (0 in a free entry), right, rank, unused: a new pair takes the place of an older one. */
  readonly #pairs = new Int32Array(4 * remembered);

  private constructor(name: string, vocabulary: Vocabulary, first: number, lefts: Uint16Array) {
    this.byteIds = byteIdsOf(vocabulary, name);
    this.#vocabulary = vocabulary;
    this.#first = first;
    this.#lefts = lefts;
    this.merged = new Int32Array(lefts.length);
    const { units, starts, ends } = vocabulary.packed;
    for (let rank = 0; rank < lefts.length; rank++) {
      const id = first + rank;
      this.merged[rank] = id;
      if (ends[id] - starts[id] !== 2) continue;
      const left = byteOf(units[starts[id]]);
      const right = byteOf(units[starts[id] + 1]);
      if (left >= 0 && right >= 0) this.byteRanks[left * 256 + right] = rank;
    }
  }

  /**
   * Undefined if these merges are of another order, or two tokens are spelled alike. A merge of a part that is no token is not looked
   * for here: it never comes up.
   */
  static of(merges: MergeList, vocabulary: Vocabulary, name: string): OrderedMerges | undefined {
    if (merges.count === 0 || vocabulary.hasTwins) return undefined;
    const first = vocabulary.find(merges.first());
    const lefts = first < 0 ? undefined : merges.leftLengths(vocabulary.packed, first);
    return lefts && new OrderedMerges(name, vocabulary, first, lefts);
  }

  rank(left: number, right: number): number {
    const pairs = this.#pairs;
    const at = 4 * (hashPair(left, right) & (remembered - 1));
    if (pairs[at] === left + 1 && pairs[at + 1] === right) return pairs[at + 2];
    const rank = this.#find(left, right);
    pairs[at] = left + 1;
    pairs[at + 1] = right;
    pairs[at + 2] = rank;
    return rank;
  }

  #find(left: number, right: number): number {
    const rank = this.#vocabulary.findJoined(left, right) - this.#first;
    return rank >= 0 && rank < this.#lefts.length && this.#lefts[rank] === this.#vocabulary.lengthOf(left)
      ? rank
      : noMerge;
  }
}
