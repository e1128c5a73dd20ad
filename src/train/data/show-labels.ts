// What an example teaches, for a person to look at: its text in runs that are supervised and runs that are not.

import type { TrainingExample } from "./types.ts";

export interface LabelRun {
  readonly supervised: boolean;
  readonly text: string;
  readonly tokens: number;
}

/** A token is supervised if its label is. Characters that lie across two runs are shown in the later one's place as U+FFFD. */
export function labelRuns(
  { input_ids: ids, labels }: TrainingExample,
  decode: (ids: readonly number[]) => string,
): LabelRun[] {
  const runs: LabelRun[] = [];
  for (let start = 0; start < ids.length; ) {
    const supervised = start > 0 && labels[start] !== -100;
    let end = start + 1;
    while (end < ids.length && (labels[end] !== -100) === supervised) end++;
    runs.push({ supervised, text: decode(ids.slice(start, end)), tokens: end - start });
    start = end;
  }
  return runs;
}

/** The runs as one text; `paint` colours a run, or sets brackets around it. */
export function showLabels(runs: readonly LabelRun[], paint: (run: LabelRun) => string): string {
  const learnt = runs.reduce((sum, { supervised, tokens }) => sum + (supervised ? tokens : 0), 0);
  const all = runs.reduce((sum, { tokens }) => sum + tokens, 0);
  return `${runs.map(paint).join("")}\n${learnt} of ${all} tokens are supervised\n`;
}
