// The WASM device: shares the model out to banks, starts the threads, streams the weights in.

import { type BoundWeight, DEFAULT_STATES, type Device, type DeviceOptions, type Executor } from "../../core/device.ts";
import { cutIntoStages } from "../../core/stages.ts";
import type { Trace } from "../../core/trace.ts";
import { Bank, roomFor } from "./bank.ts";
import { shareOut } from "./banks.ts";
import { WasmExecutor } from "./executor.ts";
import { loadWeights } from "./loader.ts";
import { loadKernels } from "./module.ts";
import { packWeights } from "./placement.ts";
import { Team } from "./threads.ts";

export interface WasmDeviceOptions {
  /** Folder of the .wasm files, and the kernel-thread.js file, where a bundler moved them. */
  readonly wasmUrl?: string | URL;
  readonly threadUrl?: string | URL;
  /** Forces the plain SIMD build. */
  readonly plain?: boolean;
  /** Most bytes of weights and cache in one bank, for tests; default what one memory holds. */
  readonly bankBytes?: number;
}

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
  const { maxTokens, maxRows, kv, contextTokens, adapters } = options;
  const { states = DEFAULT_STATES } = options;
  const limits = { maxTokens, maxRows, kv, relaxed: kernels.relaxed };
  const setup = { shared: kernels.shared, threads, limits, contextTokens, states, adapters };
  const packed = packWeights(weights);
  const stages = cutIntoStages(trace);
  const room = roomFor(trace, stages, packed, setup, settings.bankBytes);
  const draftStages = trace.draft && cutIntoStages(trace.draft);
  const { shares, turns, draftTurns } = shareOut(trace, stages, packed, room, draftStages);
  const module = await kernels.compiling;
  const banks = shares.map((share) => new Bank(share, { ...setup, module }));
  const starting = Team.start(module, banks, threads, settings.threadUrl);
  options.onThreadsStarting?.();
  const team = await starting;
  try {
    await fill(banks, team, options);
  } catch (error) {
    team.stop();
    throw error;
  }
  const executor = new WasmExecutor({
    banks,
    turns,
    draftTurns,
    team,
    limits: { maxTokens, maxRows, vocab: trace.ops.find((op) => op.kind === "embed")?.table.shape[0] ?? 0 },
    states,
    identity: `wasm-${kernels.relaxed ? "relaxed" : "simd"}-${banks[0].exports.fused() ? "fused" : "unfused"}`,
  });
  for (const [name, adapter] of adapters ?? []) executor.addAdapter(name, adapter);
  return executor;
}

/** Loads one bank after another. */
async function fill(banks: readonly Bank[], team: Team, { onProgress, signal }: DeviceOptions): Promise<void> {
  const sizes = banks.map(({ targets }) =>
    targets.reduce((sum, { bound }) => bound.parts.reduce((bytes, part) => bytes + part.byteLength, sum), 0),
  );
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let before = 0;
  for (const [n, bank] of banks.entries()) {
    const repack = (args: readonly number[]) => {
      bank.writeJob("repack", args);
      team.run(n, bank.job, 1);
    };
    await loadWeights(bank.targets, bank.memory, bank.staging, repack, {
      onProgress: (bytes) => onProgress?.(before + bytes, total),
      signal,
    });
    before += sizes[n];
  }
}
