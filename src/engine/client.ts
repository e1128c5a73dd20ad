// The caller's side: numbers requests, pairs them with replies, turns streams into async iterables, and carries abort signals
// across. It does not know whether the engine is in a worker or in this thread.

import { AsyncQueue } from "../core/async-queue.ts";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import { checkCall, checkStream } from "./arguments.ts";
import {
  type CallName,
  type Calls,
  type Channel,
  errorOf,
  isEnd,
  type Reply,
  type Request,
  type StreamName,
  type Streams,
} from "./messages.ts";
import type { LoadProgress, Part } from "./types.ts";

interface Pending {
  result(value: unknown): void;
  parts(parts: readonly Part[]): void;
  progress(progress: LoadProgress): void;
  fail(error: AnyqwenError): void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

export class EngineClient {
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #closed: AnyqwenError | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.onReply = (reply) => this.#dispatch(reply);
    channel.onFailure = (error) => this.#failAll(error);
  }

  async call<K extends CallName>(
    name: K,
    params: Calls[K]["params"],
    { signal, onProgress }: CallOptions = {},
  ): Promise<Calls[K]["result"]> {
    this.#checkOpen();
    checkCall(name, params);
    throwIfAborted(signal);
    const id = ++this.#lastId;
    const cancel = () => this.#channel.post({ kind: "cancel", id });
    signal?.addEventListener("abort", cancel);
    try {
      return (await new Promise<unknown>((result, fail) => {
        this.#pending.set(id, { result, fail, parts() {}, progress: (progress) => onProgress?.(progress) });
        this.#channel.post({ kind: "call", id, name, params } as Request);
      })) as Calls[K]["result"];
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#pending.delete(id);
    }
  }

  /** Starts when it is first read; leaving the loop early cancels. The last part is always the end, unless it fails. */
  async *stream<K extends StreamName>(name: K, params: Streams[K], signal?: AbortSignal): AsyncGenerator<Part, void> {
    this.#checkOpen();
    checkStream(name, params);
    throwIfAborted(signal);
    const id = ++this.#lastId;
    const queue = new AsyncQueue<Part>();
    let over = false;
    const cancel = () => this.#channel.post({ kind: "cancel", id });
    this.#pending.set(id, {
      result() {},
      progress() {},
      parts: (parts) => {
        over ||= parts.some(isEnd);
        queue.push(...parts);
        if (over) queue.end();
      },
      fail: (error) => {
        over = true;
        queue.fail(error);
      },
    });
    signal?.addEventListener("abort", cancel);
    try {
      this.#channel.post({ kind: "stream", id, name, params } as Request);
      yield* queue.read();
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#pending.delete(id);
      if (!over && !this.#closed) cancel();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#failAll(new AnyqwenError("aborted", "the model was closed"));
    await this.#channel.close();
  }

  #dispatch(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (reply.kind === "result") pending?.result(reply.value);
    else if (reply.kind === "parts") pending?.parts(reply.parts);
    else if (reply.kind === "progress") pending?.progress(reply.progress);
    else pending?.fail(errorOf(reply));
  }

  #failAll(error: AnyqwenError): void {
    this.#closed ??= error;
    for (const pending of [...this.#pending.values()]) pending.fail(error);
    this.#pending.clear();
  }

  #checkOpen(): void {
    if (this.#closed) throw new AnyqwenError(this.#closed.code, this.#closed.message, { cause: this.#closed });
  }
}
