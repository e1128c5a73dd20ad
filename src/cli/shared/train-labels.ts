// anyqwen train --show-labels: what the data teaches, printed in place of training.

import pc from "picocolors";
import { type LabelRun, readLabels, showLabels, type TrainOptions } from "../../train/index.ts";
import { formatCount, print, printJson, warn } from "./output.ts";
import { leftOut } from "./train-progress.ts";

/** Supervised text is green on a terminal with colours, else in brackets. */
export async function printLabels(
  options: Omit<TrainOptions, "out">,
  count: number,
  { json, signal }: { readonly json?: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { shown, rejected, examples, validation, broken } = await readLabels(options, count, signal);
  if (broken.length > 0) warn(leftOut(broken));
  if (json) {
    printJson({ examples, validation, broken, shown, ...(rejected && { rejected }) });
    return;
  }
  for (const [i, runs] of shown.entries()) {
    print(pc.bold(`example ${i + 1} of ${formatCount(examples)}`));
    print(showLabels(runs, paint));
    if (rejected) print(`${pc.bold("rejected:")}\n${showLabels(rejected[i], paint)}`);
  }
}

function paint({ supervised, text }: LabelRun): string {
  if (!pc.isColorSupported) return supervised ? `[${text}]` : text;
  return supervised ? pc.green(text) : pc.dim(text);
}
