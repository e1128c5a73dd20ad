// From a training program to instructions, in three runs: once forward over all tokens, once per chunk of labelled rows, once
// backward. Kept values and gradients are buffers of one arena, placed by how long they live, as in ../plan.ts.

import { type Dropout, dropoutThreshold, moduleKey } from "../../../core/dropout.ts";
import { AnyqwenError } from "../../../core/errors.ts";
import type { Rope, Value, Weight } from "../../../core/trace.ts";
import type { LossOp, ParameterPart, TrainingOp, TrainingProgram } from "../../../core/training.ts";
import { type Argument, Buffer, type Instruction, placeBuffers, Real } from "../instructions.ts";
import { alignUp, rowKind } from "../layout.ts";
import { lowerDelta } from "./delta.ts";
import { type Lowering, source, start, valueStride } from "./lowering.ts";
import { lowerMoe } from "./moe.ts";
import type { Placed, PlainMatrix } from "./weights.ts";

export interface TrainingLimits {
  readonly maxTokens: number;
  /** Labelled rows in a chunk. */
  readonly chunkRows: number;
  readonly exact: boolean;
  /** Whether the build has products of int8 activations. */
  readonly relaxed: boolean;
}

/** Addresses that instructions name outside the arena. */
export interface TrainingTables {
  /** Whether dropout leaves anything out, and from byte 16 on the tokens' keys. */
  readonly dropout: number;
  /** Sequences of the batch: how many, unused, then start and length of each. */
  readonly sequences: number;
  /** Bytes from a row's token to its label, to the factor on its loss, and to its results. */
  readonly labelsAt: number;
  readonly factorsAt: number;
  readonly resultsAt: number;
}

export interface TrainingPlan {
  readonly runs: { readonly [Run in RunName]: readonly Instruction[] };
  readonly arenaBytes: number;
  readonly scratchBytes: number;
  /** [R, vocab] of a chunk, with the bytes of a row. */
  readonly logits: { readonly buffer: Buffer; readonly stride: number };
  /** Tables [T][half][cos, sin], filled at every pass. */
  readonly ropes: readonly { rope: Rope; buffer: Buffer }[];
  /** Where a teacher's logits of a chunk go: [R, vocab], bytes from row to row. */
  readonly targets?: { readonly buffer: Buffer; readonly stride: number };
}

/** "loss", "logits": the rows' part up to the loss alone, and up to what the loss is computed from. */
export type RunName = "forward" | "rows" | "backward" | "loss" | "logits";

/** kernels/gemm.ts: eight panels and a block; kernels/linear.ts: panels of four row groups and the sums of 64 tiles. */
const productScratch = Math.max(8 * 8192 + 512, 4 * 32 * 224 + 64 * 4 * 64);
export function planTraining(
  program: TrainingProgram,
  placed: ReadonlyMap<string, Placed>,
  parts: ReadonlyMap<string, ReadonlyMap<ParameterPart, number>>,
  tables: TrainingTables,
  limits: TrainingLimits,
): TrainingPlan {
  return new TrainingPlanner(placed, parts, tables, limits).plan(program);
}

class TrainingPlanner {
  #instructions: Instruction[] = [];
  readonly #values = new Map<number, Buffer>();
  readonly #quantised = new Map<number, { buffer: Buffer; stride: number }>();
  readonly #ropes = new Map<Rope, Buffer>();
  /** Maxima and sums of an attention's rows, by its output. */
  readonly #stats = new Map<number, Buffer>();
  /** Stand for memory outside the arena, so that writes after writes are seen. */
  readonly #tokens = new Map<string, Buffer>();
  #scratchBytes = productScratch;
  /** What the files beside this one write their instructions with. */
  readonly #lowering: Lowering;

