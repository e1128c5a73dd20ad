// Words seen before, with their ids: a direct-mapped cache of 64-byte entries (one cache line each), where a new word simply takes
// the place of an older one. An entry: hash, length + count * 256, up to 32 bytes of text, up to 6 ids.

const entryInts = 16;
const keyInt = 2;
const idInt = 10;
export const longestKey = 32;
export const mostIds = 6;

export class WordCache {
  readonly #ints: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;

  constructor(entries: number) {
    this.#ints = new Int32Array(entries * entryInts);
    this.#bytes = new Uint8Array(this.#ints.buffer);
    this.#mask = entries - 1;
  }

  /** Copies the ids of bytes[start, end) to out[at…]; returns where they end, or -1 when the word is not here. */
  copy(hash: number, bytes: Uint8Array, start: number, end: number, out: Int32Array, at: number): number {
    const ints = this.#ints;
    const base = (hash & this.#mask) * entryInts;
    const length = end - start;
    if (ints[base] !== hash || (ints[base + 1] & 0xff) !== length) return -1;
    const stored = this.#bytes;
    let key = (base + keyInt) * 4;
    for (let i = start; i < end; i++) if (bytes[i] !== stored[key++]) return -1;
    const count = ints[base + 1] >> 8;
    for (let i = 0; i < count; i++) out[at + i] = ints[base + idInt + i];
    return at + count;
  }

  /** Remembers that bytes[start, end) gave ids[from, to); the caller keeps to longestKey and mostIds. */
  store(hash: number, bytes: Uint8Array, start: number, end: number, ids: Int32Array, from: number, to: number): void {
    const ints = this.#ints;
    const base = (hash & this.#mask) * entryInts;
    ints[base] = hash;
    ints[base + 1] = (end - start) | ((to - from) << 8);
    const stored = this.#bytes;
    let key = (base + keyInt) * 4;
    for (let i = start; i < end; i++) stored[key++] = bytes[i];
    for (let i = from; i < to; i++) ints[base + idInt + i - from] = ids[i];
  }
}
