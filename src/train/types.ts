// What a training run is asked for and what it tells. Plain data, since it crosses to the worker that trains.

import type { Schedule } from "./schedule.ts";

/** Label i is predicted from position i - 1; -100 is not supervised (the convention of the transformers library). */
export interface TrainingExample {
  readonly input_ids: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

export interface TrainOptions {
  /** A name, directory or file; for "scratch" a directory with a config.json. */
  readonly model: string;
  /** JSON lines with input_ids and labels. */
  readonly data: string;
  /** Folder to write to; made if it is not there. */
  readonly out: string;
  /** lora: a low-rank adapter; full: every weight; scratch: every weight, from random ones. Default lora. */
  readonly method?: "lora" | "full" | "scratch";
  /** Default 8. */
  readonly rank?: number;
  /** Default twice the rank. */
  readonly alpha?: number;
  /** Scale alpha / sqrt(rank) in place of alpha / rank (arXiv 2312.03732). */
  readonly rslora?: boolean;
  /** Last parts of the modules that get a low-rank term ("q_proj"); default all linear layers but the head. */
  readonly targets?: readonly string[];
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
  /** Default 2e-4 for lora, 2e-5 for full, 1e-3 for scratch. */
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
  /** Default 0. */
  readonly seed?: number;
  /** Updates between checkpoints; default 100. */
  readonly saveEvery?: number;
  /** Go on from the checkpoint in `out`, bit for bit. */
  readonly resume?: boolean;
  /** Default: one per core, at most 8. */
  readonly threads?: number;
  /** Store the frozen base in 4 or 8 bits (lora). */
  readonly quantize?: "q4" | "q8";
  readonly offline?: boolean;
}

export type TrainEvent =
  | { readonly kind: "loading"; readonly bytes: number; readonly totalBytes: number; readonly file?: string }
  | {
      readonly kind: "begin";
      readonly steps: number;
      /** Updates that a checkpoint had done already. */
      readonly done: number;
      readonly examples: number;
      readonly trainedParameters: number;
      readonly memoryBytes: number;
    }
  | ({ readonly kind: "step"; readonly memoryBytes: number; readonly tokensPerSecond: number } & StepRecord)
  | { readonly kind: "saved"; readonly step: number };

/** A line of train_log.jsonl. */
export interface StepRecord {
  /** From 1. */
  readonly step: number;
  /** Mean over the batch's supervised tokens, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Tokens of all batches so far. */
  readonly tokens: number;
}

export interface TrainResult {
  readonly steps: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
  /** Names in `out`. */
  readonly files: readonly string[];
}
