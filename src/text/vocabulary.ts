// Spellings to ids: open addressing over an FNV-1a hash of UTF-16 units, so that a part of a longer run can be looked up in place.

import { type PackedStrings, Packer, unpackString } from "./packed.ts";

export class Vocabulary {
  readonly size: number;
  readonly packed: PackedStrings;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(packed: PackedStrings) {
    const { units, starts, ends } = packed;
    this.size = starts.length;
    this.packed = packed;
    let capacity = 1024;
    while (capacity < this.size * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let id = 0; id < this.size; id++) {
      if (starts[id] === ends[id]) continue;
      let slot = hashUnits(units, starts[id], ends[id]) & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = id + 1;
    }
  }

  spelling(id: number): string | undefined {
    return this.has(id) ? unpackString(this.packed, id) : undefined;
  }

  has(id: number): boolean {
    return id >= 0 && id < this.size && this.packed.ends[id] > this.packed.starts[id];
  }

  /** Id of a spelling, or -1. */
  find(spelling: string): number {
    const packer = new Packer();
    packer.addAll(spelling);
    return this.findUnits(packer.finish().units, 0, spelling.length);
  }

  /** Id of the spelling text[start, end), or -1. */
  findUnits(text: Uint16Array, start: number, end: number): number {
    const { units, starts, ends } = this.packed;
    let slot = hashUnits(text, start, end) & this.#mask;
    for (;;) {
      const id = this.#slots[slot] - 1;
      if (id < 0) return -1;
      let at = starts[id];
      if (ends[id] - at === end - start) {
        let i = start;
        while (i < end && text[i] === units[at]) {
          i++;
          at++;
        }
        if (i === end) return id;
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
