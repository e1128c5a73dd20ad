// What a run would be trained on, without training: examples as runs of text that are supervised and that are not.

import { openFiles } from "../engine/files.ts";
import { loadData } from "./data/load-data.ts";
import { type LabelRun, labelRuns } from "./data/show-labels.ts";
import type { BrokenRecord } from "./data/types.ts";
import { openTrainable } from "./model.ts";
import type { TrainOptions } from "./types.ts";

export interface TrainingLabels {
  /** Of the first examples, in the order of the file. */
  readonly shown: readonly (readonly LabelRun[])[];
  /** Of preference pairs (method dpo): the rejected answers, in the same order. */
  readonly rejected?: readonly (readonly LabelRun[])[];
  /** How many there are in all. */
  readonly examples: number;
  readonly validation: number;
  readonly broken: readonly BrokenRecord[];
}

export async function labelsOf(
  options: Omit<TrainOptions, "out">,
  count: number,
  signal?: AbortSignal,
): Promise<TrainingLabels> {
  const files = await openFiles(options.model, { offline: options.offline, signal });
  const model = await openTrainable(files, { ...options, out: "" }, undefined);
  try {
    const { training, validation, broken } = await loadData(options, model);
    const text = await model.openText();
    const decode = (ids: readonly number[]) =>
      text.hasTokenizer ? text.decode(ids) : ids.map((id) => `${id} `).join("");
    const first = training.slice(0, count);
    const shown = first.map((example) => labelRuns(example, decode));
    const others = first.flatMap(({ rejected }) => (rejected ? [labelRuns(rejected, decode)] : []));
    text.close();
    return {
      shown,
      ...(others.length > 0 && { rejected: others }),
      examples: training.length,
      validation: validation.length,
      broken,
    };
  } finally {
    await model.close();
  }
}
