// Load options with their defaults filled in, against what the model and the machine allow.

import { DEFAULT_STATES, type KvType } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { DRAFT_VOCAB } from "../models/mtp.ts";
import type { Model } from "../models/open.ts";
import type { Outputs } from "./inspect.ts";
import { defaultThreads, type MachineMemory, machineMemory, sharesMemory } from "./machine.ts";
import type { ModelOptions } from "./types.ts";

export interface ResolvedOptions {
  readonly quantize?: "q4" | "q8";
  readonly kv: KvType;
  readonly contextTokens: number;
  readonly poolTokens: number;
  readonly states: number;
  /** Ids that the MTP layer chooses drafts among; undefined: it is not loaded. */
  readonly draftVocab?: number;
  readonly threads: number;
  readonly device: "wasm" | "reference";
  readonly maxTokens: number;
  readonly maxRows: number;
  readonly maxRequests: number;
  readonly outputs: Outputs;
  readonly wasmUrl?: string | URL;
  /** What the machine had when the options were made: before anything was loaded. */
  readonly memory?: MachineMemory;
}

const DEFAULT_CONTEXT = 8192;
const DEFAULT_CHUNK = 512;
/** More kernel threads than any machine gains from; each takes memory of its own. */
const MOST_THREADS = 128;
const DEFAULT_ROWS = 16;
const DEFAULT_REQUESTS = 1024;

export async function resolveOptions(wanted: ModelOptions, model: Model): Promise<ResolvedOptions> {
  const { maxPositions } = model.config;
  const contextTokens = count("contextTokens", wanted.contextTokens, Math.min(maxPositions, DEFAULT_CONTEXT));
  const poolTokens = count("poolTokens", wanted.poolTokens, contextTokens);
  if (contextTokens > maxPositions) {
    throw new AnyqwenError(
      "context-overflow",
      `contextTokens is ${contextTokens}; ${model.checkpoint.name} was made for ${maxPositions} positions`,
    );
  }
  if (poolTokens < contextTokens) {
    throw new AnyqwenError(
      "invalid-argument",
      `poolTokens is ${poolTokens}, less than contextTokens, ${contextTokens}`,
    );
  }
  const threads = count("threads", wanted.threads, await defaultThreads(), MOST_THREADS);
  const device = oneOf("device", wanted.device, ["wasm", "reference"]) ?? "wasm";
  const maxRows = count("rows", wanted.rows, DEFAULT_ROWS);
  return {
    quantize: oneOf("quantize", wanted.quantize, ["q4", "q8"]),
    kv: oneOf("kv", wanted.kv, ["f16", "f32", "q8"]) ?? "f16",
    contextTokens,
    poolTokens,
    states: count("states", wanted.states, DEFAULT_STATES),
    draftVocab: draftVocabOf(wanted, model),
    // Without shared memory, and on the reference device, there is one, whatever was asked for; info says so.
    threads: device === "wasm" && sharesMemory() ? threads : 1,
    device,
    // Whatever decodes together must fit in one step.
    maxTokens: Math.max(count("chunk", wanted.chunk, DEFAULT_CHUNK), maxRows),
    maxRows,
    maxRequests: count("maxRequests", wanted.maxRequests, DEFAULT_REQUESTS),
    outputs:
      oneOf("outputs", wanted.outputs, ["logits", "hidden", "embedding"]) ??
      (model.kind === "embed" ? "embedding" : "logits"),
    wasmUrl: wanted.wasmUrl,
    memory: await machineMemory(),
  };
}

function draftVocabOf({ mtp, draftVocab }: ModelOptions, model: Model): number | undefined {
  const ids = count("draftVocab", draftVocab, DRAFT_VOCAB);
  if (mtp && !model.mtp.usable) throw new AnyqwenError("unsupported", `${model.mtp.problem}`);
  return (mtp ?? model.mtp.usable) ? Math.min(ids, model.config.vocabSize) : undefined;
}

function count(name: string, value: number | undefined, otherwise: number, most = Number.MAX_SAFE_INTEGER): number {
  if (value === undefined) return otherwise;
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  const range = most < Number.MAX_SAFE_INTEGER ? `from 1 to ${most}` : "from 1 on";
  throw new AnyqwenError("invalid-argument", `${name} is ${value}; expected a whole number ${range}`);
}

function oneOf<T extends string>(name: string, value: T | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined || allowed.includes(value)) return value;
  throw new AnyqwenError("invalid-argument", `${name} is ${JSON.stringify(value)}; expected ${allowed.join(", ")}`);
}
