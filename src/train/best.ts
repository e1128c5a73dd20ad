// Early stopping: which validation was the best, and its weights, which are the result of a run with patience. They lie in a file of
// their own from when they were validated; a run that goes on from an older checkpoint meets the same validations again.

import { access } from "node:fs/promises";
import { AnyqwenError } from "../core/errors.ts";
import type { TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { type RunState, restoreCheckpoint } from "./checkpoint.ts";

/** After a validation: 0 `since` if it is the best. A loss that is no number is never better. */
export function bestOf({ best }: RunState, step: number, validationLoss: number): RunState["best"] {
  if (best && !(validationLoss < best.validationLoss)) return { ...best, since: best.since + 1 };
  return { step, validationLoss, since: 0 };
}

/** Said when a run goes on, not at its end. */
export async function checkBest(path: string): Promise<void> {
  await access(path).catch((cause) => {
    throw new AnyqwenError("not-found", `${path}: the run's best weights are not there; start again`, { cause });
  });
}

/** Writes the best weights into the executor. */
export async function restoreBest(
  path: string,
  executor: TrainingExecutor,
  program: TrainingProgram,
  asked: string,
  step: number,
): Promise<void> {
  const state = await restoreCheckpoint(path, executor, program, asked, ["value"]);
  if (state.step !== step)
    throw new AnyqwenError("format", `${path}: it has the weights of step ${state.step}, not of ${step}; start again`);
}
