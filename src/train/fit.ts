// What fits: training is said to be too large for this machine before it starts, with what it would need.

import type { BoundWeight } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { TrainingOptions } from "../core/training.ts";
import type { Keep } from "../core/vjp.ts";
import { wasmTraining } from "../devices/wasm/training/device.ts";
import { defaultThreads, machineMemory } from "../engine/machine.ts";
import { dequantise } from "../formats/dequantise.ts";
import type { Batches } from "./batches.ts";
import type { Trainable } from "./model.ts";
import { lossOf } from "./objectives/settings.ts";
import type { Settings } from "./settings.ts";
import type { TrainEvent } from "./types.ts";

export interface RunContext {
  readonly signal: AbortSignal;
  readonly tell: (event: TrainEvent) => void;
}

/** Most tokens of a pass; a batch of more is computed in several. */
const mostTokens = 4096;

/**
 * The quickest way to train that this machine has memory for: what is kept, and how many tokens a pass holds. `longest`: tokens of
 * the longest example; `sampled`: of the longest sample: passes of it are loaded for if there is room, which changes nothing of how
 * examples are computed; `beside`: bytes that the objective takes outside of the memory that is trained in. Fails with code
 * "out-of-memory".
 */
export async function chooseFit(
  model: Trainable,
  batches: Batches,
  { longest, sampled }: { readonly longest: number; readonly sampled: number },
  beside: number,
  settings: Settings,
  { signal, tell }: RunContext,
) {
  const device = wasmTraining(dequantise);
  const threads = settings.threads ?? (await defaultThreads());
  const memory = await machineMemory();
  const room = Math.min((memory?.bytes ?? Number.POSITIVE_INFINITY) - beside, 2 ** 32 - 2 ** 16);
  const most = Math.max(longest, Math.min(batches.mostTokens * settings.accumulate, mostTokens));
  const optionsFor = (maxTokens: number): TrainingOptions => ({
    maxTokens,
    threads,
    exact: settings.exact,
    signal,
    onProgress: (bytes, totalBytes) => tell({ kind: "loading", bytes, totalBytes }),
  });
  let least = 0;
  for (const keep of ["most", "residuals"] as const satisfies readonly Keep[]) {
    const program = model.program(keep, lossOf(settings));
    for (let tokens = most; tokens >= longest; tokens = tokens === longest ? 0 : Math.max(longest, tokens >> 1)) {
      const options = optionsFor(tokens);
      least = device.memoryBytes(program, model.weights, options);
      if (least > room) continue;
      const wide = optionsFor(Math.max(tokens, sampled));
      const loaded = device.memoryBytes(program, model.weights, wide) <= room ? wide : options;
      const load = () => device.load(program, model.weights, loaded);
      return { program, maxTokens: tokens, passTokens: loaded.maxTokens, load };
    }
  }
  throw tooLarge(least, room, beside, longest, memory?.what, model.weights);
}

function tooLarge(
  bytes: number,
  room: number,
  beside: number,
  longest: number,
  what: string | undefined,
  weights: readonly BoundWeight[],
): AnyqwenError {
  const mebibytes = (n: number) => `${Math.ceil(n / 2 ** 20)} MiB`;
  const why = room >= 2 ** 32 - 2 ** 16 ? "one WebAssembly memory holds" : what;
  const left = `${mebibytes(Math.max(0, room))} that ${why}${beside > 0 ? ` beside the teacher's ${mebibytes(beside)}` : ""}`;
  const advice = weights.some(({ parts }) => parts.some(({ type }) => type.includes("F")))
    ? "train an adapter on a base in fewer bits (lora with quantize q8 or q4), or cut the examples"
    : "take a smaller base, or cut the examples";
  return new AnyqwenError(
    "out-of-memory",
    `training needs at least ${mebibytes(bytes)} for examples of ${longest} tokens, more than the ${left}; ${advice}`,
  );
}
