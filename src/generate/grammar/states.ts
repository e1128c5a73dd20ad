// Sets of stacks as states of an automaton that is made while it is used: a transition is computed when it is first taken, then
// looked up. All of it is thrown away when it grows too large; who stands in it moves to the next one (automaton.ts).

import { AnyqwenError } from "../../core/errors.ts";
import { BOTTOM, type StackId, type Stacks } from "./stacks.ts";
import type { SymbolClasses } from "./symbol-classes.ts";

export type StateId = number;

/** The state that nothing leads out of. */
export const DEAD: StateId = 0;
export const UNKNOWN = -1;
/** Ways in which a text can be read so far; JSON has a few, natural grammars some dozens. */
const MOST_STACKS = 2_000;

export class States {
  readonly stacks: Stacks;
  readonly #known = new Map<string, StateId>([["", DEAD]]);
  /** Each begins with a literal or a set; BOTTOM among them: the text may end. */
  readonly #members: Int32Array[] = [new Int32Array(0)];
  readonly #needs: number[] = [Infinity];
  readonly classes: SymbolClasses;
  readonly #width: number;
  /** [states, classes] */
  #next: Int32Array;

  constructor(stacks: Stacks, classes: SymbolClasses) {
    this.stacks = stacks;
    this.classes = classes;
    this.#width = classes.members.length;
    this.#next = new Int32Array(64 * this.#width).fill(UNKNOWN);
    this.#next.fill(DEAD, 0, this.#width);
  }

  get size(): number {
    return this.#members.length;
  }

  members(state: StateId): Int32Array {
    return this.#members[state];
  }

  mayEnd(state: StateId): boolean {
    return this.#members[state][0] === BOTTOM;
  }

  /** Nothing but the end may come. */
  mustEnd(state: StateId): boolean {
    return this.#members[state].length === 1 && this.mayEnd(state);
  }

  /** Fewest tokens to an end. */
  need(state: StateId): number {
    return this.#needs[state];
  }

  /** The state of whatever the stacks may go on with. */
  opening(stacks: Iterable<StackId>): StateId {
    const members = new Set<StackId>();
    let ends = false;
    for (const stack of stacks) ends = this.stacks.expand(stack, members) || ends;
    return this.#intern(members, ends);
  }

  /** The state of stacks that begin with a literal or a set already. */
  of(stacks: Iterable<StackId>): StateId {
    const members = new Set(stacks);
    return this.#intern(members, members.delete(BOTTOM));
  }

  /** Transitions as [states, classes], UNKNOWN where `next` has to be asked; another array once there are more states. */
  get table(): Int32Array {
    return this.#next;
  }

  next(state: StateId, symbol: number): StateId {
    const symbolClass = this.classes.of[symbol];
    const next = this.#next[state * this.#width + symbolClass];
    return next === UNKNOWN ? this.#compute(state, symbolClass) : next;
  }

  #compute(state: StateId, symbolClass: number): StateId {
    const symbol = this.classes.members[symbolClass];
    const members = new Set<StackId>();
    let ends = false;
    for (const stack of this.#members[state]) {
      if (stack === BOTTOM) continue;
      ends = this.stacks.take(stack, symbol, members) || ends;
      if (members.size > MOST_STACKS) throw tooAmbiguous();
    }
    const next = this.#intern(members, ends);
    this.#next[state * this.#width + symbolClass] = next;
    return next;
  }

  #intern(members: Set<StackId>, ends: boolean): StateId {
    if (members.size > MOST_STACKS) throw tooAmbiguous();
    const all = Int32Array.from(members);
    const sorted = ends ? Int32Array.of(BOTTOM, ...all.sort()) : all.sort();
    const key = sorted.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const state = this.#members.length;
    this.#known.set(key, state);
    this.#members.push(sorted);
    this.#needs.push(sorted.reduce((least, stack) => Math.min(least, this.stacks.need(stack)), Infinity));
    if ((state + 1) * this.#width > this.#next.length) {
      const larger = new Int32Array(this.#next.length * 2).fill(UNKNOWN, this.#next.length);
      larger.set(this.#next);
      this.#next = larger;
    }
    return state;
  }
}

function tooAmbiguous(): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    `format: a text can be read in more than ${MOST_STACKS} ways by this grammar; make it less ambiguous`,
  );
}
