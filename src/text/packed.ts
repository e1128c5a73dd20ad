// Many short strings as UTF-16 units in one array: a vocabulary of 150,000 strings is otherwise 150,000 objects to make, to follow
// and to collect.

export interface PackedStrings {
  readonly units: Uint16Array;
  /** String i is units[starts[i], ends[i]). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Collects strings unit by unit; they may come in any order of index. */
export class Packer {
  readonly #units: Uint16Array;
  #starts = new Int32Array(1 << 12);
  #ends = new Int32Array(1 << 12);
  #length = 0;
  #count = 0;

  /** `capacity`: more units than will ever be added. Memory that stays unused is never touched. */
  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity);
  }

  /** Units so far: where the next string begins. */
  get length(): number {
    return this.#length;
  }

  add(unit: number): void {
    this.#units[this.#length++] = unit;
  }

  addAll(text: string, from = 0, to = text.length): void {
    const units = this.#units;
    let length = this.#length;
    for (let i = from; i < to; i++) units[length++] = text.charCodeAt(i);
    this.#length = length;
  }

  /** UTF-8, whose every sequence takes at least as many bytes as units. What is not well-formed becomes some other text. */
  addUtf8(bytes: Uint8Array, from: number, to: number): void {
    const units = this.#units;
    let length = this.#length;
    for (let at = from; at < to; ) {
      const byte = bytes[at++];
      if (byte < 0x80) units[length++] = byte;
      else if (byte < 0xe0 && at < to) units[length++] = ((byte & 0x1f) << 6) | (bytes[at++] & 0x3f);
      else {
        // Outside of the byte-level alphabet; seldom, and never in a merge.
        this.#length = length;
        this.addAll(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at - 1, to)));
        return;
      }
    }
    this.#length = length;
  }

  has(index: number): boolean {
    return index < this.#count && this.#ends[index] > 0;
  }

  /** The units since `start` are string `index`. */
  name(index: number, start: number): void {
    if (index >= this.#starts.length) {
      const size = Math.max(this.#starts.length * 2, index + 1);
      this.#starts = grown(this.#starts, size);
      this.#ends = grown(this.#ends, size);
    }
    this.#starts[index] = start;
    this.#ends[index] = this.#length;
    if (index >= this.#count) this.#count = index + 1;
  }

  finish(): PackedStrings {
    return {
      units: this.#units.slice(0, this.#length),
      starts: this.#starts.slice(0, this.#count),
      ends: this.#ends.slice(0, this.#count),
    };
  }
}

/** Strings to be packed, wherever they lie. */
export interface StringList {
  readonly count: number;
  /** At least as many as all strings have UTF-16 units together. */
  readonly units: number;
  text(index: number): string;
  pack(index: number, into: Packer): void;
  /** Packs what stands before the first space, then, as the next string, what stands behind it; false if either is empty. */
  packPair(index: number, into: Packer): boolean;
}

export function plainStrings(list: readonly (string | undefined)[]): StringList {
  const text = (index: number) => list[index] ?? "";
  return {
    count: list.length,
    units: list.reduce((sum, item) => sum + (item?.length ?? 0), 0),
    text,
    pack: (index, into) => into.addAll(text(index)),
    packPair(index, into) {
      const line = text(index);
      const space = line.indexOf(" ", 1);
      if (space < 0 || space === line.length - 1) return false;
      const left = into.length;
      into.addAll(line, 0, space);
      into.name(2 * index, left);
      const right = into.length;
      into.addAll(line, space + 1);
      into.name(2 * index + 1, right);
      return true;
    },
  };
}

/** Strings as GGUF holds them: UTF-8, each behind its length in 8 bytes, which is known to be right. */
export function fileStrings(bytes: Uint8Array, count: number): StringList {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    starts[i] = at + 8;
    ends[i] = at = at + 8 + view.getUint32(at, true);
  }
  return {
    count,
    units: bytes.length,
    text: (index) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(starts[index], ends[index])),
    pack: (index, into) => into.addUtf8(bytes, starts[index], ends[index]),
    packPair(index, into) {
      const end = ends[index];
      let space = starts[index] + 1;
      while (space < end && bytes[space] !== 0x20) space++;
      if (space >= end - 1) return false;
      const left = into.length;
      into.addUtf8(bytes, starts[index], space);
      into.name(2 * index, left);
      const right = into.length;
      into.addUtf8(bytes, space + 1, end);
      into.name(2 * index + 1, right);
      return true;
    },
  };
}

/** Packs a list; absent strings become empty ones. */
export function packStrings(list: readonly (string | undefined)[]): PackedStrings {
  const strings = plainStrings(list);
  const packer = new Packer(strings.units);
  for (let i = 0; i < list.length; i++) {
    const start = packer.length;
    strings.pack(i, packer);
    packer.name(i, start);
  }
  return packer.finish();
}

export function unpackString(packed: PackedStrings, index: number): string {
  const units = packed.units.subarray(packed.starts[index], packed.ends[index]);
  let text = "";
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
  return text;
}

function grown(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
