// One answer that follows a grammar: where it stands, which tokens may come next, and when it is over. With few tokens left only those
// are allowed after which the shortest ending still fits.

import type { Automaton, CompiledGrammar } from "./compiled.ts";
import { DEAD, type StateId } from "./states.ts";

export class Constraint {
  readonly #grammar: CompiledGrammar;
  readonly #endIds: readonly number[];
  #automaton: Automaton;
  #state: StateId;

  /** `endIds`: tokens that end an answer; allowed where the grammar may end. */
  constructor(grammar: CompiledGrammar, endIds: Iterable<number>) {
    this.#grammar = grammar;
    this.#endIds = [...endIds];
    this.#automaton = grammar.automaton();
    this.#state = grammar.start(this.#automaton);
  }

  /** The text so far is whole, though more might follow. */
  get mayEnd(): boolean {
    return this.#automaton.states.mayEnd(this.#state);
  }

  /** The text is whole, and nothing can follow. */
  get mustEnd(): boolean {
    return this.#automaton.states.mustEnd(this.#state);
  }

  /** Masks for the next token and for the one after each of `drafts`, all of which must be allowed; `left` tokens can still come. */
  masks(drafts: readonly number[], left: number): Uint32Array[] {
    this.#move();
    let state = this.#state;
    return [-1, ...drafts].map((id, i) => {
      if (i > 0) state = this.#after(state, id);
      return this.#mask(state, left - i);
    });
  }

  /** As many of `drafts` as the grammar allows. */
  cut(drafts: readonly number[]): readonly number[] {
    let state = this.#state;
    const end = drafts.findIndex((id) => (state = this.#after(state, id)) === DEAD);
    return end < 0 ? drafts : drafts.slice(0, end);
  }

  advance(id: number): void {
    this.#state = this.#after(this.#state, id);
  }

  #after(state: StateId, id: number): StateId {
    const { states } = this.#automaton;
    const spelling = this.#grammar.vocabulary.spelling(id);
    if (spelling.length === 0) return DEAD;
    let next = state;
    for (const symbol of spelling) next = states.next(next, symbol);
    return next;
  }

  #mask(state: StateId, left: number): Uint32Array {
    const { states, masks } = this.#automaton;
    const free = masks.of(state);
    const tight = free.worst > left - 1 && states.need(state) <= left;
    const { bits } = tight ? masks.within(state, left - 1) : free;
    if (!states.mayEnd(state) || this.#endIds.length === 0) return bits;
    const ending = tight ? bits : bits.slice();
    for (const id of this.#endIds) ending[id >>> 5] |= 1 << (id & 31);
    return ending;
  }

  /** To the automaton that is in use now. */
  #move(): void {
    const automaton = this.#grammar.automaton();
    const old = this.#automaton;
    if (automaton === old) return;
    const members = Array.from(old.states.members(this.#state), (stack) => automaton.stacks.adopt(old.stacks, stack));
    this.#automaton = automaton;
    this.#state = automaton.states.of(members);
  }
}
