// Training's side of the trace: the ops that only training has, the ops of a backward pass, and what a device that trains offers.
// core/vjp.ts makes a TrainingProgram of a trace; devices run it op by op, as they run a trace.

import type { BoundWeight } from "./device.ts";
import { type Dropout, tokenKey } from "./dropout.ts";
import type { MixingGradientOp, RecurrentOp } from "./mixing-ops.ts";
import type { AttentionShape, Op, Rope, Value, Weight } from "./trace.ts";

/** Ops of the forward pass: the trace's, but what mixes tokens runs within the sequences of a batch, without a cache or state. */
export type ForwardOp =
  | Exclude<Op, { kind: "appendKv" | "attention" | "causalConv" | "gatedDelta" | "concat" }>
  | RecurrentOp
  /** Causal attention of q over k and v [T, kvHeads * headDim]; a token sees its own sequence of the batch. */
  | {
      readonly kind: "sequenceAttention";
      readonly q: Value;
      readonly k: Value;
      readonly v: Value;
      readonly shape: AttentionShape;
      readonly out: Value;
    }
  /** base + scale * (x [n, rank] times weight [out, rank] transposed): the second factor of LoRA (arXiv 2106.09685, eq. 3). */
  | {
      readonly kind: "lowRank";
      readonly x: Value;
      readonly weight: Weight;
      readonly base: Value;
      readonly scale: number;
      readonly out: Value;
    }
  /** x with some of its values left out (core/dropout.ts); as it is in passes without keys. */
  | { readonly kind: "dropout"; readonly x: Value; readonly dropout: Dropout; readonly out: Value };

/** The end of the forward pass, once per chunk of rows: logits [R, vocab] become the gradient of the rows' losses, which are kept. */
export type LossOp =
  /** Of a row with factor s: s * (softmax - one-hot of its label). */
  | { readonly kind: "crossEntropy"; readonly logits: Value }
  /**
   * weight * temperature^2 * KL(teacher || student), both at the temperature, plus (1 - weight) * cross-entropy (Hinton et al. 2015,
   * arXiv 1503.02531, section 2). `targets` [R, vocab]: the teacher's logits of the same rows; overwritten.
   */
  | {
      readonly kind: "distillation";
      readonly logits: Value;
      readonly targets: Value;
      readonly temperature: number;
      readonly weight: number;
    };

/** Ops of the backward pass. `add`: into what is there; else it is overwritten. Gradients of weights are always added. */
export type GradientOp =
  | LossOp
  | MixingGradientOp
  /** into [n, in] = scale * (dOut [n, out] times weight [out, in]). */
  | {
      readonly kind: "linearInput";
      readonly dOut: Value;
      readonly weight: Weight;
      readonly scale: number;
      readonly into: Value;
      readonly add: boolean;
    }
  /** weight's gradient [out, in] += scale * (dOut transposed times x). */
  | {
      readonly kind: "linearWeight";
      readonly dOut: Value;
      readonly x: Value;
      readonly weight: Weight;
      readonly scale: number;
    }
  /** bias's gradient += the sum of dOut's rows. */
  | { readonly kind: "biasSum"; readonly dOut: Value; readonly bias: Weight }
  /** Gradient of rmsNorm by its input, and by its weight where that is trained. */
  | {
      readonly kind: "rmsNormGradient";
      readonly x: Value;
      readonly weight: Weight;
      readonly eps: number;
      readonly zeroCentred: boolean;
      readonly dOut: Value;
      readonly into: Value;
      readonly add: boolean;
      readonly train: boolean;
    }
  /** Turns back by the token's position. */
  | {
      readonly kind: "ropeGradient";
      readonly dOut: Value;
      readonly headDim: number;
      readonly rope: Rope;
      readonly into: Value;
      readonly add: boolean;
    }
  /** Overwrites dq, dk and dv. `out` is what the forward op gave. */
  | {
      readonly kind: "attentionGradient";
      readonly q: Value;
      readonly k: Value;
      readonly v: Value;
      readonly out: Value;
      readonly shape: AttentionShape;
      readonly dOut: Value;
      readonly dq: Value;
      readonly dk: Value;
      readonly dv: Value;
    }
  /** Overwrites dGate and dUp. */
  | {
      readonly kind: "swigluGradient";
      readonly gate: Value;
      readonly up: Value;
      readonly dOut: Value;
      readonly dGate: Value;
      readonly dUp: Value;
    }
  /** table's gradient += dOut at the rows of the tokens' ids, tokens in order. */
  | { readonly kind: "embedGradient"; readonly table: Weight; readonly dOut: Value }
  /** into [T, n] += dOut [R, n] at the rows that were gathered. */
  | { readonly kind: "scatterRows"; readonly dOut: Value; readonly into: Value }
  /** The same values are left out of the gradient. */
  | {
      readonly kind: "dropoutGradient";
      readonly dOut: Value;
      readonly dropout: Dropout;
      readonly into: Value;
      readonly add: boolean;
    }
  | { readonly kind: "addInto"; readonly from: Value; readonly into: Value }
  | { readonly kind: "clear"; readonly into: Value };

export type TrainingOp = ForwardOp | GradientOp;

/**
 * One pass over a batch. `forward` runs once over all its tokens; `rows` once per chunk of the rows that have labels, with what lies
 * between them and the loss, forward and backward, so that logits never exist for more than a chunk; `backward` once.
 */
