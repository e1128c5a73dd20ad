// The learning rate over a run: rises over the warm-up, then stays, falls in a line, or along half a cosine (arXiv 1608.03983, eq. 5).

export const schedules = ["constant", "linear", "cosine"] as const;
export type Schedule = (typeof schedules)[number];

/** Factor on the rate at `step` of `steps`, both from 1; the first step after the warm-up has 1, what follows the last would have 0. */
export function rateFactor(schedule: Schedule, step: number, steps: number, warmup: number): number {
  if (step <= warmup) return step / (warmup + 1);
  if (schedule === "constant") return 1;
  const along = (step - 1 - warmup) / Math.max(1, steps - warmup);
  return schedule === "linear" ? 1 - along : (1 + Math.cos(Math.PI * along)) / 2;
}
