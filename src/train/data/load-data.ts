// The data of a run: its file read and made into examples of the model that is trained, and what is held back for validation.

import { readFile } from "node:fs/promises";
import { AnyqwenError } from "../../core/errors.ts";
import type { TextSide } from "../../engine/text-side.ts";
import type { ModelConfig } from "../../models/config.ts";
import type { DataOptions, TrainOptions } from "../types.ts";
import { type DatasetOptions, makeDataset, splitExamples } from "./dataset.ts";
import type { BrokenRecord, TrainingExample } from "./types.ts";

export interface TrainingData {
  readonly training: readonly TrainingExample[];
  /** Empty where nothing is held back. */
  readonly validation: readonly TrainingExample[];
  /** Records that were left out, of both files. */
  readonly broken: readonly BrokenRecord[];
}

interface DataModel {
  readonly config: Pick<ModelConfig, "vocabSize" | "maxPositions">;
  openText(): Promise<TextSide>;
}

/** Preference pairs are what method dpo learns from, and no other. */
type MethodOptions = DataOptions & Pick<TrainOptions, "method">;

const defaultLength = 2048;

/** Fails with codes "format" (naming file and line), "not-found", "invalid-argument", "unsupported" or "template". */
export async function loadData(options: MethodOptions, model: DataModel): Promise<TrainingData> {
  const { validation = 0, seed = 0 } = options;
  const how = datasetOptions(options, model.config);
  let side: TextSide | undefined;
  const openText = async () => {
    side ??= await model.openText();
    return side.hasTokenizer ? side : undefined;
  };
  const read = async (path: string) => makeDataset({ name: path, text: await readText(path) }, openText, how);
  try {
    const { examples, broken } = await read(options.data);
    if (typeof validation === "number") return { ...splitExamples(examples, validation, seed), broken };
    const held = await read(validation);
    return { training: examples, validation: held.examples, broken: [...broken, ...held.broken] };
  } finally {
    side?.close();
  }
}

function datasetOptions(
  { length, broken, long, allTokens, lastTurn, method }: MethodOptions,
  { vocabSize: vocab, maxPositions }: DataModel["config"],
): DatasetOptions {
  if (length !== undefined && !(Number.isSafeInteger(length) && length >= 2 && length <= maxPositions)) {
    throw new AnyqwenError(
      "invalid-argument",
      `length is ${length}; expected from 2 to ${maxPositions}, the positions that the model has`,
    );
  }
  if (allTokens && lastTurn) {
    throw new AnyqwenError("invalid-argument", "allTokens and lastTurn exclude each other; leave out one");
  }
  const turns = lastTurn ? "last" : "all";
  return {
    length: length ?? Math.min(defaultLength, maxPositions),
    vocab,
    broken,
    long,
    allTokens,
    turns,
    preferences: method === "dpo",
  };
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause) => {
    throw new AnyqwenError("not-found", `${path}: cannot be read: ${(cause as Error).message}`, { cause });
  });
}
