// How many tokens the MTP layer is asked for. A draft that holds saves most of a step, one that does not costs a part of one: those that
// hold may grow, and after several steps in which none held, drafting rests, twice as long each time.

/** More rows in a step cost more than they are likely to give. */
const MOST = 3;
/** Steps without a hit before it rests, and the longest rest. */
const [MISSES, LONGEST_REST] = [2, 64];

export class DraftPolicy {
  #size = 2;
  #misses = 0;
  #rest = 0;
  #resting = 0;

  /** Drafts for the next step; asked once a step. */
  next(): number {
    if (this.#resting === 0) return this.#size;
    this.#resting--;
    return 0;
  }

  /** What became of a step's drafts. */
  took(drafted: number, held: number): void {
    if (held > 0) {
      this.#size = held === drafted ? Math.min(MOST, this.#size + 1) : held;
      this.#misses = 0;
      this.#rest = 0;
      return;
    }
    this.#size = 1;
    if (++this.#misses < MISSES) return;
    this.#rest = Math.min(LONGEST_REST, Math.max(4, 2 * this.#rest));
    this.#resting = this.#rest;
  }
}
