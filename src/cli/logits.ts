// anyqwen logits MODEL: the logits of every position of given ids, from safetensors to safetensors. For tests and for
// research; with --hidden also every layer's output, in the convention of the transformers library.

import type { Command } from "commander";
import pc from "picocolors";
import type { LogitsResult } from "../api.ts";
import { AnyqwenError } from "../core/errors.ts";
import { nodeSource } from "../formats/node-files.ts";
import {
  bytesOfArray,
  readInts,
  readSafetensors,
  safetensorsPieces,
  type TensorToWrite,
} from "../formats/safetensors-file.ts";
import { type CommandModule, examples } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { checkOutput, writeAtomically } from "./shared/files.ts";
import {
  adapterOf,
  adapterOption,
  contextFor,
  loadOptions,
  type ModelFlags,
  modelOptions,
  rowsPerStep,
  withModel,
} from "./shared/model.ts";
import { formatBytes, note, printJson } from "./shared/output.ts";

interface LogitsFlags extends ModelFlags {
  readonly input: string;
  readonly out: string;
  readonly hidden?: true;
  readonly mtp?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .requiredOption("-i, --input <file>", "safetensors with input_ids [T], I32 or I64")
    .requiredOption("-o, --out <file>", "safetensors to write: logits [T, V], F32")
    .option("--hidden", "also hidden_states [L+1, T, H]: embeddings, each layer's output, last the final norm's");
  command.option(
    "--mtp",
    "also the MTP layer's mtp_logits [T-1, V], mtp_hidden [T-1, H], draft_ids [3] and draft_logits [3, V]",
  );
  modelOptions(adapterOption(command)).option("--json", "print the shapes as one line of JSON");
  examples(
    command,
    ["Logits of a prompt", "logits ./model --input ids.safetensors --out logits.safetensors"],
    ["With an adapter", "logits ./model --adapter ./my-adapter -i ids.safetensors -o adapted.safetensors"],
    [
      "Compare devices and cache types",
      "logits ./model -i ids.safetensors -o f32.safetensors --kv f32 --device reference",
    ],
  );
  command.action(async (model: string, flags: LogitsFlags) => {
    const signal = interruptSignal();
    const ids = await readIds(flags.input);
    await checkOutput(flags.out);
    const options = {
      ...loadOptions(flags),
      outputs: flags.hidden ? "hidden" : "logits",
      ...(flags.mtp ? { mtp: true, draftVocab: Number.MAX_SAFE_INTEGER } : { mtp: false }),
      rows: rowsPerStep(ids.length, flags.chunk),
      contextTokens: contextFor(ids.length, `the ids of ${flags.input}`, flags),
      signal,
    } as const;
    const result = await withModel(model, options, (qwen) => {
      note(pc.dim(`computing the logits of ${ids.length} positions`));
      return qwen.logits(ids, {
        hidden: flags.hidden,
        mtp: flags.mtp,
        chunk: flags.chunk,
        ...adapterOf(flags),
        signal,
      });
    });
    const shape = [ids.length, result.vocab];
    const tensors = new Map<string, TensorToWrite>([
      ["logits", { dtype: "F32", shape, data: bytesOfArray(result.logits) }],
    ]);
    const hiddenShape = [result.layers + 1, ids.length, result.width];
    if (result.hidden) {
      tensors.set("hidden_states", { dtype: "F32", shape: hiddenShape, data: bytesOfArray(result.hidden) });
    }
    for (const [name, tensor] of mtpTensors(result)) tensors.set(name, tensor);
    const bytes = await writeAtomically(flags.out, safetensorsPieces(tensors));
    if (flags.json)
      printJson({
        out: flags.out,
        bytes,
        ...Object.fromEntries([...tensors].map(([name, tensor]) => [name, tensor.shape])),
      });
    else note(`${flags.out}: logits [${shape.join(", ")}], ${formatBytes(bytes)}`);
  });
};

function mtpTensors({ vocab, width, mtpLogits, mtpHidden, draftIds, draftLogits }: LogitsResult) {
  if (!mtpLogits || !mtpHidden || !draftIds || !draftLogits) return [];
  const tensor = (dtype: "F32" | "I32", data: Float32Array | Int32Array, ...cols: number[]): TensorToWrite => {
    const rows = cols.length > 0 ? data.length / cols[0] : data.length;
    return { dtype, shape: [rows, ...cols], data: bytesOfArray(data) };
  };
  return [
    ["mtp_logits", tensor("F32", mtpLogits, vocab)],
    ["mtp_hidden", tensor("F32", mtpHidden, width)],
    ["draft_ids", tensor("I32", draftIds)],
    ["draft_logits", tensor("F32", draftLogits, vocab)],
  ] as const;
}

async function readIds(path: string): Promise<number[]> {
  const source = await nodeSource(path);
  try {
    const tensors = await readSafetensors(source);
    const entry = tensors.get("input_ids");
    if (!entry) {
      throw new AnyqwenError(
        "format",
        `${path}: no input_ids; it has ${[...tensors.keys()].join(", ") || "no tensors"}`,
      );
    }
    // [T] or [1, T]: one sequence.
    if (entry.shape.filter((size) => size !== 1).length > 1) {
      throw new AnyqwenError("format", `${path}: input_ids is [${entry.shape.join(", ")}]; expected one sequence, [T]`);
    }
    const ids = Array.from(await readInts(entry));
    if (ids.length === 0) throw new AnyqwenError("format", `${path}: input_ids is empty`);
    return ids;
  } finally {
    await source.close();
  }
}
