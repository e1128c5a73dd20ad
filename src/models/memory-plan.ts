// What a model will cost before anything is loaded: weights by storage type, the KV cache in pages of 256 positions, recurrent states,
// activations, and the bytes of weights that one decoded token reads.

import { type BoundWeight, type KvType, MOST_DRAFTS } from "../core/device.ts";
import { lastUses, opOutput } from "../core/liveness.ts";
import { logCapacity } from "../core/recurrent-state.ts";
import type { StorageType } from "../core/storage.ts";
import { deltaChannels, type Trace, type Value } from "../core/trace.ts";

/** Positions in a page of the KV cache. */
export const KV_PAGE = 256;

export interface MemoryPlan {
  readonly weightBytes: number;
  readonly weightsByType: ReadonlyMap<StorageType, { readonly tensors: number; readonly bytes: number }>;
  readonly kvBytesPerPosition: number;
  /** For the context asked for, in whole pages. */
  readonly kvBytes: number;
  /** Of weights and cache, what only the draft trace needs. */
  readonly draftBytes: number;
  /** A recurrent state; 0 for models without. */
  readonly bytesPerState: number;
  /** All recurrent states that there is room for. */
  readonly stateBytes: number;
  /** What they need to take drafts back: updates of each sequence that can have drafts in one step. */
  readonly logBytes: number;
  /** Most that is alive at once in one step. */
  readonly activationBytes: number;
  readonly totalBytes: number;
  /** Weight bytes that a decoded token reads, as stored: routed experts only, one row of the embedding table. */
  readonly weightBytesPerToken: number;
}

export interface PlanOptions {
  readonly kv: KvType;
  readonly contextTokens: number;
  readonly states: number;
  readonly maxTokens: number;
  readonly maxRows: number;
}

export function planMemory(trace: Trace, weights: readonly BoundWeight[], options: PlanOptions): MemoryPlan {
  const byType = new Map<StorageType, { tensors: number; bytes: number }>();
  let weightBytes = 0;
  for (const part of weights.flatMap((bound) => bound.parts)) {
    const entry = byType.get(part.type) ?? { tensors: 0, bytes: 0 };
    byType.set(part.type, { tensors: entry.tensors + 1, bytes: entry.bytes + part.byteLength });
    weightBytes += part.byteLength;
  }
  const positions = Math.ceil(options.contextTokens / KV_PAGE) * KV_PAGE;
  const draftKvBytes = trace.draft ? positions * kvPositionBytes(trace.draft, options.kv) : 0;
  const kvBytesPerPosition = kvPositionBytes(trace, options.kv);
  const kvBytes = positions * kvBytesPerPosition + draftKvBytes;
  const bytesPerState = recurrentStateBytes(trace);
  const stateBytes = options.states * bytesPerState;
  const logBytes = logCapacity(options.states, options.maxRows) * draftLogBytes(trace);
  const activationBytes = peakActivationBytes(trace, options.maxTokens, options.maxRows);
  return {
    weightBytes,
    weightsByType: byType,
    kvBytesPerPosition,
    kvBytes,
    draftBytes: draftKvBytes + draftWeightBytes(trace, weights),
    bytesPerState,
    stateBytes,
    logBytes,
    activationBytes,
    totalBytes: weightBytes + kvBytes + stateBytes + logBytes + activationBytes,
    weightBytesPerToken: weightBytesPerToken(trace, weights),
  };
}

/** Bytes that one position takes in all layers' caches; q8 adds an f32 scale per head to each of K and V. */
export function kvPositionBytes(trace: Trace, kv: KvType): number {
  let bytes = 0;
  for (const { shape } of trace.kv) {
    const head = kv === "f32" ? 4 * shape.headDim : kv === "f16" ? 2 * shape.headDim : shape.headDim + 4;
    bytes += 2 * shape.kvHeads * head;
  }
  return bytes;
}

/** Bytes of one sequence's recurrent state, f32: the convolutions' last inputs, and a matrix per value head. */
function recurrentStateBytes({ recurrent }: Trace): number {
  return recurrent.reduce((sum, { shape }) => {
    const { taps, valueHeads, keyDim, valueDim } = shape;
    return sum + 4 * ((taps - 1) * deltaChannels(shape) + valueHeads * keyDim * valueDim);
  }, 0);
}

/** Bytes of the updates of a sequence's drafts: what the convolution takes in, changes, and twice keys and decays. */
function draftLogBytes({ recurrent }: Trace): number {
  return recurrent.reduce((sum, { shape }) => {
    const { keyHeads, keyDim, valueHeads, valueDim } = shape;
    const floats = deltaChannels(shape) + valueHeads * valueDim + 2 * (keyHeads * keyDim + valueHeads);
    return sum + 4 * MOST_DRAFTS * floats;
  }, 0);
}

function draftWeightBytes(trace: Trace, weights: readonly BoundWeight[]): number {
  const own = new Set(trace.weights.map(({ name }) => name));
  const parts = weights.filter(({ weight }) => !own.has(weight.name)).flatMap((bound) => bound.parts);
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Outputs stay until the next step, also while a draft trace runs; its inputs are there all the time. */
function peakActivationBytes(trace: Trace, maxTokens: number, maxRows: number): number {
  const bytesOf = (value: Value) =>
    4 * value.cols * (value.rows === "T" ? maxTokens : value.rows === "R" ? maxRows : value.rows);
  const sum = (values: Iterable<Value>) => [...values].reduce((bytes, value) => bytes + bytesOf(value), 0);
  const { draft } = trace;
  const drafting = draft ? sum(trace.outputs.values()) + peakActivationBytes(draft, maxTokens, maxRows) : 0;
  const given = sum(draft?.inputs.values() ?? []);
  const last = lastUses(trace);
  const endingAt = new Map<number, number>();
  for (const value of trace.values) {
    endingAt.set(last[value.id], (endingAt.get(last[value.id]) ?? 0) + bytesOf(value));
  }
  let alive = 0;
  let peak = 0;
  trace.ops.forEach((op, index) => {
    const out = opOutput(op);
    if (out) alive += bytesOf(out);
    peak = Math.max(peak, alive);
    alive -= endingAt.get(index) ?? 0;
  });
  return Math.max(peak, drafting) + given;
}

function weightBytesPerToken(trace: Trace, weights: readonly BoundWeight[]): number {
  const stored = new Map(
    weights.map(({ weight, parts }) => [weight.name, parts.reduce((sum, part) => sum + part.byteLength, 0)]),
  );
  const bytesOf = (name: string) => stored.get(name) ?? 0;
  let bytes = 0;
  for (const op of trace.ops) {
    if (op.kind === "embed") bytes += bytesOf(op.table.name) / op.table.shape[0];
    else if (op.kind === "rmsNorm") bytes += bytesOf(op.weight.name);
    else if (op.kind === "linear") bytes += bytesOf(op.weight.name) + (op.bias ? bytesOf(op.bias.name) : 0);
    else if (op.kind === "moe") {
      const all = bytesOf(op.gate.name) + bytesOf(op.up.name) + bytesOf(op.down.name);
      bytes += (all * op.topK) / op.gate.shape[0];
    }
  }
  return bytes;
}
