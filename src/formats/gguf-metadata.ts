// GGUF metadata whose long string arrays (vocabulary, merges: most of a header) are decoded when first asked for, so
// that a thread which needs the weights alone does not pay for the tokenizer.

import type { GgufValue } from "./checkpoint.ts";

/** Strings as the file holds them: each behind 8 bytes of length, already checked against the file. */
export class PackedStrings {
  constructor(
    readonly bytes: Uint8Array,
    readonly count: number,
  ) {}

  decode(): string[] {
    return decodeTogether(this.bytes, this.count) ?? decodeApart(this.bytes, this.count);
  }
}

export class GgufMetadata extends Map<string, GgufValue> {
  readonly #packed = new Map<string, PackedStrings>();

  /** Sets a string array that is to be decoded later; it keeps its place among the keys. */
  setPacked(key: string, strings: PackedStrings): void {
    super.set(key, []);
    this.#packed.set(key, strings);
  }

  /** A string array that nobody has asked for yet, as the file holds it. */
  packed(key: string): PackedStrings | undefined {
    return this.#packed.get(key);
  }

  override get(key: string): GgufValue | undefined {
    const packed = this.#packed.get(key);
    if (packed) {
      this.#packed.delete(key);
      super.set(key, packed.decode());
    }
    return super.get(key);
  }

  override *entries(): MapIterator<[string, GgufValue]> {
    for (const key of this.keys()) yield [key, this.get(key) as GgufValue];
  }

  override *values(): MapIterator<GgufValue> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[string, GgufValue]> {
    return this.entries();
  }

  override forEach(visit: (value: GgufValue, key: string, map: Map<string, GgufValue>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

/** Decodes all strings as one text and cuts it, as a decoder call each would take most of a model's loading time.
 *  Undefined if one of them is not valid UTF-8 by itself. */
function decodeTogether(bytes: Uint8Array, count: number): string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const joined = new Uint8Array(bytes.length - 8 * count);
  const units = new Uint32Array(count); // UTF-16 code units of each string
  for (let i = 0, at = 0, filled = 0; i < count; i++) {
    const end = at + 8 + view.getUint32(at, true);
    at += 8;
    // A string that starts inside a character would make its neighbour look valid.
    if (end > at && (bytes[at] & 0xc0) === 0x80) return undefined;
    let length = 0;
    for (; at < end; at++) {
      const byte = bytes[at];
      joined[filled++] = byte;
      if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 : 1;
    }
    units[i] = length;
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(joined);
  } catch {
    return undefined;
  }
  const strings = new Array<string>(count);
  for (let i = 0, at = 0; i < count; i++) strings[i] = text.slice(at, (at += units[i]));
  return strings;
}

function decodeApart(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const strings: string[] = [];
  for (let at = 0; strings.length < count; ) {
    const end = at + 8 + view.getUint32(at, true);
    strings.push(decoder.decode(bytes.subarray(at + 8, end)));
    at = end;
  }
  return strings;
}
