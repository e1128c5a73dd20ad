// What the tests of training share: a fixture's model opened on a device that trains, and comparing gradients.

import { forwardTrace, type LowRankOptions, linearModules } from "../../src/core/forward-ops.ts";
import type { TrainingDevice, TrainingExecutor, TrainingOptions, TrainingSequence } from "../../src/core/training.ts";
import { differentiate, type Keep, type Loss } from "../../src/core/vjp.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { openModel } from "../../src/models/open.ts";
import { fixture, ids, readExpected } from "./fixtures.ts";

export interface TrainingSetup {
  /** Absent: all weights are trained. */
  readonly lora?: {
    readonly rank: number;
    readonly alpha: number;
    readonly rslora?: boolean;
    readonly dropout?: number;
  };
  readonly loss?: Loss;
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
  { lora, loss, keep = "most", options }: TrainingSetup = {},
): Promise<OpenedTraining> {
  const checkpoint = await openCheckpoint(await nodeFiles(fixture(path)));
  try {
    const model = openModel(checkpoint);
    const trace = model.trace({ head: "logits" });
    const modules = new Set(linearModules(trace));
    const lowRank: LowRankOptions | undefined = lora && {
      rank: lora.rank,
      scale: lora.alpha / (lora.rslora ? Math.sqrt(lora.rank) : lora.rank),
      dropout: lora.dropout,
      targets: (module) => modules.has(module),
    };
    const forward = forwardTrace(trace, lowRank);
    const trained = lora ? forward.adapter : forward.weights;
    const program = differentiate(forward, new Set(trained.map(({ name }) => name)), keep, loss);
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

/** A fixture's batch. The padding to the right is cut off: nothing is supervised there. */
export function batchOf(path: string): { sequences: TrainingSequence[]; supervised: number } {
  const tensors = readExpected(path);
  const [mask, tokens, labels] = ["attention_mask", "input_ids", "labels"].map((name) => ids(tensors, name));
  const [, width] = tensors.get("input_ids")!.shape;
  const sequences: TrainingSequence[] = [];
  for (let first = 0; first < tokens.length; first += width) {
    const length = mask.subarray(first, first + width).reduce((a, b) => a + b, 0);
    sequences.push({ ids: tokens.slice(first, first + length), labels: labels.slice(first, first + length) });
  }
  const supervised = sequences.reduce((sum, s) => sum + s.labels.slice(1).filter((label) => label >= 0).length, 0);
  return { sequences, supervised };
}
