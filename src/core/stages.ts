// Where a trace may be cut: between two ops over which one value alone is carried (in a decoder the residual stream). Stages lie
// between cuts; each needs only its weights, its layers' caches and the value handed in, so stages may live in different memories.

import { lastReads, opOutput } from "./liveness.ts";
import type { Op, Trace, Value } from "./trace.ts";

export interface Stage {
  readonly ops: readonly Op[];
  /** What the stage before hands on; the first has none. */
  readonly input?: Value;
  /** What it hands on; the last has none. */
  readonly output?: Value;
}

/** The smallest stages of a trace, in order. Outputs that callers read do not count as carried: they stay where they are made. */
export function cutIntoStages(trace: Trace): Stage[] {
  const last = lastReads(trace);
  const lastAttention = new Map<number, number>();
  trace.ops.forEach((op, index) => {
    if (op.kind === "attention") lastAttention.set(op.layer, index);
  });
  const stages: Stage[] = [];
  const alive = new Set<Value>();
  let cachedUntil = -1; // what a layer appends to its cache is read by its attention: these two stay together
  let ops: Op[] = [];
  let input: Value | undefined;
  trace.ops.forEach((op, index) => {
    ops.push(op);
    if (op.kind === "appendKv") cachedUntil = Math.max(cachedUntil, lastAttention.get(op.layer) ?? index);
    const made = opOutput(op);
    if (made) alive.add(made);
    for (const value of alive) if (last[value.id] <= index) alive.delete(value);
    const [carried, ...others] = alive;
    if (!carried || others.length > 0 || cachedUntil > index) return;
    stages.push({ ops, input, output: carried });
    ops = [];
    input = carried;
  });
  if (ops.length > 0) stages.push({ ops, input });
  return stages;
}
