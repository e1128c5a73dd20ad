// anyqwen quantize MODEL --type T --out F: a GGUF file in a smaller type, written beside its name and renamed when whole.

import { type Command, InvalidArgumentError } from "commander";
import { type GgufContent, openAsGguf } from "../api.ts";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import { ggufPieces, type TypedGgufValue } from "../formats/gguf-write.ts";
import { quantised } from "../formats/quantise.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { checkOutput, writeAtomically } from "./shared/files.ts";
import { formatBytes, print, printJson } from "./shared/output.ts";
import { startProgress } from "./shared/progress.ts";
import { parseTarget, plannedType, type QuantiseTarget, targetNames } from "./shared/quantise-plan.ts";

interface QuantizeFlags {
  readonly type: QuantiseTarget;
  readonly out: string;
  readonly pure?: true;
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .requiredOption("-t, --type <type>", `one of ${targetNames.join(", ")}`, parseType)
    .requiredOption("-o, --out <file>", "GGUF file to write")
    .option("--pure", "the same type for everything, embedding table and head too")
    .option("--offline", "never touch the network")
    .option("--json", "print one line of JSON");
  examples(
    command,
    ["The usual compromise", "quantize ./model-f16.gguf --type q4_k_m --out model-q4_k_m.gguf"],
    ["From a Hugging Face checkpoint", "quantize ./Qwen3-0.6B --type q8_0 --out qwen3-0.6b-q8_0.gguf"],
    ["As small and quick as it gets", "quantize ./model-f16.gguf --type q4_0 --pure --out model-q4_0.gguf"],
  );
  command.action(async (name: string, flags: QuantizeFlags) => {
    const signal = interruptSignal();
    const target = flags.type;
    await checkOutput(flags.out);
    await refuseOwnSource(name, flags.out);
    const model = await openAsGguf(name, { offline: flags.offline, signal });
    const progress = await startProgress("quantising", "bytes");
    try {
      const tensors = plan(model, target, flags.pure);
      const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const bytes = await writeAtomically(flags.out, ggufPieces(metadataOf(model, target), tensors), (done) => {
        throwIfAborted(signal);
        progress.update(Math.min(done, total), total);
      });
      progress.stop();
      const types = countTypes(tensors);
      if (flags.json) printJson({ out: flags.out, type: target.name, bytes, types });
      else print(`${flags.out}: ${formatBytes(bytes)}, ${describe(types)}`);
    } finally {
      progress.stop();
      await model[Symbol.asyncDispose]();
    }
  });
};

function parseType(text: string): QuantiseTarget {
  const target = parseTarget(text);
  if (!target) throw new InvalidArgumentError(`Choose one of ${targetNames.join(", ")}.`);
  return target;
}

function plan(model: GgufContent, target: QuantiseTarget, pure: boolean | undefined): StoredTensor[] {
  const architecture = String(model.metadata.get("general.architecture")?.value);
  const layers = Number(model.metadata.get(`${architecture}.block_count`)?.value);
  if (!Number.isSafeInteger(layers)) {
    throw new AnyqwenError("format", `${architecture}.block_count is missing in the file; is it a text model?`);
  }
  const ownHead = model.tensors.some(({ name }) => name === "output.weight");
  return model.tensors.map((tensor) => quantised(tensor, plannedType(tensor, target, { layers, ownHead, pure })));
}

/** As it was, but for what says how the tensors are stored. */
function metadataOf(model: GgufContent, target: QuantiseTarget): Map<string, TypedGgufValue> {
  return new Map([
    ...model.metadata,
    ["general.file_type", { type: "u32", value: target.fileType }],
    ["general.quantization_version", { type: "u32", value: 2 }],
  ]);
}

function countTypes(tensors: readonly StoredTensor[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of tensors) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function describe(types: Readonly<Record<string, number>>): string {
  return Object.entries(types)
    .sort(([, a], [, b]) => b - a)
    .map(([type, count]) => `${count} x ${type}`)
    .join(", ");
}

/** Writing over what is being read would lose both. */
async function refuseOwnSource(name: string, out: string): Promise<void> {
  const { realpath } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const [source, target] = await Promise.all([name, out].map((path) => realpath(path).catch(() => undefined)));
  if (source && target && (source === target || source === dirname(target)))
    throw new AnyqwenError("invalid-argument", `${out} is a file of the model that is read; choose another --out`);
}
