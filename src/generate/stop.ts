// Stop texts in a stream: the text may come in any pieces, and nothing of a stop text ever goes out. An automaton (Aho and Corasick,
// 1975) follows all of them at once; its state's depth is how much of the text's end may still become a stop text.

import { AnyqwenError } from "../core/errors.ts";

export interface StopPush {
  /** What can go out now. */
  readonly text: string;
  /** The stop text that came, after which nothing goes out any more. */
  readonly stop?: string;
}

interface State {
  readonly next: Map<number, State>;
  readonly depth: number;
  /** The state of the longest proper suffix that begins a stop text. */
  fail: State | undefined;
  /** The longest stop text that ends here. */
  stop: string | undefined;
}

/**
 * The stop text whose last character comes first ends the stream; of several that end there, the longest. So what goes out does not
 * depend on how the text was cut.
 */
export class StopMatcher {
  readonly #root: State;
  #state: State;
  #held = "";
  #stopped = false;

  constructor(stops: readonly string[]) {
    if (stops.includes("")) {
      throw new AnyqwenError("invalid-argument", "a stop text is empty; give at least one character");
    }
    this.#root = automaton(stops);
    this.#state = this.#root;
  }

  push(piece: string): StopPush {
    if (this.#stopped) return { text: "" };
    const text = this.#held + piece;
    for (let i = this.#held.length; i < text.length; i++) {
      this.#state = follow(this.#state, text.charCodeAt(i), this.#root);
      const { stop } = this.#state;
      if (stop === undefined) continue;
      this.#stopped = true;
      this.#held = "";
      return { text: text.slice(0, i + 1 - stop.length), stop };
    }
    const free = text.length - this.#state.depth;
    this.#held = text.slice(free);
    return { text: text.slice(0, free) };
  }

  /** What was held back, when the text ends without a stop text. */
  end(): string {
    const held = this.#held;
    this.#held = "";
    this.#stopped = true;
    return held;
  }
}

function automaton(stops: readonly string[]): State {
  const root = newState(0);
  for (const stop of stops) {
    let state = root;
    for (let i = 0; i < stop.length; i++) {
      const code = stop.charCodeAt(i);
      const next = state.next.get(code) ?? newState(i + 1);
      state.next.set(code, next);
      state = next;
    }
    state.stop = stop;
  }
  // Breadth first: a state's suffixes are shorter, so they are done before it.
  const queue = [root];
  for (const state of queue) {
    for (const [code, next] of state.next) {
      next.fail = state.fail ? follow(state.fail, code, root) : root;
      next.stop ??= next.fail.stop;
      queue.push(next);
    }
  }
  return root;
}

function newState(depth: number): State {
  return { next: new Map(), depth, fail: undefined, stop: undefined };
}

function follow(from: State, code: number, root: State): State {
  for (let state: State | undefined = from; state; state = state.fail) {
    const next = state.next.get(code);
    if (next) return next;
  }
  return root;
}
