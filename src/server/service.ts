// One loaded model as the routes see it: every answer passes the gate, has a deadline, is counted, and gives its slot back when the
// engine has ended it, whatever its reader does.

import type { ChatMessage, ChatOptions, EndPart, GenerateOptions, Part, Qwen } from "../api.ts";
import { PartQueue } from "./channel.ts";
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
  readonly model: ServedModel;
  readonly gate: Gate;
  readonly metrics: Metrics;
  /** After this an answer is given up. */
  readonly deadlineMs: number;
}

type Ask = (qwen: Qwen, index: number, signal: AbortSignal) => AsyncGenerator<Part, void>;

export class Service {
  /** None while one makes room for the next. */
  #model: ServedModel | undefined;
  #name: string;
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly #deadlineMs: number;

  constructor({ model, gate, metrics, deadlineMs }: ServiceOptions) {
    this.#model = model;
    this.#name = model.name;
    this.gate = gate;
    this.metrics = metrics;
    this.#deadlineMs = deadlineMs;
  }

  /** Fails with 503 while another model is being loaded in the place of the last one. */
  get model(): ServedModel {
    if (this.#model) return this.#model;
    throw new ApiError(503, "server_error", "another model is being loaded", { code: "loading", retryAfter: 5 });
  }
  get qwen(): Qwen {
    return this.model.qwen;
  }
  /** Of the model that is served, or was last. */
  get name(): string {
    return this.#name;
  }

  serves(path: string): boolean {
    return this.#model !== undefined && [this.#model.source, this.#model.qwen.info.name].includes(path);
  }

  /** What comes from now on is answered by `model`, what came before by the one it came for. */
  serve(model: ServedModel | undefined): void {
    this.#model = model;
    if (model) this.#name = model.name;
  }

  /** The model answers to its name and to "default". */
  checkModel(model: string | undefined): void {
    if (model === undefined || model === "default" || model === this.name) return;
    throw new ApiError(
      404,
      "not_found_error",
      `there is no model ${JSON.stringify(model)}; this server has ${this.name}`,
      {
        param: "model",
        code: "model_not_found",
      },
    );
  }

  chat(
    messages: readonly ChatMessage[],
    options: ChatOptions,
    count: number,
    caller: Caller,
  ): AsyncGenerator<Choice, void> {
    return this.#answers(count, caller, (qwen, choice, signal) => qwen.chat(messages, { ...options, choice, signal }));
  }

  generate(
    prompt: string | readonly number[],
    options: GenerateOptions,
    count: number,
    caller: Caller,
  ): AsyncGenerator<Choice, void> {
    return this.#answers(count, caller, (qwen, choice, signal) =>
      qwen.generate(prompt, { ...options, choice, signal }),
    );
  }

  /** Work without a stream (vectors, ranks) in one slot. */
  async once<T>(caller: Caller, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, deadline } = this.#bounded(caller.signal);
    const letGo = this.model.hold();
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
    const queue = new PartQueue<Choice>();
    const { model } = this;
    const letGo = model.hold();
    const runs = Array.from({ length: count }, (_, index) =>
      this.#run(() => ask(model.qwen, index, signal), index, caller.client, signal, queue),
    );
    void Promise.allSettled(runs).then(letGo);
    void Promise.all(runs).then(
      () => queue.end(),
      (error) => {
        left.abort();
        queue.end({ error: deadline.aborted ? this.#late() : error });
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

  async #run(
    ask: () => AsyncGenerator<Part, void>,
    index: number,
    client: string,
    signal: AbortSignal,
    queue: PartQueue<Choice>,
  ): Promise<void> {
    const leave = await this.gate.enter(client, signal);
    try {
      for await (const part of ask()) {
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
