// What this folder's tests share: the vocabulary of a tiny model, and answers drawn at random from whatever the masks allow.

import { readFileSync } from "node:fs";
import { createTokenizer, type Tokenizer } from "../../text/tokenizer.ts";
import { parseTokenizerJson } from "../../text/tokenizer-json.ts";
import { CompiledGrammar } from "./compiled.ts";
import { Constraint } from "./constraint.ts";
import { GrammarBuilder, type NodeId } from "./nodes.ts";
import { GrammarVocabulary } from "./vocabulary.ts";

const file = new URL("../../../test/fixtures/models/qwen3_tied/tokenizer.json", import.meta.url);
export const tokenizer: Tokenizer = createTokenizer(parseTokenizerJson(readFileSync(file), "tokenizer.json"));
export const vocabulary = new GrammarVocabulary(tokenizer, 320);
const END = tokenizer.idOf("<|im_end|>") ?? -1;

export function compile(make: (grammar: GrammarBuilder) => NodeId): CompiledGrammar {
  const grammar = new GrammarBuilder();
  return new CompiledGrammar(grammar.finish(make(grammar)), vocabulary);
}

export function generator(seed: number): (below: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function idsOf(mask: Uint32Array): number[] {
  const ids: number[] = [];
  mask.forEach((word, i) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) ids.push(32 * i + bit);
  });
  return ids;
}

export interface Drawn {
  readonly text: string;
  readonly ids: readonly number[];
  /** The grammar let it end there. */
  readonly whole: boolean;
}

/** Each token with the same chance. */
export function draw(grammar: CompiledGrammar, seed: number, most = 200): Drawn {
  const random = generator(seed);
  const constraint = new Constraint(grammar, [END]);
  const ids: number[] = [];
  while (ids.length < most && !constraint.mustEnd) {
    const allowed = idsOf(constraint.masks([], most - ids.length)[0]);
    if (allowed.length === 0) throw new Error(`no token may follow ${JSON.stringify(tokenizer.decode(ids))}`);
    const id = allowed[random(allowed.length)];
    if (id === END) break;
    ids.push(id);
    constraint.advance(id);
  }
  return { text: tokenizer.decode(ids), ids, whole: constraint.mayEnd };
}

/** Whether the grammar takes a text, in its own tokens, as a whole. */
export function accepts(grammar: CompiledGrammar, text: string): boolean {
  const constraint = new Constraint(grammar, [END]);
  for (const id of tokenizer.encode(text, "all")) {
    if (constraint.cut([id]).length === 0) return false;
    constraint.advance(id);
  }
  return constraint.mayEnd;
}
