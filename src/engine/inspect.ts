// A model in figures: before it is loaded (inspect) and while it is (info).

import type { KvType } from "../core/device.ts";
import { type MemoryPlan, planMemory } from "../models/memory-plan.ts";
import type { Model, TraceOptions } from "../models/open.ts";
import { countParameters } from "../models/parameters.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Program } from "./program.ts";
import { quantisedWeights } from "./quantize.ts";
import type { Inspection, ModelInfo } from "./types.ts";

/** What a program is loaded to give; "hidden" has logits too. */
export type Outputs = "logits" | "hidden" | "embedding";

export interface RuntimeFacts {
  readonly device: string;
  readonly contextTokens: number;
  readonly threads: number;
  readonly kv: KvType;
  readonly parameters: number;
  readonly tokenizer: boolean;
  readonly eosIds: readonly number[];
}

export function describeModel(
  model: Model,
  { plan, executor }: Program,
  facts: RuntimeFacts,
): Omit<ModelInfo, "memoryBytes" | "adapters"> {
  const { config, kind, checkpoint } = model;
  return {
    name: checkpoint.name,
    architecture: config.modelType,
    kind,
    layers: config.layers,
    maxPositions: config.maxPositions,
    vocab: config.vocabSize,
    weightBytes: plan.weightBytes,
    weightBytesPerToken: plan.weightBytesPerToken,
    identity: executor.identity,
    mtp: executor.drafter !== undefined,
    ...mtpProblem(model),
    ...facts,
  };
}

export async function inspectModel(model: Model, options: ResolvedOptions): Promise<Inspection> {
  const { config, kind, checkpoint } = model;
  const trace = model.trace(traceOptions(options.outputs, options));
  const stored = model.weights(trace);
  const weights = quantisedWeights(stored, options.quantize);
  const { kv, contextTokens, poolTokens, states, maxTokens, maxRows } = options;
  const plan = planMemory(trace, weights, { kv, contextTokens: poolTokens, states, maxTokens, maxRows });
  return {
    name: checkpoint.name,
    format: checkpoint.format,
    architecture: config.modelType,
    kind,
    ...(await countParameters(stored)),
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    kvHeads: config.kvHeads,
    headDim: config.headDim,
    vocab: config.vocabSize,
    maxPositions: config.maxPositions,
    ...mtpProblem(model),
    tensors: byType(plan),
    memory: {
      contextTokens,
      kv,
      weightBytes: plan.weightBytes,
      kvBytes: plan.kvBytes,
      kvBytesPerPosition: plan.kvBytesPerPosition,
      stateBytes: plan.stateBytes,
      states: plan.bytesPerState > 0 ? states : 0,
      logBytes: plan.logBytes,
      mtpBytes: plan.draftBytes,
      activationBytes: plan.activationBytes,
      totalBytes: plan.totalBytes,
      weightBytesPerToken: plan.weightBytesPerToken,
      availableBytes: options.memory?.bytes,
    },
  };
}

/** What a program for these outputs is traced with. */
export function traceOptions(outputs: Outputs, { draftVocab }: { readonly draftVocab?: number }): TraceOptions {
  if (outputs === "embedding") return { head: "embedding" };
  return { head: "logits", hidden: outputs === "hidden", draftVocab };
}

function mtpProblem({ mtp }: Model): { readonly mtpProblem?: string } {
  return mtp.announced && !mtp.usable ? { mtpProblem: mtp.problem } : {};
}

function byType(plan: MemoryPlan): Inspection["tensors"] {
  return [...plan.weightsByType]
    .map(([type, { tensors, bytes }]) => ({ type, tensors, bytes }))
    .sort((a, b) => b.bytes - a.bytes);
}
