// Spellings to ids: open addressing over a polynomial hash of UTF-16 units (Karp and Rabin 1987, modulo 2^32), so that a part of a
// longer run can be looked up in place, and two tokens that follow each other by what is known of each.

import { type PackedStrings, packStrings, unpackString } from "./packed.ts";

export class Vocabulary {
  readonly size: number;
  readonly packed: PackedStrings;
  /** Whether two tokens are spelled alike. */
  readonly hasTwins: boolean;
  /** Polynomials of all spellings, by id. */
  readonly #polynomials: Int32Array;
  /** Powers of the multiplier, up to the longest spelling. */
  readonly #powers: Int32Array;
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
    const polynomials = new Int32Array(this.size);
    let longest = 0;
    let twins = false;
    for (let id = 0; id < this.size; id++) {
      const start = starts[id];
      const end = ends[id];
      if (start === end) continue;
      if (end - start > longest) longest = end - start;
      const polynomial = polynomialOf(units, start, end);
      polynomials[id] = polynomial;
      const hash = mixed(polynomial);
      let slot = hash & mask;
      while (slots[2 * slot + 1] !== 0) {
        if (slots[2 * slot] === hash) {
          this.#shared.add(hash);
          twins ||= this.isSpelling(slots[2 * slot + 1] - 1, units, start, end);
        }
        slot = (slot + 1) & mask;
      }
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = id + 1;
    }
    this.hasTwins = twins;
    this.#polynomials = polynomials;
    this.#powers = new Int32Array(longest + 1);
    this.#powers[0] = 1;
    for (let n = 1; n <= longest; n++) this.#powers[n] = Math.imul(this.#powers[n - 1], multiplier);
    this.#slots = slots;
    this.#mask = mask;
  }

  spelling(id: number): string | undefined {
    return this.has(id) ? unpackString(this.packed, id) : undefined;
  }

  has(id: number): boolean {
    return id >= 0 && id < this.size && this.packed.ends[id] > this.packed.starts[id];
  }

  /** UTF-16 units of a token's spelling. */
  lengthOf(id: number): number {
    return this.packed.ends[id] - this.packed.starts[id];
  }

  /** Id of what two tokens spell together, or -1. */
  findJoined(left: number, right: number): number {
    const { units, starts, ends } = this.packed;
    const slots = this.#slots;
    const rightLength = ends[right] - starts[right];
    const polynomial = Math.imul(this.#polynomials[left], this.#powers[rightLength]) + this.#polynomials[right];
    const hash = mixed(polynomial | 0);
    let slot = hash & this.#mask;
    for (;;) {
      const id = slots[2 * slot + 1] - 1;
      if (id < 0) return -1;
      if (slots[2 * slot] === hash) {
        const middle = ends[id] - rightLength;
        if (this.isSpelling(left, units, starts[id], middle) && this.isSpelling(right, units, middle, ends[id]))
          return id;
      }
      slot = (slot + 1) & this.#mask;
    }
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
    const hash = mixed(polynomialOf(text, start, end));
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

/** Odd, so that no unit is ever lost. */
const multiplier = 0x9e3779b1 | 0;

function polynomialOf(units: Uint16Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum = (Math.imul(sum, multiplier) + units[i]) | 0;
  return sum;
}

function mixed(polynomial: number): number {
  const hash = Math.imul(polynomial ^ (polynomial >>> 15), 0x85ebca6b | 0);
  return hash ^ (hash >>> 13);
}
