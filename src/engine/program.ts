// A model on a device for one set of outputs: trace, memory check, weights, executor, and the sequences and scheduler above it.

import type { AdapterWeights, Device, Executor, KvType } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Trace } from "../core/trace.ts";
import { type MemoryPlan, planMemory } from "../models/memory-plan.ts";
import type { Model } from "../models/open.ts";
import { MtpDrafting } from "./drafting.ts";
import { type Outputs, traceOptions } from "./inspect.ts";
import type { MachineMemory } from "./machine.ts";
import { quantisedWeights } from "./quantize.ts";
import { Scheduler } from "./scheduler.ts";
import { SequencePool } from "./sequences.ts";

export interface ProgramOptions {
  readonly quantize?: "q4" | "q8";
  readonly kv: KvType;
  readonly poolTokens: number;
  readonly states: number;
  readonly draftVocab?: number;
  readonly threads: number;
  readonly maxTokens: number;
  readonly maxRows: number;
  readonly adapters?: ReadonlyMap<string, AdapterWeights>;
  /** What a model may take here, if the machine says so. */
  readonly memory?: MachineMemory;
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
  readonly onThreadsStarting?: () => void;
  readonly signal?: AbortSignal;
}

export interface Program {
  readonly outputs: Outputs;
  readonly trace: Trace;
  readonly plan: MemoryPlan;
  readonly executor: Executor;
  readonly pool: SequencePool;
  readonly scheduler: Scheduler;
  readonly maxTokens: number;
  readonly maxRows: number;
  /** Ids that the MTP layer chooses among; undefined: there is none. */
  readonly draftVocab?: number;
}

export async function loadProgram(
  model: Model,
  device: Device,
  outputs: Outputs,
  options: ProgramOptions,
): Promise<Program> {
  const { kv, poolTokens, states, maxTokens, maxRows } = options;
  const trace = model.trace(traceOptions(outputs, options));
  const weights = quantisedWeights(model.weights(trace), options.quantize);
  const plan = planMemory(trace, weights, { kv, contextTokens: poolTokens, states, maxTokens, maxRows });
  checkMemory(model.checkpoint.name, plan, options);
  const executor = await device.load(trace, weights, { ...options, contextTokens: poolTokens });
  const pool = new SequencePool(executor, poolTokens, plan.bytesPerState > 0 ? states : undefined);
  const width = trace.outputs.get("final")?.cols ?? 0;
  const drafting = executor.drafter && new MtpDrafting(executor, executor.drafter, maxTokens, width);
  const scheduler = new Scheduler(executor, pool, { maxTokens, maxRows }, drafting);
  const { draftVocab } = traceOptions(outputs, options);
  return { outputs, trace, plan, executor, pool, scheduler, maxTokens, maxRows, draftVocab };
}

function checkMemory(name: string, plan: MemoryPlan, { memory, poolTokens, adapters }: ProgramOptions): void {
  const adapterBytes = weightsBytes(adapters);
  const total = plan.totalBytes + adapterBytes;
  if (!memory || total <= memory.bytes) return;
  const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const smaller = plan.weightBytes > memory.bytes / 2 ? "take a smaller quantisation (quantize: q4) or model" : "";
  const context = plan.kvBytes > plan.totalBytes / 8 ? `fewer contextTokens than ${poolTokens}, or kv: q8` : "";
  const fewer = plan.stateBytes > plan.totalBytes / 8 ? "fewer states" : "";
  const states = plan.stateBytes > 0 ? `recurrent states ${size(plan.stateBytes + plan.logBytes)}, ` : "";
  const adapted = adapterBytes > 0 ? `, adapters ${size(adapterBytes)}` : "";
  throw new AnyqwenError(
    "out-of-memory",
    `${name}: needs ${size(total)} (weights ${size(plan.weightBytes)}, KV cache ${size(plan.kvBytes)} for ` +
      `${poolTokens} positions, ${states}activations ${size(plan.activationBytes)}${adapted}), ` +
      `more than the ${size(memory.bytes)} that ` +
      `${memory.what}; ${[smaller, context, fewer].filter(Boolean).join("; or ") || "take a smaller model"}`,
  );
}

/** Of all adapters, as they lie in memory. */
function weightsBytes(adapters: ProgramOptions["adapters"] = new Map()): number {
  const pairs = [...adapters.values()].flatMap((weights) => [...weights.values()]);
  return pairs.reduce((sum, { a, b }) => sum + a.byteLength + b.byteLength, 0);
}
