// Keeps the text of strangers text. A conversation that contains "<|im_end|>" must not end the turn, and in a rendered prompt the
// template's own tokens look the same. So the conversation is rendered a second time with such texts replaced by marks; where the
// marks come out is what strangers wrote. The second rendering counts only if it gives the first one once the marks are undone.

import { isObject } from "../core/objects.ts";

export interface ShieldToken {
  readonly content: string;
  readonly special: boolean;
}

/** A stretch of a rendered prompt. In one that is not special, no added token is recognised. */
export interface PromptPiece {
  readonly text: string;
  readonly special: boolean;
}

/** How much is left as it is: templates look for some tokens (</think>, <tool_response>) in what they are given. */
export interface ShieldOptions {
  /** Tokens, none of them special, to leave alone in assistant messages, or everywhere. */
  readonly keepInAssistant: ReadonlySet<string>;
  readonly keepEverywhere: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

export class Shield {
  readonly #tokens = new Map<string, ShieldToken>();
  readonly #pattern: RegExp | undefined;
  readonly #mark: string;
  readonly #marked: string[] = [];

  /** `source` and `variables` are looked through for a mark that occurs in neither. */
  constructor(tokens: readonly ShieldToken[], source: string, variables: Variables) {
    for (const token of tokens) for (const text of forms(token.content)) this.#tokens.set(text, token);
    const longestFirst = [...this.#tokens.keys()].sort((a, b) => b.length - a.length);
    if (longestFirst.length > 0) this.#pattern = new RegExp(longestFirst.map(escapePattern).join("|"), "g");
    const all = source + (JSON.stringify(variables) ?? "");
    let mark = "qxmark";
    while (all.includes(mark)) mark += "q";
    this.#mark = mark;
  }

  occursIn(value: unknown): boolean {
    if (!this.#pattern) return false;
    if (typeof value === "string") return value.search(this.#pattern) >= 0;
    if (Array.isArray(value)) return value.some((item) => this.occursIn(item));
    if (isObject(value)) return Object.entries(value).some(([key, item]) => this.occursIn(key) || this.occursIn(item));
    return false;
  }

  mark(variables: Variables, options: ShieldOptions): Variables {
    const walk = (value: unknown, keep: ReadonlySet<string>): unknown => {
      if (typeof value === "string") return this.#markText(value, keep);
      if (Array.isArray(value)) return value.map((item) => walk(item, keep));
      if (!isObject(value)) return value;
      const inside = value.role === "assistant" ? options.keepInAssistant : keep;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [this.#markText(key, inside), walk(item, inside)]),
      );
    };
    return walk(variables, options.keepEverywhere ? options.keepInAssistant : new Set()) as Variables;
  }

  /** Undoes the marks in a rendered text. */
  restore(rendered: string): PromptPiece[] {
    const pieces: PromptPiece[] = [];
    let from = 0;
    for (const match of rendered.matchAll(new RegExp(`${this.#mark}(\\d+)z`, "g"))) {
      if (match.index > from) pieces.push({ text: rendered.slice(from, match.index), special: true });
      pieces.push({ text: this.#marked[Number(match[1])] ?? match[0], special: false });
      from = match.index + match[0].length;
    }
    if (from < rendered.length) pieces.push({ text: rendered.slice(from), special: true });
    return pieces;
  }

  #markText(text: string, keep: ReadonlySet<string>): string {
    if (!this.#pattern) return text;
    return text.replace(this.#pattern, (found) => {
      const token = this.#tokens.get(found);
      if (token && !token.special && keep.has(token.content)) return found;
      let index = this.#marked.indexOf(found);
      if (index < 0) index = this.#marked.push(found) - 1;
      return `${this.#mark}${index}z`;
    });
  }
}

/** A token, and for the <|…|> kind what a template that writes its own brackets around a name could complete to one. */
function forms(content: string): string[] {
  if (content === "") return [];
  if (!(content.startsWith("<|") && content.endsWith("|>") && content.length > 4)) return [content];
  return [content, content.slice(1), content.slice(0, -1), content.slice(1, -1)];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
