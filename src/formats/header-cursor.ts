// Reads a header of unknown length front to back. Bytes are fetched in a few growing pieces, and parsing itself is
// synchronous: a step that runs past the fetched bytes is abandoned, more is fetched, and the step starts again.

import type { ByteSource } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";

/** The header of a model with a vocabulary of 150,000 takes 6 MB, one of 250,000 about 12. */
const firstPiece = 2 ** 20;
const secondPiece = 2 ** 23;
const mostHeader = 2 ** 28;

/** Thrown inside a step, caught in `step`: the step needs bytes up to `end`. */
class MoreNeeded {
  constructor(readonly end: number) {}
}

export class HeaderCursor {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  position = 0;

  constructor(readonly source: ByteSource) {}

  /** Runs `parse`, fetching more and running it again as long as it needs bytes that are not there yet. */
  async step<T>(parse: () => T): Promise<T> {
    const start = this.position;
    for (;;) {
      try {
        return parse();
      } catch (error) {
        if (!(error instanceof MoreNeeded)) throw error;
        this.position = start;
        await this.#fetch(error.end);
      }
    }
  }

  async #fetch(end: number): Promise<void> {
    const { size } = this.source;
    if (end > mostHeader) this.fail(`its header is longer than ${mostHeader} bytes`);
    const had = this.#bytes.length;
    const length = Math.min(size, Math.max(end, had === 0 ? firstPiece : secondPiece, had * 2));
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes);
    await this.source.read(had, bytes.subarray(had));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  fail(what: string): never {
    throw new AnyqwenError("format", `${this.source.name}: ${what}; the file is damaged or not a GGUF file`);
  }

  /** Takes `length` bytes and says where they begin. */
  take(length: number): number {
    const start = this.position;
    const end = start + length;
    if (end > this.#bytes.length) {
      if (end > this.source.size) this.fail(`it ends at byte ${this.source.size}, inside its header`);
      throw new MoreNeeded(end);
    }
    this.position = end;
    return start;
  }

  u8(): number {
    return this.#bytes[this.take(1)];
  }
  i8(): number {
    return this.#view.getInt8(this.take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.take(2), true);
  }
  i16(): number {
    return this.#view.getInt16(this.take(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.take(4), true);
  }
  i32(): number {
    return this.#view.getInt32(this.take(4), true);
  }
  f32(): number {
    return this.#view.getFloat32(this.take(4), true);
  }
  f64(): number {
    return this.#view.getFloat64(this.take(8), true);
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.take(8), true);
  }
  i64(): bigint {
    return this.#view.getBigInt64(this.take(8), true);
  }

  /** A count of things that take at least `bytesEach` bytes each: more than the file can hold is an error. */
  count(what: string, bytesEach: number): number {
    const at = this.take(8);
    const count = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
    if (count * bytesEach > this.source.size - this.position) {
      this.fail(`${what} is ${count} at byte ${at}, more than the file's ${this.source.size} bytes can hold`);
    }
    return count;
  }

  string(what: string): string {
    const length = this.count(`the length of ${what}`, 1);
    const start = this.take(length);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#bytes.subarray(start, start + length));
  }

  /** The bytes of `count` strings, each behind its length; decoding them is left to who wants them. */
  strings(count: number, what: string): Uint8Array {
    const start = this.position;
    const view = this.#view;
    const end = this.#bytes.length;
    for (let i = 0, at = start; i < count; i++) {
      const length = at + 8 <= end ? view.getUint32(at, true) : 0;
      if (at + 8 + length > end || view.getUint32(at + 4, true) !== 0) {
        // Rare: more must be fetched, or the length is a lie; the careful way says which.
        this.position = at;
        this.take(this.count(`the length of ${what}[${i}]`, 1));
      }
      this.position = at += 8 + length;
    }
    return this.#bytes.slice(start, this.position);
  }
}
