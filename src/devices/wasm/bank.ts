// A bank: one WebAssembly memory with kernels on it, and the part of a model that lies and runs there. What must be there at once is
// reserved when it is made, in the order that docs/architecture.md draws; pages of the cache and the like follow as they come.

import type { AdapterWeights, Segment } from "../../core/device.ts";
import { logCapacity } from "../../core/recurrent-state.ts";
import type { Stage } from "../../core/stages.ts";
import type { Trace, Value } from "../../core/trace.ts";
import type { Room, Share } from "./banks.ts";
import { PageCache } from "./cache.ts";
import { type Argument, encode, type Instruction, placeBuffers } from "./instructions.ts";
import { alignUp, context, firstFree, instructionBytes, type Opcode, pageTokens } from "./layout.ts";
import { stagingFor, type Target } from "./loader.ts";
import { adapterBytes, BankAdapters, type PlacedPlan } from "./low-rank.ts";
import { largestMemory, WasmMemory } from "./memory.ts";
import { instantiate, type KernelExports } from "./module.ts";
import { type PackedWeight, placeWeights } from "./placement.ts";
import { layerPageBytes, type Plan, type PlanLimits, planWork, valueBytes } from "./plan.ts";
import { deltaLayout, logLayout } from "./recurrent.ts";
import { sampleScratchBytes } from "./sample.ts";
import { type StepTables, StepWriter, segmentBytes, writeRope, writeSegment } from "./step.ts";

/** What is the same for all banks of a model. */
export interface BankSetup {
  readonly module: WebAssembly.Module;
  /** Whether memory is shared between threads. */
  readonly shared: boolean;
  readonly threads: number;
  readonly limits: PlanLimits;
  readonly contextTokens: number;
  /** Recurrent states at most. */
  readonly states: number;
  /** That there will be from the start. */
  readonly adapters?: ReadonlyMap<string, AdapterWeights>;
}

/** Attention items and partials, which grow with the context in use. */
const slackBytes = 64 << 20;

export class Bank {
  readonly memory: WasmMemory;
  readonly exports: KernelExports;
  readonly context: number;
  readonly cache: PageCache | undefined;
  /** Of the draft trace's layers. */
  readonly draftCache: PageCache | undefined;
  /** Of a sequence's recurrent state. */
  readonly stateBytes: number;
  /** Of its log. */
  readonly logBytes: number;
  readonly outputs: Share["outputs"];
  readonly draft: Share["draft"];
  readonly targets: readonly Target[];
  readonly weights: { readonly address: number; readonly bytes: number };
  /** While loading: where stored rows are read to, twice `bytes`. It is the arena. */
  readonly staging: { readonly address: number; readonly bytes: number };
  readonly sampleScratch: number;
  /** A plan of one instruction: reading memory, repacking. */
  readonly job: number;
  readonly adapters: BankAdapters;
  readonly #tables: StepTables;
  readonly #own: PlacedPlan;
  readonly #replay: PlacedPlan["runs"][number];
  /** The plan of the step that was written last. */
  #current: PlacedPlan;
  readonly #writer: StepWriter;

  constructor(share: Share, { module, shared, threads, limits, contextTokens, states, adapters }: BankSetup) {
    // sizes first, with addresses that are not final
    const draft = planWork(share, placeWeights(share.weights, 0, 64).placements, limits);
    const sizes = bankSizes(share, draft, limits, threads);
    const pages = Math.ceil(contextTokens / pageTokens) + 1;
    const { placements: drafted } = placeWeights(share.weights, 0, 64);
    const adapterRoom = adapterBytes(share, drafted, limits, sizes.arena, adapters);
    const recurrent =
      states * alignUp(draft.stateBytes, 64) + logCapacity(states, limits.maxRows) * alignUp(draft.logBytes, 64);
    const kept = pages * (draft.pageBytes + draft.draftPageBytes) + recurrent + adapterRoom;
    const memory = new WasmMemory(sizes.fixed, sizes.fixed + kept + slackBytes, shared);
    this.memory = memory;
    this.context = memory.reserve(context.bytes);
    this.#tables = {
      context: this.context,
      tokenIds: memory.reserve(4 * limits.maxTokens),
      positions: memory.reserve(4 * limits.maxTokens + 64),
      pages: memory.reserve(4 * limits.maxTokens),
      rowTokens: memory.reserve(4 * limits.maxRows + 64),
      segments: memory.reserve(segmentBytes * limits.maxTokens),
    };
    const runs = draft.runs.map(({ length }) => ({ plan: memory.reserve(length * instructionBytes), length }));
    const replays = replayInstructions(draft).length;
    this.#replay = { plan: memory.reserve(replays * instructionBytes), length: replays };
    this.job = memory.reserve(instructionBytes);
    const scratch = memory.reserve(threads * draft.scratchBytes);
    const columns = memory.reserve(sizes.columns);
    const arena = memory.reserve(sizes.arena);
    this.weights = { address: memory.reserve(sizes.weights), bytes: sizes.weights };
    this.sampleScratch = memory.reserve(sizes.sampling);

