// What a run minimises. Training itself knows passes and gradients alone (core/training.ts); an objective says which passes an update
// takes and what factors their losses have, and gives the figures of the log.

import type { TrainingExecutor, TrainingSequence } from "../../core/training.ts";
import { partsOf, type TrainingExample } from "../data/types.ts";
import { bits } from "../random.ts";

/** A line of the log, as far as the objective knows it. */
export interface ObjectiveFigures {
  /** Mean over the batch's supervised tokens (dpo: its pairs), before the update. */
  readonly loss: number;
  /** Share of the pairs whose chosen answer has the larger reward; method dpo. */
  readonly reward_accuracy?: number;
  /** Mean difference of the rewards; method dpo. */
  readonly reward_margin?: number;
}

export interface Objective {
  /** Bytes that it takes beside the executor. */
  readonly memoryBytes: number;
  /** Gradients of the mean loss over all examples of update `step`, added up in the executor; all before the update. */
  accumulate(examples: readonly TrainingExample[], step: number): ObjectiveFigures;
  /** The loss of one pass of examples, as a sum and what it is the sum of. Nothing is dropped out. */
  measure(examples: readonly TrainingExample[]): { readonly sum: number; readonly count: number };
  close(): void;
}

/** What all objectives begin with. */
export interface ObjectiveParts {
  readonly executor: TrainingExecutor;
  /** Most tokens of a pass; no example has more. */
  readonly maxTokens: number;
  readonly seed: number;
  /** How likely dropout leaves an input out; absent: not at all. */
  readonly dropout?: number;
}

/** The sequences of a pass: of each pair the chosen one and the rejected one. */
export function sequencesOf(examples: readonly TrainingExample[]): TrainingSequence[] {
  return examples.flatMap(partsOf).map(({ input_ids, labels }) => ({
    ids: Int32Array.from(input_ids),
    labels: Int32Array.from(labels),
  }));
}

const dropoutStream = 4;

/**
 * Keys of the sequences [first, first + count) of update `step`, counted over all its passes, so that how an update is cut into
 * passes changes nothing; undefined without dropout.
 */
export function dropoutOf(
  { seed, dropout }: ObjectiveParts,
  step: number,
  first: number,
  count: number,
): Uint32Array | undefined {
  if (!dropout) return undefined;
  return Uint32Array.from({ length: count }, (_, n) => bits(seed, dropoutStream + 16 * step, first + n));
}