export interface TrainingProgram {
  readonly forward: readonly TrainingOp[];
  readonly rows: readonly TrainingOp[];
  readonly backward: readonly TrainingOp[];
  /** [R, vocab] in a chunk. */
  readonly logits: Value;
  /** The op of `rows` that ends the forward pass. */
  readonly loss: LossOp;
  readonly weights: readonly Weight[];
  readonly trainable: readonly Weight[];
}

/** Label i is predicted from position i - 1; -100: not supervised. Positions count from 0. */
export interface TrainingSequence {
  readonly ids: Int32Array;
  readonly labels: Int32Array;
}

/**
 * Factors on the losses of a pass's sequences that depend on these losses: an objective of whole sequences is minimised through its
 * derivatives by them. `losses`: of each sequence the sum over its supervised tokens.
 */
export type SequenceFactors = (losses: Float64Array) => ArrayLike<number>;

/** Gives rows [first, first + count) of a pass's supervised rows, in order: the logits of another model for the same tokens. */
export type TargetLogits = (first: number, count: number, put: (row: number, logits: Float32Array) => void) => void;

export interface PassOptions {
  /** A key of 32 bits for each sequence, which its masks are drawn from; absent: nothing is left out. */
  readonly dropout?: ArrayLike<number>;
  /** For programs that distil. */
  readonly targets?: TargetLogits;
}

/** AdamW (arXiv 1711.05101, algorithm 2): decoupled weight decay, bias correction by `step`, counted from 1. */
export interface AdamWStep {
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Factor on all gradients; below 1 where they are clipped. */
  readonly gradientScale: number;
}

/** What is kept of each trained weight: itself, its gradient, and AdamW's two moments. */
export type ParameterPart = "value" | "gradient" | "firstMoment" | "secondMoment";

export interface TrainingOptions {
  /** Most tokens of one pass. */
  readonly maxTokens: number;
  readonly threads: number;
  /** f32 throughout; else a frozen quantised base runs forward on int8 activations, as inference does. */
  readonly exact: boolean;
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** A model in training on a device. Trained weights are [out, in] or [n], f32, row-major, by name. */
export interface TrainingExecutor {
  readonly memoryBytes: number;
  readonly identity: string;
  /**
   * Adds the gradients of `scale` times the sum of the supervised tokens' losses; returns that sum, without the factor. With factors
   * by sequence what lies behind the last attention is computed twice.
   */
  accumulate(sequences: readonly TrainingSequence[], scale: number | SequenceFactors, how?: PassOptions): number;
  /** The sum of the losses alone. */
  loss(sequences: readonly TrainingSequence[], how?: PassOptions): number;
  /** Of each sequence the sum of its losses. */
  losses(sequences: readonly TrainingSequence[], how?: PassOptions): Float64Array;
  /** The likeliest token at the place of each label (the lowest id of equals), sequence after sequence; forward only. */
  predict(sequences: readonly TrainingSequence[]): Int32Array;
  clearGradients(): void;
  /** Euclidean norm of all gradients. */
  gradientNorm(): number;
  update(step: AdamWStep): void;
  read(part: ParameterPart, weight: string): Float32Array;
  write(part: ParameterPart, weight: string, values: Float32Array): void;
  dispose(): void;
}

/** `weights`: what the checkpoint holds of the program's weights; others (adapters) start as zeros. */
export interface TrainingDevice {
  readonly name: string;
  /** What `load` would take. */
  memoryBytes(program: TrainingProgram, weights: readonly BoundWeight[], options: TrainingOptions): number;
  load(program: TrainingProgram, weights: readonly BoundWeight[], options: TrainingOptions): Promise<TrainingExecutor>;
}

/** The index of the largest value, the first of equals. */
export function indexOfMost(values: Float32Array | Float64Array): number {
  let most = 0;
  for (let n = 1; n < values.length; n++) if (values[n] > values[most]) most = n;
  return most;
}

export interface LabelledRows {
  /** Tokens of the pass. */
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  /** The sequence of each row. */
  readonly owners: Int32Array;
}

/** Rows whose next token has a label, and that label. */
export function labelledRows(sequences: readonly TrainingSequence[]): LabelledRows {
  const rows: number[] = [];
  const labels: number[] = [];
  const owners: number[] = [];
  let first = 0;
  sequences.forEach((sequence, owner) => {
    for (let i = 1; i < sequence.ids.length; i++) {
      if (sequence.labels[i] < 0) continue;
      rows.push(first + i - 1);
      labels.push(sequence.labels[i]);
      owners.push(owner);
    }
    first += sequence.ids.length;
  });
  return { rows: Int32Array.from(rows), labels: Int32Array.from(labels), owners: Int32Array.from(owners) };
}

/** Losses of rows as sums of their sequences. */
export function sumBySequence(losses: ArrayLike<number>, owners: Int32Array, sequences: number): Float64Array {
  const sums = new Float64Array(sequences);
  owners.forEach((owner, row) => {
    sums[owner] += losses[row];
  });
  return sums;
}

/** The factor of each row; `losses` gives those of the sequences, where factors depend on them. */
export function rowFactors(
  scale: number | SequenceFactors,
  owners: Int32Array,
  losses: () => Float64Array,
): Float64Array {
  if (typeof scale === "number") return new Float64Array(owners.length).fill(scale);
  const factors = scale(losses());
  return Float64Array.from(owners, (owner) => factors[owner]);
}

/** What each token's masks are drawn from; undefined in a pass without dropout. */
export function dropoutKeys(sequences: readonly TrainingSequence[], { dropout }: PassOptions): Uint32Array | undefined {
  if (!dropout) return undefined;
  return Uint32Array.from(
    sequences.flatMap(({ ids }, n) => Array.from(ids, (_, position) => tokenKey(dropout[n], position))),
  );
}
