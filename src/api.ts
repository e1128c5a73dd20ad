// The public API: load a model, talk to it, look into it. `import { load } from "anyqwen"` is this page.

import type { StorageType } from "./core/storage.ts";
import { wholeFolder, wholeSource } from "./engine/addresses.ts";
import { checkLoad, optionsOf } from "./engine/arguments.ts";
import { inProcessChannel, workerChannel } from "./engine/channels.ts";
import { EngineClient } from "./engine/client.ts";
import type { SpecialText } from "./engine/messages.ts";
import { Session } from "./engine/session.ts";
import type {
  BenchOptions,
  BenchResult,
  ChatMessage,
  ChatOptions,
  GenerateOptions,
  Inspection,
  LoadOptions,
  LogitsResult,
  ModelInfo,
  ModelSource,
  Part,
  RerankResult,
  TemplateOptions,
} from "./engine/types.ts";
import type { Merged } from "./models/merge.ts";
import type { GgufContent } from "./models/to-gguf.ts";

export { AnyqwenError, type ErrorCode } from "./core/errors.ts";
export type { SpecialText } from "./engine/messages.ts";
export { Session } from "./engine/session.ts";
export type * from "./engine/types.ts";
export type { Merged, SafetensorsContent } from "./models/merge.ts";
export type { GgufContent } from "./models/to-gguf.ts";

interface Abortable {
  readonly signal?: AbortSignal;
}

/**
 * Loads a model: a short name ("qwen3:0.6b"), a repository ("org/name"), a path, an address, or files. The engine runs in a worker
 * of its own; the calling thread holds no weights. Fails with not-found, network, format, unsupported or out-of-memory.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Qwen> {
  checkLoad("load", source, options);
  const { client, params, how } = openEngine(source, options);
  try {
    return new Qwen(client, await client.call("load", params, how));
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** What can be said of a model before its weights are loaded: architecture, tensors by type, memory for a context. */
export async function inspect(source: ModelSource, options: LoadOptions = {}): Promise<Inspection> {
  checkLoad("inspect", source, options);
  // Only headers are read, so a worker would cost more than it spares.
  const { client, params, how } = openEngine(source, { ...options, inProcess: true });
  try {
    return await client.call("inspect", params, how);
  } finally {
    await client.close();
  }
}

