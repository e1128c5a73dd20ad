// Samples while a model trains: greedy continuations of a few prompts by the weights as they stand, on the training executor itself.
// It keeps no cache between passes, so tokens are guessed ahead and a pass checks all guesses at once; its predictions are the next
// guesses (Jacobi decoding, arXiv 2305.10427, section 3). Guesses change how many passes it takes, never what comes out.

import type { TrainingExecutor, TrainingSequence } from "../core/training.ts";
import type { SamplePrompt, SamplePrompts } from "./sample-prompts.ts";
import type { Sample } from "./types.ts";

export interface SampleLimits {
  /** Most tokens of a continuation. */
  readonly tokens: number;
  /** Most tokens of a pass. */
  readonly passTokens: number;
  /** That the model has. */
  readonly positions: number;
}

/** Guesses that a pass checks beyond what is known. */
const ahead = 16;

export class Sampler {
  readonly #drafts: readonly Draft[];

  constructor(
    private readonly executor: Pick<TrainingExecutor, "predict">,
    private readonly prompts: SamplePrompts,
    private readonly limits: SampleLimits,
  ) {
    this.#drafts = prompts.prompts.map((prompt) => new Draft(prompt, prompts.endIds, limits));
  }

  /** A continuation of each prompt; undefined when `signal` fires before all are there. */
  async take(signal: AbortSignal): Promise<Sample[] | undefined> {
    for (const draft of this.#drafts) draft.begin();
    for (;;) {
      const open = this.#drafts.filter(({ done }) => !done);
      if (open.length === 0) return this.#drafts.map((draft, n) => this.#sample(n, draft.continuation));
      for (const pass of this.#passes(open)) {
        await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
        if (signal.aborted) return undefined;
        const predictions = this.executor.predict(pass.map((draft) => draft.sequence));
        let at = 0;
        for (const draft of pass) {
          const { length } = draft.guesses;
          draft.check(predictions.subarray(at, at + length));
          at += length;
        }
      }
    }
  }

  #sample(n: number, ids: readonly number[]): Sample {
    const { prompts, endIds, decode } = this.prompts;
    const { prompt, expected } = prompts[n];
    const text = decode(ids);
    if (!expected) return { prompt, text };
    const end = expected.findIndex((id) => endIds.includes(id));
    return { prompt, text, expected: decode(end < 0 ? expected : expected.slice(0, end)) };
  }

  #passes(open: readonly Draft[]): Draft[][] {
    const passes: Draft[][] = [];
    let room = 0;
    for (const draft of open) {
      const { length } = draft.sequence.ids;
      if (length > room) {
        passes.push([]);
        room = this.limits.passTokens;
      }
      passes[passes.length - 1].push(draft);
      room -= length;
    }
    return passes;
  }
}

/** A prompt with what is known of its continuation and what is guessed beyond it. */
class Draft {
  readonly #prompt: readonly number[];
  readonly #tokens: Int32Array;
  readonly #endIds: readonly number[];
  #known = 0;
  #end = -1;

  constructor(
    { ids, expected = [] }: SamplePrompt,
    endIds: readonly number[],
    { tokens, passTokens, positions }: SampleLimits,
  ) {
    const length = Math.max(0, Math.min(tokens, Math.min(passTokens, positions) - ids.length));
    this.#prompt = ids;
    this.#endIds = endIds;
    this.#tokens = Int32Array.from({ length }, (_, n) => expected[n] ?? ids[ids.length - 1]);
  }

  /** What came out before is the first guess. */
  begin(): void {
    this.#known = 0;
    this.#end = -1;
  }

  get done(): boolean {
    return this.#end >= 0 || this.#known === this.#tokens.length;
  }

  /** Without the token that ends it. */
  get continuation(): number[] {
    return [...this.#tokens.subarray(0, this.#end >= 0 ? this.#end : this.#known)];
  }

  get guesses(): Int32Array {
    return this.#tokens.subarray(0, this.#known + ahead);
  }

  get sequence(): TrainingSequence {
    const { guesses } = this;
    const ids = Int32Array.from([...this.#prompt, ...guesses]);
    return { ids, labels: Int32Array.from([...this.#prompt.map(() => -100), ...guesses]) };
  }

  /** `predictions`: the likeliest token at the place of each guess. A guess is right if it was predicted and all before it are right. */
  check(predictions: Int32Array): void {
    const known = this.#known;
    let right = known;
    while (right < predictions.length && this.#tokens[right] === predictions[right]) right++;
    this.#known = Math.min(right + 1, predictions.length);
    this.#tokens.set(predictions.subarray(known), known);
    this.#end = this.#tokens.subarray(0, this.#known).findIndex((id) => this.#endIds.includes(id));
  }
}
