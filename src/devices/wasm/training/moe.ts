// Instructions of training's routed experts (kernels/moe.ts, kernels/moe-training.ts): the rows of all (token, slot) pairs, sorted by
// expert, pass the experts' weights in f32. The backward pass routes again and computes gate and up again.

import type { Value, Weight } from "../../../core/trace.ts";
import type { TrainingOp } from "../../../core/training.ts";
import { Buffer, Real } from "../instructions.ts";
import { alignUp } from "../layout.ts";
import { type Lowering, source, start, valueStride } from "./lowering.ts";

type MoeOp = Extract<TrainingOp, { kind: "moe" | "moeGradient" }>;

export function lowerMoe(plan: Lowering, op: MoeOp): void {
  if (op.kind === "moe") new Experts(plan, op).forward(op);
  else new Experts(plan, op).backward(op);
}

class Experts {
  readonly #pairs: number;
  readonly #rows: number;
  /** Of each (token, slot) pair: its expert, its probability, where its row is; and whose row each is. */
  readonly #ids: Buffer;
  readonly #probabilities: Buffer;
  readonly #places: Buffer;
  readonly #owners: Buffer;
  readonly #chosen: Buffer;
  /** A copy of the logits, which routing turns into exponentials. */
  readonly #exponentials: Buffer;
  readonly #count: number;

