// An answer as the blocks that Anthropic's and OpenAI's newer APIs speak of: thoughts, text and tool calls, one after the other, each
// opened, filled and closed.

import type { EndPart, ToolCallPart } from "../api.ts";
import type { Choice } from "./service.ts";

export type Block =
  | { readonly kind: "reasoning" | "text"; readonly text: string }
  | { readonly kind: "tool-call"; readonly call: ToolCallPart };

export type BlockEvent =
  | { readonly type: "open"; readonly index: number; readonly block: Block }
  | { readonly type: "delta"; readonly index: number; readonly kind: "reasoning" | "text"; readonly text: string }
  | { readonly type: "close"; readonly index: number; readonly block: Block }
  | {
      readonly type: "end";
      readonly end: EndPart;
      readonly blocks: readonly Block[];
      readonly reasoningTokens: number;
    };

/** Of an answer with one choice. The end comes last and has all blocks. */
export async function* blocksOf(choices: AsyncGenerator<Choice, void>): AsyncGenerator<BlockEvent, void> {
  const blocks: Block[] = [];
  let reasoningTokens = 0;
  let open: { kind: "reasoning" | "text"; text: string } | undefined;
  const close = (block: Block): BlockEvent => ({ type: "close", index: blocks.push(block) - 1, block });
  for await (const { part } of choices) {
    if (open && open.kind !== part.type) {
      yield close(open);
      open = undefined;
    }
    if (part.type === "end") yield { type: "end", end: part, blocks, reasoningTokens };
    else if (part.type === "tool-call") {
      const block: Block = { kind: "tool-call", call: part };
      yield { type: "open", index: blocks.length, block };
      yield close(block);
    } else if (part.text !== "") {
      if (part.type === "reasoning") reasoningTokens += part.ids?.length ?? 0;
      if (!open) yield { type: "open", index: blocks.length, block: { kind: part.type, text: "" } };
      open ??= { kind: part.type, text: "" };
      open.text += part.text;
      yield { type: "delta", index: blocks.length, kind: part.type, text: part.text };
    }
  }
}

/** The whole of it. */
export async function wholeAnswer(events: AsyncGenerator<BlockEvent, void>) {
  for await (const event of events) if (event.type === "end") return event;
  throw new Error("the answer has no end");
}

/** All of `events`, whose first one was taken already. */
export async function* after<T>(
  first: IteratorResult<T, void>,
  events: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  if (!first.done) yield first.value;
  yield* events;
}
