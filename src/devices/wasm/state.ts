// The state of one sequence: its length, and a table of pages in every bank that holds layers.

import type { SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { type PageCache, PageTable } from "./cache.ts";
import { pageTokens } from "./layout.ts";

export class WasmState implements SequenceState {
  /** By cache, in order of the layers; undefined once released. */
  #tables: Map<PageCache, PageTable> | undefined;
  #length = 0;

  constructor(
    caches: readonly PageCache[],
    readonly adapter?: string,
  ) {
    this.#tables = new Map(caches.map((cache) => [cache, new PageTable(cache)]));
  }

  get length(): number {
    return this.#length;
  }

  /** Address of the table of page addresses that the kernels of this cache's bank read. */
  tableIn(cache: PageCache): number {
    const table = this.#live.get(cache);
    if (!table) throw new AnyqwenError("invalid-argument", "this sequence belongs to another model");
    return table.address;
  }

  /** Makes room for `count` more positions: in all banks or, if one has no room, in none. */
  reserve(count: number): void {
    try {
      for (const table of this.#live.values()) table.reserve(this.#length, this.#length + count);
    } catch (error) {
      this.rewind(this.#length);
      throw error;
    }
  }

  commit(count: number): void {
    this.#length += count;
  }

  fork(): SequenceState {
    const copy = new WasmState([], this.adapter);
    copy.#tables = new Map([...this.#live].map(([cache, table]) => [cache, table.fork()]));
    copy.#length = this.#length;
    return copy;
  }

  rewind(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length)
      throw new AnyqwenError(
        "invalid-argument",
        `cannot rewind to ${length}: the sequence holds ${this.#length} positions`,
      );
    for (const table of this.#live.values()) table.truncate(length);
    this.#length = length;
  }

  /** Page after page, in each layer after layer: the same bytes however the layers are spread over banks. */
  save(): Uint8Array {
    const pages = Math.ceil(this.#length / pageTokens);
    const out = new Uint8Array(pages * this.#pageBytes);
    let at = 0;
    for (const piece of this.#pieces(pages)) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  restore(bytes: Uint8Array, length: number): void {
    const pages = Math.ceil(length / pageTokens);
    if (bytes.byteLength !== pages * this.#pageBytes)
      throw new AnyqwenError(
        "format",
        `a state of ${length} positions has ${pages * this.#pageBytes} bytes here, the file has ${bytes.byteLength}`,
      );
    for (const { maxPages } of this.#live.keys())
      if (pages > maxPages)
        throw new AnyqwenError(
          "context-overflow",
          `the state holds ${length} positions, the context ${maxPages * pageTokens}`,
        );
    this.rewind(0);
    this.reserve(length);
    let at = 0;
    for (const piece of this.#pieces(pages)) {
      piece.set(bytes.subarray(at, at + piece.length));
      at += piece.length;
    }
    this.#length = length;
  }

  release(): void {
    for (const table of this.#tables?.values() ?? []) table.release();
    this.#tables = undefined;
    this.#length = 0;
  }

  get #live(): Map<PageCache, PageTable> {
    if (!this.#tables) throw new AnyqwenError("invalid-argument", "this sequence was released");
    return this.#tables;
  }

  get #pageBytes(): number {
    return [...this.#live.keys()].reduce((sum, { pageBytes }) => sum + pageBytes, 0);
  }

  *#pieces(pages: number): Generator<Uint8Array> {
    for (let n = 0; n < pages; n++) for (const table of this.#live.values()) yield table.page(n);
  }
}
