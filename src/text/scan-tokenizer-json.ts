// Reads the two large parts of a tokenizer.json, model.vocab and model.merges, straight from the file's bytes into packed strings;
// the rest goes through JSON.parse. Parsing all of it would make 450,000 JavaScript strings to throw away and take half of the
// loading time. Only the plain layout is read here: whatever is unusual or wrong is left to the general reader.

import { isTokenId } from "./definition.ts";
import { type PackedStrings, Packer } from "./packed.ts";

export interface ScannedTokenizer {
  /** The file with an empty vocabulary and empty merges. */
  readonly rest: string;
  readonly tokens: PackedStrings;
  readonly merges: PackedStrings;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;
const failed = -1;

export function scanTokenizerJson(bytes: Uint8Array): ScannedTokenizer | undefined {
  const vocabularyStart = findValue("vocab", bytes, 0);
  if (vocabularyStart < 0) return undefined;
  const tokens = new Packer(bytes.length);
  const vocabularyEnd = scanVocabulary(bytes, vocabularyStart, tokens);
  if (vocabularyEnd < 0) return undefined;
  const mergesStart = findValue("merges", bytes, vocabularyEnd);
  if (mergesStart < 0) return undefined;
  const merges = new Packer(bytes.length);
  const mergesEnd = scanMerges(bytes, mergesStart, merges);
  if (mergesEnd < 0) return undefined;
  const decoder = new TextDecoder();
  const text = (from: number, to: number) => decoder.decode(bytes.subarray(from, to));
  const rest = `${text(0, vocabularyStart)}{}${text(vocabularyEnd, mergesStart)}[]${text(mergesEnd, bytes.length)}`;
  // One vocabulary and one list of merges, or it is not certain that these were the model's.
  for (const key of ['"vocab"', '"merges"']) if (rest.indexOf(key) !== rest.lastIndexOf(key)) return undefined;
  return { rest, tokens: tokens.finish(), merges: merges.finish() };
}

/** Where the value of the first key of this name begins. */
function findValue(key: string, bytes: Uint8Array, from: number): number {
  const needle = new TextEncoder().encode(`"${key}"`);
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    if (!needle.every((byte, i) => bytes[at + i] === byte)) continue;
    const after = skipSpace(bytes, at + needle.length);
    if (bytes[after] === colon) return skipSpace(bytes, after + 1);
  }
  return failed;
}

/** { "spelling": id, … } */
function scanVocabulary(bytes: Uint8Array, start: number, tokens: Packer): number {
  if (bytes[start] !== 0x7b) return failed;
  let at = skipSpace(bytes, start + 1);
  for (;;) {
    const first = tokens.length;
    at = scanString(bytes, at, tokens);
    if (at < 0) return failed;
    at = skipSpace(bytes, at);
    if (bytes[at] !== colon) return failed;
    at = skipSpace(bytes, at + 1);
    const digits = at;
    let id = 0;
    while (bytes[at] >= 0x30 && bytes[at] <= 0x39 && at < digits + 9) id = id * 10 + bytes[at++] - 0x30;
    if (at === digits || (bytes[digits] === 0x30 && at > digits + 1) || !isTokenId(id) || tokens.has(id)) return failed;
    tokens.name(id, first);
    at = skipSpace(bytes, at);
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== comma) return failed;
    at = skipSpace(bytes, at + 1);
  }
}

/** [ "left right", … ] or [ ["left", "right"], … ] */
function scanMerges(bytes: Uint8Array, start: number, merges: Packer): number {
  if (bytes[start] !== 0x5b) return failed;
  let at = skipSpace(bytes, start + 1);
  for (let index = 0; ; index += 2) {
    const left = merges.length;
    if (bytes[at] === 0x5b) {
      at = scanString(bytes, skipSpace(bytes, at + 1), merges);
      if (at < 0) return failed;
      at = skipSpace(bytes, at);
      if (bytes[at] !== comma) return failed;
      merges.name(index, left);
      const right = merges.length;
      at = scanString(bytes, skipSpace(bytes, at + 1), merges);
      if (at < 0) return failed;
      at = skipSpace(bytes, at);
      if (bytes[at++] !== 0x5d) return failed;
      merges.name(index + 1, right);
    } else {
      at = scanString(bytes, at, merges, index);
      if (at < 0) return failed;
    }
    at = skipSpace(bytes, at);
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== comma) return failed;
    at = skipSpace(bytes, at + 1);
  }
}

/** Appends a string's units, without its only space when it is "left right" (pair >= 0); returns where it ends. */
function scanString(bytes: Uint8Array, start: number, into: Packer, pair = -1): number {
  if (bytes[start] !== quote) return failed;
  let first = into.length;
  let parts = 0;
  let at = start + 1;
  for (;;) {
    if (at >= bytes.length) return failed;
    let unit = bytes[at++];
    if (unit === quote) {
      if (pair < 0) return at;
      if (parts !== 1 || into.length === first) return failed;
      into.name(pair + 1, first);
      return at;
    }
    if (unit === backslash) {
      const escaped = bytes[at++];
      if (escaped !== quote && escaped !== backslash) return failed;
      unit = escaped;
    } else if (unit < 0x20) {
      return failed;
    } else if (unit >= 0x80) {
      // The byte-level alphabet ends at U+0143; what takes three bytes or more is not worth reading here.
      const second = bytes[at++];
      if ((second & 0xc0) !== 0x80 || unit < 0xc2 || unit > 0xdf) return failed;
      unit = ((unit & 0x1f) << 6) | (second & 0x3f);
    }
    if (unit === space && pair >= 0) {
      if (parts++ !== 0 || into.length === first) return failed;
      into.name(pair, first);
      first = into.length;
      continue;
    }
    into.add(unit);
  }
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === space || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}
