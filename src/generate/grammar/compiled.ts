// A grammar made ready for one vocabulary, and the automaton that grows while answers follow it. All answers with the same grammar
// share the automaton; when it has grown too large a new one begins, and each answer moves over at its next token.

import { AnyqwenError } from "../../core/errors.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { Masks } from "./masks.ts";
import type { Grammar } from "./nodes.ts";
import { BOTTOM, Stacks } from "./stacks.ts";
import { type StateId, States } from "./states.ts";
import { type SymbolClasses, symbolClasses } from "./symbol-classes.ts";
import type { GrammarVocabulary } from "./vocabulary.ts";

/** About 10 MB of masks for a vocabulary of 150,000, and as much of states and stacks. */
const MOST_MASKS = 500;
const MOST_STATES = 40_000;
const MOST_STACKS = 200_000;

export interface Automaton {
  readonly stacks: Stacks;
  readonly states: States;
  readonly masks: Masks;
}

export class CompiledGrammar {
  readonly vocabulary: GrammarVocabulary;
  readonly #grammar: Grammar;
  readonly #analysis: Analysis;
  readonly #classes: SymbolClasses;
  #automaton: Automaton;

  constructor(grammar: Grammar, vocabulary: GrammarVocabulary) {
    this.vocabulary = vocabulary;
    this.#grammar = grammar;
    this.#analysis = analyse(grammar, vocabulary);
    this.#classes = symbolClasses(grammar.nodes);
    if (this.#analysis.need[grammar.root] === Infinity) {
      throw new AnyqwenError("invalid-argument", "format: no text matches it; look for contradictions in it");
    }
    this.#automaton = this.#newAutomaton();
  }

  /** The automaton to use now. */
  automaton(): Automaton {
    const { stacks, states, masks } = this.#automaton;
    if (masks.size > MOST_MASKS || states.size > MOST_STATES || stacks.size > MOST_STACKS) {
      this.#automaton = this.#newAutomaton();
    }
    return this.#automaton;
  }

  start({ stacks, states }: Automaton): StateId {
    return states.opening([stacks.push(this.#grammar.root, BOTTOM)]);
  }

  #newAutomaton(): Automaton {
    const stacks = new Stacks(this.#grammar, this.#analysis, this.vocabulary.longest);
    const states = new States(stacks, this.#classes);
    return { stacks, states, masks: new Masks(states, this.vocabulary) };
  }
}
