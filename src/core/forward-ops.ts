// The forward pass of training, from a family's trace: the same ops, with attention and recurrences inside the batch's
// sequences, and where asked a low-rank term beside linear layers (LoRA, arXiv 2106.09685). Adapter weights are named as PEFT names them, without its prefix.

import { AnyqwenError } from "./errors.ts";
import type { Trace, Value, Weight } from "./trace.ts";
import type { ForwardOp } from "./training.ts";

export interface LowRankOptions {
  readonly rank: number;
  /** Factor on the term: alpha / rank, or alpha / sqrt(rank). */
  readonly scale: number;
  /** How likely a value of the term's input is left out, from 0 to below 1; default 0. */
  readonly dropout?: number;
  /** Whether a linear layer gets a term, by its module's name ("model.layers.0.self_attn.q_proj"). */
  readonly targets: (module: string) => boolean;
}

export interface ForwardTrace {
  readonly ops: readonly ForwardOp[];
  readonly values: number;
  readonly weights: readonly Weight[];
  /** Those of the low-rank terms. */
  readonly adapter: readonly Weight[];
  readonly logits: Value;
}

export function forwardTrace(trace: Trace, lowRank?: LowRankOptions): ForwardTrace {
  const logits = trace.outputs.get("logits");
  if (!logits) throw new AnyqwenError("unsupported", "a model without logits cannot be trained");
  let values = trace.values.length;
  const adapter: Weight[] = [];
  const cached = new Map<number, { k: Value; v: Value }>();
  const ops = trace.ops.flatMap((op): ForwardOp[] => {
    switch (op.kind) {
      case "appendKv":
        cached.set(op.layer, op);
        return [];
      case "attention": {
        const held = cached.get(op.layer);
        if (!held) throw new Error(`trace: attention of layer ${op.layer} before its cache`);
        return [{ kind: "sequenceAttention", q: op.q, k: held.k, v: held.v, shape: op.shape, out: op.out }];
      }
      case "causalConv": {
        const { x, weight, shape, out } = op;
        return [{ kind: "sequenceConv", x, weight, shape, out }];
      }
      case "gatedDelta": {
        const { layer: _, ...delta } = op;
        return [{ ...delta, kind: "sequenceDelta" }];
      }
      case "concat":
        throw new AnyqwenError("unsupported", "the layer that predicts several tokens (MTP) cannot be trained");
      case "linear": {
        const module = op.weight.name.replace(/\.weight$/, "");
        if (!lowRank?.targets(module)) return [op];
        const a = { name: `${module}.lora_A.weight`, shape: [lowRank.rank, op.x.cols] };
        const b = { name: `${module}.lora_B.weight`, shape: [op.out.cols, lowRank.rank] };
        const index = adapter.length / 2;
        adapter.push(a, b);
        const base = { id: values++, rows: op.out.rows, cols: op.out.cols };
        const inner = { id: values++, rows: op.out.rows, cols: lowRank.rank };
        const probability = lowRank.dropout ?? 0;
        const x = probability > 0 ? { ...op.x, id: values++ } : op.x;
        return [
          { ...op, out: base },
          ...(x === op.x
            ? []
            : [{ kind: "dropout" as const, x: op.x, dropout: { probability, module: index }, out: x }]),
          { kind: "linear", x, weight: a, out: inner },
          { kind: "lowRank", x: inner, weight: b, base, scale: lowRank.scale, out: op.out },
        ];
      }
      default:
        return [op];
    }
  });
  return { ops, values, weights: [...trace.weights, ...adapter], adapter, logits };
}

/** Modules that a low-rank term may stand beside: every linear layer but the head and the routers of experts, which PEFT leaves out
 *  too. */
export function linearModules(trace: Trace): string[] {
  const tables = new Set(trace.ops.flatMap((op) => (op.kind === "embed" ? [op.table.name] : [])));
  const routers = new Set(trace.ops.flatMap((op) => (op.kind === "moe" ? [op.routerLogits.id] : [])));
  const linear = trace.ops.flatMap((op) => (op.kind === "linear" && !routers.has(op.out.id) ? [op.weight.name] : []));
  return linear
    .filter((name) => name !== "lm_head.weight" && !tables.has(name))
    .map((name) => name.replace(/\.weight$/, ""));
}

/** The values that an op reads. */
export function forwardInputs(op: ForwardOp): readonly Value[] {
  switch (op.kind) {
    case "embed":
      return [];
    case "linear":
      return op.residual ? [op.x, op.residual] : [op.x];
    case "lowRank":
      return [op.x, op.base];
    case "sequenceAttention":
      return [op.q, op.k, op.v];
    case "swiglu":
      return [op.gate, op.up];
    case "add":
      return [op.a, op.b];
    case "sigmoidGate":
      return [op.gate, op.x];
    case "sequenceDelta":
      return [op.qkv, op.a, op.b];
    case "moe":
      return [op.x, op.routerLogits];
    case "rmsNorm":
    case "slice":
    case "sequenceConv":
    case "rope":
    case "dropout":
    case "gatherRows":
      return [op.x];
  }
}

/** The weights that an op reads. */
export function forwardWeights(op: ForwardOp): readonly Weight[] {
  switch (op.kind) {
    case "embed":
      return [op.table];
    case "linear":
      return op.bias ? [op.weight, op.bias] : [op.weight];
    case "lowRank":
    case "rmsNorm":
    case "sequenceConv":
      return [op.weight];
    case "sequenceDelta":
      return [op.aLog, op.dtBias];
    case "moe":
      return [op.gate, op.up, op.down];
    default:
      return [];
  }
}
