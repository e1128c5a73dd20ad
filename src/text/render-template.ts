// From messages to a prompt, by a chat template. The result says which of its text is the template's own, where special tokens are
// meant, and which only looks like special tokens because somebody wrote it into a message.

import { AnyqwenError } from "../core/errors.ts";
import { type CompiledTemplate, compileTemplate } from "./jinja.ts";
import { type PromptPiece, Shield, type ShieldToken } from "./shield.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface TemplateInput {
  readonly messages: readonly unknown[];
  /** In the OpenAI manner: { type: "function", function: { name, description, parameters } }. */
  readonly tools?: readonly unknown[] | null;
  /** End with the head of the assistant's turn; default true. */
  readonly addGenerationPrompt?: boolean;
  /** enable_thinking; default the template's own. */
  readonly thinking?: boolean;
  /** Further variables that the template knows. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface RenderOptions {
  /** Texts that must not become tokens when they come from the input; usually the tokenizer's addedTokens. */
  readonly addedTokens?: readonly ShieldToken[];
  /** For strftime_now. */
  readonly now?: Date;
}

export interface RenderedPrompt {
  readonly text: string;
  /** The text in pieces; added tokens are recognised only outside of those that are not special. */
  readonly pieces: readonly PromptPiece[];
}

/** What an assistant wrote itself may hold its own thinking, whether or not the template asks for it. */
const thinkingTags = ["<think>", "</think>"];
const compiled = new Map<string, CompiledTemplate>();
const mostCompiled = 8;

export function renderTemplate(source: string, input: TemplateInput, options: RenderOptions = {}): RenderedPrompt {
  const template = compile(source);
  const { addedTokens = [], now = new Date() } = options;
  const variables = {
    ...input.variables,
    ...(input.thinking !== undefined && { enable_thinking: input.thinking }),
    messages: input.messages,
    tools: input.tools ?? null,
    add_generation_prompt: input.addGenerationPrompt ?? true,
  };
  const text = template.render(variables, now);
  const shield = new Shield(addedTokens, source, variables);
  if (!shield.occursIn(variables)) return { text, pieces: [{ text, special: true }] };

  const keepInAssistant = new Set([...template.examined, ...thinkingTags]);
  for (const keepEverywhere of [false, true]) {
    const pieces = tryRender(
      () => template.render(shield.mark(variables, { keepInAssistant, keepEverywhere }), now),
      shield,
    );
    if (pieces && pieces.map((piece) => piece.text).join("") === text) return { text, pieces };
  }
  throw new AnyqwenError(
    "template",
    "a message contains the text of a special token, and this chat template changes it, so that the two cannot be told " +
      "apart; remove the special token from the message",
  );
}

/** The ids of a rendered prompt: only the template's own text holds added tokens. */
export function encodePrompt(tokenizer: Tokenizer, { text, pieces }: RenderedPrompt): Int32Array {
  const shielded: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (!piece.special) shielded.push(at, at + piece.text.length);
    at += piece.text.length;
  }
  return tokenizer.encode(text, "all", shielded);
}

function tryRender(render: () => string, shield: Shield): readonly PromptPiece[] | undefined {
  try {
    return shield.restore(render());
  } catch (error) {
    if (error instanceof AnyqwenError) return undefined; // the marks broke something that the template looks at
    throw error;
  }
}

function compile(source: string): CompiledTemplate {
  let template = compiled.get(source);
  if (!template) {
    template = compileTemplate(source);
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(source, template);
  }
  return template;
}
