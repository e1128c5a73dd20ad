// A model in training on the WASM device: one memory, one plan for the largest pass, the device's threads.

import { AnyqwenError } from "../../../core/errors.ts";
import {
  type AdamWStep,
  indexOfMost,
  labelledRows,
  type ParameterPart,
  type TrainingExecutor,
  type TrainingSequence,
} from "../../../core/training.ts";
import { context } from "../layout.ts";
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
  /** i32 [T] tokens of labelled rows, i32 [T] labels, f32 [T][3] results. */
  readonly rows: number;
  readonly labelsAt: number;
  readonly resultsAt: number;
  readonly sequences: number;
  readonly scale: number;
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

  accumulate(sequences: readonly TrainingSequence[], scale: number): number {
    const loss = this.#losses(sequences, scale, "rows");
    this.#run("backward");
    return loss;
  }

  loss(sequences: readonly TrainingSequence[]): number {
    return this.#losses(sequences, 0, "loss");
  }

  predict(sequences: readonly TrainingSequence[]): Int32Array {
    const { memory, addresses, logits, vocab } = this.parts;
    const first = addresses.arena + logits.buffer.offset;
    const predictions: number[] = [];
    this.#forward(sequences, "logits", (_, count) => {
      for (let n = 0; n < count; n++)
        predictions.push(indexOfMost(new Float32Array(memory.memory.buffer, first + n * logits.stride, vocab)));
    });
    return Int32Array.from(predictions);
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

  /** The sum of the losses of all rows with labels. */
  #losses(sequences: readonly TrainingSequence[], scale: number, chunkRun: "rows" | "loss"): number {
    const { memory, addresses } = this.parts;
    memory.view.setFloat32(addresses.scale, scale, true);
    let loss = 0;
    this.#forward(sequences, chunkRun, (list, count) => {
      const results = list + addresses.resultsAt;
      for (let n = 0; n < count; n++) {
        const [most, sum, chosen] = [0, 4, 8].map((at) => memory.view.getFloat32(results + 12 * n + at, true));
        loss += most + Math.log(sum) - chosen;
      }
    });
    return loss;
  }

  /** All tokens forward, then chunk by chunk the rows with labels; `visit` gets each chunk's place in the list of rows. */
  #forward(
    sequences: readonly TrainingSequence[],
    chunkRun: "rows" | "loss" | "logits",
    visit: (list: number, count: number) => void,
  ): void {
    const { memory, addresses, chunkRows } = this.parts;
    this.#writeBatch(sequences);
    const { rows, labels } = labelledRows(sequences);
    new Int32Array(memory.memory.buffer, addresses.rows, rows.length).set(rows);
    new Int32Array(memory.memory.buffer, addresses.rows + addresses.labelsAt, labels.length).set(labels);
    this.#run("forward");
    for (let first = 0; first < rows.length; first += chunkRows) {
      const count = Math.min(chunkRows, rows.length - first);
      const list = addresses.rows + 4 * first;
      memory.view.setUint32(addresses.context + context.rowTokens, list, true);
      memory.view.setInt32(addresses.context + context.rows, count, true);
      this.#run(chunkRun);
      visit(list, count);
    }
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
