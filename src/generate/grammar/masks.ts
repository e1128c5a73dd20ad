// Which tokens may come next, as one bit per id. The part of a state that lies inside a shared node (a JSON string, say) is walked
// over the vocabulary once for all places where the node occurs; only the tokens that reach beyond its end are walked again with what
// follows there. A repetition of characters takes plain tokens by their length, so that only the others are walked.

import { BOTTOM, type StackId, type Stacks } from "./stacks.ts";
import { DEAD, type StateId, type States, UNKNOWN } from "./states.ts";
import type { TokenTrie } from "./trie.ts";
import type { GrammarVocabulary } from "./vocabulary.ts";

export interface TokenMask {
  readonly bits: Uint32Array;
  /** The largest number of tokens that is needed after any of them: with this many left, none leads too far. */
  readonly worst: number;
}

interface InnerMask extends TokenMask {
  /** Nodes of the trie at which the shared node can end. */
  readonly exits: readonly number[];
  readonly trie: TokenTrie;
}

export class Masks {
  readonly #states: States;
  readonly #stacks: Stacks;
  readonly #vocabulary: GrammarVocabulary;
  readonly #words: number;
  readonly #masks = new Map<StateId, TokenMask>();
  readonly #inner = new Map<StateId, InnerMask>();
  /** States along a path of the trie. */
  readonly #path: Int32Array;

  constructor(states: States, vocabulary: GrammarVocabulary) {
    this.#states = states;
    this.#stacks = states.stacks;
    this.#vocabulary = vocabulary;
    this.#words = (vocabulary.size + 31) >>> 5;
    this.#path = new Int32Array(vocabulary.longest + 1);
  }

  /** How many are kept. */
  get size(): number {
    return this.#masks.size + this.#inner.size;
  }

  /** Not to be written to. */
  of(state: StateId): TokenMask {
    const known = this.#masks.get(state);
    if (known) return known;
    const mask = this.#compute(state);
    this.#masks.set(state, mask);
    return mask;
  }

  /** Only tokens after which an end is at most `left` tokens away. */
  within(state: StateId, left: number): TokenMask {
    const bits = new Uint32Array(this.#words);
    const worst = this.#walk(this.#vocabulary.all, state, 0, bits, { left });
    return { bits, worst };
  }

  #compute(state: StateId): TokenMask {
    const stacks = this.#stacks;
    const groups = new Map<StackId, StackId[]>();
    for (const stack of this.#states.members(state)) {
      if (stack === BOTTOM) continue;
      const outer = stacks.outer(stack);
      const group = groups.get(outer);
      if (group) group.push(stack);
      else groups.set(outer, [stack]);
    }
    const bits = new Uint32Array(this.#words);
    let worst = 0;
    for (const [outer, members] of groups) {
      const inner = this.#innerMask(this.#states.of(members.map((stack) => stacks.inner(stack))));
      addBits(bits, inner.bits);
      const after = outer === BOTTOM ? DEAD : this.#states.opening([outer]);
      // What the inner part needs, with its counts unclamped, and what comes behind it.
      const more = members.reduce(
        (most, stack) => Math.max(most, stacks.need(stack) - stacks.need(stacks.inner(stack))),
        0,
      );
      worst = Math.max(worst, inner.worst + more);
      if (outer === BOTTOM) continue;
      for (const node of inner.exits) worst = Math.max(worst, this.#walk(inner.trie, after, node, bits));
    }
    return { bits, worst };
  }

  #innerMask(state: StateId): InnerMask {
    const known = this.#inner.get(state);
    if (known) return known;
    const bits = new Uint32Array(this.#words);
    const exits: number[] = [];
    const loop = this.#textLoop(state);
    const trie = loop === undefined ? this.#vocabulary.all : this.#vocabulary.special;
    let worst = this.#walk(trie, state, 0, bits, { exits });
    if (loop !== undefined) {
      addBits(bits, this.#vocabulary.plainMask(this.#stacks.most(loop)));
      worst = Math.max(worst, this.#stacks.need(loop));
    }
    const mask = { bits, worst, exits, trie };
    this.#inner.set(state, mask);
    return mask;
  }

  /** The repetition of plain characters that alone decides which plain tokens may come. */
  #textLoop(state: StateId): StackId | undefined {
    let loop: StackId | undefined;
    for (const stack of this.#states.members(state)) {
      if (stack === BOTTOM) return undefined;
      const own = this.#stacks.loop(stack);
      if (own !== undefined && (loop === undefined || own === loop)) loop = own;
      else if (this.#stacks.takesPlain(stack)) return undefined;
    }
    return loop !== undefined && this.#stacks.isClosed(loop) ? loop : undefined;
  }

  /** Sets the bits of the tokens below a trie node that the state allows; returns the largest need after any of them. */
  #walk(
    trie: TokenTrie,
    from: StateId,
    root: number,
    bits: Uint32Array,
    { left = Infinity, exits }: { left?: number; exits?: number[] } = {},
  ): number {
    const { symbol, depth, end, token, twin } = trie;
    const states = this.#states;
    const { of: classes, members } = states.classes;
    const width = members.length;
    const path = this.#path;
    const [above, last] = [depth[root] + 1, end[root]];
    let table = states.table;
    let worst = 0;
    path[0] = from;
    if (exits && states.mayEnd(from)) exits.push(root);
    for (let node = root + 1; node < last; ) {
      const level = depth[node] - above;
      let state = table[path[level] * width + classes[symbol[node]]];
      if (state === UNKNOWN) {
        state = states.next(path[level], symbol[node]);
        table = states.table;
      }
      if (state === DEAD) {
        node = end[node];
        continue;
      }
      path[level + 1] = state;
      if (exits && states.mayEnd(state)) exits.push(node);
      const id = token[node++];
      if (id < 0) continue;
      const need = states.need(state);
      if (need > left) continue;
      if (need > worst) worst = need;
      bits[id >>> 5] |= 1 << (id & 31);
      if (twin.size > 0)
        for (let same = twin.get(id); same !== undefined; same = twin.get(same)) bits[same >>> 5] |= 1 << (same & 31);
    }
    return worst;
  }
}

function addBits(into: Uint32Array, bits: Uint32Array): void {
  for (let i = 0; i < into.length; i++) into[i] |= bits[i];
}
