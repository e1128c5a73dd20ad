// The sessions that callers hold open. What is asked of one session is done in turn; different sessions do not wait.

import { AnyqwenError } from "../core/errors.ts";
import type { Program } from "./program.ts";
import type { Sequence } from "./sequences.ts";

interface Entry {
  readonly sequence: Sequence;
  /** Whose device the sequence lies on. */
  readonly program: Program;
  last: Promise<unknown>;
}

export class SessionTable {
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  get size(): number {
    return this.#entries.size;
  }

  add(sequence: Sequence, program: Program): number {
    this.#entries.set(++this.#lastId, { sequence, program, last: Promise.resolve() });
    return this.#lastId;
  }

  /** Runs `work` when all that was asked of the session before is done. */
  run<T>(id: number, work: (sequence: Sequence, program: Program) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(id);
    if (!entry) return Promise.reject(new AnyqwenError("invalid-argument", "the session was closed"));
    const done = entry.last.then(() => work(entry.sequence, entry.program));
    entry.last = done.catch(() => {});
    return done;
  }

  remove(id: number): void {
    this.#entries.delete(id);
  }
}
