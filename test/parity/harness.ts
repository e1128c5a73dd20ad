// From a fixture's files to numbers: opens, loads, runs in chunks, decodes greedily.

import type { DeviceOptions, Executor, SequenceState } from "../../src/core/device.ts";
import { nodeFiles } from "../../src/formats/node-files.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import { type Model, openModel, type TraceOptions } from "../../src/models/open.ts";
import type { DeviceUnderTest } from "./devices.ts";
import { fixture } from "./fixtures.ts";

export interface Loaded {
  readonly model: Model;
  readonly executor: Executor;
}

const defaults: DeviceOptions = { kv: "f32", maxTokens: 512, maxRows: 512, contextTokens: 8192, threads: 1 };

export async function load(
  device: DeviceUnderTest,
  path: string,
  options: Partial<DeviceOptions> & TraceOptions = {},
): Promise<Loaded> {
  const checkpoint = await openCheckpoint(await nodeFiles(fixture(path)));
  try {
    const model = openModel(checkpoint);
    const trace = model.trace(options);
    const executor = await (await device.create()).load(trace, model.weights(trace), { ...defaults, ...options });
    return { model, executor };
  } finally {
    await checkpoint.close();
  }
}

/** Runs `tokens` in steps of `chunk`; the rows of `output` of all of them, one after another. */
export function prefill(
  executor: Executor,
  state: SequenceState,
  tokens: Int32Array,
  chunk = tokens.length,
  output = "logits",
): Float32Array {
  const pieces: Float32Array[] = [];
  for (let start = 0; start < tokens.length; start += chunk) {
    const piece = tokens.subarray(start, start + chunk);
    executor.step([{ state, tokens: piece, rows: [...piece.keys()] }]);
    pieces.push(executor.read(output));
  }
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The logits after one more token. */
export function decode(executor: Executor, state: SequenceState, token: number): Float32Array {
  executor.step([{ state, tokens: [token], rows: [0] }]);
  return executor.read("logits");
}

export function argmax(logits: Float32Array): number {
  return logits.reduce((best, logit, id) => (logit > logits[best] ? id : best), 0);
}
