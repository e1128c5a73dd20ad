// How to sample, as users say it: checked, completed from the model's files, and turned into what a device is asked for. Options come
// from programs and, through the server, from strangers, so every number has its bounds.
//
// Order: penalties, bias, mask, temperature, top-k, top-p, min-p, and the argmax of logit / T + noise (devices/reference/sample.ts).

import type { SampleRequest } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";

export interface SamplingOptions {
  /** 0 is greedy. */
  readonly temperature?: number;
  /** Only the k best ids; 0 is off. */
  readonly topK?: number;
  /** Only the best ids that together have this probability; 1 is off. */
  readonly topP?: number;
  /** Only ids at least this times as probable as the best; 0 is off. */
  readonly minP?: number;
  /** Divides positive and multiplies negative logits of ids seen; 1 is off. */
  readonly repetitionPenalty?: number;
  /** Subtracted from the logits of ids seen; 0 is off. */
  readonly presencePenalty?: number;
  /** The same, times how often they were seen. */
  readonly frequencyPenalty?: number;
  /** Added to the logits of single ids. */
  readonly logitBias?: Readonly<Record<number, number>>;
  readonly seed?: number;
  readonly choice?: number;
  /** Log-probabilities with this many alternatives each; true: none. */
  readonly logprobs?: boolean | number;
}

const DEFAULTED = {
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};

export type SamplingDefaults = Readonly<Record<keyof typeof DEFAULTED, number>>;

/** What stays the same for all tokens of an answer. */
export type SamplingRule = Omit<SampleRequest, "row" | "position" | "seen">;

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

const BOUNDS: Readonly<Record<keyof SamplingDefaults | "seed" | "choice", Bounds>> = {
  temperature: { least: 0, most: 100 },
  topK: { least: 0, most: 2 ** 31 - 1, whole: true },
  topP: { least: 0, most: 1 },
  minP: { least: 0, most: 1 },
  repetitionPenalty: { least: 1e-3, most: 1e3 },
  presencePenalty: { least: -1e3, most: 1e3 },
  frequencyPenalty: { least: -1e3, most: 1e3 },
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true },
  choice: { least: 0, most: 2 ** 31 - 1, whole: true },
};

/** More alternatives than this are never reported. */
const MOST_LOGPROBS = 256;

/** Names in generation_config.json, and in GGUF after `general.sampling.`. */
const FILE_KEYS: readonly [keyof SamplingDefaults, string, string][] = [
  ["temperature", "temperature", "temp"],
  ["topK", "top_k", "top_k"],
  ["topP", "top_p", "top_p"],
  ["minP", "min_p", "min_p"],
  ["repetitionPenalty", "repetition_penalty", "penalty_repeat"],
  ["presencePenalty", "presence_penalty", "penalty_present"],
  ["frequencyPenalty", "frequency_penalty", "penalty_freq"],
];

/** Each value from generation_config.json, else the GGUF, else the family, else off. A value that makes no sense is passed over. */
export function samplingDefaults(
  { json, metadata }: Pick<Checkpoint, "json" | "metadata">,
  family: Partial<SamplingDefaults> = {},
): SamplingDefaults {
  const parsed = json.get("generation_config.json");
  const config = (typeof parsed === "object" ? parsed : null) as Record<string, unknown> | null;
  const defaults = { ...DEFAULTED, ...family };
  for (const [name, inJson, inGguf] of FILE_KEYS) {
    const found = [config?.[inJson], metadata.get(`general.sampling.${inGguf}`)].find((value) =>
      fits(value, BOUNDS[name]),
    );
    if (found !== undefined) defaults[name] = found as number;
  }
  if (config?.do_sample === false) defaults.temperature = 0;
  return defaults;
}

/** Fails with what is wrong, by the option's name. */
export function checkSampling(options: SamplingOptions, vocab: number): void {
  for (const [name, bounds] of Object.entries(BOUNDS)) {
    const value = options[name as keyof typeof BOUNDS];
    if (value === undefined || fits(value, bounds)) continue;
    const { least, most, whole } = bounds;
    throw wrong(name, value, `${whole ? "a whole number" : "a number"} from ${least} to ${most}`);
  }
  for (const [id, bias] of Object.entries(options.logitBias ?? {})) {
    const known = /^\d{1,9}$/.test(id) && Number(id) < vocab;
    if (!known || typeof bias !== "number" || Number.isNaN(bias)) {
      throw wrong(`logitBias[${id}]`, bias, `a number, for an id below ${vocab}`);
    }
  }
  const { logprobs } = options;
  const isSwitch = logprobs === undefined || typeof logprobs === "boolean";
  if (!isSwitch && !fits(logprobs, { least: 0, most: MOST_LOGPROBS, whole: true })) {
    throw wrong("logprobs", logprobs, `true, false or a whole number up to ${MOST_LOGPROBS}`);
  }
}

/** Checks the options and fills them in; without a seed it draws one. */
export function samplingRule(options: SamplingOptions, defaults: SamplingDefaults, vocab: number): SamplingRule {
  checkSampling(options, vocab);
  const { logitBias, logprobs } = options;
  return {
    temperature: options.temperature ?? defaults.temperature,
    topK: options.topK ?? defaults.topK,
    topP: options.topP ?? defaults.topP,
    minP: options.minP ?? defaults.minP,
    seed: options.seed ?? randomSeed(),
    choice: options.choice ?? 0,
    repetitionPenalty: options.repetitionPenalty ?? defaults.repetitionPenalty,
    presencePenalty: options.presencePenalty ?? defaults.presencePenalty,
    frequencyPenalty: options.frequencyPenalty ?? defaults.frequencyPenalty,
    ...(logitBias && { bias: biasOf(logitBias) }),
    ...(logprobs !== undefined && logprobs !== false && { logprobs: logprobs === true ? 0 : logprobs }),
  };
}

/** Whether the rule needs to know the ids seen. */
export function hasPenalties({ repetitionPenalty, presencePenalty, frequencyPenalty }: SamplingRule): boolean {
  return repetitionPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0;
}

function fits(value: unknown, { least, most, whole = false }: Bounds): boolean {
  return typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
}

function wrong(name: string, value: unknown, expected: string): AnyqwenError {
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value)?.slice(0, 60);
  return new AnyqwenError("invalid-argument", `${name} is ${shown}; expected ${expected}`);
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

function biasOf(bias: Readonly<Record<number, number>>): SamplingRule["bias"] {
  const entries = Object.entries(bias);
  return {
    ids: Int32Array.from(entries, ([id]) => Number(id)),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}
