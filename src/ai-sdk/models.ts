// Models by name: each is loaded once, when it is first asked for, and shared by all that ask.

import { type LoadOptions, load, type Qwen } from "../api.ts";

/** What `load` takes as a text (a name, a repository, a path, an address), or a model that the caller has loaded. */
export type ModelReference = string | Qwen;

interface Entry {
  readonly loading: Promise<Qwen>;
  readonly giveUp: AbortController;
}

export class Models {
  readonly #options: LoadOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Waits as long as `signal` lets it; the load itself goes on for others. One that failed is tried again by whoever asks next. */
  async get(model: ModelReference, signal?: AbortSignal): Promise<Qwen> {
    signal?.throwIfAborted();
    if (typeof model !== "string") return model;
    const { loading } = this.#entries.get(model) ?? this.#begin(model);
    return signal ? untilAborted(loading, signal) : loading;
  }

  /** Gives back a model, or all that were loaded here. Requests under way fail; the next one loads again. */
  async close(model?: string): Promise<void> {
    const names = model === undefined ? [...this.#entries.keys()] : [model];
    await Promise.all(names.map((name) => this.#end(name)));
  }

  #begin(model: string): Entry {
    const giveUp = new AbortController();
    const { signal } = this.#options;
    const options = { ...this.#options, signal: signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal };
    const entry: Entry = { loading: load(model, options), giveUp };
    this.#entries.set(model, entry);
    entry.loading.catch(() => {
      if (this.#entries.get(model) === entry) this.#entries.delete(model);
    });
    return entry;
  }

  async #end(model: string): Promise<void> {
    const entry = this.#entries.get(model);
    if (!entry) return;
    this.#entries.delete(model);
    entry.giveUp.abort();
    // A load that fails, given up or not, was told to whoever waits for it.
    const qwen = await entry.loading.catch(() => undefined);
    await qwen?.close();
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
