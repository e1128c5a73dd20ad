// A model on the WASM device: its plan, its memory and its threads. A step writes the tables of the batch and replays the plan once.

import type { Executor, Sampled, SampleRequest, Segment, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { PageCache, WasmState } from "./cache.ts";
import { encode, type Instruction } from "./instructions.ts";
import { context, instructionBytes } from "./layout.ts";
import type { WasmMemory } from "./memory.ts";
import type { KernelExports } from "./module.ts";
import type { Plan } from "./plan.ts";
import { sampleScratchBytes, sampleWasm } from "./sample.ts";
import { type StepTables, StepWriter, writeRope } from "./step.ts";

export interface ExecutorParts {
  readonly plan: Plan;
  readonly memory: WasmMemory;
  readonly exports: KernelExports;
  readonly threads: readonly { terminate(): void }[];
  readonly tables: StepTables;
  readonly arena: number;
  readonly planAddress: number;
  /** For plans of one instruction: reading memory, repacking. */
  readonly jobAddress: number;
  readonly limits: { maxTokens: number; maxRows: number; contextTokens: number };
  /** Rows of the embedding table. */
  readonly vocab: number;
  readonly weights: { readonly address: number; readonly bytes: number };
  readonly identity: string;
}

export class WasmExecutor implements Executor {
  readonly identity: string;
  readonly #cache: PageCache;
  readonly #writer: StepWriter;
  readonly #sampleScratch: number;
  #rows = 0;
  #tokens = 0;
  #disposed = false;

  constructor(private readonly parts: ExecutorParts) {
    const { memory, plan, limits } = parts;
    this.identity = parts.identity;
    this.#cache = new PageCache(memory, plan.pageBytes, limits.contextTokens);
    this.#writer = new StepWriter(memory, parts.tables, plan);
    const vocab = plan.outputs.get("logits")?.value.cols ?? 0;
    this.#sampleScratch = vocab > 0 ? memory.reserve(sampleScratchBytes(vocab)) : 0;
    encode(plan.instructions, parts.arena, memory.view, parts.planAddress);
  }

  get memoryBytes(): number {
    return this.parts.memory.size;
  }

  createState(): SequenceState {
    return new WasmState(this.#cache);
  }

  step(segments: readonly Segment[]): void {
    this.#check(segments);
    const { memory, plan, tables, planAddress, arena } = this.parts;
    for (const { state, tokens } of segments) (state as WasmState).reserve(tokens.length);
    const { tokens, rows } = this.#writer.write(segments);
    for (const { rope, buffer } of plan.ropes)
      writeRope(memory.view, arena + buffer.offset, rope, tables.positions, tokens);
    this.#run(planAddress, plan.instructions.length);
    for (const { state, tokens } of segments) (state as WasmState).commit(tokens.length);
    this.#tokens = tokens;
    this.#rows = rows;
  }

  read(name: string): Float32Array {
    const { outputs } = this.parts.plan;
    const value = outputs.get(name)?.value;
    if (!value)
      throw new AnyqwenError(
        "invalid-argument",
        `cannot read "${name}": the trace has ${[...outputs.keys()].join(", ")}`,
      );
    const rows = value.rows === "T" ? this.#tokens : value.rows === "R" ? this.#rows : value.rows;
    const result = new Float32Array(rows * value.cols);
    const floats = new Float32Array(this.parts.memory.memory.buffer);
    for (let row = 0; row < rows; row++) {
      const from = this.#address(name, row) >>> 2;
      result.set(floats.subarray(from, from + value.cols), row * value.cols);
    }
    return result;
  }

  sample(requests: readonly SampleRequest[]): Sampled[] {
    const vocab = this.parts.plan.outputs.get("logits")?.value.cols;
    if (!vocab) throw new AnyqwenError("invalid-argument", "this model has no logits to sample from");
    const { exports, memory } = this.parts;
    for (const { row } of requests)
      if (!(row >= 0 && row < this.#rows))
        throw new AnyqwenError(
          "invalid-argument",
          `row ${row} of logits was asked for; the last step has ${this.#rows}`,
        );
    return requests.map((request) =>
      sampleWasm(exports, memory.memory, this.#address("logits", request.row), vocab, request, this.#sampleScratch),
    );
  }

  /** Bytes per second that these threads read the weights with, best of `repeat` passes of at least 1 GiB (the limit of decoding). */
  readBandwidth(repeat = 15): number {
    const { memory, weights, tables, jobAddress } = this.parts;
    const size = weights.bytes & ~0x3fffff; // the kernel reads pieces of 4 MiB
    if (size === 0) return 0;
    const passes = Math.ceil(2 ** 30 / size);
    const instruction: Instruction = {
      op: "readMemory",
      args: [weights.address, size, tables.rowTokens],
      reads: [],
      writes: [],
    };
    encode([instruction], 0, memory.view, jobAddress);
    let best = 0;
    for (let n = 0; n < repeat; n++) {
      const start = performance.now();
      for (let pass = 0; pass < passes; pass++) this.#run(jobAddress, 1);
      best = Math.max(best, (size * passes * 1000) / (performance.now() - start));
    }
    return best;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.parts.exports.stop(this.parts.tables.context);
    for (const thread of this.parts.threads) thread.terminate();
  }

  #address(name: string, row: number): number {
    const output = this.parts.plan.outputs.get(name);
    if (!output) throw new AnyqwenError("internal", `no output ${name}`);
    return this.parts.arena + output.buffer.offset + row * output.stride;
  }

  #run(plan: number, length: number): void {
    if (this.#disposed) throw new AnyqwenError("invalid-argument", "this model was closed");
    runPlan(this.parts.exports, this.parts.memory.view, this.parts.tables.context, plan, length);
  }

  #check(segments: readonly Segment[]): void {
    const { limits } = this.parts;
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
        if (!(ids[n] >= 0 && ids[n] < this.parts.vocab))
          throw new AnyqwenError(
            "invalid-argument",
            `token id ${ids[n]} is outside the vocabulary of ${this.parts.vocab}`,
          );
      for (const row of wanted)
        if (!(row >= 0 && row < ids.length))
          throw new AnyqwenError(
            "invalid-argument",
            `logits of token ${row} were asked for; the segment has ${ids.length} tokens`,
          );
    }
  }
}

/** Lets all threads replay `length` instructions. */
export function runPlan(exports: KernelExports, view: DataView, at: number, plan: number, length: number): void {
  view.setUint32(at + context.plan, plan, true);
  view.setUint32(at + context.planLength, length, true);
  exports.run(at);
}

export const planBytes = (instructions: number): number => instructions * instructionBytes;
