// anyqwen inspect MODEL: architecture, tensors by type and the memory that a context will need, all before loading. With
// --tensor one tensor's values, as the file means them, in F32.

import { type Command, Option } from "commander";
import { type Inspection, inspect } from "../api.ts";
import type { KvType } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { safetensorsPieces } from "../formats/safetensors-file.ts";
import { withCheckpoint } from "./shared/checkpoint.ts";
import { type CommandModule, examples, integer, refuseIdle } from "./shared/command.ts";
import { UsageError } from "./shared/exit.ts";
import { writeAtomically } from "./shared/files.ts";
import { formatBytes, formatCount, note, print, printJson, table, toJson } from "./shared/output.ts";
import { floatPieces } from "./shared/tensor.ts";

interface InspectFlags {
  readonly context?: number;
  readonly kv?: KvType;
  readonly quantize?: "q4" | "q8";
  readonly tensors?: true;
  readonly metadata?: true;
  readonly tensor?: string;
  readonly out?: string;
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file")
    .option("--ctx, --context <tokens>", "positions to make room for (default: the model's, at most 8192)", integer(1))
    .addOption(new Option("--kv <type>", "type of the KV cache (default: f16)").choices(["f32", "f16", "q8"]))
    .addOption(new Option("--quantize <type>", "as if loaded in 4 or 8 bits").choices(["q4", "q8"]))
    .option("--tensors", "list every tensor")
    .option("--metadata", "list what the file says about itself")
    .option("--tensor <name>", "write one tensor's values to --out: F32, [out, in]")
    .option("-o, --out <file>", "safetensors to write")
    .option("--offline", "never touch the network")
    .option("--json", "print one line of JSON");
  examples(
    command,
    ["Will it fit?", "inspect qwen3:0.6b --ctx 32768 --kv q8"],
    ["What is in the file?", "inspect ./model.gguf --tensors --metadata"],
    ["One weight, dequantised", "inspect ./model.gguf --tensor blk.0.ffn_down.weight --out w.safetensors"],
  );
  command.action(async (model: string, flags: InspectFlags) => {
    checkFlags(flags);
    if (flags.tensor !== undefined) return writeTensor(model, flags.tensor, flags);
    if (flags.tensors || flags.metadata) return list(model, flags);
    const found = await inspect(model, {
      contextTokens: flags.context,
      kv: flags.kv,
      quantize: flags.quantize,
      offline: flags.offline,
    });
    if (flags.json) printJson(found);
    else show(model, found);
  });
};

function checkFlags(flags: InspectFlags): void {
  const memoryOnly = { context: "--ctx", kv: "--kv", quantize: "--quantize" } as const;
  if (flags.tensor !== undefined) {
    refuseIdle(flags, "--tensor writes one tensor", { tensors: "--tensors", metadata: "--metadata", ...memoryOnly });
  } else if (flags.out !== undefined) throw new UsageError("--out needs --tensor, the name of the tensor to write");
  else if (flags.tensors || flags.metadata) {
    refuseIdle(flags, `${flags.tensors ? "--tensors" : "--metadata"} lists what the file holds`, memoryOnly);
  }
}

async function writeTensor(model: string, name: string, flags: InspectFlags): Promise<void> {
  const out = flags.out;
  if (out === undefined) throw new UsageError("--tensor needs --out, the file to write");
  await withCheckpoint(model, flags, async (checkpoint) => {
    const tensor = checkpoint.tensors.get(name);
    if (!tensor) throw unknownTensor(checkpoint, name);
    const { type, shape } = tensor;
    const data = floatPieces(tensor);
    await writeAtomically(out, safetensorsPieces(new Map([[name, { dtype: "F32", shape, data }]])));
    if (flags.json) printJson({ name, type, shape, out });
    else note(`${out}: ${name} [${shape.join(", ")}], stored as ${type}`);
  });
}

