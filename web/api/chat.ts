// POST /v1/chat/completions as a stream of what the answer grows by.

import { readEvents } from "./event-stream.ts";
import { BrokenStream, ServerError } from "./problem.ts";
import { type ErrorBody, headersWith } from "./server.ts";

export type ChatEvent =
  | { readonly type: "text" | "reasoning"; readonly text: string }
  | ({ readonly type: "tool-call" } & ToolCallDelta)
  | { readonly type: "finish"; readonly reason: string }
  | { readonly type: "figures"; readonly usage: Usage; readonly tokensPerSecond?: number };

/** The first of a call names it; those after it carry more of its arguments. */
interface ToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments: string;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
}

/** The fields of a chunk that the page reads. */
interface Chunk extends ErrorBody {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: Usage | null;
  readonly timings?: { readonly predicted_per_second?: number };
}

export async function* streamChat(body: object, apiKey: string, signal: AbortSignal): AsyncGenerator<ChatEvent, void> {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headersWith(apiKey) },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  const reader = await readEvents(response);
  for (;;) {
    const { value, done } = await reader.read().catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new BrokenStream();
    });
    if (done) throw new BrokenStream();
    if (value.data === "[DONE]") return;
    yield* eventsOf(JSON.parse(value.data));
  }
}

export function* eventsOf({ choices, usage, timings, error }: Chunk): Generator<ChatEvent, void> {
  if (error) throw new ServerError(error.code === "deadline" ? 408 : 500, error.message ?? "", error.code ?? undefined);
  for (const { delta, finish_reason } of choices ?? []) {
    if (delta?.reasoning_content) yield { type: "reasoning", text: delta.reasoning_content };
    if (delta?.content) yield { type: "text", text: delta.content };
    for (const { index, id, function: called } of delta?.tool_calls ?? [])
      yield { type: "tool-call", index, id, name: called?.name, arguments: called?.arguments ?? "" };
    if (finish_reason) yield { type: "finish", reason: finish_reason };
  }
  if (usage) yield { type: "figures", usage, tokensPerSecond: timings?.predicted_per_second };
}
