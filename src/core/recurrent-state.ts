// Recurrent state of sequences, whatever a device makes it of. Unlike a KV cache it cannot be cut at a position: to go back, a
// sequence needs the state as it was there. So states are kept as checkpoints, shared between forks, copied when somebody writes;
// the number of all of them is bounded, and checkpoints give way to sequences that run. Drafts, which may not hold, leave the state
// as it was before them and their updates in a log: those that hold are replayed by the next step, or by whoever needs the state.

import { MOST_DRAFTS } from "./device.ts";
import { AnyqwenError } from "./errors.ts";

/** The state after some position, held by sequences and checkpoints. */
interface Slot<S> {
  readonly content: S;
  holders: number;
}

interface Checkpoint<S> {
  readonly position: number;
  /** Sequences that can come back to it. */
  holders: number;
  /** Undefined once it gave way. */
  slot: Slot<S> | undefined;
}

/** Where states live: new ones hold what `like` holds, or zeros. */
export interface StateMemory<S, L> {
  /** Bytes of a state. */
  readonly bytes: number;
  allocate(like: S | undefined): S;
  free(content: S): void;
  /** Where the bytes lie, in an order that is the same for all who can restore them. */
  pieces(content: S): Iterable<Uint8Array>;
  /** Bytes of a log of `MOST_DRAFTS` updates. */
  readonly logBytes: number;
  allocateLog(): L;
  freeLog(log: L): void;
  /** Applies the first `count` updates of the log. */
  replay(content: S, log: L, count: number): void;
}

/** How many sequences may hold a log at a time: as many as can have drafts in one step of `maxRows` rows of logits. */
export function logCapacity(states: number, maxRows: number): number {
  return Math.max(1, Math.min(states, maxRows >> 1));
}

/** Whoever holds a log. */
interface LogHolder {
  /** It has a part in the step that is being put together. */
  readonly stepping: boolean;
  settle(): void;
}

/** All states of one executor. */
export class StateSlots<S, L> {
  #used = 0;
  /** The least recently used one comes first. */
  readonly #logs = new Set<LogHolder>();
  /** The least recently used one comes first. */
  readonly #checkpoints = new Set<Checkpoint<S>>();

  constructor(
    readonly memory: StateMemory<S, L>,
    private readonly capacity: number,
    private readonly logs: number,
  ) {}

  /** Bytes of the states and logs that are there now. */
  get bytes(): number {
    return this.#used * this.memory.bytes + this.#logs.size * this.memory.logBytes;
  }

  /** A log for `holder`; the one that was used longest ago gives way, its updates applied. */
  takeLog(holder: LogHolder): L {
    while (this.#logs.size >= this.logs) {
      const idle = [...this.#logs].find(({ stepping }) => !stepping);
      if (!idle) throw new AnyqwenError("invalid-argument", `step: drafts of more than ${this.logs} sequences`);
      idle.settle();
    }
    const log = this.memory.allocateLog();
    this.#logs.add(holder);
    return log;
  }

  touchLog(holder: LogHolder): void {
    this.#logs.delete(holder);
    this.#logs.add(holder);
  }

  giveLog(holder: LogHolder, log: L): void {
    this.#logs.delete(holder);
    this.memory.freeLog(log);
  }

  /** A slot that nobody else holds, with what `slot` holds or zeros; it takes that one's place. */
  own(slot: Slot<S> | undefined): Slot<S> {
    while (this.#used >= this.capacity && slot?.holders !== 1) this.#evict();
    if (slot?.holders === 1) return slot;
    const content = this.memory.allocate(slot?.content);
    this.#used++;
    if (slot) this.give(slot);
    return { content, holders: 1 };
  }

  give(slot: Slot<S>): void {
    if (--slot.holders > 0) return;
    this.#used--;
    this.memory.free(slot.content);
  }

  keep(position: number, slot: Slot<S>): Checkpoint<S> {
    slot.holders++;
    const checkpoint = { position, holders: 1, slot };
    this.#checkpoints.add(checkpoint);
    return checkpoint;
  }

  touch(checkpoint: Checkpoint<S>): void {
    this.#checkpoints.delete(checkpoint);
    this.#checkpoints.add(checkpoint);
  }

  forget(checkpoint: Checkpoint<S>): void {
    if (--checkpoint.holders === 0) this.#drop(checkpoint);
  }

  /** One checkpoint less: the least recently used one that gives room, if there is such. */
  #evict(): void {
    const all = [...this.#checkpoints];
    const oldest = all.find(({ slot }) => slot?.holders === 1) ?? all[0];
    if (!oldest) {
      throw new AnyqwenError(
        "context-overflow",
        `all ${this.capacity} recurrent states are in use; close a session, or load with more states`,
      );
    }
    this.#drop(oldest);
  }

  #drop(checkpoint: Checkpoint<S>): void {
    this.#checkpoints.delete(checkpoint);
    if (checkpoint.slot) this.give(checkpoint.slot);
    checkpoint.slot = undefined;
  }
}

/** A saved checkpoint says where it stood. */
const POSITION_BYTES = 4;

/** The recurrent state of one sequence, at the position that the sequence is at, and its checkpoints. */
export class RecurrentState<S, L> {
  /** The state before the updates that are pending. Undefined before the first token: zeros. */
  #slot: Slot<S> | undefined;
  /** Of the last step with drafts. */
  #log: L | undefined;
  /** How many updates of the log are part of the state; they are not applied yet. While there are any, nobody shares the slot. */
  #pending = 0;
  #stepping = false;
  /** Ascending. */
  #checkpoints: Checkpoint<S>[] = [];

