// What the model and its drafter have in common: replaying the banks' runs in order, reading values where they were made, checking
// and sampling. Rows go from arena to arena where the next run is another bank's.

import type { Sampled, SampleRequest, Segment } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Value } from "../../core/trace.ts";
import type { Bank } from "./bank.ts";
import type { Turn } from "./banks.ts";
import { sampleWasm } from "./sample.ts";
import type { WasmState } from "./state.ts";

/** Where a value that callers read is made. */
export interface Output {
  readonly bank: Bank;
  readonly value: Value;
}

/** Rows of the last step. */
export interface Counts {
  readonly tokens: number;
  readonly rows: number;
}

export function rowsOf({ rows }: Value, counts: Counts): number {
  return rows === "T" ? counts.tokens : rows === "R" ? counts.rows : rows;
}

export function takeTurns(
  banks: readonly Bank[],
  turns: readonly Turn[],
  counts: Counts,
  run: (bank: number, plan: number, length: number) => void,
): void {
  for (const { bank, run: index, input } of turns) {
    if (input) handOver(input.value, rowsOf(input.value, counts), banks[input.from], banks[bank]);
    const { plan, length } = banks[bank].runs[index];
    run(bank, plan, length);
  }
}

/** Copies a value's rows from one bank's arena to another's. */
function handOver(value: Value, rows: number, from: Bank, to: Bank): void {
  const [source, target] = [from.locate(value), to.locate(value)];
  const bytes = rows * source.stride;
  to.memory.bytes.set(from.memory.bytes.subarray(source.address, source.address + bytes), target.address);
}

/** [rows, cols] */
export function readRows({ bank, value }: Output, rows: number): Float32Array {
  const { address, stride } = bank.locate(value);
  const result = new Float32Array(rows * value.cols);
  const floats = new Float32Array(bank.memory.memory.buffer);
  for (let row = 0; row < rows; row++) {
    const from = (address + row * stride) / 4;
    result.set(floats.subarray(from, from + value.cols), row * value.cols);
  }
  return result;
}

/** Writes `values` [n, cols] as the value's rows from `row` on. */
export function writeRows({ bank, value }: Output, row: number, values: Float32Array): void {
  const { address, stride } = bank.locate(value);
  const floats = new Float32Array(bank.memory.memory.buffer);
  for (let at = 0; at < values.length; at += value.cols, row++) {
    floats.set(values.subarray(at, at + value.cols), (address + row * stride) / 4);
  }
}

export function sampleRows({ bank, value }: Output, { rows }: Counts, requests: readonly SampleRequest[]): Sampled[] {
  const { exports, memory, sampleScratch } = bank;
  const { address, stride } = bank.locate(value);
  for (const { row } of requests)
    if (!(row >= 0 && row < rows))
      throw new AnyqwenError("invalid-argument", `row ${row} of logits was asked for; the last step has ${rows}`);
  return requests.map((request) =>
    sampleWasm(exports, memory.memory, address + request.row * stride, value.cols, request, sampleScratch),
  );
}

/** Where the named values of all banks lie. */
export function outputsOf(
  banks: readonly Bank[],
  values: (bank: Bank) => ReadonlyMap<string, Output["value"]>,
): ReadonlyMap<string, Output> {
  return new Map(banks.flatMap((bank) => [...values(bank)].map(([name, value]) => [name, { bank, value }] as const)));
}

export function outputOf(outputs: ReadonlyMap<string, Output>, name: string): Output {
  const output = outputs.get(name);
  if (output) return output;
  const known = [...outputs.keys()].join(", ");
  throw new AnyqwenError("invalid-argument", `cannot read "${name}": the trace has ${known}`);
}

export interface StepLimits {
  readonly maxTokens: number;
  readonly maxRows: number;
  /** Rows of the embedding table. */
  readonly vocab: number;
}

export function checkSegments(segments: readonly Segment[], limits: StepLimits): void {
  const tokens = segments.reduce((sum, { tokens: t }) => sum + t.length, 0);
  const rows = segments.reduce((sum, { rows: r }) => sum + r.length, 0);
  if (tokens === 0) throw new AnyqwenError("invalid-argument", "a step of no tokens");
  if (tokens > limits.maxTokens || rows > limits.maxRows)
    throw new AnyqwenError(
      "invalid-argument",
      `a step of ${tokens} tokens and ${rows} rows of logits; this model was loaded for ${limits.maxTokens} and ${limits.maxRows}`,
    );
  for (const { tokens: ids, rows: wanted } of segments) {
    for (let n = 0; n < ids.length; n++)
      if (!(ids[n] >= 0 && ids[n] < limits.vocab))
        throw new AnyqwenError("invalid-argument", `token id ${ids[n]} is outside the vocabulary of ${limits.vocab}`);
    for (const row of wanted)
      if (!(row >= 0 && row < ids.length))
        throw new AnyqwenError(
          "invalid-argument",
          `logits of token ${row} were asked for; the segment has ${ids.length} tokens`,
        );
  }
}

/** Makes room for all segments or for none. */
export function reserveAll(segments: readonly Segment[]): void {
  try {
    for (const { state, tokens, drafts } of segments) (state as WasmState).reserve(tokens.length, drafts);
  } catch (error) {
    for (const { state } of segments) state.rewind(state.length); // gives reserved pages back
    throw error;
  }
}
