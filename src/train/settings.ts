// Options with their defaults filled in and their ranges checked.

import {
  type Method,
  methods,
  type ObjectiveSettings,
  objectiveSettings,
  trainsAdapter,
  wrong,
} from "./objectives/settings.ts";
import { type Schedule, schedules } from "./schedule.ts";
import type { TrainOptions } from "./types.ts";

export interface Settings extends ObjectiveSettings {
  readonly method: Method;
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

function defaultRate(options: TrainOptions, method: Method): number {
  if (method === "scratch") return 1e-3;
  if (method === "dpo") return 5e-5;
  return trainsAdapter(options) ? 2e-4 : 2e-5;
}

export function resolveSettings(options: TrainOptions): Settings {
  const method = oneOf("method", options.method ?? "lora", methods);
  const objective = objectiveSettings(options, method);
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
    ...objective,
    steps: whole("steps", options.steps, 1),
    epochs: whole("epochs", options.epochs, 1) ?? 1,
    batchSize: whole("batchSize", options.batchSize, 1) ?? 4,
    accumulate: whole("accumulate", options.accumulate, 1) ?? 1,
    learningRate: inside("learningRate", options.learningRate, 0) ?? defaultRate(options, method),
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
