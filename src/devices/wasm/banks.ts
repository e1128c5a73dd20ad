// Shares a model out to banks, memories of up to 4 GiB. Stages of the trace (core/stages.ts) fill one bank after another, each with
// its weights and its layers' cache. A stage that reads a weight of an earlier bank (a head tied to the embeddings) runs there:
// nothing lies in memory twice.

import { AnyqwenError } from "../../core/errors.ts";
import { opInputs, opOutput, opWeights } from "../../core/liveness.ts";
import type { Stage } from "../../core/stages.ts";
import type { AttentionShape, DeltaShape, Op, Trace, Value } from "../../core/trace.ts";
import { mebibytes } from "./memory.ts";
import { type PackedWeight, placedBytes } from "./placement.ts";
import type { Work } from "./plan.ts";

/** What one bank holds and computes. */
export interface Share extends Work {
  readonly weights: readonly PackedWeight[];
  /** The trace's outputs that are made here. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** The same of the draft trace, and its inputs that are read here. */
  readonly draft: { readonly outputs: ReadonlyMap<string, Value>; readonly inputs: ReadonlyMap<string, Value> };
}

/** A run of one bank's ops, in the order of the whole, and the value that another bank hands over for it. */
export interface Turn {
  readonly bank: number;
  readonly run: number;
  readonly input?: { readonly value: Value; readonly from: number };
}

/** What a bank has room for. */
export interface Room {
  /** Weights and cache together. */
  readonly bytes: number;
  readonly contextTokens: number;
  /** Bytes of a layer's cache for that context. */
  readonly cacheBytes: (shape: AttentionShape) => number;
  /** Bytes of a layer's part of all recurrent states. */
  readonly stateBytes: (shape: DeltaShape) => number;
}

/** A stage with what it needs beside it. */
interface Load {
  readonly stage: Stage;
  readonly weights: readonly PackedWeight[];
  readonly kv: Trace["kv"];
  readonly recurrent: Trace["recurrent"];
  /** Of both. */
  readonly cacheBytes: number;
  /** A stage of the draft trace. */
  readonly drafts: boolean;
}

/** `draftStages`: of the trace's draft trace, if it has one. */
export function shareOut(
  trace: Trace,
  stages: readonly Stage[],
  weights: readonly PackedWeight[],
  room: Room,
  draftStages: readonly Stage[] = [],
): { readonly shares: readonly Share[]; readonly turns: readonly Turn[]; readonly draftTurns: readonly Turn[] } {
  const loads = loadsOf(trace, stages, weights, room);
  const drafts = trace.draft ? loadsOf(trace.draft, draftStages, weights, room, true) : [];
  const banks = fillBanks(inOrderOfPlacing(loads, drafts), room);
  const shares = Array.from({ length: Math.max(...banks.values()) + 1 }, () => ({
    runs: [] as Op[][],
    kv: [] as Trace["kv"][number][],
    draftKv: [] as Trace["kv"][number][],
    recurrent: [] as Trace["recurrent"][number][],
    read: new Set<Value>(),
    written: new Set<Value>(),
    weights: new Set<PackedWeight>(),
    outputs: new Map<string, Value>(),
    draft: { outputs: new Map<string, Value>(), inputs: new Map<string, Value>() },
  }));
  const makers = new Map<Value, number>();
  const readers = new Map<Value, number>();
  const bankOf = (load: Load) => banks.get(load) ?? 0;
  const turnsOf = (loads: readonly Load[]): Turn[] => {
    const turns: Turn[] = [];
    loads.forEach((load, n) => {
      const { stage, weights, kv, recurrent } = load;
      const [bank, before] = [bankOf(load), n > 0 ? bankOf(loads[n - 1]) : undefined];
      const share = shares[bank];
      for (const weight of weights) share.weights.add(weight);
      (load.drafts ? share.draftKv : share.kv).push(...kv);
      share.recurrent.push(...recurrent);
      if (bank !== before) {
        const run = share.runs.push([]) - 1;
        const input = stage.input && before !== undefined ? { value: stage.input, from: before } : undefined;
        turns.push({ bank, run, input });
        if (input) {
          shares[input.from].read.add(input.value);
          share.written.add(input.value);
        }
      }
      share.runs[share.runs.length - 1].push(...stage.ops);
      for (const op of stage.ops) {
        const made = opOutput(op);
        if (made) makers.set(made, bank);
        for (const value of opInputs(op)) readers.set(value, bank);
      }
    });
    return turns;
  };
  const turns = turnsOf(loads);
  const draftTurns = turnsOf(drafts);
  for (const [name, value] of trace.outputs) {
    const share = shares[makers.get(value) ?? 0];
    share.outputs.set(name, value);
    share.read.add(value);
  }
  for (const [name, value] of trace.draft?.outputs ?? []) {
    const share = shares[makers.get(value) ?? 0];
    share.draft.outputs.set(name, value);
    share.read.add(value);
  }
  for (const [name, value] of trace.draft?.inputs ?? []) {
    const share = shares[readers.get(value) ?? 0];
    share.draft.inputs.set(name, value);
    share.written.add(value);
  }
  return { shares: shares.map((share) => ({ ...share, weights: [...share.weights] })), turns, draftTurns };
}

