// Which examples an update sees, and how they are cut into passes. Depends on seed and step alone, so that a run can be resumed.

import { AnyqwenError } from "../core/errors.ts";
import { type LabelledIds, type TrainingExample, tokensOf } from "./data/types.ts";
import { permutation } from "./random.ts";

const orderStream = 1;

export class Batches {
  readonly #size: number;
  readonly perEpoch: number;
  #epoch = -1;
  #order: Int32Array = new Int32Array(0);

  /** The last batch of an epoch may be smaller. */
  constructor(
    private readonly examples: readonly TrainingExample[],
    size: number,
    private readonly seed: number,
    private readonly shuffle: boolean,
  ) {
    this.#size = Math.min(size, examples.length);
    this.perEpoch = Math.ceil(examples.length / this.#size);
  }

  /** The examples of update `step`, from 1. */
  at(step: number): TrainingExample[] {
    const epoch = Math.floor((step - 1) / this.perEpoch);
    if (epoch !== this.#epoch) {
      const n = this.examples.length;
      this.#order = this.shuffle
        ? permutation(n, this.seed, orderStream + epoch * 16)
        : Int32Array.from({ length: n }, (_, i) => i);
      this.#epoch = epoch;
    }
    const first = ((step - 1) % this.perEpoch) * this.#size;
    return Array.from(this.#order.subarray(first, first + this.#size), (index) => this.examples[index]);
  }

  /** The examples of the first `count` batches, each once. */
  first(count: number): TrainingExample[] {
    if (count >= this.perEpoch) return [...this.examples];
    return Array.from({ length: count }, (_, n) => this.at(n + 1)).flat();
  }

  /** Most tokens of any batch, whatever the order; at least those of the longest example. */
  get mostTokens(): number {
    const lengths = this.examples.map(tokensOf).sort((a, b) => b - a);
    return lengths.slice(0, this.#size).reduce((sum, length) => sum + length, 0);
  }
}

/** Examples in order, as many to a pass as `maxTokens` holds; pairs are not torn apart. */
export function passesOf(examples: readonly TrainingExample[], maxTokens: number): TrainingExample[][] {
  const passes: TrainingExample[][] = [];
  let room = 0;
  for (const example of examples) {
    const tokens = tokensOf(example);
    if (tokens > maxTokens)
      throw new AnyqwenError("internal", `an example of ${tokens} tokens in passes of ${maxTokens}`);
    if (tokens > room) {
      passes.push([]);
      room = maxTokens;
    }
    passes[passes.length - 1].push(example);
    room -= tokens;
  }
  return passes;
}

/** Tokens that the loss is the mean of: the first of a sequence has nothing that it could be predicted from. */
export function supervisedTokens(examples: readonly LabelledIds[]): number {
  let count = 0;
  for (const { labels } of examples) for (let i = 1; i < labels.length; i++) if (labels[i] >= 0) count++;
  return count;
}
