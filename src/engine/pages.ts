// Which pages of the cache sequences hold, counted as the devices count them (wasm/cache.ts, reference/cache.ts): a fork shares its
// origin's pages, whoever writes into a shared one gets a copy first, and a page is free when nobody holds it any more.

import { KV_PAGE } from "../models/memory-plan.ts";

export interface Page {
  holders: number;
}

/** The pages of all sequences of one executor. */
export class PageCount {
  /** Pages that somebody holds. */
  used = 0;

  take(): Page {
    this.used++;
    return { holders: 1 };
  }

  give(page: Page): void {
    if (--page.holders === 0) this.used--;
  }
}

/** The pages of one sequence. */
export class PageList {
  readonly #count: PageCount;
  #pages: Page[] = [];

  constructor(count: PageCount) {
    this.#count = count;
  }

  get pages(): readonly Page[] {
    return this.#pages;
  }

  /** Pages to take before positions [from, to) can be written; `isShared` says whose copies must be made first. */
  missing(from: number, to: number, isShared = (page: Page) => page.holders > 1): number {
    let missing = 0;
    for (let n = Math.floor(from / KV_PAGE); n * KV_PAGE < to; n++) {
      const page = this.#pages[n];
      if (!page || isShared(page)) missing++;
    }
    return missing;
  }

  /** Takes what is missing. */
  write(from: number, to: number): void {
    for (let n = Math.floor(from / KV_PAGE); n * KV_PAGE < to; n++) {
      const page = this.#pages[n];
      if (page?.holders === 1) continue;
      this.#pages[n] = this.#count.take();
      if (page) this.#count.give(page);
    }
  }

  /** Gives back the pages behind the first `positions`. */
  keep(positions: number): void {
    for (const page of this.#pages.splice(Math.ceil(positions / KV_PAGE))) this.#count.give(page);
  }

  /** Holds what another holds of its first `positions`, in the place of what it held itself. */
  shareOf(other: PageList, positions: number): void {
    const pages = other.#pages.slice(0, Math.ceil(positions / KV_PAGE));
    for (const page of pages) page.holders++;
    this.keep(0);
    this.#pages = pages;
  }
}
