// Reverse mode: from the ops of a forward pass to the ops of its backward pass, one vector-Jacobian product per kind of op. Values
// that training needs again are kept, or computed again from those that are kept (checkpointing, arXiv 1604.06174).

import { type ForwardTrace, forwardInputs, forwardWeights } from "./forward-ops.ts";
import type { Value, Weight } from "./trace.ts";
import type { ForwardOp, GradientOp, LossOp, TrainingOp, TrainingProgram } from "./training.ts";

/**
 * Which values of a forward pass are kept for the backward one: "most", all but those that are cheap to compute again (norms, rotated
 * heads, gated products, what dropout leaves); or of each layer only the residual stream, before and after attention.
 */
export type Keep = "most" | "residuals";

/** What is minimised: the cross-entropy of the labels, or how far the student is from a teacher (LossOp has the definitions). */
export type Loss =
  | { readonly kind: "crossEntropy" }
  | { readonly kind: "distillation"; readonly temperature: number; readonly weight: number };

export function differentiate(
  trace: ForwardTrace,
  trainable: ReadonlySet<string>,
  keep: Keep,
  loss: Loss = { kind: "crossEntropy" },
): TrainingProgram {
  return new Reverse(trace, trainable, keep).run(loss);
}

class Reverse {
  readonly #forward: TrainingOp[];
  readonly #rows: TrainingOp[];
  readonly #backward: TrainingOp[] = [];
  readonly #makers = new Map<number, ForwardOp>();
  /** Values whose gradient somebody needs. */
  readonly #needed = new Set<number>();
  readonly #gradients = new Map<number, Value>();
  readonly #recalled = new Map<number, Value>();
  readonly #kept: (op: ForwardOp) => boolean;
  #values: number;

  constructor(
    private readonly trace: ForwardTrace,
    private readonly trainable: ReadonlySet<string>,
    keep: Keep,
  ) {
    this.#values = trace.values;
    this.#forward = trace.ops.filter(({ out }) => out.rows !== "R");
    this.#rows = trace.ops.filter(({ out }) => out.rows === "R");
    this.#kept = keep === "most" ? isDear : keptResiduals(trace);
  }

