// What the MTP layer knows of a sequence. Position p gives it a pair: what the model's final norm gave for token p, and token p+1. Pairs
// wait here until they are fed. Where one is missing, after a rewind or after steps that nobody noted, it is left out: drafts may be worse
// then, and the text is the same.

import type { Drafter, SequenceState } from "../core/device.ts";

export interface Pair {
  readonly token: number;
  /** [H] */
  readonly hidden: Float32Array;
}

export class DraftTrack {
  /** In order of positions, up to `#end`; those behind the state's length are yet to be fed. */
  #waiting: Pair[] = [];
  /** Pairs of positions from here on are not known. */
  #end = 0;
  /** What the final norm gave for the last position, whose next token was not known. */
  #last: { readonly position: number; readonly hidden: Float32Array } | undefined;

  constructor(readonly state: SequenceState) {}

  static begin(drafter: Drafter): DraftTrack {
    return new DraftTrack(drafter.createState());
  }

  get waiting(): readonly Pair[] {
    return this.#waiting;
  }

  /** What a step gave: `rows` of the final norm for the positions from `from` on, in a sequence of `tokens`. */
  note(from: number, rows: readonly Float32Array[], tokens: readonly number[]): void {
    const known = this.#last?.position === from - 1 ? [this.#last.hidden, ...rows] : rows;
    const first = from - (known.length - rows.length);
    const next = Math.max(first, this.#end);
    for (let position = next; position < from + rows.length; position++) {
      const [token, hidden] = [tokens[position + 1], known[position - first]];
      if (token === undefined) this.#last = { position, hidden };
      else this.#waiting.push({ token, hidden });
      if (token !== undefined) this.#end = position + 1;
    }
  }

  /** The first `count` of those that wait were fed. */
  fed(count: number): void {
    this.#waiting = this.#waiting.slice(count);
  }

  /** Only the first `length` tokens of the sequence are left. */
  rewind(length: number): void {
    const excess = Math.max(0, this.#end - Math.max(0, length - 1));
    const unfed = Math.min(excess, this.#waiting.length);
    this.#waiting.length -= unfed;
    this.state.rewind(Math.max(0, this.state.length - (excess - unfed)));
    this.#end -= excess;
    if (this.#last && this.#last.position >= length) this.#last = undefined;
  }

  fork(): DraftTrack {
    const copy = new DraftTrack(this.state.fork());
    copy.#waiting = [...this.#waiting];
    copy.#end = this.#end;
    copy.#last = this.#last;
    return copy;
  }

  release(): void {
    this.state.release();
  }
}
