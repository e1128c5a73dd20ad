// A model on the WASM device: its banks and its threads. A step writes the tables of the batch into every bank and replays the banks'
// plans in order, handing rows over where the model goes on in another bank.

import type { AdapterWeights, Executor, Sampled, SampleRequest, Segment, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Value } from "../../core/trace.ts";
import type { Bank } from "./bank.ts";
import type { Turn } from "./banks.ts";
import { sampleWasm } from "./sample.ts";
import { WasmState } from "./state.ts";
import type { Team } from "./threads.ts";

export interface ExecutorParts {
  readonly banks: readonly Bank[];
  readonly turns: readonly Turn[];
  readonly team: Team;
  readonly limits: { maxTokens: number; maxRows: number };
  /** Rows of the embedding table. */
  readonly vocab: number;
  readonly identity: string;
}

export class WasmExecutor implements Executor {
  readonly identity: string;
  readonly #outputs: ReadonlyMap<string, { readonly bank: Bank; readonly value: Value }>;
  #rows = 0;
  #tokens = 0;
  #disposed = false;

  constructor(private readonly parts: ExecutorParts) {
    this.identity = parts.identity;
    this.#outputs = new Map(
      parts.banks.flatMap((bank) => [...bank.outputs].map(([name, value]) => [name, { bank, value }] as const)),
    );
  }

  get memoryBytes(): number {
    return this.parts.banks.reduce((sum, { memory }) => sum + memory.size, 0);
  }

  createState(adapter?: string): SequenceState {
    return new WasmState(
      this.parts.banks.flatMap(({ cache }) => cache ?? []),
      adapter,
    );
  }

  addAdapter(name: string, weights: AdapterWeights): void {
    const { banks } = this.parts;
    if (banks[0].adapters.has(name))
      throw new AnyqwenError("invalid-argument", `there is an adapter ${name} already; remove it first`);
    try {
      for (const { adapters } of banks) adapters.add(name, weights);
    } catch (error) {
      this.removeAdapter(name);
      throw error;
    }
  }

  removeAdapter(name: string): void {
    for (const { adapters } of this.parts.banks) adapters.remove(name);
  }

  step(segments: readonly Segment[]): void {
    this.#check(segments);
    reserveAll(segments);
    const { banks, turns } = this.parts;
    const [{ tokens, rows }] = banks.map((bank) => bank.write(segments));
    this.#tokens = tokens;
    this.#rows = rows;
    for (const { bank, run, input } of turns) {
      if (input) this.#handOver(input.value, banks[input.from], banks[bank]);
      const { plan, length } = banks[bank].runs[run];
      this.#run(bank, plan, length);
    }
    for (const { state, tokens: added } of segments) (state as WasmState).commit(added.length);
  }

  read(name: string): Float32Array {
    const { bank, value } = this.#output(name);
    const { address, stride } = bank.locate(value);
    const rows = this.#rowsOf(value);
    const result = new Float32Array(rows * value.cols);
    const floats = new Float32Array(bank.memory.memory.buffer);
    for (let row = 0; row < rows; row++) {
      const from = (address + row * stride) / 4;
      result.set(floats.subarray(from, from + value.cols), row * value.cols);
    }
    return result;
  }

  sample(requests: readonly SampleRequest[]): Sampled[] {
    if (!this.#outputs.has("logits"))
      throw new AnyqwenError("invalid-argument", "this model has no logits to sample from");
    const { bank, value } = this.#output("logits");
    const { exports, memory, sampleScratch } = bank;
    const { address, stride } = bank.locate(value);
    for (const { row } of requests)
      if (!(row >= 0 && row < this.#rows))
        throw new AnyqwenError(
          "invalid-argument",
          `row ${row} of logits was asked for; the last step has ${this.#rows}`,
        );
    return requests.map((request) =>
      sampleWasm(exports, memory.memory, address + request.row * stride, value.cols, request, sampleScratch),
    );
  }

  /** Bytes per second that these threads read the weights with, best of `repeat` passes of at least 1 GiB (the limit of decoding). */
  readBandwidth(repeat = 15): number {
    const { banks } = this.parts;
    const size = banks.reduce((sum, bank) => sum + bank.writeReadTest(), 0);
    if (size === 0) return 0;
    const passes = Math.ceil(2 ** 30 / size);
    let best = 0;
    for (let n = 0; n < repeat; n++) {
      const start = performance.now();
      for (let pass = 0; pass < passes; pass++) banks.forEach(({ job }, bank) => this.#run(bank, job, 1));
      best = Math.max(best, (size * passes * 1000) / (performance.now() - start));
    }
    return best;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.parts.team.stop();
  }

  #output(name: string): { readonly bank: Bank; readonly value: Value } {
    const output = this.#outputs.get(name);
    if (output) return output;
    const known = [...this.#outputs.keys()].join(", ");
    throw new AnyqwenError("invalid-argument", `cannot read "${name}": the trace has ${known}`);
  }

  #rowsOf({ rows }: Value): number {
    return rows === "T" ? this.#tokens : rows === "R" ? this.#rows : rows;
  }

  /** Copies a value's rows from one bank's arena to another's. */
  #handOver(value: Value, from: Bank, to: Bank): void {
    const [source, target] = [from.locate(value), to.locate(value)];
    const bytes = this.#rowsOf(value) * source.stride;
    to.memory.bytes.set(from.memory.bytes.subarray(source.address, source.address + bytes), target.address);
  }

  #run(bank: number, plan: number, length: number): void {
    if (this.#disposed) throw new AnyqwenError("invalid-argument", "this model was closed");
    this.parts.team.run(bank, plan, length);
  }

  #check(segments: readonly Segment[]): void {
    const { limits, vocab } = this.parts;
    const tokens = segments.reduce((sum, { tokens: t }) => sum + t.length, 0);
    const rows = segments.reduce((sum, { rows: r }) => sum + r.length, 0);
    if (tokens === 0) throw new AnyqwenError("invalid-argument", "a step of no tokens");
    if (tokens > limits.maxTokens || rows > limits.maxRows)
      throw new AnyqwenError(
        "invalid-argument",
        `a step of ${tokens} tokens and ${rows} rows of logits; this model was loaded for ${limits.maxTokens} and ${limits.maxRows}`,
      );
    for (const { state, tokens: ids, rows: wanted } of segments) {
      if (state.adapter !== undefined && !this.parts.banks[0].adapters.has(state.adapter))
        throw new AnyqwenError("invalid-argument", `step: there is no adapter ${state.adapter}`);
      for (let n = 0; n < ids.length; n++)
        if (!(ids[n] >= 0 && ids[n] < vocab))
          throw new AnyqwenError("invalid-argument", `token id ${ids[n]} is outside the vocabulary of ${vocab}`);
      for (const row of wanted)
        if (!(row >= 0 && row < ids.length))
          throw new AnyqwenError(
            "invalid-argument",
            `logits of token ${row} were asked for; the segment has ${ids.length} tokens`,
          );
    }
  }
}

/** Makes room for all segments or for none. */
function reserveAll(segments: readonly Segment[]): void {
  try {
    for (const { state, tokens } of segments) (state as WasmState).reserve(tokens.length);
  } catch (error) {
    for (const { state } of segments) state.rewind(state.length); // gives reserved pages back
    throw error;
  }
}