  run(loss: Loss): TrainingProgram {
    const { trace, trainable } = this;
    const { logits } = trace;
    const end: LossOp =
      loss.kind === "crossEntropy" ? { ...loss, logits } : { ...loss, logits, targets: this.#like(logits) };
    for (const op of trace.ops) {
      this.#makers.set(op.out.id, op);
      const trained = forwardWeights(op).some(({ name }) => trainable.has(name));
      if (trained || forwardInputs(op).some(({ id }) => this.#needed.has(id))) this.#needed.add(op.out.id);
    }
    this.#rows.push(end);
    this.#gradients.set(logits.id, logits); // in its place
    for (const op of [...trace.ops].reverse()) {
      const dOut = this.#gradients.get(op.out.id);
      if (dOut && this.#needed.has(op.out.id)) this.#product(op, dOut);
    }
    return {
      forward: this.#forward,
      rows: this.#rows,
      backward: this.#backward,
      logits,
      loss: end,
      weights: trace.weights,
      trainable: trace.weights.filter(({ name }) => trainable.has(name)),
    };
  }

  /** The gradients that `dOut`, the gradient of op's result, sends on. */
  #product(op: ForwardOp, dOut: Value): void {
    const ops = this.#section(op);
    switch (op.kind) {
      case "linear":
        if (this.trainable.has(op.weight.name))
          ops.push({ kind: "linearWeight", dOut, x: this.#recall(op.x), weight: op.weight, scale: 1 });
        if (op.bias && this.trainable.has(op.bias.name)) ops.push({ kind: "biasSum", dOut, bias: op.bias });
        this.#contribute(ops, op.x, (to) => ({ kind: "linearInput", dOut, weight: op.weight, scale: 1, ...to }));
        if (op.residual) this.#handOver(ops, dOut, op.residual);
        return;
      case "lowRank": {
        const { weight, scale } = op;
        if (this.trainable.has(weight.name))
          ops.push({ kind: "linearWeight", dOut, x: this.#recall(op.x), weight, scale });
        this.#contribute(ops, op.x, (to) => ({ kind: "linearInput", dOut, weight, scale, ...to }));
        return this.#handOver(ops, dOut, op.base);
      }
      case "rmsNorm": {
        const { weight, eps, zeroCentred } = op;
        const train = this.trainable.has(weight.name);
        const x = this.#recall(op.x);
        return this.#contribute(
          ops,
          op.x,
          (to) => ({ kind: "rmsNormGradient", x, weight, eps, zeroCentred, dOut, train, ...to }),
          train,
        );
      }
      case "rope": {
        const { headDim, rope } = op;
        return this.#contribute(ops, op.x, (to) => ({ kind: "ropeGradient", dOut, headDim, rope, ...to }));
      }
      case "sequenceAttention": {
        const [q, k, v] = [op.q, op.k, op.v].map((value) => this.#recall(value));
        const out = this.#recall(op.out);
        const [dq, dk, dv] = [op.q, op.k, op.v].map((value) => this.#fresh(value));
        ops.push({ kind: "attentionGradient", q, k, v, out, shape: op.shape, dOut, dq, dk, dv });
        return;
      }
      case "swiglu": {
        const [gate, up] = [this.#recall(op.gate), this.#recall(op.up)];
        const [dGate, dUp] = [this.#fresh(op.gate), this.#fresh(op.up)];
        ops.push({ kind: "swigluGradient", gate, up, dOut, dGate, dUp });
        return;
      }
      case "dropout":
        return this.#contribute(ops, op.x, (to) => ({ kind: "dropoutGradient", dOut, dropout: op.dropout, ...to }));
      case "sigmoidGate": {
        const [gate, x] = [this.#recall(op.gate), this.#recall(op.x)];
        const [dGate, dX] = [this.#fresh(op.gate), this.#fresh(op.x)];
        ops.push({ kind: "sigmoidGateGradient", gate, x, dOut, dGate, dX });
        return;
      }
      case "slice": {
        const { groups, offset, width } = op;
        return this.#contribute(ops, op.x, ({ into, add }) => {
          if (!add) ops.push({ kind: "clear", into });
          return { kind: "sliceGradient", dOut, groups, offset, width, into };
        });
      }
      case "sequenceConv": {
        const { weight, shape } = op;
        const [x, trained] = [this.#recall(op.x), this.#trained(op)];
        ops.push({ kind: "convGradient", x, weight, shape, dOut, into: this.#fresh(op.x), trained });
        return;
      }
      case "sequenceDelta": {
        const { aLog, dtBias, shape } = op;
        const [qkv, a, b] = [op.qkv, op.a, op.b].map((value) => this.#recall(value));
        const [dQkv, dA, dB] = [op.qkv, op.a, op.b].map((value) => this.#fresh(value));
        const trained = this.#trained(op);
        ops.push({ kind: "deltaGradient", qkv, a, b, aLog, dtBias, shape, dOut, dQkv, dA, dB, trained });
        return;
      }
      case "moe": {
        const { gate, up, down, topK, normTopK } = op;
        const [x, routerLogits] = [this.#recall(op.x), this.#recall(op.routerLogits)];
        const [dLogits, trained] = [this.#fresh(op.routerLogits), this.#trained(op)];
        const experts = { x, routerLogits, gate, up, down, topK, normTopK };
        return this.#contribute(
          ops,
          op.x,
          (to) => ({ kind: "moeGradient", ...experts, dOut, dLogits, trained, ...to }),
          true,
        );
      }
      case "add":
        this.#contribute(ops, op.b, ({ into, add }) => {
          if (!add) ops.push({ kind: "clear", into });
          return { kind: "addInto", from: dOut, into };
        });
        return this.#handOver(ops, dOut, op.a);
      case "gatherRows":
        return this.#contribute(ops, op.x, ({ into, add }) => {
          if (!add) this.#forward.push({ kind: "clear", into }); // before the first chunk adds to it
          return { kind: "scatterRows", dOut, into };
        });
      case "embed":
        ops.push({ kind: "embedGradient", table: op.table, dOut });
    }
  }

  #trained(op: ForwardOp): Weight[] {
    return forwardWeights(op).filter(({ name }) => this.trainable.has(name));
  }

  #section({ out }: ForwardOp): TrainingOp[] {
    return out.rows === "R" ? this.#rows : this.#backward;
  }

  /** Writes, or adds, to the gradient of `value`, if it is needed; `anyway`: the op does something else besides. */
  #contribute(
    ops: TrainingOp[],
    value: Value,
    make: (to: { into: Value; add: boolean }) => GradientOp,
    anyway = false,
  ): void {
    if (!this.#needed.has(value.id) && !anyway) return;
    const known = this.#gradients.get(value.id);
    ops.push(make(known ? { into: known, add: true } : { into: this.#fresh(value), add: false }));
  }

  /** `dOut` becomes the gradient of `value`, which was added to op's result as it is; nothing else reads `dOut` after that. */
  #handOver(ops: TrainingOp[], dOut: Value, value: Value): void {
    if (!this.#needed.has(value.id)) return;
    const known = this.#gradients.get(value.id);
    if (known) ops.push({ kind: "addInto", from: dOut, into: known });
    else this.#gradients.set(value.id, dOut);
  }

  /** The first gradient of a value that one op alone writes. */
  #fresh(value: Value): Value {
    const gradient = this.#like(value);
    this.#gradients.set(value.id, gradient);
    return gradient;
  }

  #like({ rows, cols }: Value): Value {
    return { id: this.#values++, rows, cols };
  }

  /** A value of the forward pass as the backward one may read it: as it was kept, or computed again. */
  #recall(value: Value): Value {
    const maker = this.#makers.get(value.id);
    if (!maker || value.rows === "R" || this.#kept(maker)) return value;
    const known = this.#recalled.get(value.id);
    if (known) return known;
    const again = this.#like(value);
    const inputs = new Map(forwardInputs(maker).map((input) => [input, this.#recall(input)]));
    this.#backward.push({ ...withInputs(maker, inputs), out: again });
    this.#recalled.set(value.id, again);
    return again;
  }
}

/** The same op over other values. */
function withInputs(op: ForwardOp, inputs: ReadonlyMap<Value, Value>): ForwardOp {
  const entries = Object.entries(op).map(([key, field]) => [key, inputs.get(field as Value) ?? field]);
  return Object.fromEntries(entries) as ForwardOp;
}

const cheap = new Set<ForwardOp["kind"]>([
  "rmsNorm",
  "rope",
  "swiglu",
  "slice",
  "sigmoidGate",
  "sequenceConv",
  "dropout",
]);

/** Whether computing it again would cost more than a pass over memory. */
function isDear({ kind }: ForwardOp): boolean {
  return !cheap.has(kind);
}

/** The values that alone are carried on from op to op, as in core/stages.ts; what attention reads counts as carried until then. */
function keptResiduals({ ops }: ForwardTrace): (op: ForwardOp) => boolean {
  const last = new Map<number, number>();
  ops.forEach((op, index) => {
    for (const { id } of forwardInputs(op)) last.set(id, index);
  });
  const kept = new Set<number>();
  const alive = new Set<number>();
  ops.forEach(({ out }, index) => {
    alive.add(out.id);
    for (const id of alive) if ((last.get(id) ?? index) <= index) alive.delete(id);
    if (alive.size === 1 && alive.has(out.id)) kept.add(out.id);
  });
  return ({ out }) => kept.has(out.id);
}
