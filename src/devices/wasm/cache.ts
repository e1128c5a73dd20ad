// The KV cache of one executor: pages of 256 positions over all layers, shared between sequences by reference count and copied when a
// sequence writes into a page that another one holds too.

import type { SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { pageTokens } from "./layout.ts";
import type { WasmMemory } from "./memory.ts";

export class PageCache {
  readonly #references = new Map<number, number>();
  readonly tableBytes: number;
  readonly #pages: number;
  #inUse = 0;

  constructor(
    readonly memory: WasmMemory,
    readonly pageBytes: number,
    contextTokens: number,
  ) {
    this.#pages = Math.ceil(contextTokens / pageTokens);
    this.tableBytes = Math.max(64, 4 * this.#pages);
  }

  get maxPages(): number {
    return this.#pages;
  }

  take(): number {
    if (this.#inUse >= this.#pages)
      throw new AnyqwenError(
        "context-overflow",
        `all ${this.#pages * pageTokens} positions of the context are in use; load with a larger context or close a session`,
      );
    const page = this.memory.acquire(this.pageBytes);
    this.#inUse++;
    this.#references.set(page, 1);
    return page;
  }

  share(page: number): void {
    this.#references.set(page, (this.#references.get(page) ?? 0) + 1);
  }

  drop(page: number): void {
    const left = (this.#references.get(page) ?? 1) - 1;
    if (left > 0) {
      this.#references.set(page, left);
      return;
    }
    this.#references.delete(page);
    this.#inUse--;
    this.memory.release(page, this.pageBytes);
  }

  isShared(page: number): boolean {
    return (this.#references.get(page) ?? 0) > 1;
  }
}

export class WasmState implements SequenceState {
  #pages: number[] = [];
  #length = 0;
  /** Address of the table of page addresses that the kernels read. */
  #table: number;

  constructor(private readonly cache: PageCache) {
    this.#table = cache.memory.acquire(cache.tableBytes);
  }

  get length(): number {
    return this.#length;
  }

  get table(): number {
    if (this.#table === 0) throw new AnyqwenError("invalid-argument", "this sequence was released");
    return this.#table;
  }

  /** Makes room for `count` more positions: new pages, and own copies of shared ones that will be written. */
  reserve(count: number): void {
    const { cache } = this;
    const needed = Math.ceil((this.#length + count) / pageTokens);
    const firstWritten = Math.floor(this.#length / pageTokens);
    try {
      for (let n = firstWritten; n < needed; n++) {
        const page = this.#pages[n];
        if (page === undefined) this.#setPage(n, cache.take());
        else if (cache.isShared(page)) {
          const own = cache.take();
          cache.memory.bytes.copyWithin(own, page, page + cache.pageBytes);
          cache.drop(page);
          this.#setPage(n, own);
        }
      }
    } catch (error) {
      this.rewind(this.#length);
      throw error;
    }
  }

  commit(count: number): void {
    this.#length += count;
  }

  fork(): SequenceState {
    const copy = new WasmState(this.cache);
    copy.#length = this.#length;
    this.#pages.forEach((page, n) => {
      this.cache.share(page);
      copy.#setPage(n, page);
    });
    return copy;
  }

  rewind(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length)
      throw new AnyqwenError(
        "invalid-argument",
        `cannot rewind to ${length}: the sequence holds ${this.#length} positions`,
      );
    const kept = Math.ceil(length / pageTokens);
    for (const page of this.#pages.splice(kept)) this.cache.drop(page);
    this.#length = length;
  }

  save(): Uint8Array {
    const { memory, pageBytes } = this.cache;
    const out = new Uint8Array(this.#pages.length * pageBytes);
    this.#pages.forEach((page, n) => out.set(memory.bytes.subarray(page, page + pageBytes), n * pageBytes));
    return out;
  }

  restore(bytes: Uint8Array, length: number): void {
    const { memory, pageBytes, maxPages } = this.cache;
    const pages = Math.ceil(length / pageTokens);
    if (bytes.byteLength !== pages * pageBytes)
      throw new AnyqwenError(
        "format",
        `a state of ${length} positions has ${pages * pageBytes} bytes here, the file has ${bytes.byteLength}`,
      );
    if (pages > maxPages)
      throw new AnyqwenError(
        "context-overflow",
        `the state holds ${length} positions, the context ${maxPages * pageTokens}`,
      );
    this.rewind(0);
    for (let n = 0; n < pages; n++) {
      const page = this.cache.take();
      this.#setPage(n, page);
      memory.bytes.set(bytes.subarray(n * pageBytes, (n + 1) * pageBytes), page);
    }
    this.#length = length;
  }

  release(): void {
    if (this.#table === 0) return;
    this.rewind(0);
    this.cache.memory.release(this.#table, this.cache.tableBytes);
    this.#table = 0;
  }

  #setPage(n: number, page: number): void {
    this.#pages[n] = page;
    this.cache.memory.view.setUint32(this.#table + 4 * n, page, true);
  }
}
