// Prompt lookup (Saxena, 2023): where the last few ids have come before, what followed them then is a good guess for what follows
// now. A guess changes speed and never text, so nothing here needs to be right. Occurrences of an n-gram are chained from the newest
// to the oldest, so that each token costs a constant to add and to take back.

export interface LookupOptions {
  /** Ids that must agree before anything is drafted. */
  readonly minMatch?: number;
  /** A longer agreement than this is no better. */
  readonly maxMatch?: number;
  /** Earlier occurrences to compare. */
  readonly candidates?: number;
}

export class PromptLookup {
  readonly #minMatch: number;
  readonly #maxMatch: number;
  readonly #candidates: number;
  readonly #tokens: number[] = [];
  /** Hash of an n-gram to where its newest occurrence ends. */
  readonly #newest = new Map<number, number>();
  /** Per position: where the n-gram that ends here ended before; -1 if nowhere. */
  readonly #earlier: number[] = [];

  constructor({ minMatch = 3, maxMatch = 16, candidates = 16 }: LookupOptions = {}) {
    this.#minMatch = minMatch;
    this.#maxMatch = maxMatch;
    this.#candidates = candidates;
  }

  get length(): number {
    return this.#tokens.length;
  }

  push(id: number): void {
    this.#tokens.push(id);
    const end = this.#tokens.length - 1;
    if (end + 1 < this.#minMatch) {
      this.#earlier.push(-1);
      return;
    }
    const hash = this.#hash(end);
    this.#earlier.push(this.#newest.get(hash) ?? -1);
    this.#newest.set(hash, end);
  }

  /** Forgets all tokens from `length` on. */
  rewind(length: number): void {
    while (this.#tokens.length > length) {
      const end = this.#tokens.length - 1;
      const earlier = this.#earlier.pop() as number;
      if (end + 1 >= this.#minMatch) {
        const hash = this.#hash(end);
        if (earlier < 0) this.#newest.delete(hash);
        else this.#newest.set(hash, earlier);
      }
      this.#tokens.pop();
    }
  }

  /** Makes `tokens` what it knows; cheap when they continue what it knew. */
  follow(tokens: readonly number[]): void {
    let common = Math.min(this.#tokens.length, tokens.length);
    for (let i = 0; i < common; i++) if (this.#tokens[i] !== tokens[i]) common = i;
    this.rewind(common);
    for (let i = common; i < tokens.length; i++) this.push(tokens[i]);
  }

  /** Up to `most` ids that may come next: what followed the longest agreement, the newest of equals. Empty if there is none. */
  draft(most: number): number[] {
    const end = this.#tokens.length - 1;
    let [from, longest] = [-1, this.#minMatch - 1];
    let at = this.#earlier[end] ?? -1;
    for (
      let tried = 0;
      at >= 0 && tried < this.#candidates && longest < this.#maxMatch;
      tried++, at = this.#earlier[at]
    ) {
      const match = this.#agreement(at, end);
      if (match > longest) [from, longest] = [at, match];
    }
    const draft: number[] = [];
    if (from < 0) return draft;
    // A repetition that reaches into the draft goes on in it.
    for (let i = from + 1; draft.length < most; i++) draft.push(i <= end ? this.#tokens[i] : draft[i - end - 1]);
    return draft;
  }

  /** How many ids up to `at` equal those up to `end`. */
  #agreement(at: number, end: number): number {
    let match = 0;
    while (match < this.#maxMatch && match <= at && this.#tokens[at - match] === this.#tokens[end - match]) match++;
    return match;
  }

  #hash(end: number): number {
    let hash = 0;
    for (let i = end - this.#minMatch + 1; i <= end; i++)
      hash = Math.imul(hash ^ this.#tokens[i], 0x9e3779b1) ^ (hash >>> 15);
    return hash;
  }
}
