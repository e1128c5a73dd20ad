// Options with their defaults filled in and their ranges checked.

import { AnyqwenError } from "../core/errors.ts";
import { type Schedule, schedules } from "./schedule.ts";
import type { TrainOptions } from "./types.ts";

const methods = ["lora", "full", "scratch"] as const;

export interface Settings {
  readonly method: (typeof methods)[number];
  readonly steps?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly clip: number;
  readonly shuffle: boolean;
  readonly exact: boolean;
  readonly seed: number;
  readonly saveEvery: number;
  readonly validateEvery?: number;
  readonly patience?: number;
  readonly sampleEvery?: number;
  readonly sampleTokens: number;
  readonly threads?: number;
}

const rates = { lora: 2e-4, full: 2e-5, scratch: 1e-3 };

export function resolveSettings(options: TrainOptions): Settings {
  const method = oneOf("method", options.method ?? "lora", methods);
  for (const name of ["rank", "alpha", "targets", "rslora", "initAdapter", "quantize"] as const) {
    if (method !== "lora" && options[name] !== undefined)
      throw wrong(name, options[name], "nothing: only a low-rank adapter (method lora) has it");
  }
  if (options.steps !== undefined && options.epochs !== undefined)
    throw wrong("epochs", options.epochs, "nothing: steps says how many updates there are");
  for (const name of ["validateEvery", "patience", "sampleValidation"] as const) {
    if (options[name] !== undefined && !options.validation)
      throw wrong(name, options[name], "nothing: there is no validation");
  }
  for (const name of ["sampleEvery", "sampleTokens"] as const) {
    if (options[name] !== undefined && !options.sample?.length && !options.sampleValidation)
      throw wrong(name, options[name], "nothing: nothing is sampled");
  }
  whole("rank", options.rank, 1);
  inside("alpha", options.alpha, 0);
  whole("threads", options.threads, 1);
  whole("sampleValidation", options.sampleValidation, 0);
  return {
    method,
    steps: whole("steps", options.steps, 1),
    epochs: whole("epochs", options.epochs, 1) ?? 1,
    batchSize: whole("batchSize", options.batchSize, 1) ?? 4,
    accumulate: whole("accumulate", options.accumulate, 1) ?? 1,
    learningRate: inside("learningRate", options.learningRate, 0) ?? rates[method],
    beta1: inside("beta1", options.beta1, 0, 0.999999) ?? 0.9,
    beta2: inside("beta2", options.beta2, 0, 0.999999) ?? 0.999,
    epsilon: inside("epsilon", options.epsilon, 0) ?? 1e-8,
    weightDecay: inside("weightDecay", options.weightDecay, 0) ?? 0.01,
    schedule: oneOf("schedule", options.schedule ?? "cosine", schedules),
    warmup: whole("warmup", options.warmup, 0) ?? 0,
    clip: inside("clip", options.clip, 0) ?? 1,
    shuffle: options.shuffle ?? true,
    exact: options.exact ?? false,
    seed: whole("seed", options.seed, 0) ?? 0,
    saveEvery: whole("saveEvery", options.saveEvery, 1) ?? 100,
    validateEvery: whole("validateEvery", options.validateEvery, 1),
    patience: whole("patience", options.patience, 1),
    sampleEvery: whole("sampleEvery", options.sampleEvery, 1),
    sampleTokens: whole("sampleTokens", options.sampleTokens, 1) ?? 48,
    threads: options.threads,
  };
}

function wrong(name: string, value: unknown, expected: string): AnyqwenError {
  return new AnyqwenError("invalid-argument", `${name} is ${JSON.stringify(value)}; expected ${expected}`);
}

function whole(name: string, value: number | undefined, least: number): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
  throw wrong(name, value, `a whole number from ${least} on`);
}

function inside(name: string, value: number | undefined, least: number, most = Number.MAX_VALUE): number | undefined {
  if (value === undefined || (value >= least && value <= most)) return value;
  throw wrong(name, value, most === Number.MAX_VALUE ? `a number from ${least} on` : `from ${least} to below 1`);
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw wrong(name, value, allowed.join(", "));
}
