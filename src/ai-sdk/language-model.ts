// A language model of the AI SDK (specification v3) that runs in this process.

import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3ResponseMetadata,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
} from "@ai-sdk/provider";
import type { ChatOptions, Part } from "../api.ts";
import { failedFinish, streamOf, wholeAnswer } from "./answer.ts";
import { messagesOf } from "./prompt.ts";
import { ProvidedModel } from "./provided-model.ts";
import { settingsOf } from "./settings.ts";
import { streamFrom } from "./web-stream.ts";

type StreamPart = LanguageModelV3StreamPart;

export class AnyqwenLanguageModel extends ProvidedModel implements LanguageModelV3 {
  /** No file is fetched here; the SDK downloads what it can, and that is then refused by name. */
  readonly supportedUrls = {};

  async doGenerate(call: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    const { options, warnings } = settingsOf(call);
    const { content, finish } = await wholeAnswer(streamOf(this.#answer(call, options, call.abortSignal)));
    const { finishReason, usage, providerMetadata } = finish;
    return { content, finishReason, usage, providerMetadata, warnings, response: this.#response() };
  }

  /** What fails at once (a wrong option, a prompt too long, a model that is not there) rejects; what fails later is told in the stream. */
  async doStream(call: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    const { options, warnings } = settingsOf(call);
    const left = new AbortController();
    const signal = call.abortSignal ? AbortSignal.any([call.abortSignal, left.signal]) : left.signal;
    const parts = streamOf(this.#answer(call, options, signal), { raw: call.includeRawChunks });
    const first = await parts.next();
    const head: StreamPart[] = [
      { type: "stream-start", warnings },
      { type: "response-metadata", ...this.#response() },
    ];
    return { stream: streamFrom(told([...head, ...(first.done ? [] : [first.value])], parts, signal), left) };
  }

  async *#answer(
    { prompt }: LanguageModelV3CallOptions,
    options: ChatOptions,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Part, void> {
    const messages = messagesOf(prompt);
    const qwen = await this.qwen(signal);
    try {
      for await (const part of qwen.chat(messages, { ...options, signal })) {
        // An aborted call fails with the signal's reason, as a fetch does.
        if (part.type === "end" && part.reason === "aborted") signal?.throwIfAborted();
        yield part;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  #response(): Required<LanguageModelV3ResponseMetadata> {
    return { id: `chat-${crypto.randomUUID()}`, timestamp: new Date(), modelId: this.modelId };
  }
}

async function* told(
  head: readonly StreamPart[],
  rest: AsyncGenerator<StreamPart, void>,
  signal: AbortSignal,
): AsyncGenerator<StreamPart, void> {
  try {
    yield* head;
    yield* rest;
  } catch (error) {
    signal.throwIfAborted();
    yield { type: "error", error };
    yield failedFinish();
  } finally {
    // It has begun, so it must end, also where the reader left within the head.
    await rest.return();
  }
}