  constructor(
    private readonly plan: Lowering,
    private readonly op: MoeOp,
  ) {
    const { topK, routerLogits, normTopK } = op;
    const capacity = plan.rowCapacity(op.x);
    this.#pairs = capacity * topK;
    this.#rows = plan.rows(op.x);
    this.#count = routerLogits.cols;
    const words = (n: number) => new Buffer(alignUp(4 * n, 64));
    this.#ids = words(this.#pairs);
    this.#probabilities = words(this.#pairs);
    this.#places = words(this.#pairs);
    this.#owners = words(this.#pairs);
    this.#chosen = words(2 * Math.min(this.#count, this.#pairs) + 3);
    const stride = valueStride(this.#count);
    this.#exponentials = new Buffer(stride * capacity);
    const [logits, ids, probabilities] = [plan.buffer(routerLogits), this.#ids, this.#probabilities];
    const copy = [logits, stride, 1, 0, 0, 4 * this.#count, this.#exponentials, stride, this.#rows];
    plan.emit("slice", copy, [logits], [this.#exponentials]);
    const route = [this.#exponentials, stride, this.#count, topK, normTopK ? 1 : 0, ids, probabilities, this.#rows];
    plan.emit("route", route, [this.#exponentials], [this.#exponentials, ids, probabilities]);
    const [chosen, places, owners] = [this.#chosen, this.#places, this.#owners];
    const sort = [ids, topK, this.#count, chosen, places, owners, this.#rows];
    plan.emit("sortPairs", sort, [ids], [chosen, places, owners]);
    plan.scratch(4 * this.#count); // a count per expert
  }

  forward(op: Extract<MoeOp, { kind: "moe" }>): void {
    const { plan } = this;
    const x = this.#gather(op.x);
    const [gate, up] = [op.gate, op.up].map((weight) => this.#product(x, weight));
    const width = op.gate.shape[1];
    const stride = valueStride(width);
    plan.emit("swiglu", [gate, stride, up, stride, gate, stride, width, this.#rows, op.topK], [gate, up], [gate]);
    const result = this.#product(gate, op.down);
    const [out, columns] = [plan.buffer(op.out), valueStride(op.out.cols)];
    const args = [result, columns, this.#places, this.#probabilities, op.topK, out, columns, op.out.cols, this.#rows];
    plan.emit("combine", args, [result, this.#places, this.#probabilities], [out]);
  }

  backward(op: Extract<MoeOp, { kind: "moeGradient" }>): void {
    const { plan } = this;
    const [x, dOut] = [this.#gather(op.x), this.#gather(op.dOut)];
    const [gate, up] = [op.gate, op.up].map((weight) => this.#product(x, weight));
    const inner = this.#back(dOut, op.down);
    const dProbabilities = new Buffer(this.#probabilities.bytes);
    const width = op.gate.shape[1];
    const args = [gate, up, inner, valueStride(width), width, this.#places, this.#probabilities, dProbabilities];
    const reads = [gate, up, inner, this.#places, this.#probabilities];
    plan.emit("expertGradient", [...args, op.topK, this.#rows], reads, [gate, up, inner, dProbabilities]);
    const factors = [
      { weight: op.gate, dRows: gate, rows: x },
      { weight: op.up, dRows: up, rows: x },
      { weight: op.down, dRows: dOut, rows: inner }, // inner has the probabilities in it
    ];
    for (const { weight, dRows, rows } of factors) if (op.trained.includes(weight)) this.#weight(dRows, rows, weight);
    const dx = this.#back(gate, op.gate);
    this.#back(up, op.up, dx);
    const [into, stride] = [plan.buffer(op.into), valueStride(op.x.cols)];
    const sum = [dx, stride, this.#places, op.topK, into, op.x.cols, this.#rows, op.add ? 1 : 0];
    plan.emit("sumPairs", sum, op.add ? [dx, this.#places, into] : [dx, this.#places], [into]);
    const dLogits = plan.buffer(op.dLogits);
    const routed = [this.#exponentials, this.#ids, this.#probabilities, dProbabilities];
    const route = [routed[0], valueStride(this.#count), this.#count, op.topK, op.normTopK ? 1 : 0];
    plan.emit("routeGradient", [...route, ...routed.slice(1), dLogits, this.#rows], routed, [dLogits]);
  }

  /** A value's rows, one for each pair. */
  #gather(value: Value): Buffer {
    const [from, stride] = [this.plan.buffer(value), valueStride(value.cols)];
    const rows = new Buffer(stride * this.#pairs);
    const args = [from, stride, rows, this.#owners, this.op.topK, this.#rows];
    this.plan.emit("gatherPairs", args, [from, this.#owners], [rows]);
    return rows;
  }

  /** x W^T of each row's expert. */
  #product(x: Buffer, weight: Weight): Buffer {
    const [, out, in_] = weight.shape;
    return this.#gemm(x, in_, out, this.plan.factor(weight, source.rowsOfN, source.packedN), weight);
  }

  /** dy W of each row's expert; added to `into` if there is one. */
  #back(dy: Buffer, weight: Weight, into?: Buffer): Buffer {
    const [, out, in_] = weight.shape;
    return this.#gemm(dy, out, in_, this.plan.factor(weight, source.rowsOfK, source.packedK), weight, into);
  }

  #gemm(
    a: Buffer,
    k: number,
    n: number,
    factor: ReturnType<Lowering["factor"]>,
    weight: Weight,
    into?: Buffer,
  ): Buffer {
    const out = into ?? new Buffer(valueStride(n) * this.#pairs);
    const args = [a, valueStride(k), 0, this.#chosen, this.#expertBytes(weight), 0, k, n, ...factor];
    args.push(out, valueStride(n), into ? start.there : start.zero, 0, 0, 0, new Real(1));
    this.plan.emit("expertGemm", args, into ? [a, this.#chosen, into] : [a, this.#chosen], [out]);
    return out;
  }

  /** Adds the rows' share of a weight's gradient. */
  #weight(dRows: Buffer, rows: Buffer, weight: Weight): void {
    const [, m, n] = weight.shape;
    const { address, token } = this.plan.gradient(weight);
    const bytes = this.#expertBytes(weight);
    const args = [
      ...[dRows, valueStride(m), 1, this.#chosen, bytes, m, 0, n],
      ...[rows, valueStride(n), source.rowsOfK, 0, 1, 0],
      ...[address, valueStride(n), start.there, 0, 0, 0, new Real(1)],
    ];
    this.plan.emit("expertWeight", args, [dRows, rows, this.#chosen], [token]);
  }

  #expertBytes(weight: Weight): number {
    const placed = this.plan.weight(weight);
    return placed.bytes / weight.shape[0];
  }
}
