// The model that a student learns from (method distil), run as the engine runs it, so that any family and stored type will do; its cache
// is f32. It gives the logits of the supervised rows a chunk at a time, in the order in which the student asks for them.

import type { BoundWeight, Device, Executor, SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { Trace } from "../../core/trace.ts";
import { labelledRows, type TargetLogits, type TrainingSequence } from "../../core/training.ts";
import type { TextSide } from "../../engine/text-side.ts";
import { planMemory } from "../../models/memory-plan.ts";

/** Of a step. */
const limits = { maxTokens: 128, maxRows: 32 } as const;
/** Recurrent states: that of the one sequence which is under way. */
const states = 2;
/** The logit of an id that the teacher does not have: its probability is 0. */
const never = -1e30;

const optionsFor = (longest: number) => ({ ...limits, kv: "f32" as const, contextTokens: longest, states });

/** What loading it for sequences of `longest` tokens will take. */
export function teacherBytes(trace: Trace, weights: readonly BoundWeight[], longest: number): number {
  return planMemory(trace, weights, optionsFor(longest)).totalBytes;
}

/** `columns`: ids of the student. */
export async function loadTeacher(
  device: Device,
  trace: Trace,
  weights: readonly BoundWeight[],
  columns: number,
  how: {
    readonly longest: number;
    readonly threads: number;
    readonly signal?: AbortSignal;
    readonly onProgress?: (bytes: number, totalBytes: number) => void;
  },
): Promise<Teacher> {
  const { longest, ...rest } = how;
  return new Teacher(await device.load(trace, weights, { ...optionsFor(longest), ...rest }), columns);
}

export class Teacher {
  constructor(
    private readonly executor: Executor,
    private readonly columns: number,
  ) {}

  get memoryBytes(): number {
    return this.executor.memoryBytes;
  }

  /** Of one pass, whose rows are asked for once and in order. */
  targets(sequences: readonly TrainingSequence[]): TargetLogits {
    const { rows, owners } = labelledRows(sequences);
    const starts = sequences.map((_, n) => sequences.slice(0, n).reduce((sum, { ids }) => sum + ids.length, 0));
    let state: SequenceState | undefined;
    let owner = -1;
    let fed = 0;
    return (first, count, put) => {
      for (let row = first; row < first + count; ) {
        if (!state || owner !== owners[row]) {
          state?.release();
          state = this.executor.createState();
          owner = owners[row];
          fed = 0;
        }
        const at = (n: number) => rows[n] - starts[owner] - fed; // in the tokens that are fed next
        let end = row;
        while (end < first + count && owners[end] === owner && end - row < limits.maxRows && at(end) < limits.maxTokens)
          end++;
        const tokens = end > row ? at(end - 1) + 1 : limits.maxTokens;
        const wanted = Array.from({ length: end - row }, (_, n) => at(row + n));
        this.executor.step([{ state, tokens: sequences[owner].ids.subarray(fed, fed + tokens), rows: wanted }]);
        if (end > row) this.#hand(row, end - row, put);
        fed += tokens;
        row = end;
      }
      if (first + count < rows.length) return;
      state?.release();
      state = undefined;
    };
  }

  close(): void {
    this.executor.dispose();
  }

  #hand(row: number, count: number, put: (row: number, logits: Float32Array) => void): void {
    const logits = this.executor.read("logits");
    const width = logits.length / count;
    for (let n = 0; n < count; n++) {
      const own = logits.subarray(n * width, (n + 1) * width);
      if (width >= this.columns) put(row + n, own.subarray(0, this.columns));
      else {
        const filled = new Float32Array(this.columns).fill(never);
        filled.set(own);
        put(row + n, filled);
      }
    }
  }
}

interface Vocabulary {
  readonly name: string;
  readonly text: Pick<TextSide, "hasTokenizer" | "tokenizer">;
  /** Rows of the embedding table. */
  readonly size: number;
}

/**
 * Fails with code "invalid-argument" unless every id that both models have a token for is the same token to both. Tables may be padded
 * to different sizes; where a tokenizer is missing they must be equal.
 */
export function checkVocabulary(teacher: Vocabulary, student: Vocabulary): void {
  const refuse = (what: string) => {
    const advice = "a teacher must have the student's vocabulary; take another of the same family";
    return new AnyqwenError("invalid-argument", `teacher ${teacher.name}: ${what}; ${advice}`);
  };
  if (!teacher.text.hasTokenizer || !student.text.hasTokenizer) {
    if (teacher.size === student.size) return;
    throw refuse(`${teacher.size} ids, ${student.name} has ${student.size}`);
  }
  const [theirs, own] = [teacher.text.tokenizer, student.text.tokenizer];
  for (let id = 0; id < Math.min(theirs.vocabSize, own.vocabSize); id++) {
    const [a, b] = [theirs.tokenOf(id), own.tokenOf(id)];
    if (a !== undefined && b !== undefined && a !== b)
      throw refuse(`id ${id} is ${JSON.stringify(a)}, in ${student.name} it is ${JSON.stringify(b)}`);
  }
}
