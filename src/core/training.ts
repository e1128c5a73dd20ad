// Training's side of the trace: the ops that only training has, the ops of a backward pass, and what a device that trains offers.
// core/vjp.ts makes a TrainingProgram of a trace; devices run it op by op, as they run a trace.

import type { BoundWeight } from "./device.ts";
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
    };

/** Ops of the backward pass. `add`: into what is there; else it is overwritten. Gradients of weights are always added. */
export type GradientOp =
  | MixingGradientOp
  /** Logits [R, vocab] become scale * (softmax - one-hot of the row's label); each row's loss is kept. */
  | { readonly kind: "crossEntropy"; readonly logits: Value }
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
  readonly weights: readonly Weight[];
  readonly trainable: readonly Weight[];
}

/** Label i is predicted from position i - 1; -100: not supervised. Positions count from 0. */
export interface TrainingSequence {
  readonly ids: Int32Array;
  readonly labels: Int32Array;
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
  /** Adds the gradients of `scale` times the sum of the supervised tokens' losses; returns that sum, without the factor. */
  accumulate(sequences: readonly TrainingSequence[], scale: number): number;
  /** The sum of the losses alone. */
  loss(sequences: readonly TrainingSequence[]): number;
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

/** Rows whose next token has a label, and that label. */
export function labelledRows(sequences: readonly TrainingSequence[]): { rows: Int32Array; labels: Int32Array } {
  const rows: number[] = [];
  const labels: number[] = [];
  let first = 0;
  for (const sequence of sequences) {
    for (let i = 1; i < sequence.ids.length; i++) {
      if (sequence.labels[i] < 0) continue;
      rows.push(first + i - 1);
      labels.push(sequence.labels[i]);
    }
    first += sequence.ids.length;
  }
  return { rows: Int32Array.from(rows), labels: Int32Array.from(labels) };
}
