// The state of a sequence: keys and values of every attention layer, in pages of 256 positions that forks share until one of them
// writes. Values are kept as f32, rounded to the cache type when they are appended.

import type { KvType, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Trace } from "../../core/trace.ts";
import { roundHeads } from "./round.ts";

const PAGE = 256;

/** Keys and values of 256 positions: by layer, [256, kvHeads * headDim]. */
interface Page {
  readonly k: readonly Float32Array[];
  readonly v: readonly Float32Array[];
  /** How many sequences hold it. */
  holders: number;
}

/** The pages of all sequences of one executor. */
export class PagePool {
  readonly #layers: Trace["kv"];
  readonly #slots: Map<number, number>;
  readonly #capacity: number;
  #used = 0;

  constructor(
    trace: Trace,
    readonly kv: KvType,
    contextTokens: number,
  ) {
    this.#layers = trace.kv;
    this.#slots = new Map(trace.kv.map(({ layer }, slot) => [layer, slot]));
    this.#capacity = Math.ceil(contextTokens / PAGE);
  }

  get layers(): Trace["kv"] {
    return this.#layers;
  }

  /** Where a page keeps the layer. */
  slot(layer: number): number {
    return this.#slots.get(layer)!;
  }

  /** Bytes that the pages in use take here. */
  get bytes(): number {
    return this.#layers.reduce((sum, { shape }) => sum + 8 * PAGE * shape.kvHeads * shape.headDim, 0) * this.#used;
  }

  /** A new page, holding what `like` holds. */
  take(like?: Page): Page {
    if (this.#used >= this.#capacity) {
      throw new AnyqwenError(
        "context-overflow",
        `all ${this.#capacity} pages of ${PAGE} positions are in use; release a sequence or load with more contextTokens`,
      );
    }
    this.#used++;
    const copy = (from: readonly Float32Array[] | undefined) =>
      this.#layers.map(
        ({ shape }, slot) => from?.[slot].slice() ?? new Float32Array(PAGE * shape.kvHeads * shape.headDim),
      );
    return { k: copy(like?.k), v: copy(like?.v), holders: 1 };
  }

  give(page: Page): void {
    if (--page.holders === 0) this.#used--;
  }
}

export class ReferenceState implements SequenceState {
  readonly #pool: PagePool;
  #pages: Page[];
  #length: number;
  #released = false;

  constructor(
    pool: PagePool,
    readonly adapter?: string,
    pages: Page[] = [],
    length = 0,
  ) {
    this.#pool = pool;
    this.#pages = pages;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  fork(): ReferenceState {
    this.#checkLive();
    for (const page of this.#pages) page.holders++;
    return new ReferenceState(this.#pool, this.adapter, [...this.#pages], this.#length);
  }

  rewind(length: number): void {
    this.#checkLive();
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new AnyqwenError("invalid-argument", `cannot rewind to ${length}: the sequence holds ${this.#length}`);
    }
    this.#length = length;
    for (const page of this.#pages.splice(Math.ceil(length / PAGE))) this.#pool.give(page);
  }

  /** Makes the positions up to length + count writable; the length itself moves with `commit`. */
  reserve(count: number): void {
    this.#checkLive();
    const end = this.#length + count;
    for (let index = Math.floor(this.#length / PAGE); index * PAGE < end; index++) {
      const page = this.#pages[index];
      if (page && page.holders === 1) continue;
      this.#pages[index] = this.#pool.take(page);
      if (page) this.#pool.give(page);
    }
  }

  /** Writes one token's keys and values [kvHeads * headDim], rounded to the cache type. */
  append(layer: number, position: number, k: Float32Array, v: Float32Array): void {
    const { headDim } = this.#pool.layers[this.#pool.slot(layer)].shape;
    roundHeads(this.#pool.kv, k, headDim, this.keys(layer, position));
    roundHeads(this.#pool.kv, v, headDim, this.values(layer, position));
  }

  commit(count: number): void {
    this.#length += count;
  }

  /** The keys of one position, [kvHeads * headDim]. */
  keys(layer: number, position: number): Float32Array {
    return this.#row("k", layer, position);
  }

  /** The values of one position, [kvHeads * headDim]. */
  values(layer: number, position: number): Float32Array {
    return this.#row("v", layer, position);
  }

  /** Position after position, layer after layer: keys, then values, as f32. */
  save(): Uint8Array {
    this.#checkLive();
    const floats = new Float32Array(this.#length * this.#positionFloats());
    let at = 0;
    this.#eachRow(this.#length, (row) => {
      floats.set(row, at);
      at += row.length;
    });
    return new Uint8Array(floats.buffer);
  }

  restore(bytes: Uint8Array, length: number): void {
    this.#checkLive();
    const expected = length * this.#positionFloats() * 4;
    if (!Number.isInteger(length) || length < 0 || bytes.byteLength !== expected) {
      throw new AnyqwenError(
        "format",
        `saved state: ${bytes.byteLength} bytes for ${length} positions; this model's take ${expected}`,
      );
    }
    this.rewind(0);
    this.reserve(length);
    const floats = new Float32Array(bytes.slice().buffer);
    let at = 0;
    this.#eachRow(length, (row) => {
      row.set(floats.subarray(at, at + row.length));
      at += row.length;
    });
    this.commit(length);
  }

  release(): void {
    if (this.#released) return;
    this.rewind(0);
    this.#released = true;
  }

  #row(which: "k" | "v", layer: number, position: number): Float32Array {
    const slot = this.#pool.slot(layer);
    const { kvHeads, headDim } = this.#pool.layers[slot].shape;
    const start = (position % PAGE) * kvHeads * headDim;
    return this.#pages[Math.floor(position / PAGE)][which][slot].subarray(start, start + kvHeads * headDim);
  }

  #eachRow(length: number, visit: (row: Float32Array) => void): void {
    for (let position = 0; position < length; position++) {
      for (const { layer } of this.#pool.layers) {
        visit(this.keys(layer, position));
        visit(this.values(layer, position));
      }
    }
  }

  #positionFloats(): number {
    return this.#pool.layers.reduce((sum, { shape }) => sum + 2 * shape.kvHeads * shape.headDim, 0);
  }

  #checkLive(): void {
    if (this.#released) throw new AnyqwenError("invalid-argument", "the sequence was released");
  }
}
