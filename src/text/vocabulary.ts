// Spellings to ids without a string per question: open addressing over an FNV-1a hash of UTF-16 units, so that a part of a longer
// string can be looked up where it stands.

const offsetBasis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** Continues a hash over text[start, end). */
export function hashUnits(text: string, start: number, end: number, seed = offsetBasis): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  return hash;
}

export class Vocabulary {
  readonly #spellings: readonly (string | undefined)[];
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(spellings: readonly (string | undefined)[]) {
    let capacity = 1024;
    while (capacity < spellings.length * 2) capacity *= 2;
    this.#spellings = spellings;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let id = 0; id < spellings.length; id++) {
      const spelling = spellings[id];
      if (spelling === undefined) continue;
      let slot = spread(hashUnits(spelling, 0, spelling.length)) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = id + 1;
    }
  }

  /** Spelling of an id. */
  spelling(id: number): string | undefined {
    return this.#spellings[id];
  }

  /** Id of a whole string, or -1. */
  find(text: string): number {
    return this.findHashed(hashUnits(text, 0, text.length), text, 0, text.length, "", 0, 0);
  }

  /** Id of a[aStart, aEnd) followed by b[bStart, bEnd), whose hash the caller has; -1 if there is none. */
  findHashed(hash: number, a: string, aStart: number, aEnd: number, b: string, bStart: number, bEnd: number): number {
    const length = aEnd - aStart + bEnd - bStart;
    let slot = spread(hash) & this.#mask;
    for (;;) {
      const id = this.#slots[slot] - 1;
      if (id < 0) return -1;
      const spelling = this.#spellings[id] as string;
      if (
        spelling.length === length &&
        sameUnits(spelling, 0, a, aStart, aEnd) &&
        sameUnits(spelling, aEnd - aStart, b, bStart, bEnd)
      )
        return id;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function sameUnits(spelling: string, at: number, text: string, start: number, end: number): boolean {
  for (let i = start, j = at; i < end; i++, j++) if (text.charCodeAt(i) !== spelling.charCodeAt(j)) return false;
  return true;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
