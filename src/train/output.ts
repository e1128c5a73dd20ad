// What a run leaves behind: an adapter as PEFT loads it, or a checkpoint of safetensors with the files that lay beside its base.

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AnyqwenError } from "../core/errors.ts";
import type { TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { openFiles } from "../engine/files.ts";
import type { AdapterModule } from "../formats/adapter.ts";
import { writePeftAdapter } from "../formats/peft-adapter.ts";
import { bytesOfArray, safetensorsPieces, type TensorToWrite } from "../formats/safetensors-file.ts";
import { checkOutput, writeAtomically } from "../formats/write-files.ts";
import { publishedTensors } from "../models/published-layout.ts";
import { bestFile, checkpointFile } from "./checkpoint.ts";
import { curveFile } from "./loss-svg.ts";
import type { Trainable } from "./model.ts";
import type { TrainOptions } from "./types.ts";

/** Said before the work, not after it: a folder that cannot be made or written to. */
export async function makeFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true }).catch((cause) => {
    throw new AnyqwenError("io", `${out}: the folder cannot be made: ${(cause as Error).message}`, { cause });
  });
  await checkOutput(join(out, checkpointFile));
  for (const file of await readdir(out)) {
    const [, name] = /^(.+)\.\d+\.part$/.exec(file) ?? [];
    if (ownFiles.includes(name)) await rm(join(out, file), { force: true }); // half written by a run that was killed
  }
}

const ownFiles = [
  ...[checkpointFile, bestFile, curveFile],
  ...["adapter_model.safetensors", "adapter_config.json", "model.safetensors"],
];

/** Writes into `options.out`; returns the files' names. */
export async function writeResult(
  options: TrainOptions,
  model: Trainable,
  program: TrainingProgram,
  executor: TrainingExecutor,
): Promise<string[]> {
  if (!model.lora) return writeModel(options, model, program, executor);
  const { names, rank, alpha, rslora } = model.lora;
  const modules = new Map<string, AdapterModule>();
  for (const name of names) {
    const [a, b] = ["A", "B"].map((side) => executor.read("value", `${name}.lora_${side}.weight`));
    modules.set(name, { a, b });
  }
  const targetModules = options.targets ?? [...new Set(names.map((name) => name.slice(name.lastIndexOf(".") + 1)))];
  const whole = names.length === countMatching(program, targetModules);
  const written = writePeftAdapter(
    { modules, rank, alpha, rslora },
    { base: options.model, dropout: options.dropout, ...(whole && { targetModules }) },
  );
  for (const [file, bytes] of written) await writeAtomically(join(options.out, file), [bytes]);
  return [...written.keys()];
}

/** Linear layers that PEFT would find under these last parts of names. */
function countMatching({ weights }: TrainingProgram, targets: readonly string[]): number {
  return weights.filter(({ name }) => targets.some((target) => name.endsWith(`.${target}.weight`))).length;
}

async function writeModel(
  options: TrainOptions,
  { config }: Trainable,
  program: TrainingProgram,
  executor: TrainingExecutor,
): Promise<string[]> {
  const tensors = new Map<string, TensorToWrite>();
  for (const { name, shape, values } of publishedTensors(program.trainable, config, (n) => executor.read("value", n))) {
    const data = (async function* () {
      yield bytesOfArray(values());
    })();
    tensors.set(name, { dtype: "F32", shape, data });
  }
  await writeAtomically(join(options.out, "model.safetensors"), safetensorsPieces(tensors, { format: "pt" }));
  const files = await openFiles(options.model, { offline: options.offline });
  const beside = files.files.filter((file) => /^[^/]+\.(json|jinja|txt)$/.test(file) && !file.endsWith(".index.json"));
  for (const file of beside) {
    await using source = disposable(await files.open(file));
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    await writeAtomically(join(options.out, file), [bytes]);
  }
  return ["model.safetensors", ...beside];
}

function disposable<T extends { close(): Promise<void> }>(source: T): T & AsyncDisposable {
  return Object.assign(source, { [Symbol.asyncDispose]: () => source.close() });
}
