// A model in training on the WASM device: one memory, one plan for the largest pass, the device's threads.

import { AnyqwenError } from "../../../core/errors.ts";
import {
  type AdamWStep,
  dropoutKeys,
  indexOfMost,
  type LabelledRows,
  type LossOp,
  labelledRows,
  type ParameterPart,
  type PassOptions,
  rowFactors,
  type SequenceFactors,
  sumBySequence,
  type TrainingExecutor,
  type TrainingSequence,
} from "../../../core/training.ts";
import { context, rowResultBytes } from "../layout.ts";
import type { WasmMemory } from "../memory.ts";
import { writeRope } from "../step.ts";
import type { Team } from "../threads.ts";
import type { RunName, TrainingPlan } from "./plan.ts";
import type { Placed, PlainMatrix } from "./weights.ts";

/** Addresses in the memory of a model in training. */
export interface TrainingAddresses {
  readonly context: number;
  readonly tokenIds: number;
  readonly positions: number;
  /** i32 [T] tokens of labelled rows, i32 [T] labels, f32 [T] factors on their losses, f32 [T][6] results. */
  readonly rows: number;
  readonly labelsAt: number;
  readonly factorsAt: number;
  readonly resultsAt: number;
  readonly sequences: number;
  /** Whether dropout leaves anything out; from byte 16 on u32 [T] keys. */
  readonly dropout: number;
  readonly adam: number;
  /** f32, one per piece of each trained weight. */
  readonly squares: number;
  readonly arena: number;
}

export interface Run {
  readonly plan: number;
  readonly length: number;
}

export interface TrainingParts {
  readonly memory: WasmMemory;
  readonly team: Team;
  readonly addresses: TrainingAddresses;
  readonly ropes: TrainingPlan["ropes"];
  readonly logits: TrainingPlan["logits"];
  readonly targets: TrainingPlan["targets"];
  readonly loss: LossOp;
  readonly runs: { readonly [Name in RunName | "squares" | "adamW"]: Run };
  readonly trained: ReadonlyMap<string, Placed<PlainMatrix>>;
  readonly places: ReadonlyMap<string, ReadonlyMap<ParameterPart, number>>;
  readonly squareCount: number;
  readonly chunkRows: number;
  readonly maxTokens: number;
  readonly vocab: number;
  readonly identity: string;
}

export class WasmTraining implements TrainingExecutor {
  readonly identity: string;
  #disposed = false;

  constructor(private readonly parts: TrainingParts) {
    this.identity = parts.identity;
  }

  get memoryBytes(): number {
    return this.parts.memory.size;
  }

