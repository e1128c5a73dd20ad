// The vocabulary as a grammar sees it: tokens as bytes. Added tokens are no text: the few that mark thoughts and tool calls are
// symbols of their own, beyond the bytes, and the others cannot be reached. Tokens of plain characters, most of the vocabulary, are
// told apart: a loop over characters takes them by their number of characters, without looking at them.

import type { Tokenizer } from "../../text/tokenizer.ts";
import { TokenTrie } from "./trie.ts";

/** Added tokens that grammars can name: symbols 256 and up, in this order. */
const MARKUP = ["<think>", "</think>", "<tool_call>", "</tool_call>"] as const;
export type Markup = (typeof MARKUP)[number];
/** Bytes and markup. */
export const SYMBOLS = 256 + MARKUP.length;

export const markupSymbol = (markup: Markup): number => 256 + MARKUP.indexOf(markup);

export type VocabularySource = Pick<Tokenizer, "addedTokens" | "bytesOf" | "idOf">;

export class GrammarVocabulary {
  /** Ids of the model; masks have a bit for each. */
  readonly size: number;
  readonly all: TokenTrie;
  /** Tokens that are not plain. */
  readonly special: TokenTrie;
  /** The longest token, in symbols. */
  readonly longest: number;
  readonly #symbols: Uint16Array;
  readonly #starts: Int32Array;
  readonly #markup: ReadonlySet<number>;
  /** Plain tokens by their number of characters. */
  readonly #plain: readonly (readonly number[])[];
  readonly #plainMasks: Uint32Array[] = [];

  constructor(source: VocabularySource, size: number) {
    this.size = size;
    const { symbols, starts } = spellTokens(source, size);
    this.#symbols = symbols;
    this.#starts = starts;
    const ids = new Int32Array(size).map((_, id) => id);
    this.all = new TokenTrie(symbols, starts, ids);
    this.longest = this.all.height;
    const plain: number[][] = Array.from({ length: this.longest + 1 }, () => []);
    const characters = ids.map((id) => countPlain(symbols, starts[id], starts[id + 1]));
    for (const id of ids) if (characters[id] > 0) plain[characters[id]].push(id);
    this.#plain = plain;
    this.special = new TokenTrie(
      symbols,
      starts,
      ids.filter((id) => characters[id] === 0),
    );
    this.#markup = new Set(symbols.filter((symbol) => symbol > 255));
  }

  /** Whether the vocabulary has a token for it. */
  knows(markup: Markup): boolean {
    return this.#markup.has(markupSymbol(markup));
  }

  /** Symbols of a token; none for ids that no grammar can reach. */
  spelling(id: number): Uint16Array {
    return this.#symbols.subarray(this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0);
  }

  /** One bit for each token of 1 to `most` plain characters. Not to be written to. */
  plainMask(most: number): Uint32Array {
    for (let count = this.#plainMasks.length; count <= Math.min(most, this.longest); count++) {
      const mask = this.#plainMasks[count - 1]?.slice() ?? new Uint32Array((this.size + 31) >>> 5);
      for (const id of this.#plain[count]) mask[id >>> 5] |= 1 << (id & 31);
      this.#plainMasks.push(mask);
    }
    return this.#plainMasks[Math.min(most, this.longest)];
  }

  /** Fewest tokens for each suffix of `symbols`; Infinity where no tokens spell it. */
  fewestTokens(symbols: ArrayLike<number>): Float64Array {
    const fewest = new Float64Array(symbols.length + 1).fill(Infinity);
    fewest[symbols.length] = 0;
    for (let from = symbols.length - 1; from >= 0; from--) {
      let node = 0;
      for (let at = from; at < symbols.length; at++) {
        node = this.all.child(node, symbols[at]);
        if (node < 0) break;
        if (this.all.token[node] >= 0) fewest[from] = Math.min(fewest[from], 1 + fewest[at + 1]);
      }
    }
    return fewest;
  }
}

/** All tokens' symbols, one behind the other. */
function spellTokens(source: VocabularySource, size: number): { symbols: Uint16Array; starts: Int32Array } {
  const added = new Set(source.addedTokens.map(({ id }) => id));
  const markup = new Map(MARKUP.map((text) => [source.idOf(text), markupSymbol(text)]));
  const starts = new Int32Array(size + 1);
  let symbols = new Uint16Array(size * 8);
  let length = 0;
  for (let id = 0; id < size; id++) {
    starts[id] = length;
    const own = added.has(id) ? markup.get(id) : undefined;
    const spelled = own !== undefined ? [own] : added.has(id) ? [] : source.bytesOf(id);
    if (length + spelled.length > symbols.length) {
      const larger = new Uint16Array(2 * (length + spelled.length));
      larger.set(symbols);
      symbols = larger;
    }
    symbols.set(spelled, length);
    length += spelled.length;
  }
  starts[size] = length;
  return { symbols: symbols.slice(0, length), starts };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Characters of a token, or 0 if one of them is not plain: a quote, a backslash, a control character, or a part of a character. */
function countPlain(symbols: Uint16Array, from: number, to: number): number {
  let ascii = true;
  for (let at = from; at < to; at++) {
    const symbol = symbols[at];
    if (symbol < 0x20 || symbol === 0x22 || symbol === 0x5c || symbol > 255) return 0;
    ascii &&= symbol < 0x80;
  }
  if (ascii) return to - from;
  try {
    return Array.from(utf8.decode(Uint8Array.from(symbols.subarray(from, to)))).length;
  } catch {
    return 0;
  }
}
