// Runs a model's draft trace: in the same banks, over the same weights, in the same arena. Its states are caches of its own layers.

import type { Drafter, Sampled, SampleRequest, Segment, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Bank } from "./bank.ts";
import type { Turn } from "./banks.ts";
import { WasmState } from "./state.ts";
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
  writeRows,
} from "./turns.ts";

export interface DrafterParts {
  readonly banks: readonly Bank[];
  readonly turns: readonly Turn[];
  readonly limits: StepLimits;
  readonly run: (bank: number, plan: number, length: number) => void;
}

export class WasmDrafter implements Drafter {
  readonly #outputs: ReadonlyMap<string, Output>;
  readonly #hidden: Output;
  #counts: Counts = { tokens: 0, rows: 0 };

  constructor(private readonly parts: DrafterParts) {
    this.#outputs = outputsOf(parts.banks, ({ draft }) => draft.outputs);
    this.#hidden = outputOf(
      outputsOf(parts.banks, ({ draft }) => draft.inputs),
      "hidden",
    );
  }

  createState(): SequenceState {
    return new WasmState(
      this.parts.banks.flatMap(({ draftCache }) => draftCache ?? []),
      undefined,
    );
  }

  step(segments: readonly Segment[]): void {
    const { banks, turns, limits, run } = this.parts;
    checkSegments(segments, limits);
    const { cols } = this.#hidden.value;
    for (const { tokens, hidden } of segments)
      if (hidden?.length !== tokens.length * cols)
        throw new AnyqwenError(
          "invalid-argument",
          `step: ${hidden?.length ?? 0} hidden values for ${tokens.length} tokens of ${cols}`,
        );
    reserveAll(segments);
    const [counts] = banks.map((bank) => bank.writeDraft(segments));
    this.#counts = counts;
    let row = 0;
    for (const { tokens, hidden } of segments) {
      if (hidden) writeRows(this.#hidden, row, hidden);
      row += tokens.length;
    }
    takeTurns(banks, turns, counts, run);
    for (const { state, tokens } of segments) (state as WasmState).commit(tokens.length);
  }

  read(name: string): Float32Array {
    const output = outputOf(this.#outputs, name);
    return readRows(output, rowsOf(output.value, this.#counts));
  }

  sample(requests: readonly SampleRequest[]): Sampled[] {
    return sampleRows(outputOf(this.#outputs, "logits"), this.#counts, requests);
  }
}
