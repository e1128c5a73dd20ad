// Every message between a caller and the engine, in one place. Requests carry an id; a call is answered by one "result", a stream
// by "parts" until one of them is the end; either may fail with "error". The engine in a worker and the one in process speak it.

import { AnyqwenError, type ErrorCode } from "../core/errors.ts";
import type {
  BenchOptions,
  BenchResult,
  ChatMessage,
  ChatOptions,
  EndPart,
  GenerateOptions,
  Inspection,
  LoadProgress,
  LogitsResult,
  ModelInfo,
  ModelOptions,
  ModelSource,
  Part,
  RerankResult,
  TemplateOptions,
} from "./types.ts";

/** Which parts of a text become special tokens: all added tokens, those not marked special, or none. */
export type SpecialText = "all" | "nonspecial" | "none";

type Plain<T> = Omit<T, "signal">;

export interface Calls {
  load: { params: { source: ModelSource; options: ModelOptions }; result: ModelInfo };
  inspect: { params: { source: ModelSource; options: ModelOptions }; result: Inspection };
  tokenize: { params: { text: string; special: SpecialText }; result: number[] };
  detokenize: { params: { ids: readonly number[] }; result: string };
  template: { params: TemplateOptions; result: string };
  logits: {
    params: {
      ids: readonly number[];
      hidden: boolean;
      mtp?: boolean;
      start?: number;
      chunk?: number;
      adapter?: string;
    };
    result: LogitsResult;
  };
  score: {
    params: { ids: readonly number[]; start: number; chunk?: number; adapter?: string };
    result: Float32Array;
  };
  embed: {
    params: {
      inputs: readonly (string | readonly number[])[];
      dimensions?: number;
      instruction?: string;
      adapter?: string;
    };
    result: Float32Array[];
  };
  rerank: {
    params: { query: string; documents: readonly string[]; instruction?: string; adapter?: string };
    result: RerankResult[];
  };
  bench: { params: Plain<BenchOptions>; result: BenchResult };
  addAdapter: { params: { name: string; source: ModelSource }; result: ModelInfo };
  removeAdapter: { params: { name: string }; result: ModelInfo };
  info: { params: Record<never, never>; result: ModelInfo };
  openSession: { params: { from?: number }; result: { session: number; length: number } };
  sessionLength: { params: { session: number }; result: { length: number } };
  rewindSession: { params: { session: number; length: number }; result: { length: number } };
  saveSession: { params: { session: number; extra: unknown }; result: Uint8Array };
  restoreSession: { params: { session: number; bytes: Uint8Array }; result: { length: number; extra: unknown } };
  closeSession: { params: { session: number }; result: undefined };
}

export interface Streams {
  generate: { prompt: string | readonly number[]; options: Plain<GenerateOptions>; session?: number };
  chat: { messages: readonly ChatMessage[]; options: Plain<ChatOptions>; session?: number };
}

export type CallName = keyof Calls;
export type StreamName = keyof Streams;

export type Request =
  | { [K in CallName]: { kind: "call"; id: number; name: K; params: Calls[K]["params"] } }[CallName]
  | { [K in StreamName]: { kind: "stream"; id: number; name: K; params: Streams[K] } }[StreamName]
  /** The caller no longer wants request `id`; a stream then ends with reason "aborted", a call fails with "aborted". */
  | { kind: "cancel"; id: number }
  /** Drops the model and ends the worker. */
  | { kind: "close"; id: number };

export type Reply =
  | { kind: "result"; id: number; value: unknown }
  | { kind: "parts"; id: number; parts: readonly Part[] }
  | { kind: "progress"; id: number; progress: LoadProgress }
  | { kind: "error"; id: number; code: ErrorCode; message: string; stack?: string };

/** The caller's way to an engine, in a worker or in process. */
export interface Channel {
  post(request: Request): void;
  onReply: (reply: Reply) => void;
  /** The worker died or could not be started. */
  onFailure: (error: AnyqwenError) => void;
  close(): Promise<void>;
}

export function isEnd(part: Part): part is EndPart {
  return part.type === "end";
}

export function errorReply(id: number, error: unknown): Reply {
  if (error instanceof AnyqwenError) return { kind: "error", id, code: error.code, message: error.message };
  const cause = error instanceof Error ? error : new Error(String(error));
  return { kind: "error", id, code: "internal", message: cause.message, stack: cause.stack };
}

export function errorOf(reply: Extract<Reply, { kind: "error" }>): AnyqwenError {
  const error = new AnyqwenError(reply.code, reply.message);
  if (reply.stack) error.stack = `${error.name}: ${reply.message}\nin the engine: ${reply.stack}`;
  return error;
}
