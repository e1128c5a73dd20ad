// What an op reads and until when a value is needed: the facts that memory plans, executors and training derive from a trace.

import type { Op, Trace, Value, Weight } from "./trace.ts";

/** The values that an op reads. */
export function opInputs(op: Op): readonly Value[] {
  switch (op.kind) {
    case "embed":
      return [];
    case "linear":
      return op.residual ? [op.x, op.residual] : [op.x];
    case "appendKv":
      return [op.k, op.v];
    case "attention":
      return [op.q];
    case "swiglu":
      return [op.gate, op.up];
    case "add":
    case "concat":
      return [op.a, op.b];
    case "sigmoidGate":
      return [op.gate, op.x];
    case "moe":
      return [op.x, op.routerLogits];
    case "gatedDelta":
      return [op.qkv, op.a, op.b];
    case "rmsNorm":
    case "rope":
    case "slice":
    case "causalConv":
    case "gatherRows":
      return [op.x];
  }
}

/** The weights that an op reads. */
export function opWeights(op: Op): readonly Weight[] {
  switch (op.kind) {
    case "embed":
      return [op.table];
    case "linear":
      return op.bias ? [op.weight, op.bias] : [op.weight];
    case "moe":
      return [op.gate, op.up, op.down];
    case "rmsNorm":
    case "causalConv":
      return [op.weight];
    case "gatedDelta":
      return [op.aLog, op.dtBias];
    case "rope":
    case "slice":
    case "concat":
    case "appendKv":
    case "attention":
    case "swiglu":
    case "add":
    case "sigmoidGate":
    case "gatherRows":
      return [];
  }
}

/** The value that an op makes; appendKv makes none. */
export function opOutput(op: Op): Value | undefined {
  return op.kind === "appendKv" ? undefined : op.out;
}

/** By value id: the index of the last op that reads it, or of the op that makes it, if none does. */
export function lastReads(trace: Trace): Float64Array {
  const last = new Float64Array(trace.values.length);
  trace.ops.forEach((op, index) => {
    for (const value of opInputs(op)) last[value.id] = index;
    const out = opOutput(op);
    if (out) last[out.id] = index;
  });
  return last;
}

/** The same, but Infinity for outputs, which are read after the step. */
export function lastUses(trace: Trace): Float64Array {
  const last = lastReads(trace);
  for (const value of trace.outputs.values()) last[value.id] = Infinity;
  return last;
}
