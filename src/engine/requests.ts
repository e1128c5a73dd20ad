// A request's options, checked and turned into what generation needs. They come from programs and, through the server, from
// strangers, so every number has its bounds.

import { AnyqwenError } from "../core/errors.ts";
import { TokenHistory } from "../generate/history.ts";
import type { Model } from "../models/open.ts";
import { samplingDefaults } from "./defaults.ts";
import type { GenerationOptions, SamplingRule } from "./generation.ts";
import type { GenerateOptions } from "./types.ts";

type Options = Omit<GenerateOptions, "signal">;

/** [least, most, whole number?] */
const BOUNDS: Readonly<Partial<Record<keyof Options, readonly [number, number, boolean]>>> = {
  temperature: [0, 100, false],
  topK: [0, 2 ** 31 - 1, true],
  topP: [0, 1, false],
  minP: [0, 1, false],
  repetitionPenalty: [1e-3, 1e3, false],
  presencePenalty: [-1e3, 1e3, false],
  frequencyPenalty: [-1e3, 1e3, false],
  seed: [0, 2 ** 53 - 1, true],
  choice: [0, 2 ** 31 - 1, true],
  maxTokens: [1, 2 ** 31 - 1, true],
  chunk: [1, 2 ** 31 - 1, true],
};

/** More would be asked for by mistake only; each costs a row's pass. */
const MOST_LOGPROBS = 256;
const MOST_STOPS = 256;

export function checkGenerateOptions(options: Options, vocab: number): void {
  const wrong = (name: string, value: unknown, expected: string) =>
    new AnyqwenError("invalid-argument", `${name} is ${JSON.stringify(value)}; expected ${expected}`);
  for (const [name, [least, most, whole]] of Object.entries(BOUNDS)) {
    const value = options[name as keyof Options];
    if (value === undefined) continue;
    const fine = typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fine) throw wrong(name, value, `${whole ? "a whole number" : "a number"} from ${least} to ${most}`);
  }
  for (const [id, bias] of Object.entries(options.logitBias ?? {})) {
    const fine = /^\d+$/.test(id) && Number(id) < vocab && typeof bias === "number" && !Number.isNaN(bias);
    if (!fine) throw wrong(`logitBias[${id}]`, bias, `a number, for an id below ${vocab}`);
  }
  const { logprobs, overflow } = options;
  if (typeof logprobs === "number" && !(Number.isInteger(logprobs) && logprobs >= 0 && logprobs <= MOST_LOGPROBS)) {
    throw wrong("logprobs", logprobs, `true, or a whole number up to ${MOST_LOGPROBS}`);
  }
  if (overflow !== undefined && overflow !== "error" && overflow !== "shift") {
    throw wrong("overflow", overflow, '"error" or "shift"');
  }
  const stops = stopsOf(options);
  if (stops.length > MOST_STOPS || stops.some((stop) => typeof stop === "string" && stop === "")) {
    throw wrong("stop", stops.length > MOST_STOPS ? stops.length : "", `up to ${MOST_STOPS} texts that are not empty`);
  }
}

function stopsOf({ stop }: Options): readonly (string | number)[] {
  if (stop === undefined) return [];
  return typeof stop === "string" ? [stop] : stop;
}

export function stopTexts(options: Options): string[] {
  return stopsOf(options).filter((stop) => typeof stop === "string");
}

export function samplingOf(
  options: Options,
  prompt: readonly number[],
  model: Model,
): Pick<GenerationOptions, "rule" | "history" | "draft" | "stopIds"> {
  const defaults = samplingDefaults(model.checkpoint, model.config.modelType);
  const rule: SamplingRule = {
    temperature: options.temperature ?? defaults.temperature,
    topK: options.topK ?? defaults.topK,
    topP: options.topP ?? defaults.topP,
    minP: options.minP ?? defaults.minP,
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 32),
    choice: options.choice ?? 0,
    repetitionPenalty: options.repetitionPenalty ?? defaults.repetitionPenalty,
    presencePenalty: options.presencePenalty ?? 0,
    frequencyPenalty: options.frequencyPenalty ?? 0,
    ...(options.logitBias && { bias: biasOf(options.logitBias) }),
    ...(options.logprobs !== undefined &&
      options.logprobs !== false && { logprobs: Number(options.logprobs === true ? 0 : options.logprobs) }),
  };
  const penalised = rule.repetitionPenalty !== 1 || rule.presencePenalty !== 0 || rule.frequencyPenalty !== 0;
  return {
    rule,
    history: penalised ? new TokenHistory(prompt) : undefined,
    stopIds: new Set(stopsOf(options).filter((stop) => typeof stop === "number")),
  };
}

function biasOf(bias: Readonly<Record<number, number>>): SamplingRule["bias"] {
  const entries = Object.entries(bias);
  return {
    ids: Int32Array.from(entries, ([id]) => Number(id)),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}
