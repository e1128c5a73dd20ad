// The mean loss over supervised tokens: cross-entropy, or for a program that distils, how far the student is from its teacher.

import type { PassOptions, TrainingSequence } from "../../core/training.ts";
import { passesOf, supervisedTokens } from "../batches.ts";
import type { TrainingExample } from "../data/types.ts";
import { dropoutOf, type Objective, type ObjectiveFigures, type ObjectiveParts, sequencesOf } from "./objective.ts";
import type { Teacher } from "./teacher.ts";

export class Supervised implements Objective {
  constructor(
    private readonly parts: ObjectiveParts,
    private readonly teacher?: Teacher,
  ) {}

  get memoryBytes(): number {
    return this.teacher?.memoryBytes ?? 0;
  }

  accumulate(examples: readonly TrainingExample[], step: number): ObjectiveFigures {
    const { executor, maxTokens } = this.parts;
    const supervised = supervisedTokens(examples);
    let sum = 0;
    let first = 0;
    for (const pass of passesOf(examples, maxTokens)) {
      const sequences = sequencesOf(pass);
      const dropout = dropoutOf(this.parts, step, first, sequences.length);
      sum += executor.accumulate(sequences, 1 / supervised, { ...this.#beside(sequences), dropout });
      first += sequences.length;
    }
    return { loss: sum / supervised };
  }

  measure(examples: readonly TrainingExample[]): { sum: number; count: number } {
    const sequences = sequencesOf(examples);
    const sum = this.parts.executor.loss(sequences, this.#beside(sequences));
    return { sum, count: supervisedTokens(examples) };
  }

  close(): void {
    this.teacher?.close();
  }

  #beside(sequences: readonly TrainingSequence[]): PassOptions {
    return this.teacher ? { targets: this.teacher.targets(sequences) } : {};
  }
}
