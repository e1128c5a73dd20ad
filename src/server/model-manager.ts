// Pulling models and switching to another one while the server runs, for whoever may ask it to. What a client names is looked up: a
// pull takes the catalogue's names and repositories, a switch takes what the cache lists. No name reaches the file system.

import type { LoadProgress, Qwen } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import {
  aboutBytes,
  catalogue,
  type HubOptions,
  type ListedModel,
  listModels,
  parseModelName,
  pullNamed,
} from "../hub/hub.ts";
import type { CurrentModel } from "./current-model.ts";
import { ApiError, invalid } from "./errors.ts";
import { ServedModel, shortName } from "./served-model.ts";

export interface ModelsOptions {
  /** What the first model was loaded from. */
  readonly source: string;
  /** Loads a pulled model, by its path, as the first one was loaded. */
  readonly load: (path: string, onProgress: (progress: LoadProgress) => void) => Promise<Qwen>;
  /** Where models come from and are kept; default as `pull` has it. */
  readonly hub?: HubOptions;
}

export interface PullState {
  readonly model: string;
  readonly state: "waiting" | "downloading" | "done" | "failed" | "cancelled";
  readonly bytes: number;
  readonly total_bytes: number;
  /** What went wrong, or who is waited for. */
  readonly message?: string;
}

interface LoadState {
  readonly model: string;
  readonly bytes: number;
  readonly total_bytes: number;
}

/** What changes: the model that is served, the one that is being loaded, pulls under way and those that have just ended. */
export interface ModelsState {
  readonly serving: string;
  readonly loading: LoadState | null;
  readonly pulls: readonly PullState[];
}

const MOST_PULLS = 3;
/** Ended pulls that are still told of. */
const MOST_ENDED = 8;

export class ModelManager {
  readonly #current: CurrentModel;
  readonly #options: ModelsOptions;
  readonly #pulls = new Map<string, { state: PullState; readonly stop: AbortController }>();
  readonly #watchers = new Set<() => void>();
  #loading: LoadState | null = null;
  #stopped = false;

  constructor(current: CurrentModel, options: ModelsOptions) {
    this.#current = current;
    this.#options = options;
  }

