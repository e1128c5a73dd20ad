// The losses of a run as its log has them: of every update, smoothed, and of the validations.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";
import { logFile } from "./log-file.ts";

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

export interface LossCurve {
  readonly training: readonly LossPoint[];
  /** Exponential mean of the training losses, corrected for its start (as Adam's moments are, arXiv 1412.6980, section 3). */
  readonly smoothed: readonly LossPoint[];
  /** Updates that the mean reaches back over, about. */
  readonly span: number;
  readonly validation: readonly LossPoint[];
}

/** Of a folder that a run writes to, also while it does. Fails with code "not-found" where there is no log. */
export async function readCurve(folder: string): Promise<LossCurve> {
  const path = join(folder, logFile);
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new AnyqwenError("not-found", `${path}: cannot be read; name a folder that a training run wrote to`, {
      cause,
    });
  });
  const training: LossPoint[] = [];
  const validation: LossPoint[] = [];
  for (const line of text.split("\n")) {
    const record = parseLine(line);
    if (!record) continue;
    const { step, loss, validation_loss: held } = record;
    if (typeof step !== "number" || typeof loss !== "number") continue;
    training.push({ step, loss });
    if (typeof held === "number") validation.push({ step, loss: held });
  }
  const span = Math.max(1, Math.min(100, Math.round(training.length / 20)));
  return { training, smoothed: smooth(training, span), span, validation };
}

/** The last line may be half written. */
function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function smooth(points: readonly LossPoint[], span: number): LossPoint[] {
  const keep = 1 - 1 / span;
  let [sum, weight] = [0, 0];
  return points.map(({ step, loss }) => {
    sum = keep * sum + (1 - keep) * loss;
    weight = keep * weight + (1 - keep);
    return { step, loss: sum / weight };
  });
}

/** Round numbers, about `count` of them, the first at or below `least`, the last at or above `most`. */
export function lossTicks(least: number, most: number, count: number): number[] {
  const rough = Math.max(most - least, Math.abs(most) * 1e-3, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
  const [first, last] = [Math.floor(least / size), Math.max(Math.ceil(most / size), Math.floor(least / size) + 1)];
  // toPrecision: 3 * 0.1 is 0.3 on an axis
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * size).toPrecision(12)));
}
