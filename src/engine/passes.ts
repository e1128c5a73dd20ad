// Whole passes over given ids: every position's logits, scores of a text, embeddings and the figures of a benchmark. Between steps
// other requests have their turn.

import { AnyqwenError, throwIfAborted } from "../core/errors.ts";
import { KV_PAGE } from "../models/memory-plan.ts";
import { drafterOf, largest, mtpLogits } from "./mtp-logits.ts";
import type { Program } from "./program.ts";
import type { Sequence, SequencePool } from "./sequences.ts";
import { nextTurn } from "./turns.ts";
import type { LogitsResult } from "./types.ts";

interface RowsOptions {
  /** The first position whose row is wanted. */
  readonly from: number;
  readonly chunk?: number;
  readonly adapter?: string;
  readonly signal: AbortSignal;
}

/**
 * Waits for room for `sequence` to grow to `positions`, which others at work take; fails if nobody does. Meanwhile all of `own` give up what they hold, to be computed again,
 * since two that hold and wait could wait for each other. Between a reservation and its step nothing may be awaited, so the caller
 * tries again afterwards.
 */
async function waitForRoom(
  pool: SequencePool,
  sequence: Sequence,
  positions: number,
  { own = [sequence], signal }: { readonly own?: readonly Sequence[]; readonly signal?: AbortSignal },
): Promise<void> {
  if (!pool.anyAtWorkBut(own)) return pool.require(sequence, positions);
  for (const each of own) pool.drop(each);
  await pool.change(signal);
  throwIfAborted(signal);
}

/** Runs `visit` after each step over ids[from..]; all rows of the step are there to be read. Those before are fed without rows. */
async function rowsFrom(
  program: Program,
  ids: readonly number[],
  { from, chunk, adapter, signal }: RowsOptions,
  visit: (start: number, count: number) => void,
): Promise<void> {
  const { executor, pool, maxTokens, maxRows } = program;
  if (chunk !== undefined && !(Number.isSafeInteger(chunk) && chunk >= 1))
    throw new AnyqwenError("invalid-argument", `chunk is ${chunk}; expected a whole number from 1 on`);
  const most = Math.min(chunk ?? maxTokens, maxTokens);
  const sequence = pool.create(adapter);
  sequence.busy = true;
  try {
    for (let start = 0; start < ids.length; start = sequence.held) {
      throwIfAborted(signal);
      const wanted = start >= from;
      const tokens = ids.slice(start, wanted ? start + Math.min(most, maxRows) : Math.min(start + most, from));
      if (!pool.reserve(sequence, start + tokens.length)) {
        await waitForRoom(pool, sequence, start + tokens.length, { signal });
        continue;
      }
      executor.step([{ state: sequence.state, tokens, rows: wanted ? tokens.map((_, i) => i) : [] }]);
      pool.settle();
      if (wanted) visit(start, tokens.length);
      await nextTurn();
    }
  } finally {
    pool.release(sequence);
  }
}

export async function logitsOf(
  program: Program,
  ids: readonly number[],
  options: RowsOptions & { readonly hidden: boolean; readonly mtp?: boolean },
): Promise<LogitsResult> {
  const { executor, trace } = program;
  const { from, mtp } = options;
  if (mtp) drafterOf(program); // before anything is computed
  const vocab = trace.outputs.get("logits")?.cols ?? 0;
  const width = trace.outputs.get("hidden.0")?.cols ?? 0;
  const layers = [...trace.outputs.keys()].filter((name) => name.startsWith("hidden.")).length - 1;
  const rows = ids.length - from;
  const logits = allocate(rows, vocab);
  const hidden = options.hidden ? allocate((layers + 1) * rows, width) : undefined;
  const finalWidth = trace.outputs.get("final")?.cols ?? 0;
  const final = mtp ? allocate(rows, finalWidth) : undefined;
  await rowsFrom(program, ids, options, (start) => {
    logits.set(executor.read("logits"), (start - from) * vocab);
    for (let layer = 0; hidden && layer <= layers; layer++) {
      hidden.set(executor.read(`hidden.${layer}`), (layer * rows + start - from) * width);
    }
    final?.set(executor.read("final"), (start - from) * finalWidth);
  });
  const next = largest(logits.subarray((rows - 1) * vocab));
  const drafts = final && (await mtpLogits(program, ids, { final, width: finalWidth, next }));
  return { logits, vocab, hidden, layers: Math.max(0, layers), width: width || finalWidth, ...drafts };
}

/** Natural log-probabilities of ids[i] after ids[..i), for i from `from` (at least 1) on. */
export async function scoreIds(program: Program, ids: readonly number[], options: RowsOptions): Promise<Float32Array> {
  const first = Math.max(1, options.from);
  const scores = new Float32Array(Math.max(0, ids.length - first));
  if (scores.length === 0) return scores;
  // Each is told by the row before it.
  await rowsFrom(program, ids.slice(0, -1), { ...options, from: first - 1 }, (start, count) => {
    const rows = program.executor.read("logits");
    const vocab = rows.length / count;
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * vocab, (i + 1) * vocab);
      scores[start + i + 1 - first] = row[ids[start + i + 1]] - logSumExp(row);
    }
  });
  return scores;
}