  accumulate(sequences: readonly TrainingSequence[], scale: number | SequenceFactors, how: PassOptions = {}): number {
    const labelled = this.#forward(sequences, how);
    const { rows, owners } = labelled;
    const factors = rowFactors(scale, owners, () => this.#rowLosses("loss", labelled, sequences.length, how));
    const { memory, addresses } = this.parts;
    new Float32Array(memory.memory.buffer, addresses.rows + addresses.factorsAt, rows.length).set(factors);
    const losses = this.#rowLosses("rows", labelled, sequences.length, how);
    this.#run("backward");
    return total(losses);
  }

  loss(sequences: readonly TrainingSequence[], how: PassOptions = {}): number {
    return total(this.losses(sequences, how));
  }

  losses(sequences: readonly TrainingSequence[], how: PassOptions = {}): Float64Array {
    return this.#rowLosses("loss", this.#forward(sequences, how), sequences.length, how);
  }

  predict(sequences: readonly TrainingSequence[]): Int32Array {
    const { memory, addresses, logits, vocab } = this.parts;
    const at = addresses.arena + logits.buffer.offset;
    const { rows } = this.#forward(sequences, {});
    const predictions = new Int32Array(rows.length);
    this.#eachChunk(rows.length, (first, count) => {
      this.#run("logits");
      for (let n = 0; n < count; n++)
        predictions[first + n] = indexOfMost(new Float32Array(memory.memory.buffer, at + n * logits.stride, vocab));
    });
    return predictions;
  }

  clearGradients(): void {
    for (const [name, { bytes }] of this.parts.trained) {
      const at = this.#place("gradient", name);
      this.parts.memory.bytes.fill(0, at, at + bytes);
    }
  }

  gradientNorm(): number {
    const { memory, addresses, squareCount } = this.parts;
    this.#run("squares");
    let sum = 0;
    for (let n = 0; n < squareCount; n++) sum += memory.view.getFloat32(addresses.squares + 4 * n, true);
    return Math.sqrt(sum);
  }

  update({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale }: AdamWStep): void {
    const { memory, addresses } = this.parts;
    const rate = learningRate / (1 - beta1 ** step);
    const values = [gradientScale, beta1, 1 - beta1, beta2, 1 - beta2, rate, 1 / (1 - beta2 ** step), epsilon];
    [...values, 1 - learningRate * weightDecay].forEach((value, n) => {
      memory.view.setFloat32(addresses.adam + 4 * n, value, true);
    });
    this.#run("adamW");
  }

  read(part: ParameterPart, weight: string): Float32Array {
    const { rows, cols } = this.#trained(weight);
    const values = new Float32Array(rows * cols);
    this.#eachRow(part, weight, (row, n) => values.set(row, n * cols));
    return values;
  }

  write(part: ParameterPart, weight: string, values: Float32Array): void {
    const { rows, cols } = this.#trained(weight);
    if (values.length !== rows * cols)
      throw new AnyqwenError("invalid-argument", `${weight}: ${values.length} values for [${rows}, ${cols}]`);
    this.#eachRow(part, weight, (row, n) => row.set(values.subarray(n * cols, (n + 1) * cols)));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.parts.team.stop();
  }

  #trained(weight: string): Placed<PlainMatrix> {
    const found = this.parts.trained.get(weight);
    if (!found) throw new AnyqwenError("invalid-argument", `${weight} is not trained`);
    return found;
  }

  #place(part: ParameterPart, weight: string): number {
    const at = this.parts.places.get(weight)?.get(part);
    if (at === undefined) throw new AnyqwenError("internal", `${weight} has no ${part}`);
    return at;
  }

  #eachRow(part: ParameterPart, weight: string, visit: (row: Float32Array, n: number) => void): void {
    const { rows, cols, stride } = this.#trained(weight);
    const at = this.#place(part, weight);
    const { buffer } = this.parts.memory.memory;
    for (let n = 0; n < rows; n++) visit(new Float32Array(buffer, at + n * stride, cols), n);
  }

  #run(name: keyof TrainingParts["runs"]): void {
    if (this.#disposed) throw new AnyqwenError("invalid-argument", "this model was closed");
    const { plan, length } = this.parts.runs[name];
    if (length > 0) this.parts.team.run(0, plan, length);
  }

  #forward(sequences: readonly TrainingSequence[], how: PassOptions): LabelledRows {
    const { memory, addresses } = this.parts;
    this.#writeBatch(sequences);
    const keys = dropoutKeys(sequences, how);
    memory.view.setInt32(addresses.dropout, keys ? 1 : 0, true);
    if (keys) new Uint32Array(memory.memory.buffer, addresses.dropout + 16, keys.length).set(keys);
    const labelled = labelledRows(sequences);
    const { rows, labels } = labelled;
    new Int32Array(memory.memory.buffer, addresses.rows, rows.length).set(rows);
    new Int32Array(memory.memory.buffer, addresses.rows + addresses.labelsAt, labels.length).set(labels);
    this.#run("forward");
    return labelled;
  }

  /** The rows with labels, chunk by chunk, up to their losses or back from them too; the losses of their sequences. */
  #rowLosses(
    run: "rows" | "loss",
    { rows, owners }: LabelledRows,
    sequences: number,
    { targets }: PassOptions,
  ): Float64Array {
    const { addresses } = this.parts;
    const losses = new Float64Array(rows.length);
    this.#eachChunk(rows.length, (first, count, list) => {
      if (this.parts.targets) this.#writeTargets(this.parts.targets, targets, first, count);
      this.#run(run);
      for (let n = 0; n < count; n++) losses[first + n] = this.#lossOf(list + addresses.resultsAt + rowResultBytes * n);
    });
    return sumBySequence(losses, owners, sequences);
  }

  /** Sets each chunk of the rows with labels; `visit` gets its first row, how many it has, and where they stand in the list of rows. */
  #eachChunk(total: number, visit: (first: number, count: number, list: number) => void): void {
    const { memory, addresses, chunkRows } = this.parts;
    for (let first = 0; first < total; first += chunkRows) {
      const count = Math.min(chunkRows, total - first);
      const list = addresses.rows + 4 * first;
      memory.view.setUint32(addresses.context + context.rowTokens, list, true);
      memory.view.setInt32(addresses.context + context.rows, count, true);
      visit(first, count, list);
    }
  }

  #writeTargets(
    { buffer, stride }: NonNullable<TrainingPlan["targets"]>,
    targets: PassOptions["targets"],
    first: number,
    count: number,
  ): void {
    if (!targets) throw new AnyqwenError("internal", "a program that distils ran without a teacher's logits");
    const { memory, addresses, vocab } = this.parts;
    targets(first, count, (row, logits) => {
      const at = addresses.arena + buffer.offset + (row - first) * stride;
      new Float32Array(memory.memory.buffer, at, vocab).set(logits);
    });
  }

  /** From what the kernel of the loss leaves for a row. */
  #lossOf(results: number): number {
    const [a, b, c, d, e] = [0, 4, 8, 12, 16].map((at) => this.parts.memory.view.getFloat32(results + at, true));
    const { loss } = this.parts;
    if (loss.kind === "crossEntropy") return a + Math.log(b) - c;
    const { temperature, weight } = loss;
    const divergence = e / (temperature * d) + Math.log(c) - Math.log(d);
    return weight * temperature ** 2 * divergence + (1 - weight) * (Math.log(b) - a);
  }

  #writeBatch(sequences: readonly TrainingSequence[]): void {
    const { memory, addresses, ropes, maxTokens, vocab } = this.parts;
    const { view } = memory;
    const tokens = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
    if (tokens === 0 || tokens > maxTokens)
      throw new AnyqwenError("invalid-argument", `a pass of ${tokens} tokens; this model was loaded for ${maxTokens}`);
    view.setInt32(addresses.context + context.tokens, tokens, true);
    view.setInt32(addresses.sequences, sequences.length, true);
    let token = 0;
    sequences.forEach(({ ids }, n) => {
      view.setInt32(addresses.sequences + 8 + 8 * n, token, true);
      view.setInt32(addresses.sequences + 12 + 8 * n, ids.length, true);
      for (let i = 0; i < ids.length; i++, token++) {
        if (!(ids[i] >= 0 && ids[i] < vocab))
          throw new AnyqwenError("invalid-argument", `token id ${ids[i]} is outside the vocabulary of ${vocab}`);
        view.setInt32(addresses.tokenIds + 4 * token, ids[i], true);
        view.setInt32(addresses.positions + 4 * token, i, true);
      }
    });
    for (const { rope, buffer } of ropes)
      writeRope(view, addresses.arena + buffer.offset, rope, addresses.positions, tokens);
  }
}

const total = (losses: Float64Array): number => losses.reduce((sum, loss) => sum + loss, 0);
