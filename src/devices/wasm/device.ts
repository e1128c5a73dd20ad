// The WASM device: packs the weights, makes the plan, sizes the memory, starts the threads.

import type { BoundWeight, Device, DeviceOptions, Executor } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Trace } from "../../core/trace.ts";
import { planBytes, runPlan, WasmExecutor } from "./executor.ts";
import { encode, placeBuffers } from "./instructions.ts";
import { alignUp, context, pageTokens } from "./layout.ts";
import { loadWeights, stagingFor, type Target } from "./loader.ts";
import { WasmMemory } from "./memory.ts";
import { type KernelExports, type KernelModule, loadKernels } from "./module.ts";
import { type Placement, packWeights, planTrace } from "./plan.ts";
import { sampleScratchBytes } from "./sample.ts";
import type { StepTables } from "./step.ts";
import { startThreads } from "./threads.ts";

export interface WasmDeviceOptions {
  /** Folder of the .wasm files, and the kernel-thread.js file, where a bundler moved them. */
  readonly wasmUrl?: string | URL;
  readonly threadUrl?: string | URL;
  /** Forces the plain SIMD build. */
  readonly plain?: boolean;
}

const slackBytes = 64 << 20; // attention items and partials, which grow with the context in use

export function wasmDevice(settings: WasmDeviceOptions = {}): Device {
  return { name: "wasm", load: (trace, weights, options) => load(settings, trace, weights, options) };
}

async function load(
  settings: WasmDeviceOptions,
  trace: Trace,
  weights: readonly BoundWeight[],
  options: DeviceOptions,
): Promise<Executor> {
  const kernels = await loadKernels({ threads: options.threads, ...settings });
  const threads = kernels.shared ? options.threads : 1;
  const limits = { maxTokens: options.maxTokens, maxRows: options.maxRows, kv: options.kv, relaxed: kernels.relaxed };

  // addresses first, relative to where the weights will begin
  const packed = packWeights(weights);
  let end = 0;
  const targets: Target[] = packed.map(({ bound, packing, experts, bytes }) => {
    const address = end;
    end = alignUp(end + bytes, 64);
    return { bound, packing, experts, address };
  });
  const columns = columnLists(weights);
  const staging = stagingFor(targets);
  const draft = planTrace(trace, placementsOf(targets, columns, 0), limits);
  const arenaBytes = Math.max(placeBuffers(draft.instructions), 2 * staging);

  const tableBytes = 64 * 8 + 4 * (3 * options.maxTokens + options.maxRows) + 128;
  const vocab = draft.outputs.get("logits")?.value.cols ?? 0;
  const columnBytes = [...columns.values()].reduce((sum, list) => sum + alignUp(list.byteLength, 64), 0);
  const fixed =
    end +
    arenaBytes +
    threads * draft.scratchBytes +
    planBytes(draft.instructions.length + 1) +
    tableBytes +
    columnBytes +
    sampleScratchBytes(vocab) +
    4096;
  const kvBytes = (Math.ceil(options.contextTokens / pageTokens) + 1) * draft.pageBytes;
  const memory = new WasmMemory(fixed, fixed + kvBytes + slackBytes, kernels.shared);

  const tables: StepTables = {
    context: memory.reserve(context.bytes),
    tokenIds: memory.reserve(4 * options.maxTokens),
    positions: memory.reserve(4 * options.maxTokens + 64),
    pages: memory.reserve(4 * options.maxTokens),
    rowTokens: memory.reserve(4 * options.maxRows + 64),
  };
  const planAddress = memory.reserve(planBytes(draft.instructions.length));
  const jobAddress = memory.reserve(planBytes(1));
  const scratch = memory.reserve(threads * draft.scratchBytes);
  const columnAddresses = new Map<string, number>();
  for (const [name, list] of columns) {
    const at = memory.reserve(list.byteLength);
    new Int32Array(memory.memory.buffer, at, list.length).set(list);
    columnAddresses.set(name, at);
  }
  const arena = memory.reserve(arenaBytes);
  const base = memory.reserve(end);
  const placed = targets.map((target) => ({ ...target, address: base + target.address }));
  const plan = planTrace(trace, placementsOf(placed, columns, base, columnAddresses), limits);
  placeBuffers(plan.instructions);
  writeContext(memory.view, tables, threads, scratch, plan.scratchBytes);

  const exports = instantiate(kernels, memory);
  const helpers = await startThreads(
    Array.from({ length: threads - 1 }, (_, n) => ({
      module: kernels.module,
      memory: memory.memory,
      context: tables.context,
      thread: n + 1,
      seen: 0,
    })),
    settings.threadUrl,
  );
  const repack = (args: readonly number[]) => {
    encode([{ op: "repack", args, reads: [], writes: [] }], 0, memory.view, jobAddress);
    runPlan(exports, memory.view, tables.context, jobAddress, 1);
  };
  try {
    await loadWeights(placed, memory, { address: arena, bytes: staging }, repack, options);
  } catch (error) {
    exports.stop(tables.context);
    for (const thread of helpers) thread.terminate();
    throw error;
  }
  return new WasmExecutor({
    plan,
    memory,
    exports,
    threads: helpers,
    tables,
    arena,
    planAddress,
    jobAddress,
    limits: options,
    vocab: trace.ops.find((op) => op.kind === "embed")?.table.shape[0] ?? 0,
    weights: { address: base, bytes: end },
    identity: `wasm-${kernels.relaxed ? "relaxed" : "simd"}-${exports.fused() ? "fused" : "unfused"}`,
  });
}

/** Act-order column lists by weight name. */
function columnLists(weights: readonly BoundWeight[]): Map<string, Int32Array> {
  const lists = new Map<string, Int32Array>();
  for (const { weight, parts } of weights) {
    if (parts.length === 1 && parts[0].columns) lists.set(weight.name, parts[0].columns);
    else if (parts.some((part) => part.columns))
      throw new AnyqwenError(
        "unsupported",
        `${weight.name}: act-order GPTQ experts are not supported; use a checkpoint without g_idx`,
      );
  }
  return lists;
}

function placementsOf(
  targets: readonly Target[],
  columns: ReadonlyMap<string, Int32Array>,
  base: number,
  addresses?: ReadonlyMap<string, number>,
): Map<string, Placement> {
  return new Map(
    targets.map(({ bound, packing, experts, address }) => {
      const name = bound.weight.name;
      // while sizing, any number but 0 says that there is a list
      const list = columns.has(name) ? (addresses?.get(name) ?? base + 1 + address) : 0;
      return [
        name,
        { address, packing, experts, stride: packing?.bytes ?? 0, columns: list, type: bound.parts[0].type },
      ];
    }),
  );
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
  ];
  for (const [field, value] of words) view.setUint32(tables.context + field, value, true);
}

function instantiate(kernels: KernelModule, memory: WasmMemory): KernelExports {
  const imports = { env: { memory: memory.memory, abort: () => undefined } };
  return new WebAssembly.Instance(kernels.module, imports).exports as unknown as KernelExports;
}
