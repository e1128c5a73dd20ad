// What a training run is asked for and what it tells. Plain data, since it crosses to the worker that trains.

import type { BrokenRecord } from "./data/types.ts";
import type { ObjectiveFigures } from "./objectives/objective.ts";
import type { Method } from "./objectives/settings.ts";
import type { Schedule } from "./schedule.ts";

/** What examples are made of and how. */
export interface DataOptions {
  /** A name, directory or file; for "scratch" a directory with a config.json. */
  readonly model: string;
  /** JSON lines or a JSON list of any shape that docs/train.md shows; of any other name a plain text. */
  readonly data: string;
  /** Most tokens of an example; texts are cut into pieces of it. Default 2048, or what the model has positions for. */
  readonly length?: number;
  /** Records that make no sense, are too long, or have nothing to learn from: the run ends, or they are left out. Default stop. */
  readonly broken?: "stop" | "skip";
  /** Examples that are too long: broken, or their end is cut off. Default broken. */
  readonly long?: "broken" | "cut";
  /** Of conversations learn every token; default what the assistant says. */
  readonly allTokens?: boolean;
  /** Of conversations learn the assistant's last turn alone. */
  readonly lastTurn?: boolean;
  /** Held back to measure the loss on: a share of the examples, from 0 to below 1, or a file of its own. Default none. */
  readonly validation?: number | string;
  /** Default 0. */
  readonly seed?: number;
  readonly offline?: boolean;
}

export interface TrainOptions extends DataOptions {
  /** Folder to write to; made if it is not there. */
  readonly out: string;
  /**
   * lora: a low-rank adapter; full: every weight; scratch: every weight, from random ones; distil: what a teacher says of each next
   * token, by an adapter if one of its options is given, else by every weight; dpo: an adapter from preference pairs. Default lora.
   */
  readonly method?: Method;
  /** Default 8. */
  readonly rank?: number;
  /** Default twice the rank. */
  readonly alpha?: number;
  /** Scale alpha / sqrt(rank) in place of alpha / rank (arXiv 2312.03732). */
  readonly rslora?: boolean;
  /** How likely an input of the adapter is left out in training, from 0 to below 1. Default 0. */
  readonly dropout?: number;
  /** Last parts of the modules that get a low-rank term ("q_proj"); default all linear layers but the head. */
  readonly targets?: readonly string[];
  /** How far preferences may lead away from the base: smaller is farther (arXiv 2305.18290, eq. 3). Default 0.1. */
  readonly dpoBeta?: number;
  /** The model to learn from: a name, directory or file, of any family, with the same vocabulary. */
  readonly teacher?: string;
  /** Divides the logits of teacher and student before they are compared (arXiv 1503.02531, section 2). Default 2. */
  readonly distilTemperature?: number;
  /** Share of the teacher in the loss, from 0 to 1; the rest is cross-entropy of the labels. Default 0.5. */
  readonly distilWeight?: number;
  /** Folder of a PEFT adapter to go on from; its rank, alpha and modules hold. */
  readonly initAdapter?: string;
  /** Updates; default `epochs` passes over the data. */
  readonly steps?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** Examples of an update; default 4. */
  readonly batchSize?: number;
  /** Batches whose gradients are added up before an update; default 1. */
  readonly accumulate?: number;
  /** Default 2e-4 for adapters (dpo: 5e-5), 2e-5 for all weights, 1e-3 for scratch. */
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Default cosine. */
  readonly schedule?: Schedule;
  /** Updates over which the rate rises from 0; default 0. */
  readonly warmup?: number;
  /** Largest norm of the gradient; 0: as it is. Default 1. */
  readonly clip?: number;
  /** Default true. */
  readonly shuffle?: boolean;
  /** f32 throughout; else a quantised base computes forward on int8 activations, as it does when it runs. */
  readonly exact?: boolean;
  /** Updates between checkpoints; default 100. */
  readonly saveEvery?: number;
  /** Go on from the checkpoint in `out`, bit for bit. */
  readonly resume?: boolean;
  /** Default: one per core, at most 8. */
  readonly threads?: number;
  /** Store the frozen base in 4 or 8 bits (lora). */
  readonly quantize?: "q4" | "q8";
  /** Updates between losses over the validation examples; the last update always has one. Default a tenth of all updates. */
  readonly validateEvery?: number;
  /** Validations without a better loss after which the run ends. With it the result is the best weights that were validated. */
  readonly patience?: number;
  /** Prompts whose continuations are told while the model trains; the first message of a chat where the model has a template. */
  readonly sample?: readonly string[];
  /** As many of the first validation examples: continuations of what stands before their first supervised token. */
  readonly sampleValidation?: number;
  /** Updates between samples; the last update always has some. Default a tenth of all updates. */
  readonly sampleEvery?: number;
  /** Most tokens of a sample; default 48. */
  readonly sampleTokens?: number;
}

export type TrainEvent =
  | { readonly kind: "loading"; readonly bytes: number; readonly totalBytes: number; readonly file?: string }
  | {
      readonly kind: "data";
      readonly examples: number;
      readonly validation: number;
      /** Records that were left out. */
      readonly broken: readonly BrokenRecord[];
    }
  /** The base's log-probabilities are computed, pair by pair; method dpo. */
  | { readonly kind: "reference"; readonly done: number; readonly examples: number }
  | {
      readonly kind: "begin";
      readonly steps: number;
      /** Updates that a checkpoint had done already. */
      readonly done: number;
      readonly trainedParameters: number;
      readonly memoryBytes: number;
    }
  | ({ readonly kind: "step"; readonly memoryBytes: number; readonly tokensPerSecond: number } & StepRecord)
  | { readonly kind: "saved"; readonly step: number };

/** A line of train_log.jsonl. */
export interface StepRecord extends ObjectiveFigures {
  /** From 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Tokens of all batches so far. */
  readonly tokens: number;
  /** Mean over the supervised tokens (dpo: the pairs) of the validation examples, after the update; where it was taken. */
  readonly validation_loss?: number;
  /** By the weights after the update; where they were taken. */
  readonly samples?: readonly Sample[];
}

/** The likeliest continuation of a prompt, token by token. */
export interface Sample {
  readonly prompt: string;
  readonly text: string;
  /** What the validation example goes on with. */
  readonly expected?: string;
}

/** A validation, and how good it was. */
export interface Validation {
  /** Updates done. */
  readonly step: number;
  readonly validationLoss: number;
}

export interface TrainResult {
  /** Updates done; fewer than asked for where patience ended the run. */
  readonly steps: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  /** After the last update. */
  readonly validationLoss?: number;
  /** With patience: which validation was the best; the result has the weights of then. */
  readonly best?: Validation;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
  /** Names in `out`. */
  readonly files: readonly string[];
}
