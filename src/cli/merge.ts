// anyqwen merge MODEL --adapter DIR --out F: the adapter added to the weights, as GGUF or as a folder of safetensors; or the adapter
// alone, from PEFT's form to llama.cpp's and back.

import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { type GgufContent, type Merged, openMerged, type SafetensorsContent } from "../api.ts";
import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import type { StorageType } from "../core/storage.ts";
import { ggufPieces } from "../formats/gguf-write.ts";
import { quantisableTypes } from "../formats/quantise.ts";
import { safetensorsPieces } from "../formats/safetensors-file.ts";
import { type CommandModule, examples, refuseIdle } from "./shared/command.ts";
import { interruptSignal } from "./shared/exit.ts";
import { checkOutput, writeAtomically } from "./shared/files.ts";
import { formatBytes, print, printJson } from "./shared/output.ts";
import { startProgress } from "./shared/progress.ts";

interface MergeFlags {
  readonly adapter: string;
  readonly out: string;
  readonly type?: StorageType;
  readonly adapterOnly?: true;
  readonly offline?: true;
  readonly json?: true;
}

export const define: CommandModule["define"] = (command: Command) => {
  command
    .argument("<model>", "name, directory or file of the base")
    .requiredOption("--adapter <dir>", "LoRA adapter: a folder as PEFT saves it, or a GGUF adapter")
    .requiredOption("-o, --out <path>", "a .gguf file, or a folder for safetensors")
    .addOption(
      new Option("-t, --type <type>", "how to store the weights that change (default: as the base does)")
        .choices(quantisableTypes.map((type) => type.toLowerCase()))
        .argParser((text) => text.toUpperCase()),
    )
    .option("--adapter-only", "write the adapter alone: for llama.cpp as .gguf, for PEFT as a folder")
    .option("--offline", "never touch the network")
    .option("--json", "print one line of JSON");
  examples(
    command,
    ["One GGUF file to run anywhere", "merge ./Qwen3-0.6B --adapter ./my-adapter --out merged.gguf"],
    ["A folder for Hugging Face's libraries", "merge ./Qwen3-0.6B --adapter ./my-adapter --out ./merged"],
    ["The adapter for llama.cpp", "merge ./Qwen3-0.6B --adapter ./my-adapter --adapter-only --out my-adapter.gguf"],
  );
  command.action(async (name: string, flags: MergeFlags) => {
    const { out, adapterOnly, type } = flags;
    if (adapterOnly) refuseIdle(flags, "--adapter-only merges nothing", { type: "--type" });
    const signal = interruptSignal();
    const asGguf = out.endsWith(".gguf");
    await (asGguf ? checkOutput(out) : checkFolder(out));
    const adapter = resolve(flags.adapter);
    const merged = await openMerged(name, adapter, { type, name: flags.adapter, offline: flags.offline, signal });
    const progress = await startProgress(adapterOnly ? "writing" : "merging", "bytes");
    const shown = (total: number) => (done: number) => {
      throwIfAborted(signal);
      progress.update(Math.min(done, total), total);
    };
    try {
      const bytes = asGguf
        ? await writeGguf(out, adapterOnly ? merged.adapterAsGguf() : await merged.gguf(), shown)
        : await writeFolder(out, await folderOf(merged, adapterOnly), shown);
      progress.stop();
      if (flags.json) printJson({ out, bytes });
      else print(`${out}: ${formatBytes(bytes)}`);
    } finally {
      progress.stop();
      await merged[Symbol.asyncDispose]();
    }
  });
};

type Shown = (total: number) => (done: number) => void;

function writeGguf(out: string, { metadata, tensors }: GgufContent, shown: Shown): Promise<number> {
  const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return writeAtomically(out, ggufPieces(metadata, tensors), shown(total));
}

async function folderOf(merged: Merged, adapterOnly: true | undefined): Promise<SafetensorsContent> {
  return adapterOnly ? { tensors: new Map(), files: merged.adapterAsPeft() } : merged.safetensors();
}

const elementBytes = { F32: 4, F16: 2, BF16: 2 };

/** Beside its name first, so that a folder with the name is whole. */
async function writeFolder(out: string, { tensors, files }: SafetensorsContent, shown: Shown): Promise<number> {
  const temporary = join(dirname(resolve(out)), `.${basename(resolve(out))}.${process.pid}.part`);
  const total = [...tensors.values()].reduce(
    (sum, { shape, dtype }) => sum + shape.reduce((a, b) => a * b, elementBytes[dtype as keyof typeof elementBytes]),
    0,
  );
  let bytes = 0;
  try {
    await mkdir(temporary);
    for (const [file, content] of files) {
      await mkdir(dirname(join(temporary, file)), { recursive: true });
      bytes += await writeAtomically(join(temporary, file), [content]);
    }
    if (tensors.size > 0) {
      const pieces = safetensorsPieces(tensors, { format: "pt" });
      bytes += await writeAtomically(join(temporary, "model.safetensors"), pieces, shown(total));
    }
    await rename(temporary, out);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (error instanceof AnyqwenError) throw error;
    throw new AnyqwenError("io", `${out}: cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return bytes;
}

/** A new folder, or an empty one: nothing that is there is written over. */
async function checkFolder(out: string): Promise<void> {
  await checkOutput(join(dirname(resolve(out)), "x"));
  const there = await readdir(out).catch((cause: NodeJS.ErrnoException) => cause.code ?? "");
  if (there === "ENOENT" || (typeof there !== "string" && there.length === 0)) return;
  const why = typeof there === "string" ? "it is no folder" : "the folder is not empty";
  throw new AnyqwenError("io", `${out}: ${why}; name a new folder, or a file that ends in .gguf`);
}
