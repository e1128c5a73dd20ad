// Recurrent state of sequences, whatever a device makes it of. Unlike a KV cache it cannot be cut at a position: to go back, a
// sequence needs the state as it was there. So states are kept as checkpoints, shared between forks, copied when somebody writes;
// the number of all of them is bounded, and checkpoints give way to sequences that run.

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
export interface StateMemory<S> {
  /** Bytes of a state. */
  readonly bytes: number;
  allocate(like: S | undefined): S;
  free(content: S): void;
  /** Where the bytes lie, in an order that is the same for all who can restore them. */
  pieces(content: S): Iterable<Uint8Array>;
}

/** All states of one executor. */
export class StateSlots<S> {
  #used = 0;
  /** The least recently used one comes first. */
  readonly #checkpoints = new Set<Checkpoint<S>>();

  constructor(
    readonly memory: StateMemory<S>,
    private readonly capacity: number,
  ) {}

  /** Bytes of the states that are there now. */
  get bytes(): number {
    return this.#used * this.memory.bytes;
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
export class RecurrentState<S> {
  /** Undefined before the first token: zeros. */
  #slot: Slot<S> | undefined;
  /** Ascending. */
  #checkpoints: Checkpoint<S>[] = [];

  constructor(private readonly slots: StateSlots<S>) {}

  /** What is held, for writing. */
  own(): S {
    this.#slot = this.slots.own(this.#slot);
    return this.#slot.content;
  }

  checkpoint(position: number): void {
    if (!this.#slot || this.#kept().at(-1)?.position === position) return;
    this.#checkpoints.push(this.slots.keep(position, this.#slot));
  }

  /** Where a rewind from position `now` to `position` leads: there, or to the last checkpoint before it. */
  reachable(position: number, now: number): number {
    return position === now ? now : (this.#before(position)?.position ?? 0);
  }

  /** Goes there. */
  rewind(position: number, now: number): number {
    if (position === now && now > 0) return now; // at 0 a state that was taken for a step that failed goes back
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

  fork(): RecurrentState<S> {
    const copy = new RecurrentState(this.slots);
    if (this.#slot) this.#slot.holders++;
    copy.#slot = this.#slot;
    copy.#checkpoints = this.#kept();
    for (const checkpoint of copy.#checkpoints) checkpoint.holders++;
    return copy;
  }

  /** The state of position `length` and the last checkpoint: what a conversation needs to go on, whatever its next turn keeps. */
  save(length: number): Uint8Array {
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
      copyIn(saved.subarray(bytes, 2 * bytes), pieces(this.own()));
      this.checkpoint(position);
    }
    copyIn(saved.subarray(0, bytes), pieces(this.own()));
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
