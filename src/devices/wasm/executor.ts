// A model on the WASM device: its banks and its threads. A step writes the tables of the batch into every bank and replays the banks'
// plans in order, handing rows over where the model goes on in another bank.

import type { AdapterWeights, Executor, Sampled, SampleRequest, Segment, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { logCapacity, RecurrentState, StateSlots } from "../../core/recurrent-state.ts";
import type { Bank } from "./bank.ts";
import type { Turn } from "./banks.ts";
import { WasmDrafter } from "./drafter.ts";
import { type DraftLog, type StatePlaces, stateMemory } from "./recurrent.ts";
import { WasmState } from "./state.ts";
import type { Team } from "./threads.ts";
import {
  type Counts,
  checkSegments,
  type Output,
  outputOf,
  outputsOf,
  readRows,
  reserveAll,
  rowsOf,
  type StepLimits,
  sampleRows,
  takeTurns,
} from "./turns.ts";

export interface ExecutorParts {
  readonly banks: readonly Bank[];
  readonly turns: readonly Turn[];
  readonly team: Team;
  /** Of the draft trace; none without. */
  readonly draftTurns: readonly Turn[];
  readonly limits: StepLimits;
  /** Recurrent states at most. */
  readonly states: number;
  readonly identity: string;
}

export class WasmExecutor implements Executor {
  readonly identity: string;
  readonly drafter: WasmDrafter | undefined;
  readonly #outputs: ReadonlyMap<string, Output>;
  readonly #states: StateSlots<StatePlaces, DraftLog> | undefined;
  #counts: Counts = { tokens: 0, rows: 0 };
  #disposed = false;

  constructor(private readonly parts: ExecutorParts) {
    this.identity = parts.identity;
    const recurrent = parts.banks.filter(({ stateBytes }) => stateBytes > 0);
    const logs = logCapacity(parts.states, parts.limits.maxRows);
    this.#states =
      recurrent.length > 0 ? new StateSlots(stateMemory(recurrent, this.#replay), parts.states, logs) : undefined;
    this.#outputs = outputsOf(parts.banks, ({ outputs }) => outputs);
    const { banks, draftTurns: turns, limits } = parts;
    this.drafter = turns.length > 0 ? new WasmDrafter({ banks, turns, limits, run: this.#run }) : undefined;
  }

  get memoryBytes(): number {
    return this.parts.banks.reduce((sum, { memory }) => sum + memory.size, 0);
  }

  createState(adapter?: string): SequenceState {
    const recurrent = this.#states && new RecurrentState(this.#states);
    return new WasmState(
      this.parts.banks.flatMap(({ cache }) => cache ?? []),
      recurrent,
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
    const { banks, turns } = this.parts;
    this.#check(segments);
    reserveAll(segments);
    const [counts] = banks.map((bank) => bank.write(segments));
    this.#counts = counts;
    takeTurns(banks, turns, counts, this.#run);
    for (const { state, tokens: added, drafts } of segments) (state as WasmState).commit(added.length, drafts);
  }

  read(name: string): Float32Array {
    const output = outputOf(this.#outputs, name);
    return readRows(output, rowsOf(output.value, this.#counts));
  }

  sample(requests: readonly SampleRequest[]): Sampled[] {
    if (!this.#outputs.has("logits"))
      throw new AnyqwenError("invalid-argument", "this model has no logits to sample from");
    return sampleRows(outputOf(this.#outputs, "logits"), this.#counts, requests);
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

  readonly #run = (bank: number, plan: number, length: number): void => {
    if (this.#disposed) throw new AnyqwenError("invalid-argument", "this model was closed");
    this.parts.team.run(bank, plan, length);
  };

  /** Applies a log's updates to a state, outside of a step: nothing that can be read of the last one changes. */
  readonly #replay = (places: StatePlaces, log: DraftLog, count: number): void => {
    this.parts.banks.forEach((bank, n) => {
      const state = places.get(bank.memory);
      if (state === undefined) return;
      const { plan, length } = bank.writeReplay([0, 0, state, log.places.get(bank.memory) ?? 0, count, 0, log.half]);
      this.#run(n, plan, length);
    });
  };

  #check(segments: readonly Segment[]): void {
    const { limits, banks } = this.parts;
    checkSegments(segments, limits);
    for (const { state } of segments)
      if (state.adapter !== undefined && !banks[0].adapters.has(state.adapter))
        throw new AnyqwenError("invalid-argument", `step: there is no adapter ${state.adapter}`);
  }
}
