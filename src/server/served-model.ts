// A loaded model under the name that it is served by. Whoever answers with it holds it; when another has taken its place it is closed
// as soon as nobody does.

import type { Qwen } from "../api.ts";

export class ServedModel {
  #users = 0;
  #unused: (() => void) | undefined;

  constructor(
    readonly qwen: Qwen,
    readonly name: string,
    /** What it was loaded from, so that it can be loaded again. */
    readonly source: string,
  ) {}

  /** Holds the model until the function that comes back is called. */
  hold(): () => void {
    this.#users++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#users--;
      if (this.#users === 0) this.#unused?.();
    };
  }

  /** Closes the model once the last answer that it was asked for has ended. */
  async retire(): Promise<void> {
    if (this.#users > 0)
      await new Promise<void>((resolve) => {
        this.#unused = resolve;
      });
    await this.qwen.close();
  }
}

/** A file goes by its own name, without folder and ending. */
export function shortName(name: string): string {
  return name.replace(/^.*[/\\](?=[^/\\]+\.gguf$)/, "").replace(/\.gguf$/, "");
}
