// Training on the reference device: a TrainingProgram run op by op over float64 arrays. It is what finite differences are compared
// with, and what other devices are.

import { AnyqwenError } from "../../core/errors.ts";
import type { Value, Weight } from "../../core/trace.ts";
import {
  type AdamWStep,
  dropoutKeys,
  indexOfMost,
  labelledRows,
  type ParameterPart,
  type PassOptions,
  rowFactors,
  type SequenceFactors,
  sumBySequence,
  type TrainingDevice,
  type TrainingExecutor,
  type TrainingOp,
  type TrainingProgram,
  type TrainingSequence,
} from "../../core/training.ts";
import { add, sigmoidGate, swiglu } from "./activation.ts";
import { convGradient, deltaGradient, sequenceConv, sequenceDelta } from "./delta-training.ts";
import * as gradients from "./gradients.ts";
import { embed, gatherRows, linear, slice } from "./linear.ts";
import { moeGradient, sequenceMoe } from "./moe-training.ts";
import { rmsNorm } from "./norm.ts";
import { distillation, dropout } from "./objectives.ts";
import { rope } from "./rope.ts";
import { type Dequantise, loadWeights } from "./weights.ts";

/** Rows of logits at a time; small, so that tests cross its border. */
const CHUNK = 16;

type Parameter = Record<ParameterPart, Float64Array>;

/** What a pass knows of its tokens and of the rows of its chunk. */
interface Pass {
  readonly ids: Int32Array;
  readonly positions: Int32Array;
  /** The first token of each token's sequence. */
  readonly starts: Int32Array;
  /** What dropout's masks are drawn from; absent: nothing is left out. */
  readonly keys: Uint32Array | undefined;
  rows: Int32Array;
  labels: Int32Array;
  /** On the rows' losses. */
  factors: Float64Array;
}

export function referenceTraining(dequantise: Dequantise): TrainingDevice {
  return {
    name: "reference",
    memoryBytes: ({ weights, trainable }) => 8 * (elements(weights) + 3 * elements(trainable)),
    async load(program, weights, options) {
      return new ReferenceTraining(program, await loadWeights(weights, dequantise, options));
    },
  };
}

