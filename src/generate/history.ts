// The ids that penalties count: each distinct id with how often it was seen, kept up to date token by token, and undone as easily.

/** As SampleRequest.seen wants them. */
export interface SeenIds {
  readonly ids: Int32Array;
  readonly counts: Int32Array;
}

export class TokenHistory {
  /** Every id in order, for rewind. */
  readonly #tokens: number[] = [];
  /** Where an id stands in #ids and #counts. */
  readonly #slots = new Map<number, number>();
  readonly #ids: number[] = [];
  readonly #counts: number[] = [];

  constructor(ids: Iterable<number> = []) {
    for (const id of ids) this.push(id);
  }

  get length(): number {
    return this.#tokens.length;
  }

  push(id: number): void {
    this.#tokens.push(id);
    const slot = this.#slots.get(id);
    if (slot !== undefined) {
      this.#counts[slot]++;
      return;
    }
    this.#slots.set(id, this.#ids.length);
    this.#ids.push(id);
    this.#counts.push(1);
  }

  /** Forgets all tokens from `length` on. */
  rewind(length: number): void {
    while (this.#tokens.length > length) this.#pop();
  }

  /** The counts as they would be after further ids: what a row that checks a draft needs. A copy. */
  seenWith(further: readonly number[] = []): SeenIds {
    const length = this.#tokens.length;
    for (const id of further) this.push(id);
    const seen = { ids: Int32Array.from(this.#ids), counts: Int32Array.from(this.#counts) };
    this.rewind(length);
    return seen;
  }

  #pop(): void {
    const id = this.#tokens.pop() as number;
    const slot = this.#slots.get(id) as number;
    if (--this.#counts[slot] > 0) return;
    // The last id takes its place.
    const [lastId, lastCount] = [this.#ids.pop() as number, this.#counts.pop() as number];
    this.#slots.delete(id);
    if (lastId === id) return;
    this.#ids[slot] = lastId;
    this.#counts[slot] = lastCount;
    this.#slots.set(lastId, slot);
  }
}
