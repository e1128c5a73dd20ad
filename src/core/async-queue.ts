// A queue between who makes things and who reads them: the maker never waits, and each thing waits until it is read. The end, or a
// failure, comes last.

export class AsyncQueue<T> {
  #items: T[] = [];
  #end: { readonly failure?: { readonly error: unknown } } | undefined;
  #wake: (() => void) | undefined;

  push(...items: readonly T[]): void {
    this.#items.push(...items);
    this.#wake?.();
  }

  /** Nothing more comes. Only the first of `end` and `fail` counts. */
  end(): void {
    this.#close({});
  }

  fail(error: unknown): void {
    this.#close({ failure: { error } });
  }

  /** For one reader. */
  async *read(): AsyncGenerator<T, void> {
    for (;;) {
      while (this.#items.length > 0) {
        const items = this.#items;
        this.#items = [];
        yield* items;
      }
      if (this.#end?.failure) throw this.#end.failure.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #close(end: { readonly failure?: { readonly error: unknown } }): void {
    this.#end ??= end;
    this.#wake?.();
  }
}
