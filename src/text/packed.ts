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
  #units = new Uint16Array(1 << 16);
  #starts = new Int32Array(1 << 12);
  #ends = new Int32Array(1 << 12);
  #length = 0;
  #count = 0;

  /** Units so far: where the next string begins. */
  get length(): number {
    return this.#length;
  }

  add(unit: number): void {
    if (this.#length === this.#units.length) {
      const larger = new Uint16Array(this.#units.length * 2);
      larger.set(this.#units);
      this.#units = larger;
    }
    this.#units[this.#length++] = unit;
  }

  addAll(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
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
    this.#count = Math.max(this.#count, index + 1);
  }

  finish(): PackedStrings {
    return {
      units: this.#units.slice(0, this.#length),
      starts: this.#starts.slice(0, this.#count),
      ends: this.#ends.slice(0, this.#count),
    };
  }
}

/** Packs a list; absent strings become empty ones. */
export function packStrings(list: readonly (string | undefined)[]): PackedStrings {
  const packer = new Packer();
  for (let i = 0; i < list.length; i++) {
    const start = packer.length;
    packer.addAll(list[i] ?? "");
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