  get state(): ModelsState {
    const pulls = [...this.#pulls.values()].map(({ state }) => state);
    return { serving: this.#current.name, loading: this.#loading, pulls };
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What is here, and what the catalogue has beside it. */
  async list() {
    const { totalmem } = await import("node:os");
    const fits = (bytes: number) => bytes < totalmem() * 0.7;
    const here = await listModels(this.#options.hub);
    const repos = new Set(here.map(({ repo }) => repo));
    return {
      ...this.state,
      pulled: here.map((model) => ({
        name: model.name,
        type: model.quantisation ?? model.format,
        bytes: model.bytes,
        fits: fits(model.bytes),
        serving: this.#current.serves(model.path),
      })),
      catalogue: [...catalogue].map(([name, entry]) => ({
        name,
        about_bytes: aboutBytes(name),
        fits: fits(aboutBytes(name)),
        pulled: entry.repos.some((repo) => repos.has(repo)),
      })),
    };
  }

  /** Begins a pull, or leaves one that is under way alone. */
  pull(model: string): PullState {
    const under = this.#pulls.get(model);
    if (under && isUnderWay(under.state)) return under.state;
    checkName(model);
    if ([...this.#pulls.values()].filter(({ state }) => isUnderWay(state)).length >= MOST_PULLS)
      throw new ApiError(429, "rate_limit_error", `${MOST_PULLS} downloads are under way; wait until one has ended`, {
        code: "busy",
        retryAfter: 10,
      });
    const stop = new AbortController();
    this.#pulls.delete(model);
    this.#tell(model, stop, { model, state: "waiting", bytes: 0, total_bytes: 0 });
    void this.#pull(model, stop);
    return this.#stateOf(model);
  }

  /** Ends a pull; what has come of it is kept, and the next one goes on from there. */
  cancel(model: string): PullState {
    const state = this.#stateOf(model);
    this.#pulls.get(model)?.stop.abort(new AnyqwenError("aborted", "cancelled"));
    return state;
  }

  /** Serves another of the pulled models; settles when it answers. */
  async serve(name: string): Promise<ModelsState> {
    if (this.#loading) throw conflict(`${this.#loading.model} is being loaded; one at a time`);
    this.#loading = { model: name, bytes: 0, total_bytes: 0 };
    this.#changed();
    try {
      const listed = (await listModels(this.#options.hub)).find((model) => model.name === name);
      if (!listed)
        throw new ApiError(
          404,
          "not_found_error",
          `${JSON.stringify(name)} is not among the pulled models; pull it first`,
          {
            param: "model",
            code: "model_not_found",
          },
        );
      if (!this.#current.serves(listed.path)) await this.#switch(listed);
    } finally {
      this.#loading = null;
      this.#changed();
    }
    return this.state;
  }

  /** Settles at the next change, when the manager stops, or when `signal` is aborted. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        this.#watchers.delete(settle);
        signal.removeEventListener("abort", settle);
        resolve();
      };
      if (signal.aborted || this.#stopped) return resolve();
      this.#watchers.add(settle);
      signal.addEventListener("abort", settle);
    });
  }

  /** Ends pulls and whoever watches. */
  stop(): void {
    this.#stopped = true;
    for (const { stop } of this.#pulls.values()) stop.abort(new AnyqwenError("aborted", "the server is stopping"));
    this.#changed();
  }

  async #pull(model: string, stop: AbortController): Promise<void> {
    const tell = (change: Partial<PullState>) => this.#tell(model, stop, { ...this.#stateOf(model), ...change });
    try {
      const pulled = await pullNamed(model, {
        ...this.#options.hub,
        signal: stop.signal,
        onProgress: ({ phase, detail, bytes, totalBytes }) =>
          tell(
            phase === "downloading"
              ? { state: phase, bytes, total_bytes: totalBytes, message: undefined }
              : { state: "waiting", message: phase === "waiting" ? detail : undefined },
          ),
      });
      tell({ state: "done", bytes: pulled.bytes, total_bytes: pulled.bytes, message: undefined });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell(stop.signal.aborted ? { state: "cancelled", message: undefined } : { state: "failed", message });
    }
    const ended = [...this.#pulls].filter(([, { state }]) => !isUnderWay(state));
    for (const [name] of ended.slice(0, -MOST_ENDED)) this.#pulls.delete(name);
  }

  /** The next model is loaded beside the one that answers; where both do not fit, the first one goes when its answers have ended. */
  async #switch(listed: ListedModel): Promise<void> {
    const last = this.#current.model;
    const load = async (source: string) => {
      const onProgress = ({ bytes, totalBytes }: LoadProgress) => {
        this.#loading = { model: listed.name, bytes, total_bytes: totalBytes };
        this.#changed();
      };
      return this.#options.load(source, onProgress);
    };
    const loadNext = async () => {
      const qwen = await load(listed.path);
      // a folder in the cache has a commit for its name
      const name = listed.format === "gguf" ? shortName(qwen.info.name) : listed.name;
      this.#current.serve(new ServedModel(qwen, name, listed.path));
    };
    try {
      await loadNext();
      void last.retire();
      return;
    } catch (error) {
      if (!(error instanceof AnyqwenError && error.code === "out-of-memory")) throw unusable(error);
    }
    this.#current.serve(undefined);
    await last.retire();
    try {
      await loadNext();
    } catch (error) {
      this.#current.serve(new ServedModel(await load(last.source), last.name, last.source));
      throw unusable(error);
    }
  }

  #stateOf(model: string): PullState {
    const pull = this.#pulls.get(model);
    if (pull) return pull.state;
    throw new ApiError(404, "not_found_error", `no download of ${JSON.stringify(model)} was begun`, { param: "model" });
  }

  #tell(model: string, stop: AbortController, state: PullState): void {
    this.#pulls.set(model, { state, stop });
    this.#changed();
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

const isUnderWay = ({ state }: PullState) => state === "waiting" || state === "downloading";

function checkName(model: string): void {
  let kind = "";
  try {
    ({ kind } = parseModelName(model));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), "model", "invalid_value");
  }
  if (kind !== "repository")
    throw invalid(`${JSON.stringify(model)} is neither a short name (qwen3:0.6b) nor a repository (org/name)`, "model");
}

const conflict = (message: string) => new ApiError(409, "invalid_request_error", message, { code: "loading" });

/** A pulled model that this build cannot load is no fault of the server; its old model still answers. */
function unusable(error: unknown): unknown {
  if (!(error instanceof AnyqwenError)) return error;
  return new ApiError(409, "invalid_request_error", error.message, { param: "model", code: error.code });
}
