// The model that a request names, with or without an adapter, as the routes see it: every answer passes the gate, has a deadline, is
// counted, and gives its slot back when the engine has ended it, whatever its reader does. It stays the same model when the server
// goes over to another one.

import type { ChatMessage, ChatOptions, EndPart, GenerateOptions, Part, Qwen } from "../api.ts";
import { AsyncQueue } from "../core/async-queue.ts";
import { ApiError, invalid } from "./errors.ts";
import type { Gate } from "./gate.ts";
import type { Metrics } from "./metrics.ts";
import type { ServedModel } from "./served-model.ts";

export interface Caller {
  /** Who asks, for fairness: the key of a queue, not an identity. */
  readonly client: string;
  readonly signal: AbortSignal;
}

export interface Choice {
  readonly index: number;
  readonly part: Part;
}

export interface ServiceOptions {
  readonly served: ServedModel;
  /** What answers are made with. */
  readonly adapter?: string;
  readonly gate: Gate;
  readonly metrics: Metrics;
  /** After this an answer is given up. */
  readonly deadlineMs: number;
}

type Ask = (index: number, signal: AbortSignal) => AsyncGenerator<Part, void>;

export class Service {
  readonly #served: ServedModel;
  readonly adapter: string | undefined;
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly #deadlineMs: number;

  constructor({ served, adapter, gate, metrics, deadlineMs }: ServiceOptions) {
    this.#served = served;
    this.adapter = adapter;
    this.gate = gate;
    this.metrics = metrics;
    this.#deadlineMs = deadlineMs;
  }

  get qwen(): Qwen {
    return this.#served.qwen;
  }
  get name(): string {
    return this.adapter === undefined ? this.#served.name : `${this.#served.name}+${this.adapter}`;
  }

  /** Keeps the model loaded, whatever takes its place, until the function that comes back is called. */
  hold(): () => void {
    return this.#served.hold();
  }

  /** For the engine's calls. */
  get withAdapter(): { readonly adapter?: string } {
    return this.adapter === undefined ? {} : { adapter: this.adapter };
  }

  chat(
    messages: readonly ChatMessage[],
    options: ChatOptions,
    count: number,
    caller: Caller,
  ): AsyncGenerator<Choice, void> {
    return this.#answers(count, caller, (choice, signal) =>
      this.qwen.chat(messages, { ...options, ...this.withAdapter, choice, signal }),
    );
  }

  generate(
    prompt: string | readonly number[],
    options: GenerateOptions,
    count: number,
    caller: Caller,
  ): AsyncGenerator<Choice, void> {
    return this.#answers(count, caller, (choice, signal) =>
      this.qwen.generate(prompt, { ...options, ...this.withAdapter, choice, signal }),
    );
  }

  /** Work without a stream (vectors, ranks) in one slot. */
  async once<T>(caller: Caller, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, deadline } = this.#bounded(caller.signal);
    const letGo = this.hold();
    try {
      const leave = await this.gate.enter(caller.client, signal);
      try {
        return await work(signal);
      } finally {
        leave();
      }
    } catch (error) {
      if (deadline.aborted) throw this.#late();
      throw error;
    } finally {
      letGo();
    }
  }

  async *#answers(count: number, caller: Caller, ask: Ask): AsyncGenerator<Choice, void> {
    if (count > this.gate.capacity)
      throw invalid(`n is ${count}; this server has room for ${this.gate.capacity} answers`, "n");
    const left = new AbortController();
    const { signal, deadline } = this.#bounded(AbortSignal.any([caller.signal, left.signal]));
    const queue = new AsyncQueue<Choice>();
    const letGo = this.hold();
    const runs = Array.from({ length: count }, (_, index) => this.#run(index, caller.client, signal, ask, queue));
    void Promise.allSettled(runs).then(letGo);
    void Promise.all(runs).then(
      () => queue.end(),
      (error) => {
        left.abort();
        queue.fail(deadline.aborted ? this.#late() : error);
      },
    );
    try {
      for await (const choice of queue.read()) {
        if (choice.part.type === "end" && choice.part.reason === "aborted" && deadline.aborted) throw this.#late();
        yield choice;
      }
    } finally {
      left.abort();
    }
  }

  async #run(index: number, client: string, signal: AbortSignal, ask: Ask, queue: AsyncQueue<Choice>): Promise<void> {
    const leave = await this.gate.enter(client, signal);
    try {
      for await (const part of ask(index, signal)) {
        if (part.type === "end") this.metrics.answered(part);
        queue.push({ index, part });
      }
    } finally {
      leave();
    }
  }

  #bounded(signal: AbortSignal): { signal: AbortSignal; deadline: AbortSignal } {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    return { signal: AbortSignal.any([signal, deadline]), deadline };
  }

  #late(): ApiError {
    return new ApiError(408, "timeout_error", `not finished after ${this.#deadlineMs / 1000} s`, { code: "deadline" });
  }
}

/** What an answer used, in OpenAI's words; over all choices the prompt counts once. */
export function usageOf(ends: readonly EndPart[]) {
  const [first] = ends;
  if (!first) throw invalid("there was nothing to answer");
  const prompt = first.usage.promptTokens;
  const completion = ends.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: first.usage.cachedTokens },
  };
}

/** How long an answer took, in the words of llama.cpp's server; of several choices the first one's. */
export function timingsOf({ timings }: EndPart) {
  return {
    prompt_ms: timings.promptMs,
    prompt_per_second: timings.promptPerSecond,
    predicted_ms: timings.decodeMs,
    predicted_per_second: timings.decodePerSecond,
  };
}
