// The sequences of one executor and the room they share. A sequence knows its ids, so whatever the device holds of it can be
// dropped when others need the room, and be computed again later with the same bits (numerics.md).

import type { Executor, SequenceState } from "../core/device.ts";
import { KV_PAGE } from "../models/memory-plan.ts";

const pages = (positions: number) => Math.ceil(positions / KV_PAGE);

function commonLength(a: readonly number[], b: readonly number[], most: number): number {
  const end = Math.min(most, a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

/** What a fork shares with its origin, in whole pages; less once either of them goes back. */
interface Share {
  readonly fork: Sequence;
  pages: number;
}

export class Sequence {
  /** Ids held by the state, and after them those that are to be fed. */
  tokens: number[] = [];
  state: SequenceState;
  /** A generation works on it. */
  busy = false;
  lastUsed = 0;
  /** Positions that it will hold after the step that is being put together; 0 between steps. */
  reserved = 0;
  #origin: Share | undefined;
  readonly #forks = new Set<Share>();

  constructor(state: SequenceState) {
    this.state = state;
  }

  /** A second sequence that is as this one; the state's full pages are shared. */
  fork(): Sequence {
    const fork = new Sequence(this.state.fork());
    fork.tokens = [...this.tokens];
    fork.#origin = { fork, pages: Math.floor(this.held / KV_PAGE) };
    this.#forks.add(fork.#origin);
    return fork;
  }

  /** Pages that only this sequence accounts for, were it to hold `positions`. */
  ownPages(positions: number): number {
    return pages(positions) - (this.#origin?.pages ?? 0);
  }

  /** How many of the tokens the device holds. */
  get held(): number {
    return this.state.length;
  }

  /** Makes `tokens` what the sequence is to hold; keeps the longest common prefix. Returns its length. */
  aim(tokens: readonly number[]): number {
    const held = this.held;
    // The last token is fed again even when it is held: its logits are wanted.
    const common = commonLength(this.tokens, tokens, Math.min(held, tokens.length - 1));
    if (common < held) this.#goBack(common);
    this.tokens = [...tokens];
    return common;
  }

  /** A generation is over: what was drawn last, or not reached, is no part of the sequence. */
  settle(): void {
    this.busy = false;
    this.rewind(Math.min(this.held, this.tokens.length));
  }

  /** Forgets the tokens from `length` on. */
  rewind(length: number): void {
    if (length < this.held) this.#goBack(length);
    this.tokens.length = Math.min(length, this.tokens.length);
  }

  /** Gives the state back; the tokens stay. `next` takes its place, if the sequence lives on. */
  drop(next?: SequenceState): void {
    this.#unshare(0);
    this.state.release();
    if (next) this.state = next;
  }

  #goBack(length: number): void {
    this.#unshare(Math.floor(length / KV_PAGE));
    this.state.rewind(length);
  }

  /** From page `from` on nothing is shared any more, neither with the origin nor with forks. */
  #unshare(from: number): void {
    for (const share of [...this.#forks, ...(this.#origin ? [this.#origin] : [])]) {
      share.pages = Math.min(share.pages, from);
      if (share.pages === 0) this.#forks.delete(share);
    }
  }
}

/** Ended answers that are kept for a prompt that begins like them, and the least that is worth sharing. */
const MOST_KEPT = 16;
const LEAST_SHARED = 16;

export class SequencePool {
  readonly #executor: Executor;
  readonly #capacity: number;
  readonly #sequences = new Set<Sequence>();
  /** Those that belong to nobody, the oldest first. */
  readonly #kept: Sequence[] = [];
  #clock = 0;

  constructor(executor: Executor, positions: number) {
    this.#executor = executor;
    this.#capacity = pages(positions);
  }

  /** Positions of all sequences together. */
  get capacity(): number {
    return this.#capacity * KV_PAGE;
  }

  create(): Sequence {
    return this.#add(new Sequence(this.#executor.createState()));
  }

  fork(of: Sequence): Sequence {
    return this.#add(of.fork());
  }

  /** A sequence for `prompt` that already holds as much of it as any that was kept. */
  claim(prompt: readonly number[]): Sequence {
    let [best, most] = [-1, LEAST_SHARED - 1];
    for (const [i, { tokens, held }] of this.#kept.entries()) {
      const shared = commonLength(tokens, prompt, held);
      if (shared >= most) [best, most] = [i, shared];
    }
    if (best < 0) return this.create();
    const kept = this.#kept[best];
    // What goes on where another ended takes its place; otherwise both stay.
    if (most < kept.held) return this.fork(kept);
    this.#kept.splice(best, 1);
    return kept;
  }

  /** Nobody needs the sequence any more, but the next prompt may begin like it. */
  keep(sequence: Sequence): void {
    if (sequence.held < LEAST_SHARED) return this.release(sequence);
    this.#kept.push(sequence);
    if (this.#kept.length > MOST_KEPT) this.release(this.#kept.shift() as Sequence);
  }

  release(sequence: Sequence): void {
    if (this.#sequences.delete(sequence)) sequence.drop();
  }

  touch(sequence: Sequence): void {
    sequence.lastUsed = ++this.#clock;
  }

  /**
   * Reserves room for `sequence` to grow to `positions`, if need be at the cost of idle sequences, least recently used first.
   * `spare` positions must stay free beside. Says whether it could; the reservation holds until `settle`.
   */
  reserve(sequence: Sequence, positions: number, spare = 0): boolean {
    while (this.#used(sequence) + sequence.ownPages(positions + spare) > this.#capacity) {
      const idle = [...this.#sequences].filter((other) => other !== sequence && !other.busy && other.held > 0);
      if (idle.length === 0) return false;
      this.drop(idle.reduce((oldest, other) => (other.lastUsed < oldest.lastUsed ? other : oldest)));
    }
    sequence.reserved = positions;
    return true;
  }

  /** A step is over: what sequences hold is what counts again. */
  settle(): void {
    for (const sequence of this.#sequences) sequence.reserved = 0;
  }

  /** Gives back the device's part of a sequence; its tokens stay. */
  drop(sequence: Sequence): void {
    const kept = this.#kept.indexOf(sequence);
    if (kept >= 0) this.#kept.splice(kept, 1);
    if (kept >= 0) return this.release(sequence);
    sequence.drop(this.#executor.createState());
  }

  #used(except: Sequence): number {
    let used = 0;
    for (const sequence of this.#sequences)
      if (sequence !== except) used += pages(Math.max(sequence.held, sequence.reserved));
    return used;
  }

  #add(sequence: Sequence): Sequence {
    this.touch(sequence);
    this.#sequences.add(sequence);
    return sequence;
  }
}