function elements(weights: readonly Weight[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

class ReferenceTraining implements TrainingExecutor {
  readonly identity = "reference-f64";
  readonly #weights = new Map<string, Float64Array>();
  readonly #parameters = new Map<string, Parameter>();
  #values = new Map<number, Float64Array>();

  constructor(
    private readonly program: TrainingProgram,
    loaded: ReadonlyMap<string, Float32Array>,
  ) {
    for (const { name, shape } of program.weights) {
      const values = loaded.get(name);
      const size = shape.reduce((a, b) => a * b, 1);
      this.#weights.set(name, values ? Float64Array.from(values) : new Float64Array(size));
    }
    for (const { name } of program.trainable) {
      const value = this.#weight(name);
      const fresh = () => new Float64Array(value.length);
      this.#parameters.set(name, { value, gradient: fresh(), firstMoment: fresh(), secondMoment: fresh() });
    }
  }

  get memoryBytes(): number {
    let bytes = 0;
    for (const values of [...this.#weights.values(), ...this.#values.values()]) bytes += values.byteLength;
    return bytes + [...this.#parameters.values()].reduce((sum, { value }) => sum + 3 * value.byteLength, 0);
  }

  accumulate(sequences: readonly TrainingSequence[], scale: number | SequenceFactors, how: PassOptions = {}): number {
    const { pass, rows, labels, owners } = this.#forward(sequences, how);
    const sums = () => sumBySequence(this.#rowLosses(pass, rows, labels, how), owners, sequences.length);
    const factors = rowFactors(scale, owners, sums);
    const losses = this.#rowLosses(pass, rows, labels, how, factors);
    for (const op of this.program.backward) this.#run(op, pass);
    return losses.reduce((sum, loss) => sum + loss, 0);
  }

  loss(sequences: readonly TrainingSequence[], how: PassOptions = {}): number {
    return this.losses(sequences, how).reduce((sum, loss) => sum + loss, 0);
  }

  losses(sequences: readonly TrainingSequence[], how: PassOptions = {}): Float64Array {
    const { pass, rows, labels, owners } = this.#forward(sequences, how);
    return sumBySequence(this.#rowLosses(pass, rows, labels, how), owners, sequences.length);
  }

  predict(sequences: readonly TrainingSequence[]): Int32Array {
    const { pass, rows, labels } = this.#forward(sequences, {});
    const predictions: number[] = [];
    const { logits } = this.program.loss;
    this.#eachChunk(pass, rows, labels, () => {
      const values = this.#value(logits, pass.rows.length);
      for (let at = 0; at < values.length; at += logits.cols)
        predictions.push(indexOfMost(values.subarray(at, at + logits.cols)));
    });
    return Int32Array.from(predictions);
  }

  clearGradients(): void {
    for (const { gradient } of this.#parameters.values()) gradient.fill(0);
  }

  gradientNorm(): number {
    let squares = 0;
    for (const { gradient } of this.#parameters.values()) for (const g of gradient) squares += g * g;
    return Math.sqrt(squares);
  }

  update(step: AdamWStep): void {
    for (const parameter of this.#parameters.values()) adamW(parameter, step);
  }

  read(part: ParameterPart, weight: string): Float32Array {
    return Float32Array.from(this.#parameter(weight)[part]);
  }

  write(part: ParameterPart, weight: string, values: Float32Array): void {
    this.#parameter(weight)[part].set(values);
  }

  dispose(): void {
    this.#weights.clear();
    this.#values.clear();
  }

  #forward(sequences: readonly TrainingSequence[], how: PassOptions) {
    this.#values = new Map();
    const nothing = { rows: new Int32Array(0), labels: new Int32Array(0), factors: new Float64Array(0) };
    const pass: Pass = { ...layOut(sequences), keys: dropoutKeys(sequences, how), ...nothing };
    for (const op of this.program.forward) this.#run(op, pass);
    return { pass, ...labelledRows(sequences) };
  }

  /** Losses of all rows, chunk by chunk; with factors their gradients too. */
  #rowLosses(pass: Pass, rows: Int32Array, labels: Int32Array, how: PassOptions, factors?: Float64Array): number[] {
    const { program } = this;
    const back = program.rows.slice(program.rows.indexOf(program.loss) + 1);
    const losses: number[] = [];
    this.#eachChunk(pass, rows, labels, (first) => {
      pass.factors = factors?.subarray(first, first + CHUNK) ?? new Float64Array(pass.rows.length);
      losses.push(...this.#lossOf(pass, first, how));
      if (factors) for (const op of back) this.#run(op, pass);
    });
    return losses;
  }

  /** Makes the pass that of each chunk of rows and computes up to the logits; `visit` gets the chunk's first row. */
  #eachChunk(pass: Pass, rows: Int32Array, labels: Int32Array, visit: (first: number) => void): void {
    const { program } = this;
    const ahead = program.rows.slice(0, program.rows.indexOf(program.loss));
    for (let first = 0; first < rows.length; first += CHUNK) {
      pass.rows = rows.subarray(first, first + CHUNK);
      pass.labels = labels.subarray(first, first + CHUNK);
      for (const op of ahead) this.#run(op, pass);
      visit(first);
    }
  }

  /** Losses of the chunk's rows, from `first` on of all; logits become their gradient. */
  #lossOf({ rows, labels, factors }: Pass, first: number, { targets }: PassOptions): number[] {
    const { loss } = this.program;
    const logits = this.#value(loss.logits, rows.length);
    if (loss.kind === "crossEntropy") return gradients.crossEntropy(logits, labels, factors);
    if (!targets) throw new AnyqwenError("internal", "a program that distils ran without a teacher's logits");
    const wanted = this.#value(loss.targets, rows.length);
    targets(first, rows.length, (row, values) => wanted.set(values, (row - first) * loss.targets.cols));
    return distillation(logits, wanted, labels, factors, loss);
  }

  #value({ id, cols }: Value, rows: number): Float64Array {
    const known = this.#values.get(id);
    if (known && known.length === rows * cols) return known;
    const made = new Float64Array(rows * cols);
    this.#values.set(id, made);
    return made;
  }

  #parameter(name: string): Parameter {
    const parameter = this.#parameters.get(name);
    if (!parameter) throw new AnyqwenError("invalid-argument", `${name} is not trained`);
    return parameter;
  }

  #weight(name: string): Float64Array {
    const weight = this.#weights.get(name);
    if (!weight) throw new AnyqwenError("internal", `${name} was not loaded`);
    return weight;
  }

  #run(op: TrainingOp, pass: Pass): void {
    const rowsOf = ({ rows }: Value) => (rows === "T" ? pass.ids.length : rows === "R" ? pass.rows.length : rows);
    const value = (v: Value) => this.#value(v, rowsOf(v));
    const keysOf = ({ rows }: Value) => {
      return rows === "R" && pass.keys ? Uint32Array.from(pass.rows, (row) => pass.keys?.[row] ?? 0) : pass.keys;
    };
    const weight = (w: Weight) => this.#weight(w.name);
    const gradient = (w: Weight) => this.#parameter(w.name).gradient;
    const trained = (of: { trained: readonly Weight[] }, w: Weight) =>
      of.trained.includes(w) ? gradient(w) : undefined;
    const delta = (of: Extract<TrainingOp, { kind: "sequenceDelta" | "deltaGradient" }>) => ({
      ...{ qkv: value(of.qkv), a: value(of.a), b: value(of.b) },
      ...{ aLog: weight(of.aLog), dtBias: weight(of.dtBias) },
    });
    const experts = (of: Extract<TrainingOp, { kind: "moe" | "moeGradient" }>) => ({
      ...{ gate: weight(of.gate), up: weight(of.up), down: weight(of.down) },
      ...{ count: of.routerLogits.cols, topK: of.topK, normTopK: of.normTopK },
    });
    switch (op.kind) {
      case "embed":
        return embed(weight(op.table), pass.ids, op.out.cols, value(op.out));
      case "rmsNorm":
        return rmsNorm(value(op.x), weight(op.weight), op.eps, value(op.out), op.zeroCentred ? 1 : 0);
      case "linear": {
        const residual = op.residual && value(op.residual);
        const bias = op.bias && weight(op.bias);
        return linear(value(op.x), weight(op.weight), bias, residual, op.x.cols, value(op.out));
      }
      case "lowRank": {
        const [base, out] = [value(op.base), value(op.out)];
        linear(value(op.x), weight(op.weight), undefined, undefined, op.x.cols, out);
        for (let i = 0; i < out.length; i++) out[i] = base[i] + op.scale * out[i];
        return;
      }
      case "rope":
        return rope(value(op.x), pass.positions, op.headDim, op.rope, value(op.out));
      case "sequenceAttention":
        return gradients.sequenceAttention(
          ...([value(op.q), value(op.k), value(op.v)] as const),
          ...([pass.starts, op.shape, value(op.out)] as const),
        );
      case "swiglu":
        return swiglu(value(op.gate), value(op.up), value(op.out));
      case "add":
        return add(value(op.a), value(op.b), value(op.out));
      case "gatherRows":
        return gatherRows(value(op.x), pass.rows, op.x.cols, value(op.out));
      case "dropout":
        return dropout(value(op.x), keysOf(op.x), op.dropout, value(op.out), false);
      case "sigmoidGate":
        return sigmoidGate(value(op.gate), value(op.x), value(op.out));
      case "slice":
        return slice(value(op.x), op.x.cols / op.groups, op.offset, op.width, value(op.out));
      case "sequenceConv":
        return sequenceConv(value(op.x), weight(op.weight), pass.starts, op.shape.taps, value(op.out));
      case "sequenceDelta":
        return sequenceDelta(delta(op), pass.starts, op.shape, value(op.out));
      case "moe":
        return sequenceMoe(value(op.x), value(op.routerLogits), experts(op), value(op.out));
      case "crossEntropy":
      case "distillation":
        throw new AnyqwenError("internal", "a loss outside of its chunk of rows");
      case "linearInput":
        return gradients.linearInput(
          ...([value(op.dOut), weight(op.weight), op.dOut.cols] as const),
          ...([op.scale, value(op.into), op.add] as const),
        );
      case "linearWeight":
        return gradients.linearWeight(value(op.dOut), value(op.x), op.dOut.cols, op.scale, gradient(op.weight));
      case "biasSum":
        return gradients.biasSum(value(op.dOut), gradient(op.bias));
      case "rmsNormGradient":
        return gradients.rmsNormGradient(
          ...([value(op.x), weight(op.weight), op.eps, op.zeroCentred ? 1 : 0] as const),
          ...([value(op.dOut), value(op.into), op.add] as const),
          op.train ? gradient(op.weight) : undefined,
        );
      case "ropeGradient":
        return gradients.ropeGradient(value(op.dOut), pass.positions, op.headDim, op.rope, value(op.into), op.add);
      case "attentionGradient": {
        const [q, k, v, out, dOut] = [op.q, op.k, op.v, op.out, op.dOut].map(value);
        const [dq, dk, dv] = [op.dq, op.dk, op.dv].map(value);
        return gradients.attentionGradient({ q, k, v, out, dOut }, pass.starts, op.shape, { dq, dk, dv });
      }
      case "swigluGradient": {
        const [gate, up, dOut, dGate, dUp] = [op.gate, op.up, op.dOut, op.dGate, op.dUp].map(value);
        return gradients.swigluGradient(gate, up, dOut, dGate, dUp);
      }
      case "sigmoidGateGradient": {
        const [gate, x, dOut, dGate, dX] = [op.gate, op.x, op.dOut, op.dGate, op.dX].map(value);
        return gradients.sigmoidGateGradient(gate, x, dOut, dGate, dX);
      }
      case "sliceGradient":
        return gradients.sliceGradient(
          ...([value(op.dOut), op.into.cols / op.groups, op.offset, op.width, value(op.into)] as const),
        );
      case "convGradient":
        return convGradient(
          ...([value(op.x), weight(op.weight), pass.starts, op.shape.taps] as const),
          ...([value(op.dOut), value(op.into), trained(op, op.weight)] as const),
        );
      case "deltaGradient":
        return deltaGradient(delta(op), pass.starts, op.shape, value(op.dOut), {
          ...{ dQkv: value(op.dQkv), dA: value(op.dA), dB: value(op.dB) },
          ...{ dALog: trained(op, op.aLog), dDtBias: trained(op, op.dtBias) },
        });
      case "moeGradient":
        return moeGradient(value(op.x), value(op.routerLogits), experts(op), value(op.dOut), {
          ...{ dx: value(op.into), add: op.add, dLogits: value(op.dLogits) },
          ...{ dGate: trained(op, op.gate), dUp: trained(op, op.up), dDown: trained(op, op.down) },
        });
      case "embedGradient":
        return gradients.scatterRows(value(op.dOut), pass.ids, gradient(op.table));
      case "scatterRows":
        return gradients.scatterRows(value(op.dOut), pass.rows, value(op.into));
      case "dropoutGradient":
        return dropout(value(op.dOut), keysOf(op.dOut), op.dropout, value(op.into), op.add);
      case "addInto":
        return add(value(op.into), value(op.from), value(op.into));
      case "clear":
        value(op.into).fill(0);
    }
  }
}

function layOut(sequences: readonly TrainingSequence[]) {
  const ids = sequences.flatMap((sequence) => [...sequence.ids]);
  const positions = sequences.flatMap((sequence) => [...sequence.ids.keys()]);
  const starts = positions.map((position, token) => token - position);
  return { ids: Int32Array.from(ids), positions: Int32Array.from(positions), starts: Int32Array.from(starts) };
}

function adamW({ value, gradient, firstMoment, secondMoment }: Parameter, step: AdamWStep): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale } = step;
  const [bias1, bias2] = [1 - beta1 ** step.step, 1 - beta2 ** step.step];
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i] * gradientScale;
    firstMoment[i] = beta1 * firstMoment[i] + (1 - beta1) * g;
    secondMoment[i] = beta2 * secondMoment[i] + (1 - beta2) * g * g;
    const denominator = Math.sqrt(secondMoment[i] / bias2) + epsilon;
    value[i] -= learningRate * (weightDecay * value[i] + firstMoment[i] / bias1 / denominator);
  }
}