/** A model as the tensors and metadata of a GGUF file, for whoever writes one; only headers are read until tensors are. */
export async function openAsGguf(
  source: ModelSource,
  options: { readonly offline?: boolean } & Abortable = {},
): Promise<GgufContent & AsyncDisposable> {
  checkLoad("openAsGguf", source, options);
  const [{ openFiles }, { openCheckpoint }, { toGguf }] = await Promise.all([
    import("./engine/files.ts"),
    import("./formats/open-checkpoint.ts"),
    import("./models/to-gguf.ts"),
  ]);
  const files = await openFiles(source, options);
  const checkpoint = await openCheckpoint(files);
  const close = () => checkpoint.close();
  try {
    return { ...(await toGguf(files, checkpoint)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A model with an adapter added to its weights, for whoever writes it; the adapter's files come whole, the model's as it is read. */
export async function openMerged(
  source: ModelSource,
  adapter: ModelSource,
  options: { readonly type?: StorageType; readonly name?: string; readonly offline?: boolean } & Abortable = {},
): Promise<Merged & AsyncDisposable> {
  checkLoad("openMerged", source, {});
  checkLoad("openMerged", adapter, {});
  const [{ openFiles }, { openCheckpoint }, { readAdapter }, { merge }] = await Promise.all([
    import("./engine/files.ts"),
    import("./formats/open-checkpoint.ts"),
    import("./models/adapter.ts"),
    import("./models/merge.ts"),
  ]);
  const { type, name = "adapter", ...how } = options;
  const read = await readAdapter(await openFiles(adapter, how));
  const files = await openFiles(source, how);
  const checkpoint = await openCheckpoint(files);
  const close = () => checkpoint.close();
  try {
    return { ...merge(files, checkpoint, read, { type, name }), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openEngine(source: ModelSource, options: LoadOptions) {
  const { signal, onProgress, workerUrl, inProcess, ...plain } = options;
  const client = new EngineClient(inProcess ? inProcessChannel() : workerChannel(workerUrl));
  const adapters = Object.entries(plain.adapters ?? {}).map(([name, files]) => [name, wholeSource(files)] as const);
  const whole = { adapters: Object.fromEntries(adapters), wasmUrl: wholeFolder(plain.wasmUrl) };
  const params = { source: wholeSource(source), options: { ...plain, ...whole } };
  return { client, params, how: { signal, onProgress } };
}

/** A loaded model. Requests may overlap: they are computed together, and none changes another's text. */
export class Qwen implements AsyncDisposable {
  readonly #client: EngineClient;
  #info: ModelInfo;

  constructor(client: EngineClient, info: ModelInfo) {
    this.#client = client;
    this.#info = info;
  }

  /** Figures of the model as it was loaded, and its adapters; `details()` asks anew. */
  get info(): ModelInfo {
    return this.#info;
  }

  /**
   * Loads a LoRA adapter beside those that are there; requests choose it with `adapter: name`. One made for another base is refused.
   * Adapters that are given to `load` have their room planned; later ones take what is left, or fail with out-of-memory.
   */
  async addAdapter(name: string, source: ModelSource): Promise<void> {
    this.#info = await this.#client.call("addAdapter", { name, source: wholeSource(source) });
  }

  /** Fails with code "busy" while an answer is made with it; sessions that used it go on without it. */
  async removeAdapter(name: string): Promise<void> {
    this.#info = await this.#client.call("removeAdapter", { name });
  }

  /**
   * Answers a conversation. Yields text, reasoning and tool calls as they come and the end with its figures; leaving the loop
   * cancels. What a message says never becomes a special token.
   */
  chat(messages: readonly ChatMessage[], options: ChatOptions = {}): AsyncGenerator<Part, void> {
    const { signal, plain } = optionsOf("chat", options);
    return this.#client.stream("chat", { messages, options: plain }, signal);
  }

  /** Continues a text or ids, without a template. Special tokens that the text spells are parsed. */
  generate(prompt: string | readonly number[], options: GenerateOptions = {}): AsyncGenerator<Part, void> {
    const { signal, plain } = optionsOf("generate", options);
    return this.#client.stream("generate", { prompt, options: plain }, signal);
  }

  /** A conversation that keeps its state between turns. */
  async session(): Promise<Session> {
    return new Session(this.#client, await this.#client.call("openSession", {}));
  }

  /** Normalised vectors, one per text (ids are taken as they are). Queries carry an instruction, documents none. */
  async embed(
    texts: readonly (string | readonly number[])[],
    options: { dimensions?: number; instruction?: string; adapter?: string } & Abortable = {},
  ): Promise<Float32Array[]> {
    const { signal, plain } = optionsOf("embed", options);
    return this.#client.call("embed", { ...plain, inputs: texts }, { signal });
  }

  /** Documents by how well they answer the query, best first (Qwen3-Reranker). */
  async rerank(
    query: string,
    documents: readonly string[],
    options: { instruction?: string; adapter?: string } & Abortable = {},
  ): Promise<RerankResult[]> {
    const { signal, plain } = optionsOf("rerank", options);
    return this.#client.call("rerank", { ...plain, query, documents }, { signal });
  }

  /** `special`: parse all added tokens that the text spells (default), those not marked special, or none. */
  async tokenize(text: string, options: { special?: SpecialText } & Abortable = {}): Promise<number[]> {
    const { signal, plain } = optionsOf("tokenize", options);
    return this.#client.call("tokenize", { ...plain, special: plain.special ?? "all", text }, { signal });
  }

  detokenize(ids: readonly number[]): Promise<string> {
    return this.#client.call("detokenize", { ids });
  }

  /** The prompt that the model's template makes of a conversation. */
  template(options: TemplateOptions): Promise<string> {
    return this.#client.call("template", options);
  }

  /** Logits of every position from `start` (default 0) on, and on request every layer's output and what the MTP layer gives. */
  async logits(
    ids: readonly number[],
    options: { hidden?: boolean; mtp?: boolean; start?: number; chunk?: number; adapter?: string } & Abortable = {},
  ): Promise<LogitsResult> {
    const { signal, plain } = optionsOf("logits", options);
    return this.#client.call("logits", { ...plain, hidden: plain.hidden ?? false, ids }, { signal });
  }

  /** Natural log-probabilities of ids[start], ids[start + 1], … (start at least 1), each after all ids before it. */
  async score(
    ids: readonly number[],
    start = 1,
    options: { chunk?: number; adapter?: string } & Abortable = {},
  ): Promise<Float32Array> {
    const { signal, plain } = optionsOf("score", options);
    return this.#client.call("score", { ...plain, ids, start }, { signal });
  }

  /** Prefill and decode in tokens per second, one figure per repeat. */
  async bench(options: BenchOptions = {}): Promise<BenchResult> {
    const { signal, plain } = optionsOf("bench", options);
    return this.#client.call("bench", plain, { signal });
  }

  /** `info` as it is now: memory grows with use. */
  details(): Promise<ModelInfo> {
    return this.#client.call("info", {});
  }

  /** Gives all memory back and ends the worker; requests under way fail with "aborted". */
  close(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
