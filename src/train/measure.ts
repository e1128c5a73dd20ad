// What is measured after an update: the loss over the validation examples, and samples. Forward only; the trained weights stay as they are.

import { passesOf } from "./batches.ts";
import type { TrainingExample } from "./data/types.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Sampler } from "./samples.ts";
import type { StepRecord } from "./types.ts";

export interface Measures {
  readonly objective: Objective;
  readonly validation: readonly TrainingExample[];
  readonly maxTokens: number;
  readonly validateEvery: number;
  readonly sampling?: { readonly sampler: Sampler; readonly every: number };
}

/** `record` with what is due at its step; undefined when `signal` fires before all is measured. */
export async function measure(
  { objective, validation, maxTokens, validateEvery, sampling }: Measures,
  record: StepRecord,
  last: boolean,
  signal: AbortSignal,
): Promise<StepRecord | undefined> {
  const due = (every: number) => last || record.step % every === 0;
  let measured = record;
  if (validation.length > 0 && due(validateEvery)) {
    const loss = await validationLoss(objective, validation, maxTokens, signal);
    if (loss === undefined) return undefined;
    measured = { ...measured, validation_loss: loss };
  }
  if (sampling && due(sampling.every)) {
    const samples = await sampling.sampler.take(signal);
    if (!samples) return undefined;
    measured = { ...measured, samples };
  }
  return measured;
}

/** Mean over what the objective counts: the supervised tokens of the validation examples, or the pairs. */
async function validationLoss(
  objective: Objective,
  validation: readonly TrainingExample[],
  maxTokens: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  let [sum, count] = [0, 0];
  for (const pass of passesOf(validation, maxTokens)) {
    await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
    if (signal.aborted) return undefined;
    const measured = objective.measure(pass);
    sum += measured.sum;
    count += measured.count;
  }
  return sum / count;
}
