// A model opened for training: its forward pass, which weights are trained, and how to begin with those that no file holds.

import type { FileSet } from "../core/bytes.ts";
import type { BoundWeight } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { type ForwardTrace, forwardTrace, type LowRankOptions, linearModules } from "../core/forward-ops.ts";
import { Graph, type Trace, type Weight } from "../core/trace.ts";
import type { TrainingExecutor, TrainingProgram } from "../core/training.ts";
import { differentiate, type Keep, type Loss } from "../core/vjp.ts";
import { quantisedWeights } from "../engine/quantize.ts";
import { openText, type TextSide } from "../engine/text-side.ts";
import type { Adapter } from "../formats/adapter.ts";
import { moduleScale } from "../formats/adapter.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import { readJson } from "../formats/sources.ts";
import { type ModelConfig, parseConfig } from "../models/config.ts";
import { openModel } from "../models/open.ts";
import { familyOf } from "../models/registry.ts";
import { trainsAdapter } from "./objectives/settings.ts";
import { normal, uniform } from "./random.ts";
import type { TrainOptions } from "./types.ts";

export interface Trainable {
  readonly config: ModelConfig;
  readonly weights: readonly BoundWeight[];
  /** Rank, alpha and modules of the adapter; absent where all weights are trained. */
  readonly lora?: Omit<Adapter, "modules"> & { readonly names: readonly string[] };
  /** Tokenizer and chat template; either may be missing. */
  openText(): Promise<TextSide>;
  program(keep: Keep, loss?: Loss): TrainingProgram;
  /** Writes what the weights begin with that no checkpoint holds. */
  initialise(executor: TrainingExecutor): void;
  close(): Promise<void>;
}

