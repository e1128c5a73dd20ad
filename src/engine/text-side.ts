// Everything about text that a model brings along: tokenizer and chat template. Either may be missing; ids work without.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import type { Model } from "../models/open.ts";
import { loadTokenizer } from "../text/load-tokenizer.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { SpecialText } from "./messages.ts";
import type { TemplateOptions } from "./types.ts";

/** They end every turn, whatever the files say. */
const END_TOKENS = ["<|im_end|>", "<|endoftext|>"];

export class TextSide {
  readonly #name: string;
  readonly #tokenizer: Tokenizer | undefined;
  readonly endIds: readonly number[];

  constructor(name: string, tokenizer: Tokenizer | undefined) {
    this.#name = name;
    this.#tokenizer = tokenizer;
    this.endIds = END_TOKENS.map((token) => tokenizer?.idOf(token)).filter((id) => id !== undefined);
  }

  get hasTokenizer(): boolean {
    return this.#tokenizer !== undefined;
  }

  get tokenizer(): Tokenizer {
    if (this.#tokenizer) return this.#tokenizer;
    throw new AnyqwenError("unsupported", `${this.#name}: has no tokenizer, so it answers to token ids only`);
  }

  encode(text: string, special: SpecialText): number[] {
    return Array.from(this.tokenizer.encode(text, special));
  }

  decode(ids: readonly number[]): string {
    return this.tokenizer.decode(ids);
  }

  /** Qwen3-Embedding reads the state at an end-of-text token behind the text. */
  encodeForEmbedding(text: string): number[] {
    const end = this.tokenizer.idOf("<|endoftext|>");
    return [...this.encode(text, "none"), ...(end === undefined ? [] : [end])];
  }

  async render(_options: TemplateOptions): Promise<string> {
    throw new AnyqwenError("unsupported", "templates");
  }

  async renderIds(_options: TemplateOptions): Promise<number[]> {
    throw new AnyqwenError("unsupported", "templates");
  }

  async close(): Promise<void> {}
}

export async function openText(files: FileSet, checkpoint: Checkpoint, _model: Model): Promise<TextSide> {
  const tokenizer = await loadTokenizer({ files, checkpoint });
  return new TextSide(checkpoint.name, tokenizer);
}
