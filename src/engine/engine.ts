// The engine of one model, in one thread: it opens the files, owns tokenizer, template and programs, and answers requests.
// Nothing here blocks for longer than one step; who asks from where is the host's business.

import type { Device } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import type { AnswerShape } from "../generate/grammar/answer.ts";
import { Constraint } from "../generate/grammar/constraint.ts";
import { type Model, openModel } from "../models/open.ts";
import { countParameters } from "../models/parameters.ts";
import { AdapterSet, openAdapter } from "./adapters.ts";
import { chatShape, shownTools } from "./answer-shape.ts";
import { bench } from "./bench.ts";
import { endIds } from "./defaults.ts";
import { openDevice } from "./devices.ts";
import { type FilesOptions, openFiles } from "./files.ts";
import { Generation } from "./generation.ts";
import { Grammars } from "./grammars.ts";
import { describeModel, inspectModel, type Outputs } from "./inspect.ts";
import type { Calls, SpecialText, Streams } from "./messages.ts";
import { type ResolvedOptions, resolveOptions } from "./options.ts";
import { AnswerOutput, type ChatContext } from "./output.ts";
import { lastRows, logitsOf, recompute, scoreIds } from "./passes.ts";
import { loadProgram, type Program, type ProgramOptions } from "./program.ts";
import { ProgramSet } from "./programs.ts";
import { checkRequest, draftsOf, samplingOf } from "./requests.ts";
import { rerankPrompts } from "./rerank.ts";
import type { Sequence } from "./sequences.ts";
import { fingerprint, readSession, type SessionIdentity, writeSession } from "./session-file.ts";
import { SessionTable } from "./session-table.ts";
import { openText, type TextSide } from "./text-side.ts";
import type {
  BenchOptions,
  BenchResult,
  GenerateOptions,
  Inspection,
  LogitsResult,
  ModelInfo,
  ModelOptions,
  ModelSource,
  Part,
  RerankResult,
  TemplateOptions,
} from "./types.ts";

export interface StreamContext {
  readonly signal: AbortSignal;
  readonly emit: (parts: readonly Part[]) => void;
}

interface Parts {
  readonly model: Model;
  readonly device: Device;
  readonly options: ResolvedOptions;
  readonly text: TextSide;
  readonly fingerprint: string;
  readonly program: Program;
  readonly parameters: number;
  readonly adapters: AdapterSet;
}

export class Engine {
  readonly #model: Model;
  readonly #device: Device;
  readonly #options: ResolvedOptions;
  readonly #text: TextSide;
  readonly #fingerprint: string;
  readonly #eosIds: ReadonlySet<number>;
  readonly #facts: Omit<ModelInfo, "memoryBytes" | "adapters">;
  readonly #adapters: AdapterSet;
  readonly #programs: ProgramSet;
  readonly #sessions = new SessionTable();
  readonly #grammars: Grammars;
  #requests = 0;

