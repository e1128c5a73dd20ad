// Options that every command with a loaded model shares, and loading itself: progress on stderr, always closed at the end.

import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { type LoadOptions, load, type Qwen } from "../../api.ts";
import type { KvType } from "../../core/device.ts";
import { integer } from "./command.ts";
import { UsageError } from "./exit.ts";
import { warn } from "./output.ts";
import { startProgress } from "./progress.ts";

export interface ModelFlags {
  readonly threads?: number;
  readonly kv?: KvType;
  readonly context?: number;
  readonly chunk?: number;
  readonly device?: "wasm" | "reference";
  readonly quantize?: "q4" | "q8";
  readonly offline?: true;
  readonly adapter?: string;
}

export function modelOptions(command: Command): Command {
  return command
    .option("--threads <n>", "threads to compute with (default: one per core, at most 8)", integer(1, 128))
    .addOption(new Option("--kv <type>", "type of the KV cache (default: f16)").choices(["f32", "f16", "q8"]))
    .option("--ctx, --context <tokens>", "positions to make room for (default: the model's, at most 8192)", integer(1))
    .option("--chunk <tokens>", "tokens of the prompt in one step (default: 512)", integer(1))
    .addOption(new Option("--quantize <type>", "store the weights in 4 or 8 bits").choices(["q4", "q8"]))
    .addOption(new Option("--device <name>", "what computes (default: wasm)").choices(["wasm", "reference"]))
    .option("--offline", "never touch the network");
}

/** For commands that compute with at most one adapter. */
export function adapterOption(command: Command): Command {
  return command.option(
    "--adapter <dir>",
    "LoRA adapter to compute with: a folder as PEFT saves it, or a GGUF adapter",
  );
}

const onlyAdapter = "adapter";

/** The adapter as requests name it. */
export const adapterOf = ({ adapter }: ModelFlags): { adapter?: string } =>
  adapter === undefined ? {} : { adapter: onlyAdapter };

/** The flags as `load` takes them. A step holds as many rows of logits as it may hold tokens. */
export function loadOptions(flags: ModelFlags): LoadOptions {
  const { threads, kv, context, chunk, device, quantize, offline, adapter } = flags;
  if (device === "reference" && threads !== undefined && threads > 1) {
    warn(`--threads ${threads}: the reference device computes on one thread`);
  }
  const rows = rowsPerStep(16, chunk);
  // a path and nothing else: no name is looked for elsewhere
  const adapters = adapter === undefined ? undefined : { [onlyAdapter]: resolve(adapter) };
  return { threads, kv, contextTokens: context, chunk, rows, device, quantize, offline, adapters };
}

/** Room for the tokens that a command knows it will need: --ctx may ask for more, not for less. */
export function contextFor(needed: number, what: string, { context }: ModelFlags): number {
  if (context === undefined || context >= needed) return context ?? needed;
  throw new UsageError(`--ctx ${context} has no room for ${what}: ${needed} positions; raise --ctx, or leave it out`);
}

/** Loads, uses and closes a model. */
export async function withModel<T>(model: string, options: LoadOptions, use: (qwen: Qwen) => Promise<T>): Promise<T> {
  const progress = await startProgress("loading", "bytes");
  let qwen: Qwen;
  try {
    qwen = await load(model, {
      ...options,
      onProgress: ({ bytes, totalBytes, phase, file }) =>
        progress.update(bytes, totalBytes, phase === "download" ? (file ?? "downloading") : undefined),
    });
  } finally {
    progress.stop();
  }
  try {
    return await use(qwen);
  } finally {
    await qwen.close();
  }
}

const batch = 16;

/** Many texts a batch at a time, so that how far it is can be shown; what a text gives does not depend on its company. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  label: string,
  work: (some: readonly Item[], first: number) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const progress = await startProgress(label, "texts");
  const results: Result[] = [];
  try {
    for (let first = 0; first < items.length; first += batch) {
      progress.update(first, items.length);
      results.push(...(await work(items.slice(first, first + batch), first)));
    }
  } finally {
    progress.stop();
  }
  return results;
}

/** Rows of logits in a step where every position is wanted: enough for a matrix product, without much memory. */
export function rowsPerStep(tokens: number, chunk = 64): number {
  return Math.min(tokens, chunk, 64);
}
