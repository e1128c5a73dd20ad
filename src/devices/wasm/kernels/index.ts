// The kernels' entry: replays a plan. Every thread walks the same list of instructions; tickets share the work of one, a barrier
// ends it where the next one depends on it (the planner knows: wasm/plan.ts).
import { attention, mergeAttention } from "./attention";
import * as c from "./context";
import * as delta from "./delta";
import * as deltaTraining from "./delta-training";
import { embed, unpackRow } from "./embed";
import { gemm } from "./gemm";
import * as gradients from "./gradients";
import { appendKv } from "./kv";
import { linear } from "./linear";
import { lowRankDown, lowRankUp } from "./low-rank";
import { fused } from "./math";
import * as moe from "./moe";
import * as moeTraining from "./moe-training";
import * as objectives from "./objectives";
import { quantise } from "./quantise";
import { readMemory } from "./read-test";
import { repack } from "./repack";
import * as rows from "./rows";
import { attentionGradient, sequenceAttention } from "./sequence-attention";
import { awaitCommand, barrier, command, start } from "./sync";

export * from "./sample";
export { awaitCommand, command, fused, start, unpackRow };

function execute(ctx: usize, i: usize, thread: i32): void {
  switch (load<u8>(i)) {
    case 0: break;
    case 1: embed(ctx, i); break;
    case 2: rows.rmsNorm(ctx, i); break;
    case 3: quantise(ctx, i, thread); break;
    case 4: linear(ctx, i, thread); break;
    case 5: rows.rope(ctx, i); break;
    case 6: appendKv(ctx, i); break;
    case 7: attention(ctx, i, thread); break;
    case 8: mergeAttention(ctx, i, thread); break;
    case 9: rows.swiglu(ctx, i); break;
    case 10: rows.add(ctx, i); break;
    case 11: rows.sigmoidGate(ctx, i); break;
    case 12: rows.gatherRows(ctx, i); break;
    case 13: moe.route(ctx, i); break;
    case 14: moe.sortPairs(ctx, i, thread); break;
    case 15: moe.gatherPairs(ctx, i); break;
    case 16: moe.expertLinear(ctx, i, thread); break;
    case 17: moe.combine(ctx, i); break;
    case 18: repack(ctx, i, thread); break;
    case 19: readMemory(ctx, i); break;
    case 20: lowRankDown(ctx, i, thread); break;
    case 21: lowRankUp(ctx, i, thread); break;
    case 22: rows.slice(ctx, i); break;
    case 23: delta.causalConv(ctx, i, thread); break;
    case 24: delta.deltaGates(ctx, i); break;
    case 25: delta.gatedDelta(ctx, i, thread); break;
    case 26: rows.concat(ctx, i); break;
    // training
    case 32: gemm(ctx, i, thread); break;
    case 33: sequenceAttention(ctx, i, thread); break;
    case 34: attentionGradient(ctx, i, thread); break;
    case 35: gradients.rmsNormGradient(ctx, i); break;
    case 36: gradients.rmsNormWeight(ctx, i); break;
    case 37: gradients.biasSum(ctx, i); break;
    case 38: gradients.ropeGradient(ctx, i); break;
    case 39: gradients.swigluGradient(ctx, i); break;
    case 40: gradients.crossEntropy(ctx, i); break;
    case 41: gradients.embedPlain(ctx, i); break;
    case 42: gradients.embedGradient(ctx, i); break;
    case 43: gradients.scatterRows(ctx, i); break;
    case 44: gradients.clear(ctx, i); break;
    case 45: gradients.sumSquares(ctx, i); break;
    case 46: gradients.adamW(ctx, i); break;
    case 47: deltaTraining.sequenceConv(ctx, i, thread); break;
    case 48: deltaTraining.convGradient(ctx, i, thread); break;
    case 49: deltaTraining.sequenceDelta(ctx, i, thread); break;
    case 50: deltaTraining.deltaGradient(ctx, i, thread); break;
    case 51: deltaTraining.deltaGatesGradient(ctx, i); break;
    case 52: gradients.sigmoidGateGradient(ctx, i); break;
    case 53: gradients.sliceGradient(ctx, i); break;
    case 54: moeTraining.expertGemm(ctx, i, thread); break;
    case 55: moeTraining.expertWeight(ctx, i, thread); break;
    case 56: moeTraining.expertGradient(ctx, i); break;
    case 57: moeTraining.sumPairs(ctx, i); break;
    case 58: moeTraining.routeGradient(ctx, i); break;
    case 60: objectives.dropout(ctx, i); break;
    case 61: objectives.distillation(ctx, i); break;
    default: unreachable();
  }
}

/** One thread's walk through the context's plan; returns when all threads are through. Thread 0 calls `start` before. */
export function replay(ctx: usize, thread: i32): void {
  const plan = <usize>load<u32>(ctx + c.PLAN), end = plan + <usize>load<u32>(ctx + c.PLAN_LENGTH) * c.INSTRUCTION;
  const threads = load<i32>(ctx + c.THREADS);
  let from = plan;
  for (let i = plan; i < end; i += c.INSTRUCTION) {
    execute(ctx, i, thread);
    if (load<u8>(i, 1)) {
      barrier(ctx, threads, from, i + c.INSTRUCTION);
      from = i + c.INSTRUCTION;
    }
  }
}