  private constructor(parts: Parts) {
    this.#model = parts.model;
    this.#device = parts.device;
    this.#options = parts.options;
    this.#text = parts.text;
    this.#fingerprint = parts.fingerprint;
    this.#adapters = parts.adapters;
    const load = (outputs: Outputs) => loadFor(parts.model, parts.device, outputs, parts.options, {}, parts.adapters);
    this.#programs = new ProgramSet(parts.program, load, () => this.#sessions.size > 0);
    this.#grammars = new Grammars(() => parts.text.tokenizer, parts.model.config.vocabSize);
    this.#eosIds = new Set([...endIds(parts.model.checkpoint), ...parts.text.endIds]);
    const { kv, contextTokens, threads } = parts.options;
    this.#facts = describeModel(parts.model, parts.program, {
      device: parts.device.name,
      contextTokens,
      threads,
      kv,
      parameters: parts.parameters,
      tokenizer: parts.text.hasTokenizer,
      eosIds: [...this.#eosIds],
    });
  }

  static async open(source: ModelSource, wanted: ModelOptions, how: FilesOptions): Promise<Engine> {
    const files = await openFiles(source, { ...how, offline: wanted.offline });
    const checkpoint = await openCheckpoint(files);
    const stop = new AbortController();
    const signal = how.signal ? AbortSignal.any([how.signal, stop.signal]) : stop.signal;
    try {
      const model = openModel(checkpoint);
      const options = await resolveOptions(wanted, model);
      const device = await openDevice(options);
      const adapters = new AdapterSet();
      for (const [name, source] of Object.entries(wanted.adapters ?? {})) {
        adapters.add(name, await openAdapter(model, name, source, { ...how, offline: wanted.offline }));
      }
      let onThreadsStarting = () => {};
      const threadsStart = new Promise<void>((resolve) => {
        onThreadsStarting = resolve;
      });
      const loading = { ...how, signal, onThreadsStarting };
      const program = loadFor(model, device, options.outputs, options, loading, adapters);
      const print = fingerprint(checkpoint);
      // The tokenizer keeps this thread busy for long, so it comes while the device waits for its own threads.
      const text = Promise.race([threadsStart, program]).then(() => openText(files, checkpoint));
      // The error that came first is the one that counts; it ends the load of the weights.
      const [side, mark, loaded] = await Promise.all([text, print, program]).catch(async (error) => {
        stop.abort();
        await program.then(({ executor }) => executor.dispose()).catch(() => {});
        throw error;
      });
      const { parameters } = await countParameters(model.weights(loaded.trace));
      const parts = { model, device, options, text: side, fingerprint: mark, program: loaded, parameters, adapters };
      return new Engine(parts);
    } catch (error) {
      await checkpoint.close();
      throw error;
    }
  }

  get info(): ModelInfo {
    return { ...this.#facts, adapters: this.#adapters.names, memoryBytes: this.#programs.memoryBytes };
  }

  /** Reads an adapter and gives it to all programs, or, if one has no room for it, to none. */
  async addAdapter({ name, source }: Calls["addAdapter"]["params"], signal: AbortSignal): Promise<ModelInfo> {
    const weights = await openAdapter(this.#model, name, source, { signal });
    await this.#programs.change((programs) => {
      if (this.#adapters.has(name)) {
        throw new AnyqwenError("invalid-argument", `there is an adapter ${name} already; remove it first`);
      }
      const done: Program[] = [];
      try {
        for (const program of programs) {
          program.executor.addAdapter(name, weights);
          done.push(program);
        }
      } catch (error) {
        for (const { executor } of done) executor.removeAdapter(name);
        throw error;
      }
      this.#adapters.add(name, weights);
    });
    return this.info;
  }

  /** Sessions that used it go on without it. */
  async removeAdapter({ name }: Calls["removeAdapter"]["params"]): Promise<ModelInfo> {
    await this.#programs.change((programs) => {
      this.#adapters.check(name);
      if (programs.some(({ pool }) => !pool.forgetAdapter(name))) {
        throw new AnyqwenError("busy", `adapter ${name}: an answer with it is under way; wait until it has ended`);
      }
      for (const { executor } of programs) executor.removeAdapter(name);
      this.#adapters.remove(name);
    });
    return this.info;
  }

  tokenize(text: string, special: SpecialText): number[] {
    return this.#text.encode(text, special);
  }

  detokenize(ids: readonly number[]): string {
    return this.#text.decode(ids);
  }

  async template(options: TemplateOptions): Promise<string> {
    return (await this.#text.render(options)).text;
  }

  async generate({ prompt, options, session }: Streams["generate"], context: StreamContext): Promise<void> {
    const arrivedAt = performance.now();
    await this.#admitted(async () => {
      const ids = typeof prompt === "string" ? this.#text.encode(prompt, "all") : this.#checkIds(prompt);
      const shape = options.format && { format: options.format };
      await this.#answer(ids, options, { session, arrivedAt, chat: undefined, shape }, context);
    });
  }

  async chat({ messages, options, session }: Streams["chat"], context: StreamContext): Promise<void> {
    const arrivedAt = performance.now();
    await this.#admitted(async () => {
      const tools = shownTools(options);
      const { thinking, variables } = options;
      const prompt = await this.#text.renderChat({ messages, tools, thinking, variables });
      const shape = chatShape(options, prompt.text, this.#text.habits(tools ?? options.tools));
      const how = { session, arrivedAt, chat: { prompt: prompt.text, tools }, shape };
      await this.#answer(await this.#text.ids(prompt), options, how, context);
    });
  }

  async logits(
    { ids, hidden, mtp, start = 0, chunk, adapter }: Calls["logits"]["params"],
    signal: AbortSignal,
  ): Promise<LogitsResult> {
    this.#checkFits(this.#checkIds(ids).length);
    if (!Number.isInteger(start) || start < 0 || start >= ids.length) {
      throw new AnyqwenError("invalid-argument", `logits: start is ${start}; expected 0 to ${ids.length - 1}`);
    }
    if (mtp && start > 0) throw new AnyqwenError("invalid-argument", `logits: with mtp, start is 0, not ${start}`);
    this.#adapters.check(adapter);
    return this.#programs.use(hidden ? "hidden" : "logits", (program) =>
      logitsOf(program, ids, { hidden, mtp, from: start, chunk, adapter, signal }),
    );
  }

  async score({ ids, start, chunk, adapter }: Calls["score"]["params"], signal: AbortSignal): Promise<Float32Array> {
    this.#adapters.check(adapter);
    this.#checkFits(this.#checkIds(ids).length - 1);
    return this.#programs.use("logits", (program) => scoreIds(program, ids, { from: start, chunk, adapter, signal }));
  }

  /** Normalised vectors of the last token's final hidden state; [dimensions] each. */
  async embed(
    { inputs, dimensions, instruction, adapter }: Calls["embed"]["params"],
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    this.#adapters.check(adapter);
    const width = this.#model.config.hiddenSize;
    const size = dimensions ?? width;
    if (!Number.isInteger(size) || size < 1 || size > width) {
      throw new AnyqwenError("invalid-argument", `embed: dimensions is ${dimensions}; this model has 1 to ${width}`);
    }
    const prefix = instruction === undefined ? "" : `Instruct: ${instruction}\nQuery:`;
    const ids = inputs.map((input) =>
      typeof input === "string" ? this.#text.encodeForEmbedding(prefix + input) : this.#checkIds(input),
    );
    for (const { length } of ids) this.#checkFits(length);
    const vectors: Float32Array[] = [];
    if (ids.length === 0) return vectors;
    await this.#programs.use("embedding", (program) =>
      lastRows(program, "embedding", ids, { adapter, signal }, (index, row) => {
        vectors[index] = normalised(row.slice(0, size));
      }),
    );
    return vectors;
  }

  async rerank(
    { query, documents, instruction, adapter }: Calls["rerank"]["params"],
    signal: AbortSignal,
  ): Promise<RerankResult[]> {
    const { prompts, yes, no } = rerankPrompts(this.#text, query, documents, instruction);
    return this.rerankIds(prompts, { yes, no, adapter }, signal);
  }

  /** Probability of `yes` against `no` as the next token of each prompt, best first. */
  async rerankIds(
    prompts: readonly (readonly number[])[],
    { yes, no, adapter }: { yes: number; no: number; adapter?: string },
    signal: AbortSignal,
  ): Promise<RerankResult[]> {
    this.#adapters.check(adapter);
    for (const { length } of prompts) this.#checkFits(length);
    const results: RerankResult[] = [];
    if (prompts.length === 0) return results;
    await this.#programs.use("logits", (program) =>
      lastRows(program, "logits", prompts, { adapter, signal }, (index, row) => {
        results.push({ index, score: 1 / (1 + Math.exp(row[no] - row[yes])) });
      }),
    );
    return results.sort((a, b) => b.score - a.score || a.index - b.index);
  }

  bench(options: Omit<BenchOptions, "signal">, signal: AbortSignal): Promise<BenchResult> {
    return this.#programs.use("logits", (program) => bench(program, this.#model.config.vocabSize, options, signal));
  }

  openSession(from?: number): Promise<{ session: number; length: number }> {
    const open = (sequence: Sequence, program: Program) => {
      return { session: this.#sessions.add(sequence, program), length: sequence.tokens.length };
    };
    return from === undefined
      ? this.#programs.use("logits", async (program) => open(program.pool.create(), program))
      : this.#sessions.run(from, async (origin, program) => open(program.pool.fork(origin), program));
  }

  sessionLength(session: number): Promise<{ length: number }> {
    return this.#sessions.run(session, async ({ tokens }) => ({ length: tokens.length }));
  }

  rewindSession({ session, length }: Calls["rewindSession"]["params"]): Promise<{ length: number }> {
    return this.#sessions.run(session, async (sequence) => {
      if (!Number.isInteger(length) || length < 0 || length > sequence.tokens.length) {
        throw new AnyqwenError(
          "invalid-argument",
          `rewind: length is ${length}; the session holds ${sequence.tokens.length} tokens`,
        );
      }
      sequence.rewind(length);
      return { length };
    });
  }

  saveSession({ session, extra }: Calls["saveSession"]["params"]): Promise<Uint8Array> {
    return this.#sessions.run(session, async (sequence, program) => {
      await recompute(program, sequence);
      return writeSession(this.#sessionIdentity(program), {
        tokens: sequence.tokens,
        adapter: this.#adapters.markOf(sequence.adapter),
        state: sequence.state.save(),
        extra,
      });
    });
  }

  restoreSession({ session, bytes }: Calls["restoreSession"]["params"]): Promise<{ length: number; extra: unknown }> {
    return this.#sessions.run(session, async (sequence, program) => {
      const { tokens, adapter, state, extra } = readSession(this.#sessionIdentity(program), bytes);
      this.#checkIds(tokens, 0);
      const name = this.#adapters.byMark(adapter);
      const { contextTokens } = this.#options;
      const { pool } = program;
      // Its tokens stay, so that it can be computed again if the bytes turn out to be no good.
      sequence.holdAtMost(0);
      pool.adapt(sequence, name);
      if (tokens.length > contextTokens || !pool.reserve(sequence, tokens.length)) {
        throw new AnyqwenError(
          "context-overflow",
          `saved session: it holds ${tokens.length} tokens, the context ${contextTokens}; load with more contextTokens`,
        );
      }
      try {
        sequence.state.restore(state, tokens.length);
        sequence.tokens = [...tokens];
      } finally {
        pool.settle();
      }
      pool.touch(sequence);
      return { length: tokens.length, extra };
    });
  }

  async closeSession(session: number): Promise<undefined> {
    await this.#sessions.run(session, async (sequence, { pool }) => {
      pool.release(sequence);
    });
    this.#sessions.remove(session);
  }

  async close(): Promise<void> {
    await this.#programs.close();
    this.#text.close();
    await this.#model.checkpoint.close();
  }

  /** A request that would be one too many fails before it costs anything. */
  async #admitted(answer: () => Promise<void>): Promise<void> {
    const { maxRequests } = this.#options;
    if (this.#requests >= maxRequests) {
      throw new AnyqwenError(
        "busy",
        `${maxRequests} requests are under way, as many as are allowed; wait until one has ended, or load with more maxRequests`,
      );
    }
    this.#requests++;
    try {
      await answer();
    } finally {
      this.#requests--;
    }
  }

  async #answer(
    prompt: readonly number[],
    options: Omit<GenerateOptions, "signal">,
    how: {
      session: number | undefined;
      arrivedAt: number;
      chat: ChatContext | undefined;
      shape: AnswerShape | undefined;
    },
    { signal, emit }: StreamContext,
  ): Promise<void> {
    checkRequest(options);
    const { adapter } = options;
    this.#adapters.check(adapter);
    const eosIds = options.ignoreEos ? new Set<number>() : this.#eosIds;
    const sampling = samplingOf(options, prompt, this.#model);
    const grammar = how.shape && this.#grammars.of(how.shape);
    const run = async (sequence: Sequence, program: Program) => {
      const generation = new Generation({
        sequence,
        prompt,
        adapter,
        contextTokens: this.#options.contextTokens,
        maxTokens: options.maxTokens ?? Infinity,
        chunk: options.chunk ?? program.maxTokens,
        overflow: options.overflow ?? "error",
        ...sampling,
        ...draftsOf(options, program.executor.drafter !== undefined),
        constraint: grammar && new Constraint(grammar, [...eosIds, ...sampling.stopIds]),
        eosIds,
        messageStart: this.#text.messageStart,
        output: new AnswerOutput(this.#text, options, how.chat),
        emit,
        signal,
        arrivedAt: how.arrivedAt,
      });
      await program.scheduler.run(generation);
    };
    if (how.session !== undefined) return this.#sessions.run(how.session, run);
    await this.#programs.use("logits", async (program) => {
      const sequence = program.pool.create(adapter);
      try {
        await run(sequence, program);
      } catch (error) {
        program.pool.release(sequence);
        throw error;
      }
      program.pool.keep(sequence);
    });
  }

  /** The cache has room in whole pages, so that it alone would let some through. */
  #checkFits(tokens: number): void {
    const { contextTokens } = this.#options;
    if (tokens <= contextTokens) return;
    throw new AnyqwenError(
      "context-overflow",
      `a text of ${tokens} tokens is longer than the context of ${contextTokens}; shorten it, or load with more contextTokens`,
    );
  }

  #checkIds(given: readonly number[], least = 1): readonly number[] {
    const vocab = this.#model.config.vocabSize;
    const ids = Array.isArray(given) ? given : ArrayBuffer.isView(given) ? Array.from(given as ArrayLike<number>) : [];
    if (ids.length < least) throw new AnyqwenError("invalid-argument", "there are no token ids; give at least one");
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab);
    if (wrong === undefined) return ids;
    throw new AnyqwenError("invalid-argument", `token id ${wrong}: this model has ids 0 to ${vocab - 1}`);
  }

  #sessionIdentity({ executor }: Program): SessionIdentity {
    const { quantize, kv } = this.#options;
    return { model: `${this.#fingerprint}${quantize ? `-${quantize}` : ""}`, kv, numerics: executor.identity };
  }
}

function normalised(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  return vector.map((value) => value * scale);
}

function loadFor(
  model: Model,
  device: Device,
  outputs: Outputs,
  options: ResolvedOptions,
  { signal, onProgress, onThreadsStarting }: FilesOptions & Pick<ProgramOptions, "onThreadsStarting">,
  adapters: AdapterSet,
): Promise<Program> {
  return loadProgram(model, device, outputs, {
    ...options,
    adapters: adapters.weights,
    signal,
    onThreadsStarting,
    onProgress: (bytes, totalBytes) => onProgress?.({ phase: "load", bytes, totalBytes }),
  });
}

/** What can be said before anything is loaded. */
export async function inspectSource(source: ModelSource, wanted: ModelOptions, how: FilesOptions): Promise<Inspection> {
  const checkpoint: Checkpoint = await openCheckpoint(await openFiles(source, { ...how, offline: wanted.offline }));
  try {
    const model = openModel(checkpoint);
    return await inspectModel(model, await resolveOptions(wanted, model));
  } finally {
    await checkpoint.close();
  }
}
