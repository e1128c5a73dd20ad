// Parts between whoever makes them and whoever reads them: each waits until it is read. The end, or a failure, comes last.

import { isEnd } from "./messages.ts";
import type { Part } from "./types.ts";

export class PartQueue {
  readonly #parts: Part[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(parts: readonly Part[]): void {
    this.#parts.push(...parts);
    this.#wake?.();
  }

  /** What was pushed before is read before. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** For one reader. */
  async *read(): AsyncGenerator<Part, void> {
    for (;;) {
      for (let part = this.#parts.shift(); part; part = this.#parts.shift()) {
        yield part;
        if (isEnd(part)) return;
      }
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
