// What callers give to the engine and get back: options, messages, streamed parts, figures. Plain data only, since all of it
// crosses from the caller's thread to the engine's worker.

import type { FileSet } from "../core/bytes.ts";
import type { KvType } from "../core/device.ts";
import type { OutputFormat } from "../generate/grammar/format.ts";
import type { SamplingOptions } from "../generate/sampling.ts";

export type { OutputFormat };

/** A name ("qwen3:0.6b", "org/repository"), a path, files a page was given, addresses by file name, or bytes by file name. */
export type ModelSource =
  | string
  | URL
  | FileSet
  | readonly File[]
  | Readonly<Record<string, Blob | Uint8Array | string>>;

export interface LoadProgress {
  /** "download" counts bytes of files, "load" bytes of weights. */
  readonly phase: "download" | "load";
  /** The file that comes down just now. */
  readonly file?: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What decides how a model lies in memory; fixed from load on. */
export interface ModelOptions {
  /** Store linear weights in 4 or 8 bits, whatever the file holds; norms and biases stay as they are. */
  readonly quantize?: "q4" | "q8";
  /** Type of the KV cache; default f16. */
  readonly kv?: KvType;
  /** Positions that one conversation may hold; default the model's own limit, at most 8192. */
  readonly contextTokens?: number;
  /** Positions that all conversations together may hold; default contextTokens. */
  readonly poolTokens?: number;
  /** Hybrids: recurrent states that there is room for, those of running and kept conversations and the checkpoints to which edits go
   *  back; default 16. `inspect` says what they take. */
  readonly states?: number;
  /** Load the layer that predicts several tokens (MTP), from which drafts come; default: where the model has one that is whole. */
  readonly mtp?: boolean;
  /** Ids that this layer chooses drafts among, the first so many; default 32,768. Fewer make drafts cheaper, and never another text. */
  readonly draftVocab?: number;
  /** Default: one per core, at most 8. */
  readonly threads?: number;
  readonly device?: "wasm" | "reference";
  /** Most tokens in one step of prefill; default 512. */
  readonly chunk?: number;
  /** Most rows of logits in one step; default 16. `logits` on long inputs is faster with more. */
  readonly rows?: number;
  /** Most answers under way at once, those that wait included; default 1024. One more fails with code "busy". */
  readonly maxRequests?: number;
  /** Which outputs to load for. Default: what the model was published for; others load again when first asked for. */
  readonly outputs?: "logits" | "hidden" | "embedding";
  /** Never touch the network. */
  readonly offline?: boolean;
  /** LoRA adapters by name: folders as PEFT saves them, or GGUF adapters. Requests choose one with `adapter`. */
  readonly adapters?: Readonly<Record<string, ModelSource>>;
  /** The folder where the kernels (`*.wasm`) lie, when a bundler has moved them. */
  readonly wasmUrl?: string | URL;
}

export interface LoadOptions extends ModelOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
  /** Where the engine's worker lies, when a bundler has moved it. */
  readonly workerUrl?: string | URL;
  /** Run the engine in the calling thread: for tests, and for callers that are workers themselves. */
  readonly inProcess?: boolean;
}

/** A message as OpenAI's chat API and the models' templates know it. Keys that are not named here reach the template too. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool" | (string & {});
  readonly content?: unknown;
  /** What the assistant thought; templates drop it from older turns. */
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly unknown[];
  /** Of a tool message: the call that it answers. */
  readonly tool_call_id?: string;
  readonly name?: string;
}