  constructor(private readonly slots: StateSlots<S, L>) {}

  get stepping(): boolean {
    return this.#stepping;
  }

  /** Makes what a step writes its own: the state, and a log where there are drafts. It is over with `commit` or `rewind`. */
  begin(drafts: number): void {
    this.#slot = this.slots.own(this.#slot);
    if (drafts === 0) return;
    if (drafts > MOST_DRAFTS) {
      throw new AnyqwenError("invalid-argument", `step: ${drafts} drafts; at most ${MOST_DRAFTS} can be taken back`);
    }
    this.#stepping = true;
    if (this.#log === undefined) this.#log = this.slots.takeLog(this);
    else this.slots.touchLog(this);
  }

  /** What a step reads and writes: the state, how many updates of the log it has to apply first, and the log. */
  get held(): { readonly state: S | undefined; readonly log: L | undefined; readonly pending: number } {
    return { state: this.#slot?.content, log: this.#log, pending: this.#pending };
  }

  /** The step is done: pending updates are applied, and the log has those of its drafts. */
  commit(drafts: number): void {
    this.#stepping = false;
    this.#pending = drafts;
  }

  /** Applies what is pending and gives the log back. */
  settle(): void {
    if (this.#log === undefined) return;
    if (this.#slot && this.#pending > 0) this.slots.memory.replay(this.#slot.content, this.#log, this.#pending);
    this.#dropLog();
  }

  checkpoint(position: number): void {
    if (!this.#slot || this.#kept().at(-1)?.position === position) return;
    this.settle();
    this.#checkpoints.push(this.slots.keep(position, this.#slot));
  }

  /** Where a rewind from position `now` to `position` leads: there, or to the last checkpoint before it. */
  reachable(position: number, now: number): number {
    return position >= now - this.#pending ? position : (this.#before(position)?.position ?? 0);
  }

  /** Goes there. */
  rewind(position: number, now: number): number {
    this.#stepping = false;
    // at 0 a state that was taken for a step that failed goes back
    if (position > 0 && position >= now - this.#pending) {
      this.#pending -= now - position;
      return position;
    }
    this.#dropLog();
    const checkpoint = this.#before(position);
    if (checkpoint?.slot) {
      checkpoint.slot.holders++;
      this.slots.touch(checkpoint);
    }
    if (this.#slot) this.slots.give(this.#slot);
    this.#slot = checkpoint?.slot;
    const reached = checkpoint?.position ?? 0;
    this.#checkpoints = this.#kept().filter((kept) => {
      if (kept.position > reached) this.slots.forget(kept);
      return kept.position <= reached;
    });
    return reached;
  }

  fork(): RecurrentState<S, L> {
    this.settle();
    const copy = new RecurrentState(this.slots);
    if (this.#slot) this.#slot.holders++;
    copy.#slot = this.#slot;
    copy.#checkpoints = this.#kept();
    for (const checkpoint of copy.#checkpoints) checkpoint.holders++;
    return copy;
  }

  /** The state of position `length` and the last checkpoint: what a conversation needs to go on, whatever its next turn keeps. */
  save(length: number): Uint8Array {
    this.settle();
    const { bytes, pieces } = this.slots.memory;
    if (!this.#slot) return new Uint8Array(0);
    const checkpoint = this.#before(length);
    const out = new Uint8Array(checkpoint ? 2 * bytes + POSITION_BYTES : bytes);
    copyOut(pieces(this.#slot.content), out.subarray(0, bytes));
    if (checkpoint?.slot) {
      copyOut(pieces(checkpoint.slot.content), out.subarray(bytes, 2 * bytes));
      new DataView(out.buffer).setUint32(2 * bytes, checkpoint.position, true);
    }
    return out;
  }

  /** Takes what `save` gave in the place of what is held. */
  restore(saved: Uint8Array, length: number): void {
    const { bytes, pieces } = this.slots.memory;
    this.rewind(0, length);
    if (length === 0 && saved.length === 0) return;
    const whole = 2 * bytes + POSITION_BYTES;
    const position =
      saved.length === whole ? new DataView(saved.buffer, saved.byteOffset + 2 * bytes).getUint32(0, true) : 0;
    if (length === 0 || (saved.length !== bytes && saved.length !== whole) || position > length) {
      throw new AnyqwenError(
        "format",
        `saved state: ${saved.length} bytes of recurrent state for ${length} positions; this model's has ${bytes}`,
      );
    }
    if (position > 0) {
      copyIn(saved.subarray(bytes, 2 * bytes), pieces(this.#own()));
      this.checkpoint(position);
    }
    copyIn(saved.subarray(0, bytes), pieces(this.#own()));
  }

  #own(): S {
    this.#slot = this.slots.own(this.#slot);
    return this.#slot.content;
  }

  #dropLog(): void {
    if (this.#log !== undefined) this.slots.giveLog(this, this.#log);
    this.#log = undefined;
    this.#pending = 0;
  }

  #before(position: number): Checkpoint<S> | undefined {
    return this.#kept().findLast((kept) => kept.position <= position);
  }

  #kept(): Checkpoint<S>[] {
    this.#checkpoints = this.#checkpoints.filter(({ slot }) => slot !== undefined);
    return this.#checkpoints;
  }
}

function copyOut(pieces: Iterable<Uint8Array>, out: Uint8Array): void {
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
}

function copyIn(bytes: Uint8Array, pieces: Iterable<Uint8Array>): void {
  let at = 0;
  for (const piece of pieces) {
    piece.set(bytes.subarray(at, at + piece.length));
    at += piece.length;
  }
}
