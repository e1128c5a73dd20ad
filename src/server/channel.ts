// A queue between who makes parts and who reads them: the maker never waits, so that a slow reader holds no slot of the engine. What
// one answer can fill it with is bounded by its tokens.

export class PartQueue<T> {
  readonly #items: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #over = false;
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  end(failure?: { readonly error: unknown }): void {
    this.#over = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<T, void> {
    for (;;) {
      for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) yield item;
      if (this.#failure) throw this.#failure.error;
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