export interface TemplateOptions {
  readonly messages: readonly ChatMessage[];
  /** In the OpenAI manner: { type: "function", function: { name, description, parameters } }. */
  readonly tools?: readonly unknown[];
  /** Whether the model should think before it answers; default the template's own. */
  readonly thinking?: boolean;
  /** End with the head of the assistant's turn; default true. */
  readonly addGenerationPrompt?: boolean;
  /** Further variables that the template knows. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * Sampling: defaults come from generation_config.json, else the GGUF, else the family's recommendation; temperature 0 is greedy and
 * takes no penalties unless they are asked for. A seed gives the same text every time; without one a random one is drawn and told
 * in the end.
 */
export interface GenerateOptions extends SamplingOptions {
  /** Default: until the context is full. */
  readonly maxTokens?: number;
  /** Texts that end the answer; they are not part of it. Numbers are token ids. */
  readonly stop?: string | readonly (string | number)[];
  /** Do not end at the model's end-of-turn and end-of-text tokens. */
  readonly ignoreEos?: boolean;
  /**
   * Where drafts come from: "mtp" from the model's MTP layer, and from repetitions of what came before; "lookup" from those alone; "none".
   * true: from all that there is. Default: "mtp" where the layer is loaded, else "none". Faster on some texts, never another text.
   */
  readonly speculate?: boolean | "mtp" | "lookup" | "none";
  /** Most tokens of the prompt in one step. */
  readonly chunk?: number;
  /** When prompt and answer exceed the context: fail, or drop the middle and go on. Default "error". */
  readonly overflow?: "error" | "shift";
  /** The adapter to answer with, by the name that it was loaded under; default none. */
  readonly adapter?: string;
  /** What the answer must look like. Near maxTokens it takes its shortest ending, so that it is whole wherever that is possible. */
  readonly format?: OutputFormat;
  readonly signal?: AbortSignal;
}

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/**
 * A tool whose function has `strict: true`, and every tool when a call is required, gets arguments that meet its parameters' schema.
 * A format and tools together: either the document or calls.
 */
export interface ChatOptions extends GenerateOptions, Omit<TemplateOptions, "messages" | "addGenerationPrompt"> {
  /** Default "auto". "none": the tools are not shown and no call is made. A name: one call of this tool. */
  readonly toolChoice?: ToolChoice;
  /** Default true; false: at most one call. */
  readonly parallelToolCalls?: boolean;
}

export interface TokenLogprob {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  readonly top: readonly { readonly id: number; readonly text: string; readonly logprob: number }[];
}

export interface Usage {
  readonly promptTokens: number;
  /** Of these, how many were held already. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** What the conversation holds now. */
  readonly contextTokens: number;
}

export interface Timings {
  readonly promptMs: number;
  readonly promptPerSecond: number;
  readonly decodeMs: number;
  readonly decodePerSecond: number;
  /** From the request's arrival to its first token. */
  readonly firstTokenMs: number;
}

export interface TextPart {
  readonly type: "text" | "reasoning";
  readonly text: string;
  /** Ids since the last part. A character, a stop text or a tag may hold a token back, so that a part has several or none. */
  readonly ids?: readonly number[];
  /** Of these ids, when asked for. */
  readonly logprobs?: readonly TokenLogprob[];
}

/** A tool call has begun. Its arguments follow in pieces, then the whole call; or it is dropped. */
export interface ToolCallStartPart {
  readonly type: "tool-call-start";
  readonly id: string;
  readonly name: string;
}

/** The next piece of a call's arguments. All of them together are the whole call's. */
export interface ToolCallDeltaPart {
  readonly type: "tool-call-delta";
  readonly id: string;
  readonly arguments: string;
}

/** What had begun as a call breaks off or cannot be read: the whole of it follows as text. Its pieces never are a whole JSON text. */
export interface ToolCallDroppedPart {
  readonly type: "tool-call-dropped";
  readonly id: string;
}

/** A whole call. Who wants no pieces waits for these and passes over the other kinds. */
export interface ToolCallPart {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** A JSON object, as text. */
  readonly arguments: string;
}

export interface EndPart {
  readonly type: "end";
  readonly reason: "stop" | "length" | "tool-calls" | "aborted";
  /** The text or id that ended it, for reason "stop". */
  readonly stop?: string | number;
  readonly usage: Usage;
  readonly timings: Timings;
  /** All ids of the answer, with the one that ended it. */
  readonly tokens: readonly number[];
  readonly seed: number;
  /** Drafted tokens and how many of them were right, when speculating. */
  readonly speculation?: { readonly drafted: number; readonly accepted: number };
}

export type Part = TextPart | ToolCallStartPart | ToolCallDeltaPart | ToolCallDroppedPart | ToolCallPart | EndPart;

export interface ModelInfo {
  readonly name: string;
  readonly architecture: string;
  /** What the model was published for. */
  readonly kind: "generate" | "embed";
  readonly parameters: number;
  readonly layers: number;
  /** Positions that one conversation may hold here, and that the model was made for. */
  readonly contextTokens: number;
  readonly maxPositions: number;
  readonly vocab: number;
  /** As stored in the file, or as quantised at load. */
  readonly weightBytes: number;
  /** Of these, what one decoded token reads. */
  readonly weightBytesPerToken: number;
  /** What the device holds now. */
  readonly memoryBytes: number;
  readonly device: string;
  readonly threads: number;
  readonly kv: KvType;
  /** What bits depend on besides the files: numerics.md, j. */
  readonly identity: string;
  /** Whether the model's MTP layer is loaded. */
  readonly mtp: boolean;
  /** What keeps an MTP layer, which the files announce, from being used. */
  readonly mtpProblem?: string;
  readonly tokenizer: boolean;
  /** Names of the adapters that requests may choose. */
  readonly adapters: readonly string[];
  readonly eosIds: readonly number[];
}

export interface LogitsResult {
  /** [T, vocab] row-major; T counts from `start` on. */
  readonly logits: Float32Array;
  readonly vocab: number;
  /** [layers + 1, T, width] row-major: embeddings, each layer's output, last the final norm's. */
  readonly hidden?: Float32Array;
  readonly layers: number;
  readonly width: number;
  /** Of the MTP layer, when asked for. Row p is made of id p+1 and what the final norm gave for id p, and predicts id p+2: [T-1, vocab]. */
  readonly mtpLogits?: Float32Array;
  /** What its norm gave: [T-1, width]. */
  readonly mtpHidden?: Float32Array;
  /** Three drafts behind the most likely next id, each from the one before, and their logits [3, vocab]. */
  readonly draftIds?: Int32Array;
  readonly draftLogits?: Float32Array;
}

export interface BenchOptions {
  /** Tokens of prompt; default 512, 0 for none. */
  readonly prompt?: number;
  /** Tokens to generate; default 128, 0 for none. */
  readonly generate?: number;
  /** Positions held before either is measured; default 0. */
  readonly depth?: number;
  readonly repeat?: number;
  /** Also measures drafts of the MTP layer of which this share is right, from 0 to 1. */
  readonly oracleAcceptance?: number;
  readonly signal?: AbortSignal;
}

export interface OracleResult {
  /** The share that was asked for. */
  readonly acceptance: number;
  /** Tokens per second of an answer without drafts and with them, one figure per repeat, taken in turns. */
  readonly plainPerSecond: readonly number[];
  readonly draftedPerSecond: readonly number[];
  readonly drafted: number;
  readonly accepted: number;
}

export interface BenchResult {
  /** One figure per repeat. */
  readonly promptPerSecond: readonly number[];
  readonly decodePerSecond: readonly number[];
  readonly oracle?: OracleResult;
  /** Bytes per second of a plain read of the weights, best of 15; from devices that can tell. */
  readonly readBandwidth?: number;
}

export interface RerankResult {
  /** Of the document, in the order given. */
  readonly index: number;
  /** Probability of "yes". */
  readonly score: number;
}

export interface Inspection {
  readonly name: string;
  readonly format: "gguf" | "safetensors";
  readonly architecture: string;
  readonly kind: "generate" | "embed";
  readonly parameters: number;
  /** The head is the embedding table again; it is counted once. */
  readonly copiedHead: boolean;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly maxPositions: number;
  /** What keeps an MTP layer, which the files announce, from being used. */
  readonly mtpProblem?: string;
  readonly tensors: readonly { readonly type: string; readonly tensors: number; readonly bytes: number }[];
  readonly memory: {
    readonly contextTokens: number;
    readonly kv: KvType;
    readonly weightBytes: number;
    readonly kvBytes: number;
    /** Of the model's layers, without an MTP layer. */
    readonly kvBytesPerPosition: number;
    /** Hybrids: all recurrent states, and how many they are. */
    readonly stateBytes: number;
    readonly states: number;
    /** Hybrids: what it takes to go back from drafts that do not hold. */
    readonly logBytes: number;
    /** Of weights and KV cache, what the MTP layer takes; 0 without. */
    readonly mtpBytes: number;
    readonly activationBytes: number;
    readonly totalBytes: number;
    readonly weightBytesPerToken: number;
    /** What a model may take on this machine now, if that can be known; more than that is refused. */
    readonly availableBytes?: number;
  };
}
