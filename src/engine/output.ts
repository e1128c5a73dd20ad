// What becomes of drawn ids: text, held back while it may still be part of a character, a stop text or a tag; and parts.

import type { Sampled } from "../core/device.ts";
import type { TokenStream } from "../text/detokenise.ts";
import { stopTexts } from "./requests.ts";
import type { TextSide } from "./text-side.ts";
import type { ChatMessage, GenerateOptions, Part, TextPart, TokenLogprob } from "./types.ts";

/** What the parsers of a chat answer need to know of its prompt. */
export interface ChatContext {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly unknown[];
  readonly ids: readonly number[];
}

export interface Pushed {
  readonly parts: readonly Part[];
  /** The stop text that ended it. */
  readonly stop?: string;
}

export class AnswerOutput {
  readonly #text: TextSide;
  readonly #stream: TokenStream | undefined;
  #ids: number[] = [];
  #logprobs: TokenLogprob[] = [];

  constructor(text: TextSide, _options: GenerateOptions, _chat: ChatContext | undefined) {
    this.#text = text;
    this.#stream = text.hasTokenizer ? text.tokenizer.stream({ skipSpecial: true }) : undefined;
  }

  push(id: number, sampled: Sampled): Pushed {
    this.#ids.push(id);
    if (sampled.logprob !== undefined) this.#logprobs.push(this.#named(sampled));
    const text = this.#stream?.push(id) ?? "";
    return { parts: text === "" && this.#stream ? [] : [this.#part(text)] };
  }

  end(): { parts: readonly Part[]; toolCalls: boolean } {
    const text = this.#stream?.end() ?? "";
    return { parts: text === "" ? [] : [this.#part(text)], toolCalls: false };
  }

  #part(text: string): TextPart {
    const ids = this.#ids;
    const logprobs = this.#logprobs;
    this.#ids = [];
    this.#logprobs = [];
    return { type: "text", text, ids, ...(logprobs.length > 0 && { logprobs }) };
  }

  #named({ id, logprob = 0, top = [] }: Sampled): TokenLogprob {
    const text = (of: number) => (this.#text.hasTokenizer ? this.#text.decode([of]) : "");
    return { id, text: text(id), logprob, top: top.map((other) => ({ ...other, text: text(other.id) })) };
  }
}