function unknownTensor(checkpoint: Checkpoint, name: string): AnyqwenError {
  const words = name.split(/[._]/);
  const likeness = (other: string) => other.split(/[._]/).filter((word) => words.includes(word)).length;
  const near = [...checkpoint.tensors.keys()].sort((a, b) => likeness(b) - likeness(a)).slice(0, 3);
  return new AnyqwenError(
    "not-found",
    `${checkpoint.name}: no tensor ${name}; nearest are ${near.join(", ")} (--tensors lists all ${checkpoint.tensors.size})`,
  );
}

/** --tensors and --metadata: what the files hold, whatever the architecture. */
async function list(model: string, flags: InspectFlags): Promise<void> {
  await withCheckpoint(model, flags, async (checkpoint) => {
    const metadata = [...checkpoint.metadata, ...checkpoint.json];
    const tensors = [...checkpoint.tensors.values()];
    if (flags.json) {
      return printJson({
        name: checkpoint.name,
        format: checkpoint.format,
        ...(flags.metadata && { metadata: Object.fromEntries(metadata) }),
        ...(flags.tensors && {
          tensors: tensors.map(({ name, type, shape, byteLength }) => ({ name, type, shape, bytes: byteLength })),
        }),
      });
    }
    if (flags.metadata)
      print(
        table(
          [{ title: "KEY" }, { title: "VALUE" }],
          metadata.map(([key, value]) => [key, brief(value)]),
        ),
      );
    if (!flags.tensors) return;
    const rows = tensors.map(({ name, type, shape, byteLength }) => [
      name,
      type,
      shape.join(" x "),
      formatBytes(byteLength),
    ]);
    print(
      table([{ title: "TENSOR" }, { title: "TYPE" }, { title: "SHAPE" }, { title: "BYTES", align: "right" }], rows),
    );
  });
}

/** A value in one line; long lists (the vocabulary) by their beginning. */
function brief(value: unknown): string {
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>) : undefined;
  if (list && list.length > 8)
    return `${toJson(Array.from({ length: 6 }, (_, i) => list[i])).slice(0, -1)}, … ${list.length} in all]`;
  const text = typeof value === "string" ? value : toJson(value);
  const line = text.replaceAll("\n", "\\n");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function show(model: string, found: Inspection): void {
  const { memory } = found;
  print(
    table(
      [{ title: "MODEL" }, { title: model }],
      [
        ["format", found.format],
        ["architecture", `${found.architecture}${found.kind === "embed" ? ", for embeddings" : ""}`],
        ["parameters", formatCount(found.parameters) + (found.copiedHead ? " (the head is the embeddings again)" : "")],
        ["layers", `${found.layers} of width ${found.hiddenSize}`],
        ["heads", `${found.heads} query, ${found.kvHeads} key-value, ${found.headDim} wide`],
        ["vocabulary", formatCount(found.vocab)],
        ["positions", formatCount(found.maxPositions)],
      ],
    ),
  );
  const right = "right" as const;
  const types = found.tensors.map(({ type, tensors, bytes }) => [type, String(tensors), formatBytes(bytes)]);
  print(`\n${table([{ title: "TYPE" }, { title: "TENSORS", align: right }, { title: "BYTES", align: right }], types)}`);
  const need = [
    ["weights", formatBytes(memory.weightBytes)],
    [`KV cache (${memory.kv})`, formatBytes(memory.kvBytes)],
    ...(memory.states > 0 ? [[`recurrent states (${memory.states})`, formatBytes(memory.stateBytes)]] : []),
    ...(memory.logBytes > 0 ? [["logs of drafts", formatBytes(memory.logBytes)]] : []),
    ...(memory.mtpBytes > 0 ? [["of these for the MTP layer", formatBytes(memory.mtpBytes)]] : []),
    ["activations", formatBytes(memory.activationBytes)],
    ["total", formatBytes(memory.totalBytes)],
    ["read per token", formatBytes(memory.weightBytesPerToken)],
    ...(memory.availableBytes ? [["available here", formatBytes(memory.availableBytes)]] : []),
  ];
  const title = `MEMORY FOR ${formatCount(memory.contextTokens)} TOKENS`;
  print(`\n${table([{ title }, { title: "", align: right }], need)}`);
  if (found.mtpProblem) print(`\nno drafts from an MTP layer: ${found.mtpProblem}`);
}