  constructor(
    private readonly placed: ReadonlyMap<string, Placed>,
    private readonly parts: ReadonlyMap<string, ReadonlyMap<ParameterPart, number>>,
    private readonly tables: TrainingTables,
    private readonly limits: TrainingLimits,
  ) {
    this.#lowering = {
      maxTokens: limits.maxTokens,
      sequences: tables.sequences,
      emit: (...instruction) => this.#emit(...instruction),
      buffer: (value) => this.#buffer(value),
      rows: (value) => this.#rows(value),
      rowCapacity: (value) => this.#rowCapacity(value),
      weight: (weight) => this.#weight(weight),
      plain: (weight) => this.#plain(weight),
      gradient: (weight) => this.#gradient(weight),
      factor: (weight, plain, packed) => this.#factor(weight, plain, packed),
      scratch: (bytes) => {
        this.#scratchBytes = Math.max(this.#scratchBytes, bytes);
      },
    };
  }

  plan(program: TrainingProgram): TrainingPlan {
    const targets = this.#targets(program.loss);
    const forward = this.#lowerAll(program.forward);
    const rows = this.#lowerAll(program.rows);
    const backward = this.#lowerAll(program.backward);
    const end = rows.findIndex(({ op }) => op === program.loss.kind);
    const [logits, loss] = [rows.slice(0, end), rows.slice(0, end + 1)];
    keepThroughRows(forward, rows, backward);
    return {
      runs: { forward, rows, backward, loss, logits },
      arenaBytes: placeBuffers([...forward, ...rows, ...backward]),
      scratchBytes: alignUp(this.#scratchBytes, 64),
      logits: { buffer: this.#buffer(program.logits), stride: valueStride(program.logits.cols) },
      ropes: [...this.#ropes].map(([rope, buffer]) => ({ rope, buffer })),
      targets,
    };
  }

  /** The host writes there before each chunk. */
  #targets(loss: LossOp): TrainingPlan["targets"] {
    if (loss.kind !== "distillation") return undefined;
    const stride = valueStride(loss.targets.cols);
    const buffer = new Buffer(this.#rowCapacity(loss.targets) * stride, "written");
    this.#values.set(loss.targets.id, buffer);
    return { buffer, stride };
  }

  #lowerAll(ops: readonly TrainingOp[]): Instruction[] {
    this.#instructions = [];
    for (const op of ops) this.#lower(op);
    return this.#instructions;
  }

  #emit(op: Instruction["op"], args: Argument[], reads: Buffer[], writes: Buffer[]): void {
    this.#instructions.push({ op, args, reads, writes });
  }

  #rowCapacity({ rows }: Value): number {
    const { maxTokens, chunkRows } = this.limits;
    return alignUp(rows === "T" ? maxTokens : rows === "R" ? chunkRows : rows, 4);
  }

  #rows({ rows }: Value): number {
    return typeof rows === "number" ? rowKind.one : rowKind[rows];
  }

  #buffer(value: Value): Buffer {
    let buffer = this.#values.get(value.id);
    if (!buffer) {
      buffer = new Buffer(this.#rowCapacity(value) * valueStride(value.cols));
      this.#values.set(value.id, buffer);
    }
    return buffer;
  }

  #weight({ name }: Weight): Placed {
    const weight = this.placed.get(name);
    if (!weight) throw new AnyqwenError("internal", `${name} was not placed`);
    return weight;
  }

  #plain(weight: Weight): Placed<PlainMatrix> {
    const found = this.#weight(weight);
    if (found.kind !== "plain") throw new AnyqwenError("internal", `${weight.name} is packed`);
    return found;
  }

  /** Where a trained weight's gradient lies, and what stands for it. */
  #gradient({ name }: Weight): { address: number; token: Buffer } {
    const address = this.parts.get(name)?.get("gradient");
    if (address === undefined) throw new AnyqwenError("internal", `${name} has no gradient`);
    let token = this.#tokens.get(name);
    if (!token) {
      token = new Buffer(0);
      this.#tokens.set(name, token);
    }
    return { address, token };
  }

  #ropeTable(rope: Rope): Buffer {
    let table = this.#ropes.get(rope);
    if (!table) {
      table = new Buffer(alignUp(this.limits.maxTokens, 4) * rope.frequencies.length * 8, "written");
      this.#ropes.set(rope, table);
    }
    return table;
  }

  #lower(op: TrainingOp): void {
    switch (op.kind) {
      case "embed": {
        const table = this.#weight(op.table);
        const out = this.#buffer(op.out);
        const stride = valueStride(op.out.cols);
        if (table.kind === "plain")
          return this.#emit("embedPlain", [table.address, table.stride, op.out.cols, out, stride], [], [out]);
        const { kind, units, groupBytes } = table.packing;
        return this.#emit("embed", [kind.id, table.address, units, groupBytes, op.out.cols, out, stride], [], [out]);
      }
      case "rmsNorm": {
        const [x, out, stride] = [this.#buffer(op.x), this.#buffer(op.out), valueStride(op.x.cols)];
        const width = op.weight.shape[0];
        const weight = this.#plain(op.weight).address;
        const args = [x, stride, weight, out, stride, width, op.x.cols / width, new Real(op.eps)];
        args.push(this.#rows(op.x), new Real(op.zeroCentred ? 1 : 0));
        return this.#emit("rmsNorm", args, [x], [out]);
      }
      case "linear":
        return this.#linear(op);
      case "lowRank":
        return this.#product(op.x, op.weight, op.out, { scale: op.scale, residual: op.base });
      case "rope": {
        const [x, out, stride] = [this.#buffer(op.x), this.#buffer(op.out), valueStride(op.x.cols)];
        const table = this.#ropeTable(op.rope);
        const args = [x, stride, op.x.cols / op.headDim, op.headDim, op.rope.frequencies.length, table, out, stride];
        return this.#emit("rope", args, [x, table], [out]);
      }
      case "sequenceAttention": {
        const [q, k, v, out] = [op.q, op.k, op.v, op.out].map((value) => this.#buffer(value));
        const stats = new Buffer(8 * this.limits.maxTokens * op.shape.heads);
        this.#stats.set(op.out.id, stats);
        this.#emit("sequenceAttention", this.#attention(op, [q, k, v, out], stats), [q, k, v], [out, stats]);
        return;
      }
      case "swiglu":
        return this.#elementwise("swiglu", op.gate, op.up, op.out);
      case "add":
        return this.#elementwise("add", op.a, op.b, op.out);
      case "sigmoidGate":
        return this.#elementwise("sigmoidGate", op.gate, op.x, op.out);
      case "slice": {
        const [x, out] = [this.#buffer(op.x), this.#buffer(op.out)];
        return this.#emit("slice", this.#slice(op, [x, op.x], [out, op.out]), [x], [out]);
      }
      case "sequenceConv":
      case "sequenceDelta":
      case "convGradient":
      case "deltaGradient":
        return lowerDelta(this.#lowering, op);
      case "moe":
      case "moeGradient":
        return lowerMoe(this.#lowering, op);
      case "gatherRows": {
        const [x, out] = [this.#buffer(op.x), this.#buffer(op.out)];
        const args = [x, valueStride(op.x.cols), out, valueStride(op.out.cols), op.x.cols];
        return this.#emit("gatherRows", args, [x], [out]);
      }
      case "crossEntropy": {
        const logits = this.#buffer(op.logits);
        const { labelsAt, factorsAt, resultsAt } = this.tables;
        const args = [logits, valueStride(op.logits.cols), op.logits.cols, labelsAt, factorsAt, resultsAt];
        return this.#emit("crossEntropy", args, [logits], [logits]);
      }
      case "distillation": {
        const [logits, targets] = [this.#buffer(op.logits), this.#buffer(op.targets)];
        const { labelsAt, factorsAt, resultsAt } = this.tables;
        const args = [
          ...[logits, valueStride(op.logits.cols), op.logits.cols, targets, labelsAt, factorsAt, resultsAt],
          ...[new Real(op.temperature), new Real(op.weight)],
        ];
        return this.#emit("distillation", args, [logits, targets], [logits, targets]);
      }
      case "dropout":
        return this.#dropout(op.x, op.dropout, op.out, false);
      case "dropoutGradient":
        return this.#dropout(op.dOut, op.dropout, op.into, op.add);
      case "linearInput":
        return this.#linearInput(op);
      case "linearWeight": {
        const [dOut, x] = [this.#buffer(op.dOut), this.#buffer(op.x)];
        const { address, token } = this.#gradient(op.weight);
        const args = [
          ...[dOut, valueStride(op.dOut.cols), 1, -1, op.dOut.cols, this.#rows(op.dOut), 0, op.x.cols],
          ...[x, valueStride(op.x.cols), source.rowsOfK, 0, 1, 0],
          ...[address, this.#plain(op.weight).stride, start.there, 0, 0, 0, new Real(op.scale)],
        ];
        return this.#emit("gemm", args, [dOut, x], [token]);
      }
      case "biasSum": {
        const dOut = this.#buffer(op.dOut);
        const { address, token } = this.#gradient(op.bias);
        const args = [dOut, valueStride(op.dOut.cols), op.dOut.cols, this.#rows(op.dOut), address];
        return this.#emit("biasSum", args, [dOut], [token]);
      }
      case "rmsNormGradient":
        return this.#normGradient(op);
      case "ropeGradient": {
        const [dOut, into, stride] = [this.#buffer(op.dOut), this.#buffer(op.into), valueStride(op.dOut.cols)];
        const table = this.#ropeTable(op.rope);
        const heads = op.dOut.cols / op.headDim;
        const half = op.rope.frequencies.length;
        const args = [dOut, stride, heads, op.headDim, half, table, into, stride, op.add ? 1 : 0];
        return this.#emit("ropeGradient", args, [dOut, table, into], [into]);
      }
      case "attentionGradient": {
        const values = [op.q, op.k, op.v, op.dOut, op.out, op.dq, op.dk, op.dv].map((value) => this.#buffer(value));
        const [q, k, v, dOut, out, dq, dk, dv] = values;
        const stats = this.#stats.get(op.out.id);
        if (!stats) throw new AnyqwenError("internal", "a gradient of an attention that did not run");
        const args = [...this.#attention(op, [q, k, v, dOut], stats), dq, dk, dv];
        args[12] = out;
        return this.#emit("attentionGradient", args, [q, k, v, dOut, out, stats], [dq, dk, dv]);
      }
      case "swigluGradient": {
        const [gate, up, dOut, dGate, dUp] = [op.gate, op.up, op.dOut, op.dGate, op.dUp].map((v) => this.#buffer(v));
        const args = [gate, up, dOut, dGate, dUp, valueStride(op.dOut.cols), op.dOut.cols, this.#rows(op.dOut)];
        return this.#emit("swigluGradient", args, [gate, up, dOut], [dGate, dUp]);
      }
      case "sigmoidGateGradient": {
        const [gate, x, dOut, dGate, dX] = [op.gate, op.x, op.dOut, op.dGate, op.dX].map((v) => this.#buffer(v));
        const strides = [valueStride(op.gate.cols), valueStride(op.x.cols)];
        const args = [gate, strides[0], x, strides[1], dOut, dGate, dX, op.x.cols, this.#rows(op.x)];
        args.push(op.gate.cols === op.x.cols ? 1 : 0);
        return this.#emit("sigmoidGateGradient", args, [gate, x, dOut], [dGate, dX]);
      }
      case "sliceGradient": {
        const [dOut, into] = [this.#buffer(op.dOut), this.#buffer(op.into)];
        const args = this.#slice(op, [dOut, op.dOut], [into, op.into]);
        return this.#emit("sliceGradient", args, [dOut, into], [into]);
      }
      case "embedGradient": {
        const dOut = this.#buffer(op.dOut);
        const { address, token } = this.#gradient(op.table);
        const args = [address, this.#plain(op.table).stride, op.dOut.cols, dOut, valueStride(op.dOut.cols)];
        return this.#emit("embedGradient", args, [dOut], [token]);
      }
      case "scatterRows": {
        const [dOut, into, stride] = [this.#buffer(op.dOut), this.#buffer(op.into), valueStride(op.dOut.cols)];
        return this.#emit("scatterRows", [dOut, stride, into, stride, op.dOut.cols], [dOut, into], [into]);
      }
      case "addInto":
        return this.#elementwise("add", op.into, op.from, op.into);
      case "clear": {
        const into = this.#buffer(op.into);
        return this.#emit("clear", [into, valueStride(op.into.cols), this.#rows(op.into)], [], [into]);
      }
    }
  }

  /** From a whole row to its slices, or the other way. */
  #slice(
    { groups, offset, width }: { groups: number; offset: number; width: number },
    [from, fromValue]: [Buffer, Value],
    [to, toValue]: [Buffer, Value],
  ): Argument[] {
    const part = Math.max(fromValue.cols, toValue.cols) / groups;
    const ends = [from, valueStride(fromValue.cols), groups, 4 * part, 4 * offset, 4 * width];
    return [...ends, to, valueStride(toValue.cols), this.#rows(fromValue)];
  }

  #elementwise(op: "swiglu" | "add" | "sigmoidGate", a: Value, b: Value, result: Value): void {
    const [x, y, out] = [this.#buffer(a), this.#buffer(b), this.#buffer(result)];
    const [xs, ys, os] = [a, b, result].map(({ cols }) => valueStride(cols));
    const gated = a.cols === b.cols ? 1 : 0;
    this.#emit(op, [x, xs, y, ys, out, os, result.cols, this.#rows(result), 1, gated], [x, y], [out]);
  }

  /** x with what the masks leave, into or added to y. */
  #dropout(x: Value, { probability, module }: Dropout, y: Value, add: boolean): void {
    const [from, to, stride] = [this.#buffer(x), this.#buffer(y), valueStride(x.cols)];
    const args = [
      ...[from, stride, to, stride, x.cols, this.#rows(x), this.tables.dropout, dropoutThreshold(probability)],
      ...[new Real(1 / (1 - probability)), moduleKey(module), add ? 1 : 0],
    ];
    this.#emit("dropout", args, add ? [from, to] : [from], [to]);
  }

  /** y = x W^T with bias and residual: integers as inference computes them, or f32. */
  #linear(op: Extract<TrainingOp, { kind: "linear" }>): void {
    const weight = this.#weight(op.weight);
    const bias = op.bias ? this.#plain(op.bias).address : 0;
    // eight bits, and all types without relaxed SIMD, need int16 activations: no quicker than f32
    const narrow = weight.kind === "packed" && weight.packing.kind.activations === "narrow" && this.limits.relaxed;
    if (!narrow || this.limits.exact)
      return this.#product(op.x, op.weight, op.out, { scale: 1, residual: op.residual, bias });
    const [out, residual] = [this.#buffer(op.out), op.residual && this.#buffer(op.residual)];
    const input = this.#activations(op.x);
    const { kind, units, groups, groupBytes } = weight.packing;
    const stride = valueStride(op.out.cols);
    const args = [
      ...[kind.id, weight.address, units, groups, groupBytes, input.buffer, input.stride, out, stride],
      ...[bias, residual ?? 0, residual ? stride : 0, this.#rows(op.x), kind.rows, 1],
    ];
    this.#emit("linear", args, residual ? [input.buffer, residual] : [input.buffer], [out]);
  }

  /** Activations as int8 blocks, made once for all products that read them. */
  #activations(x: Value): { buffer: Buffer; stride: number } {
    const known = this.#quantised.get(x.id);
    if (known) return known;
    const blocks = Math.ceil(x.cols / 32);
    const stride = alignUp(blocks * 48, 64);
    const buffer = new Buffer(stride * this.#rowCapacity(x));
    const from = this.#buffer(x);
    const args = [from, valueStride(x.cols), blocks, buffer, stride, 0, 0, this.#rows(x), 1, 0, 1];
    this.#emit("quantise", args, [from], [buffer]);
    const made = { buffer, stride };
    this.#quantised.set(x.id, made);
    return made;
  }

  /** out = scale * (x W^T) + bias + residual in f32. */
  #product(x: Value, w: Weight, y: Value, more: { scale: number; residual?: Value; bias?: number }): void {
    const [input, out, residual] = [this.#buffer(x), this.#buffer(y), more.residual && this.#buffer(more.residual)];
    const stride = valueStride(y.cols);
    const how = residual || more.bias ? start.given : start.zero;
    const args = [
      ...[input, valueStride(x.cols), 0, this.#rows(x), 0, -1, x.cols, y.cols],
      ...this.#factor(w, source.rowsOfN, source.packedN),
      ...[out, stride, how, more.bias ?? 0, residual ?? 0, stride, new Real(more.scale)],
    ];
    this.#emit("gemm", args, residual ? [input, residual] : [input], [out]);
  }

  #linearInput(op: Extract<TrainingOp, { kind: "linearInput" }>): void {
    const [dOut, into] = [this.#buffer(op.dOut), this.#buffer(op.into)];
    const args = [
      ...[dOut, valueStride(op.dOut.cols), 0, this.#rows(op.dOut), 0, -1, op.dOut.cols, op.into.cols],
      ...this.#factor(op.weight, source.rowsOfK, source.packedK),
      ...[into, valueStride(op.into.cols), op.add ? start.there : start.zero, 0, 0, 0, new Real(op.scale)],
    ];
    this.#emit("gemm", args, op.add ? [dOut, into] : [dOut], [into]);
  }

  /** A weight as the right factor of a product: arguments 8 to 13. */
  #factor(w: Weight, plain: number, packed: number): Argument[] {
    const weight = this.#weight(w);
    if (weight.kind === "plain") return [weight.address, weight.stride, plain, 0, 1, 0];
    const { kind, units, groupBytes } = weight.packing;
    return [weight.address, 0, packed, kind.id, units, groupBytes];
  }

  #attention(
    op: Extract<TrainingOp, { kind: "sequenceAttention" | "attentionGradient" }>,
    [q, k, v, out]: Buffer[],
    stats: Buffer,
  ): Argument[] {
    const { heads, kvHeads, headDim, scale, window } = op.shape;
    const [qs, ks] = [valueStride(op.q.cols), valueStride(op.k.cols)];
    // kernels/sequence-attention.ts, the backward pass: five matrices of keys or values, two blocks of scores, three of queries
    const rows = alignUp(this.limits.maxTokens, 8) + 8;
    const width = 4 * alignUp(headDim, 8);
    this.#scratchBytes = Math.max(this.#scratchBytes, 5 * rows * width + 2 * (48 * 4 * rows + 64) + 3 * 48 * width);
    return [
      ...[q, qs, k, ks, v, ks, heads, kvHeads, headDim, new Real(scale), window ?? 0, out, qs],
      ...[stats, this.tables.sequences],
    ];
  }

  #normGradient(op: Extract<TrainingOp, { kind: "rmsNormGradient" }>): void {
    const [x, dOut, into] = [this.#buffer(op.x), this.#buffer(op.dOut), this.#buffer(op.into)];
    const stride = valueStride(op.x.cols);
    const width = op.weight.shape[0];
    const groups = op.x.cols / width;
    const scales = op.train ? new Buffer(4 * groups * this.#rowCapacity(op.x)) : undefined;
    const args = [
      ...[x, stride, this.#plain(op.weight).address, dOut, stride, into, stride, width, groups, new Real(op.eps)],
      ...[this.#rows(op.x), op.add ? 1 : 0, scales ?? 0, new Real(op.zeroCentred ? 1 : 0)],
    ];
    this.#emit("rmsNormGradient", args, op.add ? [x, dOut, into] : [x, dOut], scales ? [into, scales] : [into]);
    if (!scales) return;
    const { address, token } = this.#gradient(op.weight);
    const sums = [x, stride, dOut, stride, width, groups, this.#rows(op.x), scales, address];
    this.#emit("rmsNormWeight", sums, [x, dOut, scales], [token]);
  }
}

/** The rows' run is replayed: what it shares with the others lives through all of it. */
function keepThroughRows(
  forward: readonly Instruction[],
  rows: readonly Instruction[],
  backward: readonly Instruction[],
): void {
  const buffersOf = (run: readonly Instruction[]) => new Set(run.flatMap(({ reads, writes }) => [...reads, ...writes]));
  const others = new Set([...buffersOf(forward), ...buffersOf(backward)]);
  const first = forward.length;
  for (const buffer of buffersOf(rows)) {
    if (!others.has(buffer)) continue;
    buffer.first = Math.min(buffer.first, first);
    buffer.last = Math.max(buffer.last, first + rows.length - 1);
  }
}