/** Draft stages need the embeddings, so they are placed right behind them, while that bank has room; those that read what lies
 *  elsewhere, a head, come last. */
function inOrderOfPlacing(loads: readonly Load[], drafts: readonly Load[]): Load[] {
  const [first, ...rest] = loads;
  const later = new Set(rest.flatMap(({ weights }) => weights));
  const early = drafts.filter(({ weights }) => !weights.some((weight) => later.has(weight)));
  return [first, ...early, ...rest, ...drafts.filter((load) => !early.includes(load))];
}

function loadsOf(
  trace: Trace,
  stages: readonly Stage[],
  weights: readonly PackedWeight[],
  { cacheBytes, stateBytes }: Room,
  drafts = false,
): Load[] {
  const byName = new Map(weights.map((weight) => [weight.bound.weight.name, weight]));
  return stages.map((stage) => {
    const names = new Set(stage.ops.flatMap((op) => opWeights(op).map(({ name }) => name)));
    const appended = new Set(stage.ops.map((op) => (op.kind === "appendKv" ? op.layer : undefined)));
    const kv = trace.kv.filter(({ layer }) => appended.has(layer));
    const moved = new Set(stage.ops.map((op) => (op.kind === "gatedDelta" ? op.layer : undefined)));
    const recurrent = trace.recurrent.filter(({ layer }) => moved.has(layer));
    const states = recurrent.reduce((sum, { shape }) => sum + stateBytes(shape), 0);
    return {
      stage,
      weights: [...names].flatMap((name) => byName.get(name) ?? []),
      kv,
      recurrent,
      cacheBytes: kv.reduce((sum, { shape }) => sum + cacheBytes(shape), states),
      drafts,
    };
  });
}

/** The bank of every stage. */
function fillBanks(loads: readonly Load[], room: Room): Map<Load, number> {
  const used = [0];
  const homes = new Map<PackedWeight, number>();
  const banks = new Map<Load, number>();
  for (const load of loads) {
    const { weights, kv, recurrent, cacheBytes, drafts } = load;
    const fresh = weights.filter((weight) => !homes.has(weight));
    const bytes = fresh.reduce((sum, weight) => sum + placedBytes(weight), cacheBytes);
    const home = weights.map((weight) => homes.get(weight)).find((bank) => bank !== undefined);
    if (home === undefined && used[used.length - 1] > 0 && used[used.length - 1] + bytes > room.bytes) used.push(0);
    const bank = home ?? used.length - 1;
    used[bank] += bytes;
    if (used[bank] > room.bytes) throw tooLarge(fresh, cacheBytes, room);
    for (const weight of fresh) homes.set(weight, bank);
    // Saved states hold the layers in order, bank after bank; what drafts are made from is not saved.
    const keeps = !drafts && (kv.length > 0 || recurrent.length > 0);
    if ((keeps && bank < used.length - 1) || weights.some((weight) => homes.get(weight) !== bank))
      throw new AnyqwenError("unsupported", `${weights[0].bound.weight.name}: its layer shares weights with others`);
    banks.set(load, bank);
  }
  return banks;
}

function tooLarge(weights: readonly PackedWeight[], cacheBytes: number, { bytes, contextTokens }: Room): AnyqwenError {
  const size = weights.reduce((sum, weight) => sum + placedBytes(weight), 0);
  const [largest] = [...weights].sort((a, b) => b.bytes - a.bytes);
  const others = weights.length > 1 ? ` and ${weights.length - 1} more` : "";
  const cache = cacheBytes > 0 ? ` with ${mebibytes(cacheBytes)} of cache for ${contextTokens} positions` : "";
  return new AnyqwenError(
    "out-of-memory",
    `${largest?.bound.weight.name}${others}: ${mebibytes(size)}${cache} must lie in one WebAssembly memory, which has room for ` +
      `${mebibytes(bytes)} of weights and cache; take a smaller quantisation, context or chunk`,
  );
}
