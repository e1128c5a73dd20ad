// Spellings to ids: open addressing over an FNV-1a hash of UTF-16 units, so that a part of a longer run can be looked up in place.

import { type PackedStrings, packStrings, unpackString } from "./packed.ts";

export class Vocabulary {
  readonly size: number;
  readonly packed: PackedStrings;
  /** Hash and id + 1 of each entry, side by side: a look-up touches one cache line. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** Hashes that two spellings share; for all others the hash alone tells which spelling it is. */
  readonly #shared = new Set<number>();

  constructor(packed: PackedStrings) {
    const { units, starts, ends } = packed;
    this.size = starts.length;
    this.packed = packed;
    let capacity = 1024;
    while (capacity < this.size * 2) capacity *= 2;
    const slots = new Int32Array(capacity * 2);
    const mask = capacity - 1;
    for (let id = 0; id < this.size; id++) {
      if (starts[id] === ends[id]) continue;
      const hash = hashUnits(units, starts[id], ends[id]);
      let slot = hash & mask;
      while (slots[2 * slot + 1] !== 0) {
        if (slots[2 * slot] === hash) this.#shared.add(hash);
        slot = (slot + 1) & mask;
      }
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  spelling(id: number): string | undefined {
    return this.has(id) ? unpackString(this.packed, id) : undefined;
  }

  has(id: number): boolean {
    return id >= 0 && id < this.size && this.packed.ends[id] > this.packed.starts[id];
  }

  /** Id of a spelling, or -1. */
  find(spelling: string): number {
    const { units } = packStrings([spelling]);
    return this.#search(units, 0, units.length, true);
  }

  /** Id of the spelling text[start, end), which should be in the vocabulary: one that is not gives -1, or some other id if it happens
   *  to have that one's 32-bit hash. */
  findKnown(text: Uint16Array, start: number, end: number): number {
    return this.#search(text, start, end, false);
  }

  /** Whether text[start, end) is the spelling of `id`. */
  isSpelling(id: number, text: Uint16Array, start: number, end: number): boolean {
    const { units, starts, ends } = this.packed;
    let at = starts[id];
    if (ends[id] - at !== end - start) return false;
    for (let i = start; i < end; i++) if (text[i] !== units[at++]) return false;
    return true;
  }

  #search(text: Uint16Array, start: number, end: number, compare: boolean): number {
    const slots = this.#slots;
    const hash = hashUnits(text, start, end);
    let slot = hash & this.#mask;
    for (;;) {
      const id = slots[2 * slot + 1] - 1;
      if (id < 0) return -1;
      if (slots[2 * slot] === hash) {
        if (!compare && !this.#shared.has(hash)) return id;
        if (this.isSpelling(id, text, start, end)) return id;
      }
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hashUnits(units: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ units[i], 0x01000193);
  return hash ^ (hash >>> 15);
}
