// Instructions of training's gated delta nets (kernels/delta-training.ts). Normalised queries and keys, and the gates, are made anew for
// the backward pass.

import type { TrainingOp } from "../../../core/training.ts";
import { Buffer } from "../instructions.ts";
import { alignUp, rowKind } from "../layout.ts";
import { type Lowering, valueStride } from "./lowering.ts";

type DeltaOp = Extract<TrainingOp, { kind: "sequenceDelta" | "deltaGradient" }>;
type ConvOp = Extract<TrainingOp, { kind: "sequenceConv" | "convGradient" }>;

/** kernels/delta-training.ts: tokens from kept state to kept state. */
const chunk = 64;
/** A row of a block of memory: sixteen columns. */
const blockRow = 64;

export function lowerDelta(plan: Lowering, op: DeltaOp | ConvOp): void {
  switch (op.kind) {
    case "sequenceConv": {
      const [x, out] = [plan.buffer(op.x), plan.buffer(op.out)];
      return plan.emit("sequenceConv", convolution(plan, op, x, out), [x], [out]);
    }
    case "convGradient": {
      const [x, dOut, into] = [plan.buffer(op.x), plan.buffer(op.dOut), plan.buffer(op.into)];
      const trained = op.trained.length > 0 ? plan.gradient(op.weight) : undefined;
      const args = [...convolution(plan, op, x, dOut), into, trained?.address ?? 0];
      return plan.emit("convGradient", args, [x, dOut], trained ? [into, trained.token] : [into]);
    }
    case "sequenceDelta": {
      const out = plan.buffer(op.out);
      const { qkv, gates, args } = prepare(plan, op);
      plan.scratch(blockRow * (3 + op.shape.keyDim));
      args.push(out, valueStride(op.out.cols), plan.sequences);
      return plan.emit("sequenceDelta", args, [qkv, gates], [out]);
    }
    case "deltaGradient":
      return deltaGradient(plan, op);
  }
}

function convolution(plan: Lowering, op: ConvOp, x: Buffer, other: Buffer) {
  const { taps } = op.shape;
  plan.scratch(2 * taps * 256);
  return [x, valueStride(op.x.cols), plan.plain(op.weight).address, op.x.cols, taps, other, plan.sequences];
}

/** The recurrence's inputs, and its arguments up to the bytes of a list. */
function prepare(plan: Lowering, op: DeltaOp) {
  const { keyHeads, valueHeads, keyDim, valueDim } = op.shape;
  const rows = alignUp(plan.maxTokens, 4);
  const [from, a, b] = [op.qkv, op.a, op.b].map((value) => plan.buffer(value));
  const stride = valueStride(op.qkv.cols);
  const list = valueStride(valueHeads);
  const [qkv, gates] = [new Buffer(stride * rows), new Buffer(3 * list * rows)];
  plan.emit("slice", [from, stride, 1, 0, 0, 4 * op.qkv.cols, qkv, stride, rowKind.T], [from], [qkv]);
  const heads = [keyHeads, valueHeads, keyDim];
  const weights = [op.aLog, op.dtBias].map((weight) => plan.plain(weight).address);
  const gateArgs = [qkv, stride, ...heads, a, list, b, list, ...weights, gates, 3 * list, list];
  plan.emit("deltaGates", gateArgs, [qkv, a, b], [qkv, gates]);
  return { qkv, gates, list, args: [qkv, stride, ...heads, valueDim, gates, 3 * list, list] };
}

function deltaGradient(plan: Lowering, op: Extract<DeltaOp, { kind: "deltaGradient" }>): void {
  const { keyHeads, valueHeads, keyDim } = op.shape;
  const [from, a, dOut, dQkv, dA, dB] = [op.qkv, op.a, op.dOut, op.dQkv, op.dA, op.dB].map((v) => plan.buffer(v));
  const { qkv, gates, list, args } = prepare(plan, op);
  const dGates = new Buffer(gates.bytes);
  const states = chunk + 2 + Math.ceil(plan.maxTokens / chunk);
  plan.scratch(blockRow * (5 + 2 * chunk + 1 + keyDim * states));
  args.push(dOut, valueStride(op.dOut.cols), plan.sequences, dQkv, dGates);
  plan.emit("deltaGradient", args, [qkv, gates, dOut], [dQkv, dGates]);
  const weights = [op.aLog, op.dtBias].map((weight) => plan.plain(weight).address);
  const back = [from, valueStride(op.qkv.cols), keyHeads, valueHeads, keyDim, dQkv, gates, 3 * list, list, a, list];
  back.push(...weights, dGates, dA, dB);
  plan.emit("deltaGatesGradient", back, [from, gates, a, dQkv, dGates], [dQkv, dGates, dA, dB]);
  for (const weight of op.trained) {
    const { address, token } = plan.gradient(weight);
    const [rows, stride] = weight === op.aLog ? [dGates, 3 * list] : [dA, list];
    plan.emit("biasSum", [rows, stride, valueHeads, rowKind.T, address], [rows], [token]);
  }
}
