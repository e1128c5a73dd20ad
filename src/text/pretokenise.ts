// The pre-tokenisers of Qwen, as a scanner over UTF-8 instead of a regular expression. Both families share one pattern,
//   (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n L N]?L+ | N | ?[^\s L N]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
// in which Qwen3.5 lets combining marks count as letters (L); that difference lives in the kind table.

import { Kind, type KindTable } from "./unicode.ts";

export const pretokenisers = ["qwen2", "qwen35"] as const;
export type Pretokeniser = (typeof pretokenisers)[number];

/** The patterns as tokenizer.json files spell them. */
export const pretokeniserPatterns: Record<Pretokeniser, string> = {
  qwen2:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  qwen35:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
};

/** Where the piece that begins at `start` ends. `bytes[start, end)` is well-formed UTF-8 and `start < end`. */
export function pieceEnd(bytes: Uint8Array, start: number, end: number, kinds: KindTable): number {
  const first = bytes[start];
  if (first === 0x27) {
    const contraction = contractionEnd(bytes, start, end);
    if (contraction > 0) return contraction;
  }
  const kind = first < 0x80 ? kinds[first] : kindAt(bytes, start, kinds);
  const next = start + sizeOf(first);
  switch (kind) {
    case Kind.letter:
      return skip(bytes, next, end, kinds, Kind.letter);
    case Kind.number:
      return next;
    case Kind.other:
      if (isKind(bytes, next, end, kinds, Kind.letter)) return skip(bytes, next, end, kinds, Kind.letter);
      return skip(bytes, skip(bytes, next, end, kinds, Kind.other), end, kinds, Kind.newline);
    case Kind.space:
      if (isKind(bytes, next, end, kinds, Kind.letter)) return skip(bytes, next, end, kinds, Kind.letter);
      if (first === 0x20 && isKind(bytes, next, end, kinds, Kind.other))
        return skip(bytes, skip(bytes, next, end, kinds, Kind.other), end, kinds, Kind.newline);
  }
  return spaceEnd(bytes, start, end, kinds);
}

/** A run of white space: up to its last line break, else all but its last character (which joins the next word), else all. */
function spaceEnd(bytes: Uint8Array, start: number, end: number, kinds: KindTable): number {
  let at = start;
  let last = start;
  let afterNewline = -1;
  while (at < end) {
    const byte = bytes[at];
    const kind = byte < 0x80 ? kinds[byte] : kindAt(bytes, at, kinds);
    if (kind < Kind.space) break;
    last = at;
    at += sizeOf(byte);
    if (kind === Kind.newline) afterNewline = at;
  }
  if (afterNewline > 0) return afterNewline;
  return at === end || last === start ? at : last;
}

function skip(bytes: Uint8Array, start: number, end: number, kinds: KindTable, kind: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte < 0x80) {
      if (kinds[byte] !== kind) break;
      at++;
    } else {
      if (kindAt(bytes, at, kinds) !== kind) break;
      at += sizeOf(byte);
    }
  }
  return at;
}

function isKind(bytes: Uint8Array, at: number, end: number, kinds: KindTable, kind: number): boolean {
  if (at >= end) return false;
  const byte = bytes[at];
  return (byte < 0x80 ? kinds[byte] : kindAt(bytes, at, kinds)) === kind;
}

/** End of 's 't 're 've 'm 'll 'd in either case, or 0. The long s (U+017F, c5 bf) folds to s. */
function contractionEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start + 1 >= end) return 0;
  const a = bytes[start + 1] | 0x20;
  if (a === 0x73 || a === 0x74 || a === 0x6d || a === 0x64) return start + 2;
  if (start + 2 >= end) return 0;
  if (bytes[start + 1] === 0xc5 && bytes[start + 2] === 0xbf) return start + 3;
  const b = bytes[start + 2] | 0x20;
  const two = (b === 0x65 && (a === 0x72 || a === 0x76)) || (a === 0x6c && b === 0x6c);
  return two ? start + 3 : 0;
}

function kindAt(bytes: Uint8Array, at: number, kinds: KindTable): number {
  const lead = bytes[at];
  if (lead < 0xe0) return kinds[((lead & 0x1f) << 6) | (bytes[at + 1] & 0x3f)];
  if (lead < 0xf0) return kinds[((lead & 0x0f) << 12) | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f)];
  return kinds[
    ((lead & 0x07) << 18) | ((bytes[at + 1] & 0x3f) << 12) | ((bytes[at + 2] & 0x3f) << 6) | (bytes[at + 3] & 0x3f)
  ];
}

function sizeOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
