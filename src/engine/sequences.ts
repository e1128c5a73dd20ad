// The sequences of one executor and the room they share. A sequence knows its ids, so whatever the device holds of it can be
// dropped when others need the room, and be computed again later with the same bits (numerics.md).

import type { Executor, SequenceState } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { KV_PAGE } from "../models/memory-plan.ts";
import type { CheckpointMarks } from "./checkpoints.ts";
import type { DraftTrack } from "./draft-track.ts";
import { type Page, PageCount, PageList } from "./pages.ts";

/** How many ids both begin with, at most `most`. */
export function commonLength(a: readonly number[], b: readonly number[], most: number): number {
  const end = Math.min(most, a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

export class Sequence {
  /** Ids held by the state, and after them those that are to be fed. */
  tokens: number[] = [];
  /** A generation works on it. */
  busy = false;
  lastUsed = 0;
  /** Positions that it will hold after the step that is being put together; 0 between steps. */
  reserved = 0;
  /** Where a recurrent state is to be kept. */
  marks: CheckpointMarks | undefined;
  /** What the MTP layer knows of it, where it is asked for drafts. */
  track: DraftTrack | undefined;
  readonly #pages: PageList;
  #state: SequenceState;

  constructor(state: SequenceState, count: PageCount) {
    this.#state = state;
    this.#pages = new PageList(count);
  }

  get state(): SequenceState {
    return this.#state;
  }

  /** The adapter that what it holds was computed with. */
  get adapter(): string | undefined {
    return this.#state.adapter;
  }

  /** How many of the tokens the device holds. */
  get held(): number {
    return this.#state.length;
  }

  get pages(): readonly Page[] {
    return this.#pages.pages;
  }

  /** Becomes as `other` is up to `length`, in the place of what it held itself; the state's pages are shared. */
  follow(other: Sequence, length: number): void {
    const state = other.state.fork();
    this.#state.release();
    this.#state = state;
    this.#pages.shareOf(other.#pages, other.held);
    this.dropTrack();
    this.track = other.track?.fork();
    this.holdAtMost(length);
    this.tokens = other.tokens.slice(0, length);
  }

  /** Makes `tokens` what the sequence is to hold; keeps of the longest common prefix what the state can go back to. */
  aim(tokens: readonly number[]): void {
    this.holdAtMost(this.#common(tokens));
    this.tokens = [...tokens];
  }

  /** How much of `tokens` is held and can be gone on from. */
  heldOf(tokens: readonly number[]): number {
    return this.#state.reachable(this.#common(tokens));
  }

  /** The last token is fed again even when it is held: its logits are wanted. */
  #common(tokens: readonly number[]): number {
    return commonLength(this.tokens, tokens, Math.min(this.held, tokens.length - 1));
  }

  /** How much of its first `length` tokens others will be able to go on from, once they are computed. */
  sharable(length: number): number {
    return this.marks ? this.marks.upTo(length) : length;
  }

  /** How many of the next `count` tokens a step may take: those up to the next state that is to be kept. */
  upToMark(count: number): number {
    return this.marks ? Math.min(count, this.marks.after(this.held) - this.held) : count;
  }

  /** A generation is over: what was drawn last, or not reached, is no part of the sequence. */
  settle(): void {
    this.busy = false;
    this.rewind(Math.min(this.held, this.tokens.length));
  }

  /** Forgets the tokens from `length` on. */
  rewind(length: number): void {
    this.holdAtMost(length);
    this.tokens.length = Math.min(length, this.tokens.length);
  }

  /** The device forgets the positions from `length` on, of a hybrid those behind a checkpoint; the tokens stay, to be fed again. */
  holdAtMost(length: number): void {
    if (length >= this.held) return;
    this.#state.rewind(length);
    this.#pages.keep(this.held);
    this.track?.rewind(this.held);
  }

  dropTrack(): void {
    this.track?.release();
    this.track = undefined;
  }

  /** Gives the state back; the tokens stay. `next` takes its place, if the sequence lives on. */
  drop(next?: SequenceState): void {
    this.#state.release();
    this.dropTrack();
    this.#pages.keep(0);
    if (next) this.#state = next;
  }

  /** Pages that a step up to `positions` takes. */
  missingPages(positions: number, isShared?: (page: Page) => boolean): number {
    return this.#pages.missing(this.held, positions, isShared);
  }

  reserve(positions: number): void {
    this.#pages.write(this.held, positions);
    this.reserved = positions;
  }

  /** The step is over; pages that it did not fill go back. */
  endStep(): void {
    this.reserved = 0;
    if (this.marks?.has(this.held)) this.#state.checkpoint();
    this.#pages.keep(this.held);
  }
}

/** Ended answers that are kept for a prompt that begins like them, and the least that is worth sharing. */
const MOST_KEPT = 64;
const LEAST_SHARED = 16;

export class SequencePool {
  readonly #executor: Executor;
  /** In pages. */
  readonly #capacity: number;
  /** Sequences of a hybrid that can hold something at the same time: each needs a recurrent state. */
  readonly #states: number;
  readonly #count = new PageCount();
  readonly #sequences = new Set<Sequence>();
  /** Those that belong to nobody. */
  readonly #kept = new Set<Sequence>();
  readonly #watchers = new Set<() => void>();
  #clock = 0;

  constructor(executor: Executor, positions: number, states = Infinity) {
    this.#executor = executor;
    this.#states = states;
    this.#capacity = Math.ceil(positions / KV_PAGE);
  }

  /** Positions of all sequences together. */
  get capacity(): number {
    return this.#capacity * KV_PAGE;
  }

  get usedPages(): number {
    return this.#count.used;
  }

  /** Whether sequences have a recurrent state, which goes back in steps only. */
  get recurrent(): boolean {
    return this.#states < Infinity;
  }

  create(adapter?: string): Sequence {
    const sequence = new Sequence(this.#executor.createState(adapter), this.#count);
    this.touch(sequence);
    this.#sequences.add(sequence);
    return sequence;
  }

  /** A second sequence that is as this one; what it holds is shared until they differ. */
  fork(of: Sequence): Sequence {
    const fork = this.create();
    fork.follow(of, of.held);
    fork.tokens = [...of.tokens];
    return fork;
  }

  /**
   * How much of `tokens` is held by any sequence with that adapter, and by which; the last token does not count, its logits are to be
   * had anew.
   */
  longestHeld(
    tokens: readonly number[],
    adapter: string | undefined,
  ): { readonly length: number; readonly by: Sequence | undefined } {
    let length = 0;
    let by: Sequence | undefined;
    for (const sequence of this.#sequences) {
      if (sequence.adapter !== adapter) continue;
      const held = sequence.heldOf(tokens);
      if (held > length) [length, by] = [held, sequence];
    }
    return { length, by };
  }

  /** Lets `sequence` hold as much of its tokens as another does, running or ended, if that is worth a fork. */
  borrow(sequence: Sequence): void {
    const { tokens } = sequence;
    const { length, by } = this.longestHeld(tokens, sequence.adapter);
    if (!by || by === sequence || length < sequence.held + LEAST_SHARED) return;
    sequence.follow(by, length);
    sequence.tokens = tokens;
    this.touch(by);
    // What goes on where an ended one ended takes its place; otherwise both stay.
    if (this.#kept.has(by) && length === by.held) this.release(by);
  }

  /** Nobody needs the sequence any more, but the next prompt may begin like it. */
  keep(sequence: Sequence): void {
    if (sequence.held < LEAST_SHARED) return this.release(sequence);
    this.#kept.add(sequence);
    this.tellChange();
    if (this.#kept.size > MOST_KEPT) this.release([...this.#kept].reduce(leastRecent));
  }

  release(sequence: Sequence): void {
    this.#kept.delete(sequence);
    if (this.#sequences.delete(sequence)) sequence.drop();
    this.tellChange();
  }

  touch(sequence: Sequence): void {
    sequence.lastUsed = ++this.#clock;
  }

  /**
   * Reserves room for `sequence` to grow to `positions`, if need be at the cost of idle sequences, least recently used first.
   * `spare` positions must stay free beside. Says whether it could; if not, nothing was dropped. Holds until `settle`.
   */
  reserve(sequence: Sequence, positions: number, spare = 0): boolean {
    const others = [...this.#sequences].filter((other) => other !== sequence);
    const fits = () => this.#count.used + sequence.missingPages(positions + spare) <= this.#capacity;
    const hasState = () => others.filter(holds).length < this.#states;
    if (!fits() || !hasState()) {
      const idle = others.filter((other) => !other.busy && other.held > 0);
      if (others.filter(holds).length - idle.length >= this.#states) return false;
      const fixed = holdersAmong([...this.#sequences].filter((other) => !idle.includes(other)));
      const missing = sequence.missingPages(positions + spare, (page) => (fixed.get(page) ?? 0) > 1);
      if (fixed.size + missing > this.#capacity) return false;
      // Pages that others hold too give no room, but for one that need not be copied once it is the sequence's alone.
      const written = sequence.pages[Math.floor(sequence.held / KV_PAGE)];
      const givesRoom = (page: Page) => !fixed.has(page) || (page === written && fixed.get(page) === 1);
      idle.sort((a, b) => a.lastUsed - b.lastUsed);
      for (const other of idle) if (!hasState() || (!fits() && other.pages.some(givesRoom))) this.drop(other);
    }
    sequence.reserve(positions);
    return true;
  }

  /** Reserves, or fails with context-overflow. */
  require(sequence: Sequence, positions: number): void {
    if (this.reserve(sequence, positions)) return;
    throw new AnyqwenError(
      "context-overflow",
      `${positions} positions are needed, more than are free of the ${this.capacity} that were loaded` +
        `${this.recurrent ? `, or all of the ${this.#states} recurrent states are in use` : ""}; ` +
        "load with more contextTokens, or wait until other requests have ended",
    );
  }

  /** A step is over: what sequences hold is what counts again. */
  settle(): void {
    for (const sequence of this.#sequences) if (sequence.reserved > 0) sequence.endStep();
  }

  /** Gives back the device's part of a sequence; its tokens stay. */
  drop(sequence: Sequence): void {
    if (this.#kept.has(sequence)) return this.release(sequence);
    sequence.drop(this.#executor.createState(sequence.adapter));
  }

  /** Lets `sequence` go on with an adapter; what was computed with another one is dropped, its tokens stay. */
  adapt(sequence: Sequence, adapter: string | undefined): void {
    if (sequence.adapter !== adapter) sequence.drop(this.#executor.createState(adapter));
  }

  /** No sequence uses the adapter any more; false, and nothing has changed, if one is being worked on. */
  forgetAdapter(adapter: string): boolean {
    const users = [...this.#sequences].filter((sequence) => sequence.adapter === adapter);
    if (users.some(({ busy }) => busy)) return false;
    for (const sequence of users) {
      if (this.#kept.has(sequence)) this.release(sequence);
      else this.adapt(sequence, undefined);
    }
    return true;
  }

  /** Whether a sequence that somebody works on, and that is none of `own`, holds room. */
  anyAtWorkBut(own: readonly Sequence[]): boolean {
    for (const sequence of this.#sequences)
      if (sequence.busy && (sequence.held > 0 || sequence.reserved > 0) && !own.includes(sequence)) return true;
    return false;
  }

  /**
   * Settles when work on a sequence has ended, or when `signal` is aborted. What is only dropped wakes nobody: whoever waits would take
   * the room before those do for whom it was dropped.
   */
  change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        signal?.removeEventListener("abort", settle);
        this.#watchers.delete(settle);
        resolve();
      };
      signal?.addEventListener("abort", settle);
      this.#watchers.add(settle);
    });
  }

  tellChange(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

const holds = ({ held, reserved }: Sequence) => held > 0 || reserved > 0;

const leastRecent = (a: Sequence, b: Sequence) => (b.lastUsed < a.lastUsed ? b : a);

/** How many of `sequences` hold each page that any of them holds. */
function holdersAmong(sequences: readonly Sequence[]): Map<Page, number> {
  const holders = new Map<Page, number>();
  for (const { pages } of sequences) for (const page of pages) holders.set(page, (holders.get(page) ?? 0) + 1);
  return holders;
}
