// What becomes of drawn ids: text, held back while it may still be part of a character, a stop text or a tag; and parts.

import type { Sampled } from "../core/device.ts";
import { StopMatcher } from "../generate/stop.ts";
import type { TokenStream } from "../text/detokenise.ts";
import { createOutputParser, type OutputParser, type OutputPart, promptOpensThinking } from "../text/output-parser.ts";
import { stopTexts } from "./requests.ts";
import type { TextSide } from "./text-side.ts";
import type { GenerateOptions, Part, TextPart, TokenLogprob } from "./types.ts";

/** What the parser of a chat answer needs to know. */
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
  readonly #parser: OutputParser | undefined;
  #ids: number[] = [];
  #logprobs: TokenLogprob[] = [];
  #toolCalls = false;

  /** Without `chat` the text goes out as it is. */
  constructor(text: TextSide, options: GenerateOptions, chat: ChatContext | undefined) {
    this.#text = text;
    this.#stream = text.hasTokenizer ? text.tokenizer.stream({ skipSpecial: true }) : undefined;
    this.#stops = new StopMatcher(stopTexts(options));
    this.#parser = chat && createOutputParser({ thinking: promptOpensThinking(chat.prompt), tools: chat.tools });
  }

  push(id: number, sampled: Sampled): Pushed {
    this.#ids.push(id);
    if (sampled.logprob !== undefined) this.#logprobs.push(this.#named(sampled));
    if (!this.#stream) return { parts: [this.#textPart("text", "")] };
    const { text, stop } = this.#stops.push(this.#stream.push(id));
    return { parts: this.#read(text), stop };
  }

  end(): { parts: readonly Part[]; toolCalls: boolean } {
    const rest = this.#stops.push(this.#stream?.end() ?? "").text + this.#stops.end();
    const parts = this.#read(rest);
    for (const part of this.#parser?.end() ?? []) parts.push(...this.#partsOf(part));
    // Ids whose text never came (a stop text, a special token) still have log-probabilities to tell.
    if (this.#logprobs.length > 0) parts.push(this.#textPart("text", ""));
    return { parts, toolCalls: this.#toolCalls };
  }

  #read(text: string): Part[] {
    if (text === "") return [];
    if (!this.#parser) return [this.#textPart("text", text)];
    return this.#parser.push(text).flatMap((part) => this.#partsOf(part));
  }

  #partsOf(part: OutputPart): Part[] {
    if (part.type === "malformed-tool-call") {
      // What cannot be read is shown as it was written.
      const text = this.#textPart("text", `<tool_call>\n${part.text}\n</tool_call>`);
      return part.id === undefined ? [text] : [{ type: "tool-call-dropped", id: part.id }, text];
    }
    if (part.type === "text" || part.type === "reasoning") return [this.#textPart(part.type, part.text)];
    this.#toolCalls ||= part.type === "tool-call";
    return [part];
  }

  #textPart(type: TextPart["type"], text: string): TextPart {
    const ids = this.#ids;
    const logprobs = this.#logprobs;
    this.#ids = [];
    this.#logprobs = [];
    return { type, text, ids, ...(logprobs.length > 0 && { logprobs }) };
  }

  #named({ id, logprob = 0, top = [] }: Sampled): TokenLogprob {
    const text = (of: number) => (this.#text.hasTokenizer ? this.#text.decode([of]) : "");
    return { id, text: text(id), logprob, top: top.map((other) => ({ ...other, text: text(other.id) })) };
  }
}
