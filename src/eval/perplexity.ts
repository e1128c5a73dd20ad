// Perplexity: exp of the mean negative log-likelihood of the tokens of a text, each predicted from those before it.
// The error is one standard error of the mean, carried through the exponential (first order).

import type { EvaluationWindow } from "./windows.ts";

export interface PerplexityFigure {
  /** Windows done so far, and all of them. */
  readonly window: number;
  readonly windows: number;
  /** Tokens counted so far. */
  readonly tokens: number;
  readonly perplexity: number;
  /** One standard error of `perplexity`. */
  readonly error: number;
}

/** Natural log-probabilities of ids[start], ids[start + 1], …, each given all ids before it. */
export type Scorer = (ids: readonly number[], start: number) => Promise<ArrayLike<number>>;

/** The running figure after each window; the last one is the result. */
export async function* perplexity(
  windows: readonly EvaluationWindow[],
  score: Scorer,
): AsyncGenerator<PerplexityFigure, void> {
  const sum = new Mean();
  for (const [index, { ids, start }] of windows.entries()) {
    for (const logprob of Array.from(await score(ids, start))) sum.add(-logprob);
    const value = Math.exp(sum.mean);
    yield {
      window: index + 1,
      windows: windows.length,
      tokens: sum.count,
      perplexity: value,
      error: value * sum.standardError,
    };
  }
}

/** Mean and its standard error, added up one value at a time (Welford). */
export class Mean {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.#squares += delta * (value - this.mean);
  }

  get standardError(): number {
    return this.count < 2 ? 0 : Math.sqrt(this.#squares / this.count / (this.count - 1));
  }
}
