// The engine's parts as the AI SDK's stream: blocks of text and thoughts that are opened, filled and closed, calls, and the end with
// its figures. Whole answers are folded from the same stream, so that both say the same.

import type {
  JSONObject,
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from "@ai-sdk/provider";
import type { EndPart, Part, TextPart, TokenLogprob } from "../api.ts";

type StreamPart = LanguageModelV3StreamPart;
type CallPart = Exclude<Part, TextPart | EndPart>;
export type FinishPart = Extract<StreamPart, { type: "finish" }>;

/** From the first block to the finish. `raw`: each of the engine's parts too. */
export async function* streamOf(parts: AsyncIterable<Part>, { raw = false } = {}): AsyncGenerator<StreamPart, void> {
  const blocks = new Blocks();
  for await (const part of parts) {
    if (raw) yield { type: "raw", rawValue: part };
    if (part.type === "end") yield* blocks.end(part);
    else if ("id" in part) yield* blocks.call(part);
    else yield* blocks.text(part);
  }
}

/** The finish of an answer that failed on its way: nothing is known of its figures. */
export function failedFinish(): FinishPart {
  return {
    type: "finish",
    finishReason: { unified: "error", raw: undefined },
    usage: {
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    },
  };
}

export async function wholeAnswer(
  stream: AsyncIterable<StreamPart>,
): Promise<{ content: LanguageModelV3Content[]; finish: FinishPart }> {
  const content: LanguageModelV3Content[] = [];
  let text = "";
  for await (const part of stream) {
    if (part.type === "text-start" || part.type === "reasoning-start") text = "";
    else if (part.type === "text-delta" || part.type === "reasoning-delta") text += part.delta;
    else if (part.type === "text-end") content.push({ type: "text", text });
    else if (part.type === "reasoning-end") content.push({ type: "reasoning", text });
    else if (part.type === "tool-call") content.push(part);
    else if (part.type === "finish") return { content, finish: part };
  }
  throw new Error("the answer has no end");
}

/** What is open, and what has been counted. */
class Blocks {
  #open: { readonly kind: TextPart["type"]; readonly id: string } | undefined;
  #count = 0;
  #reasoningTokens = 0;
  readonly #logprobs: TokenLogprob[] = [];

  *text({ type: kind, text, ids, logprobs }: TextPart): Generator<StreamPart> {
    if (kind === "reasoning") this.#reasoningTokens += ids?.length ?? 0;
    if (logprobs) this.#logprobs.push(...logprobs);
    if (text === "") return;
    if (this.#open?.kind !== kind) {
      yield* this.#close();
      this.#open = { kind, id: String(this.#count++) };
      yield { type: `${kind}-start`, id: this.#open.id };
    }
    yield { type: `${kind}-delta`, id: this.#open.id, delta: text };
  }

  /** A call that is dropped ends without one: its text follows. */
  *call(part: CallPart): Generator<StreamPart> {
    const { id } = part;
    yield* this.#close();
    if (part.type === "tool-call-start") yield { type: "tool-input-start", id, toolName: part.name };
    else if (part.type === "tool-call-delta") yield { type: "tool-input-delta", id, delta: part.arguments };
    else yield { type: "tool-input-end", id };
    if (part.type === "tool-call")
      yield { type: "tool-call", toolCallId: id, toolName: part.name, input: part.arguments };
  }

  *end(end: EndPart): Generator<StreamPart> {
    yield* this.#close();
    yield {
      type: "finish",
      finishReason: finishReasonOf(end),
      usage: usageOf(end, this.#reasoningTokens),
      providerMetadata: { anyqwen: metadataOf(end, this.#logprobs) },
    };
  }

  *#close(): Generator<StreamPart> {
    if (this.#open) yield { type: `${this.#open.kind}-end`, id: this.#open.id };
    this.#open = undefined;
  }
}

function finishReasonOf({ reason }: EndPart): LanguageModelV3FinishReason {
  return { unified: reason === "aborted" ? "other" : reason, raw: reason };
}

function usageOf({ usage }: EndPart, reasoning: number): LanguageModelV3Usage {
  const { promptTokens, cachedTokens, completionTokens } = usage;
  return {
    inputTokens: {
      total: promptTokens,
      noCache: promptTokens - cachedTokens,
      cacheRead: cachedTokens,
      cacheWrite: undefined,
    },
    outputTokens: { total: completionTokens, text: completionTokens - reasoning, reasoning },
    raw: { ...usage },
  };
}

function metadataOf({ seed, stop, timings, speculation }: EndPart, logprobs: readonly TokenLogprob[]): JSONObject {
  return {
    seed,
    ...(stop !== undefined && { stop }),
    timings: { ...timings },
    ...(speculation && { speculation: { ...speculation } }),
    ...(logprobs.length > 0 && {
      logprobs: logprobs.map(({ top, ...token }) => ({ ...token, top: top.map((other) => ({ ...other })) })),
    }),
  };
}
