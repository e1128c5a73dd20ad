// A run's objective, chosen by its method. In two steps, since memory is counted before anything is loaded, and the reference of
// preferences is read before the adapter is written.

import { AnyqwenError, throwIfAborted } from "../../core/errors.ts";
import { wasmDevice } from "../../devices/wasm/device.ts";
import { openFiles } from "../../engine/files.ts";
import { defaultThreads } from "../../engine/machine.ts";
import { openText } from "../../engine/text-side.ts";
import { openCheckpoint } from "../../formats/open-checkpoint.ts";
import { openModel } from "../../models/open.ts";
import type { TrainingExample } from "../data/types.ts";
import type { RunContext } from "../fit.ts";
import type { Trainable } from "../model.ts";
import type { Settings } from "../settings.ts";
import type { TrainOptions } from "../types.ts";
import type { Objective, ObjectiveParts } from "./objective.ts";
import { openPreference } from "./preference.ts";
import { Supervised } from "./supervised.ts";
import { checkVocabulary, loadTeacher, teacherBytes } from "./teacher.ts";

export interface ObjectivePlan extends AsyncDisposable {
  /**
   * What it will take beside the model that is trained, whose longest sequence has so many tokens. Fails with code "invalid-argument"
   * if a teacher has no positions for them.
   */
  memoryBytes(longest: number): number;
  /** `examples`: those of the run, its validation's too. Adapters must still change nothing. */
  begin(parts: ObjectiveParts, examples: readonly TrainingExample[]): Promise<Objective>;
}

export async function planObjective(
  options: TrainOptions,
  settings: Settings,
  model: Trainable,
  context: RunContext,
): Promise<ObjectivePlan> {
  const { dpoBeta, teacher } = settings;
  if (teacher !== undefined) return planTeacher(teacher, options, settings, model, context);
  const small = { memoryBytes: () => 0, async [Symbol.asyncDispose]() {} };
  if (dpoBeta === undefined) return { ...small, begin: async (parts) => new Supervised(parts) };
  const begin: ObjectivePlan["begin"] = (parts, examples) =>
    openPreference(parts, dpoBeta, examples, async (done) => {
      context.tell({ kind: "reference", done, examples: examples.length });
      await new Promise((resume) => setTimeout(resume, 0)); // lets a wish to stop come in
      throwIfAborted(context.signal);
    });
  return { ...small, begin };
}

async function planTeacher(
  name: string,
  options: TrainOptions,
  settings: Settings,
  model: Trainable,
  { signal, tell }: RunContext,
): Promise<ObjectivePlan> {
  const onProgress = (bytes: number, totalBytes: number) => tell({ kind: "loading", bytes, totalBytes, file: name });
  const files = await openFiles(name, {
    offline: options.offline,
    signal,
    onProgress: ({ bytes, totalBytes, file }) => tell({ kind: "loading", bytes, totalBytes, file }),
  });
  const checkpoint = await openCheckpoint(files);
  try {
    const opened = openModel(checkpoint);
    const [theirs, own] = await Promise.all([openText(files, checkpoint), model.openText()]);
    try {
      checkVocabulary(
        { name, text: theirs, size: opened.config.vocabSize },
        { name: options.model, text: own, size: model.config.vocabSize },
      );
    } finally {
      theirs.close();
      own.close();
    }
    const trace = opened.trace({ head: "logits" });
    const weights = opened.weights(trace);
    return {
      memoryBytes(longest) {
        if (longest > opened.config.maxPositions) throw tooLong(name, longest, opened.config.maxPositions);
        return teacherBytes(trace, weights, longest);
      },
      async begin(parts, examples) {
        const longest = examples.reduce((most, { input_ids }) => Math.max(most, input_ids.length), 0);
        const threads = settings.threads ?? (await defaultThreads());
        const how = { longest, threads, signal, onProgress };
        return new Supervised(parts, await loadTeacher(wasmDevice(), trace, weights, model.config.vocabSize, how));
      },
      [Symbol.asyncDispose]: () => checkpoint.close(),
    };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}

function tooLong(teacher: string, longest: number, positions: number): AnyqwenError {
  return new AnyqwenError(
    "invalid-argument",
    `teacher ${teacher}: it has ${positions} positions, the longest example has ${longest} tokens; take a smaller length`,
  );
}