export async function openTrainable(
  files: FileSet,
  options: TrainOptions,
  start: Adapter | undefined,
): Promise<Trainable> {
  if (options.method === "scratch") return openScratch(files, options);
  const checkpoint = await openCheckpoint(files);
  try {
    const model = openModel(checkpoint);
    const trace = model.trace({ head: "logits" });
    const bounds = model.weights(trace);
    const close = () => checkpoint.close();
    const text = () => openText(files, checkpoint);
    if (!trainsAdapter(options)) {
      if (checkpoint.format === "gguf")
        throw new AnyqwenError(
          "unsupported",
          `${checkpoint.name}: all weights are trained from a safetensors checkpoint; a GGUF can be the base of a LoRA ` +
            "(method lora or dpo, or distil with a rank)",
        );
      const program: Trainable["program"] = (...how) => programOf(forwardTrace(trace), trace.weights, ...how);
      return { config: model.config, weights: bounds, openText: text, program, initialise() {}, close };
    }
    const { lora, term } = lowRankOf(trace, options, start);
    const forward = forwardTrace(trace, term);
    return {
      config: model.config,
      weights: quantisedWeights(bounds, options.quantize),
      lora,
      openText: text,
      program: (...how) => programOf(forward, forward.adapter, ...how),
      initialise: (executor) => beginAdapter(executor, forward.adapter, start, options.seed ?? 0),
      close,
    };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}

function programOf(forward: ForwardTrace, trained: readonly Weight[], keep: Keep, loss?: Loss): TrainingProgram {
  return differentiate(forward, new Set(trained.map(({ name }) => name)), keep, loss);
}

/** A directory of a config.json alone will do. */
async function openScratch(files: FileSet, options: TrainOptions): Promise<Trainable> {
  if (!files.files.includes("config.json"))
    throw new AnyqwenError("not-found", `${files.name}: no config.json; training from scratch begins with one`);
  const config = await readJson(files, "config.json");
  const nothing: Checkpoint = {
    format: "safetensors",
    name: files.name,
    metadata: new Map(),
    json: new Map([["config.json", config]]),
    tensors: new Map(),
    close: async () => {},
  };
  const family = familyOf(nothing);
  const parsed = parseConfig(config, files.name, family);
  const g = new Graph();
  family.forward(g, parsed, { head: "logits" });
  const trace = g.finish();
  return {
    config: parsed,
    weights: [],
    openText: () => openText(files, nothing),
    program: (...how) => programOf(forwardTrace(trace), trace.weights, ...how),
    initialise: (executor) => beginWeights(executor, trace, options.seed ?? 0),
    close: async () => {},
  };
}

function lowRankOf(trace: Trace, options: TrainOptions, start: Adapter | undefined) {
  const modules = linearModules(trace);
  const wanted = start ? [...start.modules.keys()] : options.targets;
  const names = modules.filter((module) => {
    return !wanted || wanted.some((target) => module === target || module.endsWith(`.${target}`));
  });
  const lost = wanted?.find((target) => !modules.some((module) => module === target || module.endsWith(`.${target}`)));
  if (lost !== undefined) {
    const known = [...new Set(modules.map((module) => module.slice(module.lastIndexOf(".") + 1)))].join(", ");
    throw new AnyqwenError("invalid-argument", `the model has no linear layer ${lost}; it has ${known}`);
  }
  for (const key of ["rank", "alpha"] as const) {
    if (start && options[key] !== undefined && options[key] !== start[key])
      throw new AnyqwenError(
        "invalid-argument",
        `${key} is ${options[key]}; the adapter to go on from has ${start[key]}`,
      );
  }
  const rank = start?.rank ?? options.rank ?? 8;
  const lora = {
    names,
    rank,
    alpha: start?.alpha ?? options.alpha ?? 2 * rank,
    rslora: start?.rslora ?? options.rslora ?? false,
  };
  if (start && [...start.modules.values()].some(({ rank, alpha }) => rank !== undefined || alpha !== undefined))
    throw new AnyqwenError("unsupported", "an adapter with ranks or alphas of single layers cannot be trained on");
  const chosen = new Set(names);
  const scale = moduleScale(lora, { a: new Float32Array(0), b: new Float32Array(0) });
  const { dropout } = options;
  const term: LowRankOptions = { rank, scale, dropout, targets: (module) => chosen.has(module) };
  return { lora, term };
}

const initStream = 2;

/** A as PEFT draws it, uniform within 1 / sqrt(in), and B of zeros; or those of the adapter that training goes on from. */
function beginAdapter(
  executor: TrainingExecutor,
  weights: readonly Weight[],
  start: Adapter | undefined,
  seed: number,
): void {
  weights.forEach(({ name, shape }, n) => {
    const [, module, side] = /^(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
    const known = start?.modules.get(module);
    const size = shape[0] * shape[1];
    const bound = 1 / Math.sqrt(shape[1]);
    const draw = (_: unknown, i: number) => (2 * uniform(seed, initStream + 16 * n, i) - 1) * bound;
    if (known) {
      const values = side === "A" ? known.a : known.b;
      if (values.length !== size)
        throw new AnyqwenError(
          "invalid-argument",
          `${name}: the adapter has ${values.length} values, this model needs [${shape.join(", ")}]; it was made for another`,
        );
      executor.write("value", name, values);
    } else if (side === "A") executor.write("value", name, Float32Array.from({ length: size }, draw));
  });
}

/**
 * As transformers begins them: normal with deviation 0.02 (Qwen's initializer_range), norms that multiply by one, biases of zeros; of
 * delta nets decay rates uniform in [0.01, 16) and dt_bias ones.
 */
function beginWeights(executor: TrainingExecutor, trace: Trace, seed: number): void {
  const ones = new Set<string>();
  const rates = new Set<string>();
  const drawn = new Set(trace.weights.flatMap(({ name, shape }) => (shape.length > 1 ? [name] : [])));
  for (const op of trace.ops) {
    if (op.kind === "rmsNorm" && !op.zeroCentred) ones.add(op.weight.name);
    if (op.kind === "causalConv") drawn.add(op.weight.name);
    if (op.kind !== "gatedDelta") continue;
    ones.add(op.dtBias.name);
    rates.add(op.aLog.name);
  }
  trace.weights.forEach(({ name, shape }, n) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const stream = initStream + 16 * n;
    const write = (draw: (_: unknown, i: number) => number) =>
      executor.write("value", name, Float32Array.from({ length: size }, draw));
    if (ones.has(name)) write(() => 1);
    else if (rates.has(name)) write((_, i) => Math.log(0.01 + 15.99 * uniform(seed, stream, i)));
    else if (drawn.has(name)) write((_, i) => 0.02 * normal(seed, stream, i));
  });
}
