// An answer as the blocks that Anthropic's and OpenAI's newer APIs speak of: thoughts, text and tool calls, one after the other, each
// opened, filled and closed.

import type { EndPart, Part } from "../api.ts";
import type { Choice } from "./service.ts";

export type Block = TextBlock | CallBlock;

export interface TextBlock {
  readonly kind: "reasoning" | "text";
  readonly text: string;
}

interface CallBlock {
  readonly kind: "tool-call";
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** False while it is written, and for good if it breaks off: its arguments then are no JSON. */
  readonly whole: boolean;
}

export type BlockEvent =
  | { readonly type: "open"; readonly index: number; readonly block: Block }
  /** More of the text, or of the call's arguments. */
  | { readonly type: "delta"; readonly index: number; readonly kind: Block["kind"]; readonly text: string }
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
  let open: Block | undefined;
  for await (const { part } of choices) {
    if (part.type === "reasoning" && part.text !== "") reasoningTokens += part.ids?.length ?? 0;
    if (open && open.kind !== kindOf(part)) {
      yield { type: "close", index: blocks.push(open) - 1, block: open };
      open = undefined;
    }
    if (part.type === "end") {
      yield { type: "end", end: part, blocks, reasoningTokens };
      continue;
    }
    const begun: Block | undefined = open ?? emptyOf(part);
    if (!begun) continue;
    const index = blocks.length;
    if (!open) yield { type: "open", index, block: begun };
    open = grown(begun, part);
    const text = pieceOf(part);
    if (text !== "") yield { type: "delta", index, kind: open.kind, text };
    if (part.type !== "tool-call" && part.type !== "tool-call-dropped") continue;
    blocks.push(open);
    yield { type: "close", index, block: open };
    open = undefined;
  }
}

function kindOf({ type }: Part): Block["kind"] | undefined {
  if (type === "end") return undefined;
  return type === "text" || type === "reasoning" ? type : "tool-call";
}

/** The block that a part begins. */
function emptyOf(part: Part): Block | undefined {
  if (part.type === "tool-call-start")
    return { kind: "tool-call", id: part.id, name: part.name, arguments: "", whole: false };
  return (part.type === "text" || part.type === "reasoning") && part.text !== ""
    ? { kind: part.type, text: "" }
    : undefined;
}

function pieceOf(part: Part): string {
  if (part.type === "text" || part.type === "reasoning") return part.text;
  return part.type === "tool-call-delta" ? part.arguments : "";
}

function grown(block: Block, part: Part): Block {
  if (block.kind !== "tool-call") return { ...block, text: block.text + pieceOf(part) };
  return { ...block, arguments: block.arguments + pieceOf(part), whole: part.type === "tool-call" };
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
