// The state of a run in one file, checkpoint.safetensors: trained weights, AdamW's moments, and in the metadata how far it came and
// what it was asked for. One file renamed into place, so a run that is killed has the old state or the new one.

import { AnyqwenError } from "../core/errors.ts";
import type { ParameterPart, TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { nodeSource } from "../formats/node-files.ts";
import {
  bytesOfArray,
  readFloats,
  readSafetensors,
  safetensorsPieces,
  type TensorToWrite,
} from "../formats/safetensors-file.ts";
import { writeAtomically } from "../formats/write-files.ts";
import type { StepRecord, Validation } from "./types.ts";

export const checkpointFile = "checkpoint.safetensors";
/** The values of the best weights that were validated, with the state of then. */
export const bestFile = "best.safetensors";

export interface RunState {
  /** Updates done. */
  readonly step: number;
  readonly tokens: number;
  readonly firstLoss: number;
  /** Of the last update, where what is due after it is not measured yet, nor its line written. */
  readonly pending?: StepRecord;
  /** The best validation, and how many came after it. */
  readonly best?: Validation & { readonly since: number };
  /** What the run was asked for: whoever goes on must ask for the same. */
  readonly asked: string;
}

const allParts: readonly ParameterPart[] = ["value", "firstMoment", "secondMoment"];

export async function saveCheckpoint(
  path: string,
  executor: TrainingExecutor,
  { trainable }: TrainingProgram,
  state: RunState,
  parts = allParts,
): Promise<void> {
  const tensors = new Map<string, TensorToWrite>([["state", stateTensor(state)]]);
  for (const { name, shape } of trainable)
    for (const part of parts)
      tensors.set(`${part}.${name}`, { dtype: "F32", shape, data: lazily(() => executor.read(part, name)) });
  await writeAtomically(path, safetensorsPieces(tensors));
}

/** Reads the file into the executor; fails with code "invalid-argument" if the run was asked for something else. */
export async function restoreCheckpoint(
  path: string,
  executor: TrainingExecutor,
  { trainable }: TrainingProgram,
  asked: string,
  parts = allParts,
): Promise<RunState> {
  const source = await nodeSource(path);
  try {
    const tensors = await readSafetensors(source);
    const find = (name: string) => {
      const entry = tensors.get(name);
      if (!entry) throw new AnyqwenError("format", `${path}: ${name} is missing; it is of another run`);
      return entry;
    };
    const entry = find("state");
    const bytes = new Uint8Array(entry.byteLength);
    await entry.read(0, bytes);
    const state = parseState(bytes, path);
    if (state.asked !== asked) throw otherRun(path, state.asked, asked);
    for (const { name } of trainable)
      for (const part of parts) executor.write(part, name, await readFloats(find(`${part}.${name}`)));
    return state;
  } finally {
    await source.close();
  }
}

async function* lazily(read: () => Float32Array): AsyncGenerator<Uint8Array> {
  yield bytesOfArray(read());
}

function stateTensor(state: RunState): TensorToWrite {
  const data = new TextEncoder().encode(JSON.stringify(state));
  return { dtype: "U8", shape: [data.length], data };
}

function parseState(bytes: Uint8Array, path: string): RunState {
  try {
    const state = JSON.parse(new TextDecoder().decode(bytes)) as RunState;
    if (Number.isSafeInteger(state.step) && typeof state.asked === "string") return state;
  } catch {
    // said below
  }
  throw new AnyqwenError("format", `${path}: its state cannot be read; the file is damaged`);
}

/** Names the first setting that differs. */
function otherRun(path: string, before: string, now: string): AnyqwenError {
  const [old, fresh] = [before, now].map((text) => JSON.parse(text) as Record<string, unknown>);
  const key = Object.keys({ ...old, ...fresh }).find(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]),
  );
  const [was, is] = [old, fresh].map((settings) => JSON.stringify(settings[key ?? ""]));
  return new AnyqwenError(
    "invalid-argument",
    `${path}: it was saved by a run whose ${key} was ${was}, now it is ${is}; ask for the same, or write to another folder`,
  );
}
