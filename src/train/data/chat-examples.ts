// A conversation as ids with labels on what the assistant says. The prompt is rendered once with everything that messages say marked
// (text/shield.ts), so that a turn's head and end are known to be the template's own, whatever a message contains. A turn is supervised
// from behind what the generation prompt already gives to the token that ends it, and is tokenised by itself, as it would be generated.

import { AnyqwenError } from "../../core/errors.ts";
import type { ChatMessage, TemplateOptions } from "../../engine/types.ts";
import { encodePrompt, type RenderedPrompt } from "../../text/render-template.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";
import { notSupervised, type TrainingExample } from "./types.ts";

/** The text side of a model (engine/text-side.ts has one). */
export interface ChatText {
  readonly tokenizer: Tokenizer;
  renderChat(options: TemplateOptions): Promise<RenderedPrompt>;
}

export interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly unknown[];
}

export interface ChatExampleOptions {
  /** Which of the assistant's turns are learnt: all, or the last one alone. Default all. */
  readonly turns?: "all" | "last";
  /** Learn only what the assistant says from this message on. */
  readonly from?: number;
  /** Learn the whole prompt, with what others say and the template's own. */
  readonly allTokens?: boolean;
  /** As the template takes it (enable_thinking); default its own. */
  readonly thinking?: boolean;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const opening = "<|im_start|>";
const closing = "<|im_end|>";
const assistant = `${opening}assistant\n`;

/**
 * Usually one example. Templates drop what the assistant thought in earlier turns; such a turn is learnt in an example of its own that
 * ends with it, as the model would have met it. Fails with code "template" or "unsupported".
 */
export async function chatExamples(
  text: ChatText,
  conversation: Conversation,
  options: ChatExampleOptions = {},
): Promise<TrainingExample[]> {
  if (options.allTokens) return [await wholeExample(text, conversation, options)];
  const whole = await render(text, conversation, options);
  const last = whole.turns.length - 1;
  const own: TrainingExample[] = [];
  const learnt: Span[] = [];
  for (const [n, { index, span }] of whole.turns.entries()) {
    if ((n < last && options.turns === "last") || index < (options.from ?? 0)) continue;
    const message = conversation.messages[index];
    if (n < last && hasThought(message) && !showsThought(whole.prompt, span)) {
      const upTo = await render(
        text,
        { ...conversation, messages: conversation.messages.slice(0, index + 1) },
        options,
      );
      const turn = upTo.turns[n].span;
      if (showsThought(upTo.prompt, turn)) {
        own.push(encodeSpans(text.tokenizer, upTo.prompt, [turn]));
        continue;
      }
    }
    learnt.push(span);
  }
  return learnt.length > 0 ? [...own, encodeSpans(text.tokenizer, whole.prompt, learnt)] : own;
}

async function wholeExample(
  text: ChatText,
  { messages, tools }: Conversation,
  { thinking, variables }: ChatExampleOptions,
): Promise<TrainingExample> {
  const prompt = await text.renderChat({ messages, tools, thinking, variables, addGenerationPrompt: false });
  const ids = Array.from(encodePrompt(text.tokenizer, prompt));
  return { input_ids: ids, labels: ids };
}

interface Rendered {
  readonly prompt: RenderedPrompt;
  /** The assistant's messages by their index, and where the prompt has them. */
  readonly turns: readonly { readonly index: number; readonly span: Span }[];
}

async function render(
  text: ChatText,
  { messages, tools }: Conversation,
  { thinking, variables }: ChatExampleOptions,
): Promise<Rendered> {
  const ask = (addGenerationPrompt: boolean) =>
    text.renderChat({ messages, tools, thinking, variables, addGenerationPrompt });
  const prompt = await ask(false);
  const spans = assistantSpans(prompt, headOf(prompt, await ask(true)));
  const said = messages.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  if (spans.length !== said.length) {
    throw new AnyqwenError(
      "template",
      `the conversation has ${said.length} messages of the assistant, the chat template made ${spans.length} turns of them; ` +
        "give this data as input_ids and labels",
    );
  }
  return { prompt, turns: spans.map((span, n) => ({ index: said[n], span })) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a prompt ends with when an answer is to follow: the head of the turn, and whatever thinking it begins with. */
function headOf({ text }: RenderedPrompt, { text: asked }: RenderedPrompt): string {
  const head = asked.startsWith(text) ? asked.slice(text.length) : "";
  return head.startsWith(assistant) ? head : assistant;
}

/** Of every turn of the assistant: from behind its head to behind the token that ends it. */
function assistantSpans(prompt: RenderedPrompt, head: string): Span[] {
  const { text } = prompt;
  const openings = placesOf(prompt, opening);
  const closings = placesOf(prompt, closing);
  if (openings.length === 0) {
    throw new AnyqwenError(
      "unsupported",
      `the chat template does not mark turns with ${opening} and ${closing}, so that the assistant's cannot be told from ` +
        "others; give the data as input_ids and labels",
    );
  }
  return openings.flatMap((at, n) => {
    if (!text.startsWith(assistant, at)) return [];
    const end = closings.find((place) => place > at);
    if (end === undefined || end > (openings[n + 1] ?? Infinity)) return [];
    const length = text.startsWith(head, at) ? head.length : assistant.length;
    return [{ start: at + length, end: end + closing.length }];
  });
}

/** Where the template itself wrote a token. */
function placesOf({ pieces }: RenderedPrompt, token: string): number[] {
  const places: number[] = [];
  let start = 0;
  for (const { text, special } of pieces) {
    if (special) for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) places.push(start + at);
    start += text.length;
  }
  return places;
}

function hasThought({ content, reasoning_content: reasoning }: ChatMessage): boolean {
  return (typeof reasoning === "string" && reasoning.trim() !== "") || String(content).includes("</think>");
}

function showsThought({ text }: RenderedPrompt, { start, end }: Span): boolean {
  return text.slice(start, end).includes("</think>");
}

/** Cuts where the prompt ends and the answer begins, so that no token lies across. */
function encodeSpans(tokenizer: Tokenizer, prompt: RenderedPrompt, spans: readonly Span[]): TrainingExample {
  const ids: number[] = [];
  const labels: number[] = [];
  const add = (start: number, end: number, supervised: boolean) => {
    for (const id of encodePrompt(tokenizer, slice(prompt, start, end))) {
      ids.push(id);
      labels.push(supervised ? id : notSupervised);
    }
  };
  let at = 0;
  for (const { start, end } of spans) {
    add(at, start, false);
    add(start, end, true);
    at = end;
  }
  add(at, prompt.text.length, false);
  return { input_ids: ids, labels };
}

function slice({ text, pieces }: RenderedPrompt, start: number, end: number): RenderedPrompt {
  let from = 0;
  const inside = pieces.flatMap((piece) => {
    const [first, last] = [Math.max(start - from, 0), Math.min(end - from, piece.text.length)];
    from += piece.text.length;
    return first < last ? [{ text: piece.text.slice(first, last), special: piece.special }] : [];
  });
  return { text: text.slice(start, end), pieces: inside };
}
