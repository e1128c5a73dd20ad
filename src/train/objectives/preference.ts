// Direct preference optimisation (Rafailov et al. 2023, arXiv 2305.18290): of two answers to a prompt the chosen one is to become
// more likely against the rejected one, measured from the frozen base. The base's log-probabilities are computed once, before the
// adapter is there, and kept.

import { AnyqwenError } from "../../core/errors.ts";
import type { TrainingSequence } from "../../core/training.ts";
import { passesOf } from "../batches.ts";
import type { TrainingExample } from "../data/types.ts";
import { dropoutOf, type Objective, type ObjectiveFigures, type ObjectiveParts, sequencesOf } from "./objective.ts";

export interface PairFigures {
  readonly loss: number;
  /** beta * ((pi_c - ref_c) - (pi_r - ref_r)): how much larger the reward of the chosen answer is (eq. 5 without its constant). */
  readonly margin: number;
  /** Of the loss by the sum of the chosen answer's negative log-probabilities; by the rejected one's it is the negative. */
  readonly slope: number;
}

/**
 * Eq. 7, -log sigmoid(margin), and its derivative. Arguments are sums of negative log-probabilities over an answer's tokens:
 * of the policy and of the reference, for the chosen answer and the rejected one.
 */
export function preferenceLoss(
  beta: number,
  policy: readonly [chosen: number, rejected: number],
  reference: readonly [chosen: number, rejected: number],
): PairFigures {
  const margin = beta * (reference[0] - policy[0] - (reference[1] - policy[1]));
  const away = Math.exp(-Math.abs(margin));
  const loss = Math.max(-margin, 0) + Math.log1p(away);
  const below = margin > 0 ? away / (1 + away) : 1 / (1 + away); // sigmoid(-margin)
  return { loss, margin, slope: beta * below };
}

type Sums = readonly [chosen: number, rejected: number];

/** Reads the base's log-probabilities of the examples; call it while the adapter changes nothing. */
export async function openPreference(
  parts: ObjectiveParts,
  beta: number,
  examples: readonly TrainingExample[],
  between: (done: number) => Promise<void>,
): Promise<Objective> {
  const reference = new Map<TrainingExample, Sums>();
  for (const pass of passesOf(examples, parts.maxTokens)) {
    await between(reference.size);
    const losses = parts.executor.losses(sequencesOf(pass));
    pass.forEach((example, n) => {
      reference.set(example, [losses[2 * n], losses[2 * n + 1]]);
    });
  }
  await between(reference.size);
  return new Preference(parts, beta, reference);
}

class Preference implements Objective {
  readonly memoryBytes = 0;

  constructor(
    private readonly parts: ObjectiveParts,
    private readonly beta: number,
    private readonly reference: ReadonlyMap<TrainingExample, Sums>,
  ) {}

  accumulate(examples: readonly TrainingExample[], step: number): ObjectiveFigures {
    const { executor, maxTokens } = this.parts;
    const figures: PairFigures[] = [];
    for (const pass of passesOf(examples, maxTokens)) {
      const sequences: TrainingSequence[] = sequencesOf(pass);
      const dropout = dropoutOf(this.parts, step, 2 * figures.length, sequences.length);
      const factors = (losses: Float64Array) => {
        const pairs = this.#compare(pass, losses);
        figures.push(...pairs);
        return pairs.flatMap(({ slope }) => [slope / examples.length, -slope / examples.length]);
      };
      executor.accumulate(sequences, factors, { dropout });
    }
    const mean = (of: (pair: PairFigures) => number) =>
      figures.reduce((sum, pair) => sum + of(pair), 0) / figures.length;
    return {
      loss: mean(({ loss }) => loss),
      reward_accuracy: mean(({ margin }) => (margin > 0 ? 1 : 0)),
      reward_margin: mean(({ margin }) => margin),
    };
  }

  measure(examples: readonly TrainingExample[]): { sum: number; count: number } {
    const pairs = this.#compare(examples, this.parts.executor.losses(sequencesOf(examples)));
    return { sum: pairs.reduce((sum, { loss }) => sum + loss, 0), count: pairs.length };
  }

  close(): void {}

  #compare(examples: readonly TrainingExample[], losses: Float64Array): PairFigures[] {
    return examples.map((example, n) => {
      const reference = this.reference.get(example);
      if (!reference) throw new AnyqwenError("internal", "a pair that the reference did not see");
      return preferenceLoss(this.beta, [losses[2 * n], losses[2 * n + 1]], reference);
    });
  }
}
