// Where a run of non-Latin letters may be cut without changing what the BPE makes of it: between two characters that no token
// spans. Chinese is written without spaces, so its "words" are whole clauses; cut at such junctions they become short pieces that
// repeat and can be cached. The set is a hashed bitmap: a collision costs a cut, never a wrong token.

import { spelledBytes } from "./byte-level.ts";
import type { Merges } from "./merges.ts";
import { unpackString } from "./packed.ts";
import type { Vocabulary } from "./vocabulary.ts";

const bits = 20;

// A token may begin or end inside a character, so a side of a junction is known whole or by its byte at the junction alone.
const wholeWhole = 0x2545f491;
const wholePart = 0x6c078965;
const partWhole = 0x1b873593;
const partPart = 0x5bd1e995;

export class Junctions {
  readonly #spanned = new Int32Array(1 << (bits - 5));

  /** Any token that a merge can make counts; it does not matter which of them a text reaches. */
  constructor(merges: Merges, vocabulary: Vocabulary) {
    const { units, starts, ends } = vocabulary.packed;
    for (const id of merges.merged) {
      for (let i = starts[id] + 1; i < ends[id]; i++) {
        if (units[i] < 0xe0 || units[i] > 0xff) continue; // leads of 3 and 4 bytes are spelled as themselves
        this.#addToken(spelledBytes(unpackString(vocabulary.packed, id)));
        break;
      }
    }
  }

  /** The first place in bytes(start, end) where a cut is allowed, else `end`. The bytes are well-formed UTF-8. */
  firstCut(bytes: Uint8Array, start: number, end: number): number {
    let left = start;
    for (let at = start + sizeOf(bytes[start]); at < end; ) {
      const lead = bytes[at];
      if (lead >= 0xe0 && bytes[left] >= 0xe0 && !this.#isSpanned(bytes, left, at)) return at;
      left = at;
      at += sizeOf(lead);
    }
    return end;
  }

  #isSpanned(bytes: Uint8Array, left: number, right: number): boolean {
    const whole = packed(bytes, left);
    const next = packed(bytes, right);
    const last = bytes[right - 1];
    const lead = bytes[right];
    return (
      this.#has(key(wholeWhole, whole, next)) ||
      this.#has(key(wholePart, whole, lead)) ||
      this.#has(key(partWhole, last, next)) ||
      this.#has(key(partPart, last, lead))
    );
  }

  #addToken(bytes: Uint8Array): void {
    for (let right = 1; right < bytes.length; right++) {
      if (bytes[right] < 0xe0 || bytes[right - 1] < 0x80) continue;
      let left = right - 1;
      while (left > 0 && bytes[left] >= 0x80 && bytes[left] < 0xc0) left--;
      const leftWhole = bytes[left] >= 0xe0 && right - left === sizeOf(bytes[left]);
      const rightWhole = right + sizeOf(bytes[right]) <= bytes.length;
      const a = leftWhole ? packed(bytes, left) : bytes[right - 1];
      const b = rightWhole ? packed(bytes, right) : bytes[right];
      const sides = leftWhole ? (rightWhole ? wholeWhole : wholePart) : rightWhole ? partWhole : partPart;
      const bit = key(sides, a, b);
      this.#spanned[bit >>> 5] |= 1 << (bit & 31);
    }
  }

  #has(bit: number): boolean {
    return (this.#spanned[bit >>> 5] & (1 << (bit & 31))) !== 0;
  }
}

function key(sides: number, a: number, b: number): number {
  const hash = Math.imul(a ^ sides, 0x9e3779b1) ^ Math.imul(b + sides, 0x85ebca6b);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - bits);
}

/** A character's bytes as one number. */
function packed(bytes: Uint8Array, at: number): number {
  const three = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  return bytes[at] < 0xf0 ? three : (three << 8) | bytes[at + 3];
}

function sizeOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
