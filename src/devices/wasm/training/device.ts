// Loads a model for training: lays one memory out, plans, starts the threads, reads the weights.

import type { BoundWeight } from "../../../core/device.ts";
import { throwIfAborted } from "../../../core/errors.ts";
import type { ParameterPart, TrainingDevice, TrainingOptions, TrainingProgram } from "../../../core/training.ts";
import { encode, type Instruction } from "../instructions.ts";
import { alignUp, context, instructionBytes, rowResultBytes } from "../layout.ts";
import { loadWeights, stagingFor, type Target } from "../loader.ts";
import { WasmMemory } from "../memory.ts";
import { instantiate, loadKernels } from "../module.ts";
import { Team } from "../threads.ts";
import { type Run, type TrainingAddresses, WasmTraining } from "./executor.ts";
import { planTraining, type TrainingLimits } from "./plan.ts";
import {
  type Dequantise,
  layOutWeights,
  loadPlain,
  type Placed,
  type PlainMatrix,
  placeTrainingWeights,
  type TrainingWeight,
  weightBytes,
} from "./weights.ts";

export interface WasmTrainingOptions {
  /** Folder of the .wasm files, and the kernel-thread.js file, where a bundler moved them. */
  readonly wasmUrl?: string | URL;
  readonly threadUrl?: string | URL;
  /** Forces the plain SIMD build. */
  readonly plain?: boolean;
}

/** Most bytes of a chunk's logits; chunks are multiples of twelve rows, which tiles of six and of four fill. */
const logitsBytes = 64 << 20;
/** kernels/gradients.ts: bytes of a parameter that are summed together. */
const squarePiece = 16384;

export function wasmTraining(dequantise: Dequantise, settings: WasmTrainingOptions = {}): TrainingDevice {
  return {
    name: settings.plain ? "wasm plain" : "wasm",
    memoryBytes: (program, bounds, options) => {
      const weights = layOutWeights(program, bounds);
      return sizesOf(program, weights, limitsOf(program, options, true), options.threads).total;
    },
    load: (program, bounds, options) => load(dequantise, settings, program, bounds, options),
  };
}

function limitsOf(
  { logits }: TrainingProgram,
  { maxTokens, exact }: TrainingOptions,
  relaxed: boolean,
): TrainingLimits {
  const rows = Math.floor(logitsBytes / (4 * alignUp(logits.cols, 16)) / 12) * 12;
  return { maxTokens, chunkRows: Math.max(12, Math.min(rows, alignUp(maxTokens, 12))), exact, relaxed };
}

/** Bytes of everything, from a plan with addresses that are not final. */
function sizesOf(
  program: TrainingProgram,
  weights: readonly TrainingWeight[],
  limits: TrainingLimits,
  threads: number,
) {
  const { placed, parts } = placeTrainingWeights(weights, 0);
  const tables = { dropout: 0, sequences: 0, labelsAt: 0, factorsAt: 0, resultsAt: 0 };
  const plan = planTraining(program, placed, parts, tables, limits);
  const trained = weights.filter((weight) => weight.kind === "plain" && weight.trained);
  const squares = trained.reduce((sum, { bytes }) => sum + Math.ceil(bytes / squarePiece), 0);
  const instructions = Object.values(plan.runs).reduce((sum, run) => sum + run.length, 2 * trained.length + 1);
  const staging = stagingFor(targetsOf([...placed.values()]));
  const arena = Math.max(plan.arenaBytes, 2 * staging);
  const bytes = weightBytes(weights);
  const scratch = threads * plan.scratchBytes;
  const small = limits.maxTokens * 72 + 4 * squares + instructions * instructionBytes + 8192;
  return {
    arena,
    staging,
    squares,
    weights: bytes,
    scratch: plan.scratchBytes,
    total: arena + bytes + scratch + small,
  };
}

/** What the loader repacks; frozen vectors are plain. */
function targetsOf(placed: readonly Placed[]): Target[] {
  return placed.flatMap((weight) => (weight.kind === "packed" ? [weight] : []));
}