    const { placements } = placeWeights(share.weights, this.weights.address, columns);
    this.targets = [...placements.values()];
    for (const { columnList, columns: at } of placements.values())
      if (columnList) new Int32Array(memory.memory.buffer, at, columnList.length).set(columnList);
    const plan = planWork(share, placements, limits);
    placeBuffers(plan.runs.flat());
    plan.runs.forEach((instructions, n) => encode(instructions, arena, memory.view, runs[n].plan));
    encode(replayInstructions(plan), arena, memory.view, this.#replay.plan);
    this.#own = { plan, arena, runs };
    this.#current = this.#own;
    const facts = { work: share, placements, limits, arena: { address: arena, bytes: sizes.arena } };
    this.adapters = new BankAdapters(memory, facts);
    this.outputs = share.outputs;
    this.draft = share.draft;
    this.staging = { address: arena, bytes: sizes.staging };
    this.exports = instantiate(module, memory.memory);
    const cacheOf = (pageBytes: number) =>
      pageBytes > 0 ? new PageCache(memory, pageBytes, contextTokens) : undefined;
    this.cache = cacheOf(draft.pageBytes);
    this.draftCache = cacheOf(draft.draftPageBytes);
    this.stateBytes = draft.stateBytes;
    this.logBytes = draft.logBytes;
    this.#writer = new StepWriter(memory, this.#tables, plan);
    writeContext(memory.view, this.#tables, threads, scratch, draft.scratchBytes);
  }

  /** Writes what the kernels read of a step; returns its numbers of tokens and rows. */
  write(segments: readonly Segment[]): { tokens: number; rows: number } {
    const { adapters } = this;
    const counts = this.#writer.write(segments, this.cache);
    const adapted = segments.some(({ state }) => state.adapter !== undefined) ? adapters.placed : undefined;
    if (adapted) adapters.write(segments);
    this.#current = adapted ?? this.#own;
    this.#writeRopes(counts.tokens);
    return counts;
  }

  /** The same for a step of the draft trace, which knows no adapters. */
  writeDraft(segments: readonly Segment[]): { tokens: number; rows: number } {
    const counts = this.#writer.write(segments, this.draftCache);
    this.#current = this.#own;
    this.#writeRopes(counts.tokens);
    return counts;
  }

  /** Makes one segment of no tokens all of a step, whose log is to be replayed; returns the instructions that do so. */
  writeReplay(words: readonly number[]): PlacedPlan["runs"][number] {
    const { memory, context: at } = this;
    writeSegment(memory.view, this.#tables.segments, words);
    memory.view.setInt32(at + context.segmentCount, 1, true);
    return this.#replay;
  }

  #writeRopes(tokens: number): void {
    const { memory } = this;
    const { plan, arena } = this.#current;
    for (const { rope, buffer } of plan.ropes)
      writeRope(memory.view, arena + buffer.offset, rope, this.#tables.positions, tokens);
  }

  /** Where the instructions of each run of the step lie, and how many they are. */
  get runs(): PlacedPlan["runs"] {
    return this.#current.runs;
  }

  /** Makes one instruction the job. */
  writeJob(op: Opcode, args: readonly Argument[]): void {
    encode([{ op, args, reads: [], writes: [] }], 0, this.memory.view, this.job);
  }

  /** Makes a read of all weights the job; returns how many bytes that reads. */
  writeReadTest(): number {
    const piece = 4 << 20; // what the kernel reads at a time
    const bytes = Math.floor(this.weights.bytes / piece) * piece;
    this.writeJob("readMemory", [this.weights.address, bytes, this.#tables.rowTokens]);
    return bytes;
  }

  /** Where a value lies that the host reads or writes, and the bytes from row to row. */
  locate(value: Value): { readonly address: number; readonly stride: number } {
    const { plan, arena } = this.#current;
    const place = plan.values.get(value);
    if (!place) throw new Error(`value ${value.id} does not outlive its run`);
    return { address: arena + place.buffer.offset, stride: place.stride };
  }
}

/** What a bank has room for: a whole memory but for what it needs beside, most of it as the whole model would; or `bytes`. */
export function roomFor(
  trace: Trace,
  stages: readonly Stage[],
  weights: readonly PackedWeight[],
  { threads, limits, contextTokens, states, adapters }: Omit<BankSetup, "module">,
  bytes?: number,
): Room {
  const { ops, kv, recurrent, outputs, draft } = trace;
  const runs = draft ? [ops, draft.ops] : [ops];
  const read = new Set([...outputs.values(), ...(draft?.outputs.values() ?? [])]);
  const written = new Set<Value>(draft?.inputs.values());
  const share = { runs, kv, draftKv: draft?.kv ?? [], recurrent, read, written, weights, outputs };
  const { placements } = placeWeights(weights, 0, 64);
  const sizes = bankSizes(share, planWork(share, placements, limits), limits, threads);
  // a bank has up to two runs, with rows handed in and on
  const carried = 4 * Math.max(0, ...stages.map(({ input }) => (input ? valueBytes(input, limits) : 0)));
  const forAdapters = adapterBytes(share, placements, limits, sizes.arena, adapters);
  const beside = sizes.fixed - sizes.weights - sizes.columns + carried + forAdapters + slackBytes;
  const pages = Math.ceil(contextTokens / pageTokens) + 1;
  return {
    bytes: bytes ?? Math.max(0, largestMemory - firstFree - beside),
    contextTokens,
    cacheBytes: (shape) => pages * layerPageBytes(shape, limits.kv),
    stateBytes: (shape) =>
      states * deltaLayout(shape).bytes + logCapacity(states, limits.maxRows) * logLayout(shape).bytes,
  };
}

/** Bytes of the parts of a bank, and `fixed`, those of all but the cache. */
function bankSizes(share: Omit<Share, "draft">, plan: Plan, { maxTokens, maxRows }: PlanLimits, threads: number) {
  const { placements, bytes: weights, columnBytes: columns } = placeWeights(share.weights, 0, 64);
  const staging = stagingFor([...placements.values()]);
  const instructions = plan.runs.flat();
  const arena = Math.max(placeBuffers(instructions), 2 * staging);
  const logits = share.outputs.get("logits");
  const sampling = logits ? sampleScratchBytes(logits.cols) : 0;
  const tables = 64 * 8 + 4 * (3 * maxTokens + maxRows) + segmentBytes * maxTokens + 128;
  const plans =
    (instructions.length + replayInstructions(plan).length + 1) * instructionBytes + 64 * (plan.runs.length + 1);
  const fixed = weights + columns + arena + sampling + threads * plan.scratchBytes + plans + tables + 4096;
  return { weights, columns, staging, arena, sampling, fixed };
}

/** What moves recurrent states. */
function replayInstructions({ runs }: Plan): Instruction[] {
  return runs.flat().filter(({ op }) => op === "causalConv" || op === "gatedDelta");
}

function writeContext(
  view: DataView,
  tables: StepTables,
  threads: number,
  scratch: number,
  scratchStride: number,
): void {
  const words: [number, number][] = [
    [context.threads, threads],
    [context.one, 1],
    [context.scratch, scratch],
    [context.scratchStride, scratchStride],
    [context.tokenIds, tables.tokenIds],
    [context.tokenPositions, tables.positions],
    [context.tokenPages, tables.pages],
    [context.rowTokens, tables.rowTokens],
    [context.segments, tables.segments],
  ];
  for (const [field, value] of words) view.setUint32(tables.context + field, value, true);
}
