// What becomes of drawn ids: text, held back while it may still be part of a character, a stop text or a tag; and parts.

import type { Sampled } from "../core/device.ts";
import { StopMatcher } from "../generate/stop.ts";
import type { TokenStream } from "../text/detokenise.ts";
import { stopTexts } from "./requests.ts";
import type { TextSide } from "./text-side.ts";
import type { GenerateOptions, Part, TextPart, TokenLogprob } from "./types.ts";

/** What the parsers of a chat answer need to know of its prompt. */
export interface ChatContext {
  readonly prompt: string;
  readonly tools?: readonly unknown[];
}

export interface Pushed {
  readonly parts: readonly Part[];
  /** The stop text that ended it. */
  readonly stop?: string;
}

export class AnswerOutput {
  readonly #text: TextSide;
  readonly #stream: TokenStream | undefined;
  readonly #stops: StopMatcher;
  #ids: number[] = [];
  #logprobs: TokenLogprob[] = [];

  constructor(text: TextSide, options: GenerateOptions, _chat: ChatContext | undefined) {
    this.#text = text;
    this.#stream = text.hasTokenizer ? text.tokenizer.stream({ skipSpecial: true }) : undefined;
    this.#stops = new StopMatcher(stopTexts(options));
  }

  push(id: number, sampled: Sampled): Pushed {
    this.#ids.push(id);
    if (sampled.logprob !== undefined) this.#logprobs.push(this.#named(sampled));
    if (!this.#stream) return { parts: [this.#part("")] };
    const { text, stop } = this.#stops.push(this.#stream.push(id));
    return { parts: text === "" ? [] : [this.#part(text)], stop };
  }

  end(): { parts: readonly Part[]; toolCalls: boolean } {
    const rest = this.#stops.push(this.#stream?.end() ?? "").text + this.#stops.end();
    return { parts: rest === "" ? [] : [this.#part(rest)], toolCalls: false };
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