async function load(
  dequantise: Dequantise,
  settings: WasmTrainingOptions,
  program: TrainingProgram,
  bounds: readonly BoundWeight[],
  options: TrainingOptions,
): Promise<WasmTraining> {
  const kernels = await loadKernels({ threads: options.threads, ...settings });
  const module = await kernels.compiling;
  const threads = kernels.shared ? options.threads : 1;
  const limits = limitsOf(program, options, kernels.relaxed);
  const weights = layOutWeights(program, bounds);
  const sizes = sizesOf(program, weights, limits, threads);
  const memory = new WasmMemory(sizes.total, sizes.total, kernels.shared);
  const { maxTokens } = limits;
  const labelsAt = 4 * alignUp(maxTokens, 16);
  const tables: Omit<TrainingAddresses, "arena"> = {
    context: memory.reserve(context.bytes),
    tokenIds: memory.reserve(4 * maxTokens),
    positions: memory.reserve(4 * maxTokens),
    rows: memory.reserve(3 * labelsAt + rowResultBytes * maxTokens),
    labelsAt,
    factorsAt: 2 * labelsAt,
    resultsAt: 3 * labelsAt,
    sequences: memory.reserve(8 + 8 * maxTokens),
    dropout: memory.reserve(16 + 4 * maxTokens),
    adam: memory.reserve(4 * 9),
    squares: memory.reserve(4 * sizes.squares),
  };
  const scratch = memory.reserve(threads * sizes.scratch);
  const addresses = { ...tables, arena: memory.reserve(sizes.arena) };
  const { placed, parts } = placeTrainingWeights(weights, memory.reserve(sizes.weights));
  const plan = planTraining(program, placed, parts, tables, limits);
  const trained = [...placed.values()].filter(
    (weight): weight is Placed<PlainMatrix> => weight.kind === "plain" && weight.trained,
  );
  const runs = writeRuns(memory, addresses, { ...plan.runs, ...updates(trained, parts, addresses) });
  const job = memory.reserve(instructionBytes);
  const words: [number, number][] = [
    [context.threads, threads],
    [context.one, 1],
    [context.scratch, scratch],
    [context.scratchStride, sizes.scratch],
    [context.tokenIds, addresses.tokenIds],
    [context.tokenPositions, addresses.positions],
  ];
  for (const [field, value] of words) memory.view.setUint32(addresses.context + field, value, true);
  const exports = instantiate(module, memory.memory);
  const bank = { memory, context: addresses.context, exports };
  const team = await Team.start(module, [bank], threads, settings.threadUrl);
  const repack = (args: readonly number[]) => {
    encode([{ op: "repack", args, reads: [], writes: [] }], 0, memory.view, job);
    team.run(0, job, 1);
  };
  try {
    const staging = { address: addresses.arena, bytes: sizes.staging };
    await loadWeights(targetsOf([...placed.values()]), memory, staging, repack, options);
    for (const weight of placed.values()) {
      throwIfAborted(options.signal);
      if (weight.kind === "plain") await loadPlain(weight, memory, dequantise, options.signal);
    }
  } catch (error) {
    team.stop();
    throw error;
  }
  return new WasmTraining({
    memory,
    team,
    addresses,
    ropes: plan.ropes,
    logits: plan.logits,
    targets: plan.targets,
    loss: program.loss,
    runs,
    trained: new Map(trained.map((weight) => [weight.weight.name, weight])),
    places: parts,
    squareCount: sizes.squares,
    chunkRows: limits.chunkRows,
    maxTokens,
    vocab: program.logits.cols,
    identity: `wasm-${kernels.relaxed ? "relaxed" : "simd"}-${exports.fused() ? "fused" : "unfused"}`,
  });
}

/** Instructions over all trained weights: the sums of squares of their gradients, and AdamW. */
function updates(
  trained: readonly Placed<PlainMatrix>[],
  parts: ReadonlyMap<string, ReadonlyMap<ParameterPart, number>>,
  { squares, adam }: TrainingAddresses,
): { readonly squares: readonly Instruction[]; readonly adamW: readonly Instruction[] } {
  let square = squares;
  const places = trained.map((weight) => {
    const own = parts.get(weight.weight.name);
    const [gradient, first, second] = (["gradient", "firstMoment", "secondMoment"] as const).map(
      (p) => own?.get(p) ?? 0,
    );
    const sums = square;
    square += 4 * Math.ceil(weight.bytes / squarePiece);
    return { address: weight.address, bytes: weight.bytes, gradient, first, second, sums };
  });
  const touching = (op: "sumSquares" | "adamW", args: readonly number[]) => ({ op, args, reads: [], writes: [] });
  return {
    squares: places.map(({ gradient, bytes, sums }) => touching("sumSquares", [gradient, bytes, sums])),
    adamW: places.map(({ address, gradient, first, second, bytes }) =>
      touching("adamW", [address, gradient, first, second, bytes, adam]),
    ),
  };
}

function writeRuns<Name extends string>(
  memory: WasmMemory,
  { arena }: TrainingAddresses,
  runs: { readonly [N in Name]: readonly Instruction[] },
): { readonly [N in Name]: Run } {
  const write = (instructions: readonly Instruction[]): Run => {
    const plan = memory.reserve(instructions.length * instructionBytes);
    encode(instructions, arena, memory.view, plan);
    return { plan, length: instructions.length };
  };
  const written = Object.entries<readonly Instruction[]>(runs).map(([name, run]) => [name, write(run)]);
  return Object.fromEntries(written) as { readonly [N in Name]: Run };
}
