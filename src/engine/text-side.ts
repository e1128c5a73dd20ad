// Everything about text that a model brings along: tokenizer and chat template. Either may be missing; ids work without.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { type ChatTemplate, loadChatTemplate } from "../text/chat-template.ts";
import { loadTokenizer } from "../text/load-tokenizer.ts";
import type { RenderedPrompt } from "../text/render-template.ts";
import { TemplateRunner } from "../text/template-runner.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { TemplateHabits } from "./answer-shape.ts";
import type { SpecialText } from "./messages.ts";
import type { ChatMessage, TemplateOptions } from "./types.ts";

const MESSAGE_START = "<|im_start|>";
/** They end every turn, whatever the files say. */
const END_TOKENS = ["<|im_end|>", "<|endoftext|>"];

export class TextSide {
  readonly #name: string;
  readonly #tokenizer: Tokenizer | undefined;
  readonly #template: ChatTemplate | undefined;
  readonly #runner = new TemplateRunner();
  readonly endIds: readonly number[];
  /** The id that begins a message. */
  readonly messageStart: number | undefined;

  constructor(name: string, tokenizer: Tokenizer | undefined, template: ChatTemplate | undefined) {
    this.#name = name;
    this.#tokenizer = tokenizer;
    this.#template = template;
    this.messageStart = tokenizer?.idOf(MESSAGE_START);
    this.endIds = END_TOKENS.map((token) => tokenizer?.idOf(token)).filter((id) => id !== undefined);
  }

  get hasTokenizer(): boolean {
    return this.#tokenizer !== undefined;
  }

  get hasTemplate(): boolean {
    return this.#template !== undefined;
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

  /** The prompt of a conversation; what messages say is marked, so that it becomes no special token. */
  async render({ tools, variables, ...input }: TemplateOptions): Promise<RenderedPrompt> {
    const template = this.#template;
    if (!template) {
      throw new AnyqwenError("unsupported", `${this.#name}: has no chat template, and none is known for its family`);
    }
    const withTools = tools !== undefined && tools.length > 0;
    return this.#runner.render(
      sourceOf(template, withTools),
      {
        messages: input.messages,
        ...(withTools && { tools }),
        addGenerationPrompt: input.addGenerationPrompt,
        thinking: input.thinking,
        variables: { ...template.variables, ...variables },
      },
      { addedTokens: this.#tokenizer?.addedTokens },
    );
  }

  /** The same for an answer: the arguments of earlier calls as templates want them, as objects; OpenAI's clients send text. */
  renderChat(options: TemplateOptions): Promise<RenderedPrompt> {
    return this.render({ ...options, messages: options.messages.map(withParsedCalls) });
  }

  /** What the template expects of answers. */
  habits(tools: readonly unknown[] | undefined): TemplateHabits {
    const source = this.#template ? sourceOf(this.#template, tools !== undefined && tools.length > 0) : "";
    const calls = source.includes("<function=") ? "xml" : source.includes("<tool_call>") ? "json" : undefined;
    return { calls, thinks: source.includes("<think>") };
  }

  async ids(prompt: RenderedPrompt): Promise<number[]> {
    // With it comes the template language, which ids and plain texts never need.
    const { encodePrompt } = await import("../text/render-template.ts");
    return Array.from(encodePrompt(this.tokenizer, prompt));
  }

  close(): void {
    this.#runner.close();
  }
}

export async function openText(files: FileSet, checkpoint: Checkpoint): Promise<TextSide> {
  const [tokenizer, template] = await Promise.all([
    loadTokenizer({ files, checkpoint }),
    loadChatTemplate({ files, checkpoint }),
  ]);
  return new TextSide(checkpoint.name, tokenizer, template);
}

function sourceOf({ source, toolSource }: ChatTemplate, withTools: boolean): string {
  return withTools ? (toolSource ?? source) : source;
}

function withParsedCalls(message: ChatMessage): ChatMessage {
  if (!Array.isArray(message?.tool_calls)) return message;
  return { ...message, tool_calls: message.tool_calls.map(withParsedArguments) };
}

function withParsedArguments(call: { readonly function?: { readonly arguments?: unknown } } | null): unknown {
  const given = call?.function?.arguments;
  if (typeof given !== "string") return call;
  try {
    const parsed: unknown = JSON.parse(given);
    if (typeof parsed === "object" && parsed !== null)
      return { ...call, function: { ...call?.function, arguments: parsed } };
  } catch {
    // not JSON: the template gets what was sent
  }
  return call;
}
