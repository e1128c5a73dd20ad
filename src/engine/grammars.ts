// The grammars of a model's answers: compiled in the engine's thread, away from its callers', once for each text of a format, and
// kept while they are in use and for a while after. The vocabulary is laid out for them when the first one is asked for.

import { type AnswerShape, compileAnswer } from "../generate/grammar/answer.ts";
import type { CompiledGrammar } from "../generate/grammar/compiled.ts";
import { GrammarVocabulary } from "../generate/grammar/vocabulary.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** The masks of one take up to 10 MB, of most less than one. */
const MOST_GRAMMARS = 16;

export class Grammars {
  readonly #tokenizer: () => Tokenizer;
  readonly #vocabSize: number;
  /** By what they were made from, the last used one last. */
  readonly #compiled = new Map<string, CompiledGrammar>();
  #vocabulary: GrammarVocabulary | undefined;

  constructor(tokenizer: () => Tokenizer, vocabSize: number) {
    this.#tokenizer = tokenizer;
    this.#vocabSize = vocabSize;
  }

  of(shape: AnswerShape): CompiledGrammar {
    const key = JSON.stringify(shape);
    const compiled = this.#compiled.get(key) ?? this.#compile(shape);
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > MOST_GRAMMARS) this.#compiled.delete(oldest);
    return compiled;
  }

  #compile(shape: AnswerShape): CompiledGrammar {
    this.#vocabulary ??= new GrammarVocabulary(this.#tokenizer(), this.#vocabSize);
    return compileAnswer(shape, this.#vocabulary);
  }
}
