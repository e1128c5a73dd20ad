// Where a conversation with a hybrid keeps recurrent states to come back to: every 1,024 tokens, at the end of the first message (what
// conversations have in common) and of the last four before the answer. Templates drop old thoughts, so the next prompt parts from
// what is held where the answer began; edits are mostly of late messages.

/** Positions from one regular checkpoint to the next. */
const CHECKPOINT_STEP = 1024;
/** A checkpoint is a copy of the state and ends a step of prefill, so that not every message of a long conversation gets one. */
const LAST_MESSAGES = 4;

export class CheckpointMarks {
  /** Ascending, without the regular ones. */
  readonly #positions: readonly number[];

  /** `messageStart`: the id that begins a message. */
  constructor(prompt: readonly number[], messageStart: number | undefined) {
    const starts = prompt.flatMap((id, position) => (id === messageStart && position > 0 ? [position] : []));
    this.#positions = [...new Set([...starts.slice(0, 1), ...starts.slice(-LAST_MESSAGES)])];
  }

  has(position: number): boolean {
    return (position > 0 && position % CHECKPOINT_STEP === 0) || this.#positions.includes(position);
  }

  /** The last one up to `position`; 0 if there is none. */
  upTo(position: number): number {
    const regular = Math.floor(position / CHECKPOINT_STEP) * CHECKPOINT_STEP;
    return Math.max(regular, this.#positions.findLast((marked) => marked <= position) ?? 0);
  }

  /** The first one behind `position`. */
  after(position: number): number {
    const regular = (Math.floor(position / CHECKPOINT_STEP) + 1) * CHECKPOINT_STEP;
    return Math.min(regular, this.#positions.find((marked) => marked > position) ?? Infinity);
  }
}
