// What the tests of training share: a fixture's model opened on a device that trains, and comparing gradients.

import { forwardTrace, type LowRankOptions, linearModules } from "../../src/core/forward-ops.ts";
import type { TrainingDevice, TrainingExecutor, TrainingOptions } from "../../src/core/training.ts";
import { differentiate, type Keep } from "../../src/core/vjp.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { openModel } from "../../src/models/open.ts";
import { fixture } from "./fixtures.ts";

export interface TrainingSetup {
  /** Absent: all weights are trained. */
  readonly lora?: { readonly rank: number; readonly alpha: number };
  readonly keep?: Keep;
  readonly options?: Partial<TrainingOptions>;
}

export interface OpenedTraining {
  readonly executor: TrainingExecutor;
  readonly vocab: number;
  /** Names and shapes of the trained weights. */
  readonly trained: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

export async function openTraining(
  device: TrainingDevice,
  path: string,
  { lora, keep = "most", options }: TrainingSetup = {},
): Promise<OpenedTraining> {
  const checkpoint = await openCheckpoint(await nodeFiles(fixture(path)));
  try {
    const model = openModel(checkpoint);
    const trace = model.trace({ head: "logits" });
    const modules = new Set(linearModules(trace));
    const lowRank: LowRankOptions | undefined = lora && {
      rank: lora.rank,
      scale: lora.alpha / lora.rank,
      targets: (module) => modules.has(module),
    };
    const forward = forwardTrace(trace, lowRank);
    const trained = lora ? forward.adapter : forward.weights;
    const program = differentiate(forward, new Set(trained.map(({ name }) => name)), keep);
    const all = { maxTokens: 90, threads: 1, exact: true, ...options };
    const executor = await device.load(program, model.weights(trace), all);
    return { executor, vocab: model.config.vocabSize, trained };
  } finally {
    await checkpoint.close();
  }
}

export const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
