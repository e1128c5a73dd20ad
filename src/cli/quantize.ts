// anyqwen quantize MODEL --type T --out F: a GGUF file in a smaller type, written beside its name and renamed when whole.

import { type Command, InvalidArgumentError } from "commander";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import { type GgufCheckpoint, openGguf } from "../formats/gguf.ts";
import { ggufPieces, type TypedGgufValue } from "../formats/gguf-write.ts";
import { quantised } from "../formats/quantise.ts";
import { resolveModel } from "../hub/hub.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { writeAtomically } from "./shared/files.ts";
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
    ["As small and quick as it gets", "quantize ./model-f16.gguf --type q4_0 --pure --out model-q4_0.gguf"],
  );
  command.action(async (model: string, flags: QuantizeFlags) => {
    const signal = interruptSignal();
    const target = flags.type;
    const { files } = await resolveModel(model, { offline: flags.offline, signal });
    const checkpoint = await openGguf(files);
    const progress = await startProgress("quantising", "bytes");
    try {
      const tensors = plan(checkpoint, target, flags.pure);
      const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const bytes = await writeAtomically(flags.out, ggufPieces(metadataOf(checkpoint, target), tensors), (done) => {
        throwIfAborted(signal);
        progress.update(Math.min(done, total), total);
      });
      progress.stop();
      const types = countTypes(tensors);
      if (flags.json) printJson({ out: flags.out, type: target.name, bytes, types });
      else print(`${flags.out}: ${formatBytes(bytes)}, ${describe(types)}`);
    } finally {
      progress.stop();
      await checkpoint.close();
    }
  });
};

function parseType(text: string): QuantiseTarget {
  const target = parseTarget(text);
  if (!target) throw new InvalidArgumentError(`Choose one of ${targetNames.join(", ")}.`);
  return target;
}

function plan(checkpoint: GgufCheckpoint, target: QuantiseTarget, pure: boolean | undefined): StoredTensor[] {
  const architecture = String(checkpoint.metadata.get("general.architecture"));
  const layers = Number(checkpoint.metadata.get(`${architecture}.block_count`));
  if (!Number.isSafeInteger(layers)) {
    throw new AnyqwenError("format", `${checkpoint.name}: ${architecture}.block_count is missing; is it a text model?`);
  }
  return [...checkpoint.tensors.values()].map((tensor) =>
    quantised(tensor, plannedType(tensor, target, { layers, pure })),
  );
}

/** As it was, but for what says how the tensors are stored; a split file becomes one. */
function metadataOf(checkpoint: GgufCheckpoint, target: QuantiseTarget): Map<string, TypedGgufValue> {
  const metadata = new Map<string, TypedGgufValue>();
  for (const [key, value] of checkpoint.metadata) {
    const type = checkpoint.metadataTypes.get(key);
    if (type !== undefined && !key.startsWith("split.")) metadata.set(key, { type, value });
  }
  metadata.set("general.file_type", { type: "u32", value: target.fileType });
  metadata.set("general.quantization_version", { type: "u32", value: 2 });
  return metadata;
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
