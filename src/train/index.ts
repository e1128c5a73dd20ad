// Training as a library: `import { train } from "anyqwen/train"`. For Node: data and results are files.

import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { TrainingLabels } from "./labels.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "./types.ts";
import type { TrainMessage } from "./worker.ts";

export { AnyqwenError } from "../core/errors.ts";
export { type LabelRun, showLabels } from "./data/show-labels.ts";
export type { BrokenRecord } from "./data/types.ts";
export type { TrainingLabels } from "./labels.ts";
export { type LossCurve, type LossPoint, lossTicks, readCurve } from "./loss-curve.ts";
export { lossSvg } from "./loss-svg.ts";
export type { Schedule } from "./schedule.ts";
export { trainTokenizer } from "./tokenizer/train-tokenizer.ts";
export type * from "./types.ts";

/** Under a name of its own, so that bundlers for pages do not take Node's worker for a file of the page. */
const here = import.meta.url;

/**
 * Trains in a worker. When `signal` fires, the update under way is finished, a checkpoint is written, and it fails with code
 * "aborted"; `resume` goes on from there. Fails with format, invalid-argument, io, not-found, out-of-memory or unsupported.
 */
export async function train(
  options: TrainOptions,
  how: { readonly onEvent?: (event: TrainEvent) => void; readonly signal?: AbortSignal } = {},
): Promise<TrainResult> {
  throwIfAborted(how.signal);
  const { Worker } = await import("node:worker_threads");
  // From the sources (tests) the built file lies three folders away.
  const url = new URL(here.endsWith(".ts") ? "../../dist/train-worker.js" : "./train-worker.js", here);
  const worker = new Worker(url, { workerData: options, execArgv: [] });
  const stop = () => worker.postMessage("stop");
  how.signal?.addEventListener("abort", stop);
  try {
    return await new Promise<TrainResult>((resolve, reject) => {
      worker.on("message", (message: TrainMessage) => {
        if (message.kind === "event") how.onEvent?.(message.event);
        else if (message.kind === "result") resolve(message.result);
        else if (message.code) reject(new AnyqwenError(message.code, message.message));
        else reject(new Error(message.message));
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new AnyqwenError("internal", "the worker that trains ended before its run")));
    });
  } finally {
    how.signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

/**
 * What the first `count` examples would teach, without training: runs of text, or of ids with spaces for a model without a
 * tokenizer. Fails as training would on its data.
 */
export async function readLabels(
  options: Omit<TrainOptions, "out">,
  count: number,
  signal?: AbortSignal,
): Promise<TrainingLabels> {
  throwIfAborted(signal);
  return (await import("./labels.ts")).labelsOf(options, count, signal);
}
