// Byte-pair encoding of one word: the pair of lowest rank merges first, the leftmost among equals (Sennrich et al. 2016).
// Short words scan a small array; long ones keep a heap of pairs, so that a megabyte without a space costs n log n.

import { type Merges, noMerge } from "./merges.ts";

const shortWord = 96;

export class Bpe {
  readonly #merges: Merges;
  readonly #ids = new Int32Array(shortWord + 1);
  readonly #ranks = new Int32Array(shortWord + 1);

  constructor(merges: Merges) {
    this.#merges = merges;
  }

  /** Writes the ids of bytes[start, end) to `out` from `at` on, which has room for one id per byte; returns where they end. */
  encode(bytes: Uint8Array, start: number, end: number, out: Int32Array, at: number): number {
    return end - start <= shortWord
      ? this.#encodeShort(bytes, start, end, out, at)
      : this.#encodeLong(bytes, start, end, out, at);
  }

  #encodeShort(bytes: Uint8Array, start: number, end: number, out: Int32Array, at: number): number {
    const merges = this.#merges;
    const { byteIds, byteRanks, merged } = merges;
    const ids = this.#ids;
    const ranks = this.#ranks;
    let count = end - start;
    let lowest = noMerge;
    let where = 0;
    for (let i = 0; i < count; i++) {
      const byte = bytes[start + i];
      ids[i] = byteIds[byte];
      const rank = i + 1 < count ? byteRanks[byte * 256 + bytes[start + i + 1]] : noMerge;
      ranks[i] = rank;
      if (rank < lowest) {
        lowest = rank;
        where = i;
      }
    }
    while (lowest !== noMerge) {
      ids[where] = merged[lowest];
      count--;
      for (let i = where + 1; i < count; i++) {
        ids[i] = ids[i + 1];
        ranks[i] = ranks[i + 1];
      }
      ranks[where] = where + 1 < count ? merges.rank(ids[where], ids[where + 1]) : noMerge;
      if (where > 0) ranks[where - 1] = merges.rank(ids[where - 1], ids[where]);
      lowest = noMerge;
      for (let i = 0; i < count; i++) {
        const rank = ranks[i];
        if (rank < lowest) {
          lowest = rank;
          where = i;
        }
      }
    }
    for (let i = 0; i < count; i++) out[at + i] = ids[i];
    return at + count;
  }

  #encodeLong(bytes: Uint8Array, start: number, end: number, out: Int32Array, at: number): number {
    const merges = this.#merges;
    const n = end - start;
    const ids = new Int32Array(n);
    const ranks = new Int32Array(n);
    const next = new Int32Array(n);
    const previous = new Int32Array(n);
    // Heap keys are rank * 2^32 + position: exact in a double, and ordered as the merges are. A merge replaces one key by at most two.
    const heap = new Float64Array(n * 2 + 2);
    let size = 0;
    const push = (key: number) => {
      let i = size++;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (heap[parent] <= key) break;
        heap[i] = heap[parent];
        i = parent;
      }
      heap[i] = key;
    };
    const pop = (): number => {
      const top = heap[0];
      const key = heap[--size];
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= size) break;
        if (child + 1 < size && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= key) break;
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = key;
      return top;
    };
    const consider = (i: number) => {
      const rank = next[i] < n ? merges.rank(ids[i], ids[next[i]]) : noMerge;
      ranks[i] = rank;
      if (rank !== noMerge) push(rank * 2 ** 32 + i);
    };
    for (let i = 0; i < n; i++) {
      ids[i] = merges.byteIds[bytes[start + i]];
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    for (let i = 0; i < n; i++) consider(i);
    while (size > 0) {
      const key = pop();
      const rank = Math.floor(key / 2 ** 32);
      const i = key - rank * 2 ** 32;
      if (ranks[i] !== rank) continue; // the pair at this place has changed since
      const right = next[i];
      ids[i] = merges.merged[rank];
      ranks[right] = -1;
      next[i] = next[right];
      if (next[i] < n) previous[next[i]] = i;
      consider(i);
      if (previous[i] >= 0) consider(previous[i]);
    }
    for (let i = 0; i < n; i = next[i]) out[at++] = ids[i];
    return at;
  }
}
