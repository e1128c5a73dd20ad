// The adapters of a loaded model, by the names that requests choose them by. Their numbers are kept here too, since a program that is
// loaded later, for other outputs, needs them as well.

import type { AdapterWeights } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { bindAdapter, readAdapter } from "../models/adapter.ts";
import type { Model } from "../models/open.ts";
import { type FilesOptions, openFiles } from "./files.ts";
import { adapterFingerprint } from "./session-file.ts";
import type { ModelSource } from "./types.ts";

export class AdapterSet {
  readonly #weights = new Map<string, AdapterWeights>();
  /** Fingerprints by name. */
  readonly #marks = new Map<string, string>();

  get names(): readonly string[] {
    return [...this.#weights.keys()];
  }

  get weights(): ReadonlyMap<string, AdapterWeights> {
    return this.#weights;
  }

  has(name: string): boolean {
    return this.#weights.has(name);
  }

  add(name: string, weights: AdapterWeights): void {
    this.#weights.set(name, weights);
    this.#marks.set(name, adapterFingerprint(weights));
  }

  remove(name: string): void {
    this.#weights.delete(name);
    this.#marks.delete(name);
  }

  /** Fails unless there is such an adapter, or none is asked for. */
  check(name: string | undefined): void {
    if (name === undefined || this.has(name)) return;
    const known = this.names.length > 0 ? `loaded are ${this.names.join(", ")}` : "none was loaded";
    throw new AnyqwenError("not-found", `there is no adapter ${JSON.stringify(name)}; ${known}`);
  }

  markOf(name: string | undefined): string | undefined {
    return name === undefined ? undefined : this.#marks.get(name);
  }

  /** The adapter of a saved session, under whatever name it is loaded now. */
  byMark(mark: string | undefined): string | undefined {
    if (mark === undefined) return undefined;
    for (const [name, own] of this.#marks) if (own === mark) return name;
    throw new AnyqwenError(
      "invalid-argument",
      "saved session: the adapter that it was computed with is not loaded; load it, or start the conversation anew",
    );
  }
}

/** Reads an adapter and holds it against the model. */
export async function openAdapter(
  model: Model,
  name: string,
  source: ModelSource,
  how: FilesOptions,
): Promise<AdapterWeights> {
  return bindAdapter(model, await readAdapter(await openFiles(source, how)), name);
}