function logSumExp(row: Float32Array): number {
  let most = -Infinity;
  for (const value of row) if (value > most) most = value;
  let sum = 0;
  for (const value of row) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

interface Item {
  readonly index: number;
  readonly ids: readonly number[];
  sequence?: Sequence;
}

/** The named output's row at the last id of each input. What all inputs begin with is computed once; inputs share steps. */
export async function lastRows(
  program: Program,
  output: string,
  inputs: readonly (readonly number[])[],
  { adapter, signal }: Pick<RowsOptions, "adapter" | "signal">,
  visit: (index: number, row: Float32Array) => void,
): Promise<void> {
  const { executor, pool, maxTokens, maxRows } = program;
  const shared = inputs.length > 1 ? commonPrefix(inputs) : 0;
  const base = pool.create(adapter);
  base.busy = true;
  const queue: Item[] = inputs.map((ids, index) => ({ index, ids }));
  try {
    while (base.held < shared) {
      throwIfAborted(signal);
      const tokens = inputs[0].slice(base.held, Math.min(shared, base.held + maxTokens));
      if (!pool.reserve(base, base.held + tokens.length)) {
        await waitForRoom(pool, base, base.held + tokens.length, { signal });
        continue;
      }
      executor.step([{ state: base.state, tokens, rows: [] }]);
      pool.settle();
      await nextTurn();
    }
    base.tokens = inputs[0].slice(0, shared);
    while (queue.length > 0) {
      throwIfAborted(signal);
      const batch: { item: Item; sequence: Sequence; tokens: readonly number[]; rows: number[] }[] = [];
      let room = maxTokens;
      let rows = maxRows;
      for (const item of queue) {
        if (room === 0 || rows === 0) break;
        const sequence = item.sequence ?? pool.fork(base);
        item.sequence = sequence;
        sequence.busy = true;
        const tokens = item.ids.slice(sequence.held, sequence.held + room);
        const positions = sequence.held + tokens.length;
        if (!pool.reserve(sequence, positions)) {
          if (batch.length > 0) break;
          // The one that is left alone may have what the base holds beside the pages that both share.
          base.rewind(base.held - (base.held % KV_PAGE));
          if (!pool.reserve(sequence, positions)) base.rewind(0);
          if (!pool.reserve(sequence, positions)) {
            const own = [base, ...queue.flatMap((other) => other.sequence ?? [])];
            await waitForRoom(pool, sequence, positions, { own, signal });
            break;
          }
        }
        const last = sequence.held + tokens.length === item.ids.length;
        batch.push({ item, sequence, tokens, rows: last ? [tokens.length - 1] : [] });
        room -= tokens.length;
        rows -= last ? 1 : 0;
      }
      if (batch.length === 0) continue;
      executor.step(batch.map(({ sequence, tokens, rows }) => ({ state: sequence.state, tokens, rows })));
      pool.settle();
      const ended = batch.filter((entry) => entry.rows.length > 0);
      const values = ended.length > 0 ? executor.read(output) : new Float32Array(0);
      const width = values.length / Math.max(1, ended.length);
      ended.forEach(({ item, sequence }, i) => {
        visit(item.index, values.subarray(i * width, (i + 1) * width));
        pool.release(sequence);
        queue.splice(queue.indexOf(item), 1);
      });
      await nextTurn();
    }
  } finally {
    pool.release(base);
    for (const { sequence } of queue) if (sequence) pool.release(sequence);
  }
}

/** Computes again what a sequence lost to others that needed the room. */
export async function recompute(program: Program, sequence: Sequence): Promise<void> {
  const { executor, pool, maxTokens } = program;
  sequence.busy = true;
  try {
    while (sequence.held < sequence.tokens.length) {
      const tokens = sequence.tokens.slice(sequence.held, sequence.held + maxTokens);
      if (!pool.reserve(sequence, sequence.held + tokens.length)) {
        await waitForRoom(pool, sequence, sequence.held + tokens.length, {});
        continue;
      }
      executor.step([{ state: sequence.state, tokens, rows: [] }]);
      pool.settle();
      await nextTurn();
    }
  } finally {
    sequence.busy = false;
    pool.tellChange();
  }
}

/** What all inputs begin with, short of the last id of the shortest. */
function commonPrefix(inputs: readonly (readonly number[])[]): number {
  const most = Math.min(...inputs.map((ids) => ids.length)) - 1;
  let length = 0;
  while (length < most && inputs.every((ids) => ids[length] === inputs[0][length])) length++;
  return length;
}

function allocate(rows: number, cols: number): Float32Array {
  try {
    return new Float32Array(rows * cols);
  } catch (cause) {
    const bytes = (4 * rows * cols) / 2 ** 20;
    throw new AnyqwenError("out-of-memory", `a result of ${rows} x ${cols} numbers takes ${bytes.toFixed(0)} MiB`, {
      cause,
    });
  }
}
