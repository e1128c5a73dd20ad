// The device contract: what the engine asks of whatever executes a trace. Handles are opaque; weights arrive as stored bytes.

import type { StoredTensor } from "./storage.ts";
import type { Trace, Weight } from "./trace.ts";

export type KvType = "f32" | "f16" | "q8";

/** A weight and where its bytes are: one stored tensor, or one per expert, in order, for stacked experts. */
export interface BoundWeight {
  readonly weight: Weight;
  readonly parts: readonly StoredTensor[];
}

/** What an adapter adds to a linear layer: y += scale * (x A^T) B^T. */
export interface LowRank {
  /** [rank, in] row-major. */
  readonly a: Float32Array;
  /** [out, rank] row-major. */
  readonly b: Float32Array;
  readonly rank: number;
  readonly scale: number;
}

/** By the name of the layer's weight; names that a trace does not have are passed over. */
export type AdapterWeights = ReadonlyMap<string, LowRank>;

export interface DeviceOptions {
  readonly kv: KvType;
  /** Most tokens in one step (prefill chunk, or sequences decoded together). */
  readonly maxTokens: number;
  /** Most rows of logits in one step. */
  readonly maxRows: number;
  /** Positions that all sequences together may hold. */
  readonly contextTokens: number;
  /** Recurrent states that there is room for, those of sequences and those kept to come back to; default `DEFAULT_STATES`. */
  readonly states?: number;
  readonly threads: number;
  /** Adapters that are there from the start, by name; room is planned for them. */
  readonly adapters?: ReadonlyMap<string, AdapterWeights>;
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
  /** Called, by devices with threads of their own, when these start and this one has nothing to do until they have. */
  readonly onThreadsStarting?: () => void;
  readonly signal?: AbortSignal;
}

/** Recurrent states that a hybrid has room for, unless the options say otherwise. */
export const DEFAULT_STATES = 16;

/** Tokens of a step that a recurrent state can take back. */
export const MOST_DRAFTS = 8;

/** The state of one sequence on a device: its KV cache and, for hybrids, recurrent state. */
export interface SequenceState {
  /** Positions held. */
  readonly length: number;
  /** The adapter that its tokens are computed with. */
  readonly adapter?: string;
  /** A second sequence that starts as this one is; unchanged pages are shared. */
  fork(): SequenceState;
  /** Forgets all positions from `length` on, and before it those that `reachable` leaves out: `length` then says what is held. */
  rewind(length: number): void;
  /** Where a rewind to `length` would lead: there, or behind the last step's drafts of a recurrent state to a checkpoint before. */
  reachable(length: number): number;
  /** Keeps the recurrent state of this position, so that `rewind` can come back to it; for hybrids only. Least recently used ones go
   *  when states need their room. */
  checkpoint(): void;
  /** The state's bytes, for a file; only `restore` of the same model, KV type and numerics identity reads them. */
  save(): Uint8Array;
  restore(bytes: Uint8Array, length: number): void;
  /** Gives its memory back. */
  release(): void;
}

/** `tokens` are appended to `state`; logits are wanted for the token indices in `rows` (within this segment, ascending). */
export interface Segment {
  readonly state: SequenceState;
  readonly tokens: ArrayLike<number>;
  /** Of a draft trace: its input "hidden" for these tokens, [tokens, H]. */
  readonly hidden?: Float32Array;
  /** How many tokens at the end `rewind` may take back one by one, at most `MOST_DRAFTS`; only a recurrent state needs to know. */
  readonly drafts?: number;
  readonly rows: readonly number[];
}

/** What sampling asks for one row of logits; definitions in generate/sampling.ts. */
export interface SampleRequest {
  /** Index among the step's rows of logits. */
  readonly row: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly seed: number;
  /** Which of n answers: a counter of the noise, as seed and position are. */
  readonly choice: number;
  readonly position: number;
  readonly repetitionPenalty: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  /** Distinct ids seen before and how often; empty when no penalty is set. */
  readonly seen?: { readonly ids: Int32Array; readonly counts: Int32Array };
  readonly bias?: { readonly ids: Int32Array; readonly values: Float32Array };
  /** One bit per id, 1 = allowed; for grammars. */
  readonly mask?: Uint32Array;
  /** How many alternatives to report with log-probabilities, at most 256; absent: none are computed. */
  readonly logprobs?: number;
}

export interface Sampled {
  readonly id: number;
  /** Natural log-probability of `id` before temperature and truncation; only when asked. */
  readonly logprob?: number;
  readonly top?: readonly { readonly id: number; readonly logprob: number }[];
}

/** What runs a draft trace beside its model: with states of its own, and over the same memory, so that a step of one ends what can be
 *  read of the other's last step. */
export type Drafter = Pick<Executor, "createState" | "step" | "read" | "sample">;

/** A model on a device, ready to run steps. */
export interface Executor {
  readonly memoryBytes: number;
  /** Where the trace has a draft trace. */
  readonly drafter?: Drafter;
  /** What bits depend on: build and fused or plain multiply-add (numerics.md, j). */
  readonly identity: string;
  /** The state of a sequence without an adapter, or with one that was added by this name. */
  createState(adapter?: string): SequenceState;
  /** Makes an adapter known; fails with "out-of-memory" where there is no room, and then nothing has changed. */
  addAdapter(name: string, weights: AdapterWeights): void;
  /** States that were made with it cannot be stepped any more. */
  removeAdapter(name: string): void;
  /** Runs all segments as one batch. */
  step(segments: readonly Segment[]): void;
  /** An output of the last step, copied: rows x cols f32, row-major. `name` as in Trace.outputs. */
  read(name: string): Float32Array;
  sample(requests: readonly SampleRequest[]): Sampled[];
  /** Bytes per second that the device reads its weights with: the limit of decoding (numerics.md). */
  readBandwidth?(): number;
  dispose(): void;
}

export interface Device {
  readonly name: string;
  load(trace: Trace, weights: readonly BoundWeight[], options: DeviceOptions): Promise<Executor>;
}
