// The KV cache of one bank: pages of 256 positions over the bank's layers, shared between sequences by reference count and copied
// when a sequence writes into a page that another one holds too.

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

/** The pages of one sequence in one cache, in order of positions, and the table of their addresses that the kernels read. */
export class PageTable {
  readonly #pages: number[] = [];
  readonly address: number;

  constructor(private readonly cache: PageCache) {
    this.address = cache.memory.acquire(cache.tableBytes);
  }

  /** Makes the positions from `from` to `to` writable: new pages, and own copies of shared ones. */
  reserve(from: number, to: number): void {
    const { cache } = this;
    for (let n = Math.floor(from / pageTokens); n * pageTokens < to; n++) {
      const page = this.#pages[n];
      if (page === undefined) this.#set(n, cache.take());
      else if (cache.isShared(page)) {
        const own = cache.take();
        cache.memory.bytes.copyWithin(own, page, page + cache.pageBytes);
        cache.drop(page);
        this.#set(n, own);
      }
    }
  }

  /** Gives back the pages that no position before `length` needs. */
  truncate(length: number): void {
    for (const page of this.#pages.splice(Math.ceil(length / pageTokens))) this.cache.drop(page);
  }

  /** A second table over the same pages. */
  fork(): PageTable {
    const copy = new PageTable(this.cache);
    this.#pages.forEach((page, n) => {
      this.cache.share(page);
      copy.#set(n, page);
    });
    return copy;
  }

  /** The bytes of page `n`, where they lie. */
  page(n: number): Uint8Array {
    const { memory, pageBytes } = this.cache;
    return memory.bytes.subarray(this.#pages[n], this.#pages[n] + pageBytes);
  }

  release(): void {
    this.truncate(0);
    this.cache.memory.release(this.address, this.cache.tableBytes);
  }

  #set(n: number, page: number): void {
    this.#pages[n] = page;
    this.cache.memory.view.setUint32(this.address + 4 * n, page, true);
  }
}
