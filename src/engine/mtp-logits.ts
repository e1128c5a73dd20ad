// What a model's MTP layer gives for a text: its logits at every position, and the drafts that follow the text, each made from the one
// before. For tests and for research; how drafts are used is in drafting.ts.

import type { Drafter } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { Program } from "./program.ts";
import { nextTurn } from "./turns.ts";
import type { LogitsResult } from "./types.ts";

/** Drafts behind the text. */
const DRAFTS = 3;

export function drafterOf({ executor, draftVocab, trace }: Program): Drafter {
  if (!executor.drafter) throw new AnyqwenError("unsupported", "this model was loaded without an MTP layer");
  const vocab = trace.outputs.get("logits")?.cols ?? 0;
  if (draftVocab === vocab) return executor.drafter;
  throw new AnyqwenError(
    "invalid-argument",
    `mtp: the layer was loaded to choose among ${draftVocab} of ${vocab} ids; load with draftVocab: ${vocab}`,
  );
}

/** `final` [T, width]: the final norm's output for each of `ids`; `next`: the id that follows them. */
export async function mtpLogits(
  program: Program,
  ids: readonly number[],
  { final, width, next }: { final: Float32Array; width: number; next: number },
): Promise<Required<Pick<LogitsResult, "mtpLogits" | "mtpHidden" | "draftIds" | "draftLogits">>> {
  const drafter = drafterOf(program);
  const vocab = program.draftVocab ?? 0;
  const pairs = ids.length - 1;
  const most = Math.min(program.maxTokens, program.maxRows);
  const [logits, hidden] = [new Float32Array(pairs * vocab), new Float32Array(pairs * width)];
  const state = drafter.createState();
  try {
    for (let start = 0; start < pairs; start += most) {
      const end = Math.min(pairs, start + most);
      const tokens = ids.slice(start + 1, end + 1);
      drafter.step([
        { state, tokens, hidden: final.subarray(start * width, end * width), rows: tokens.map((_, i) => i) },
      ]);
      logits.set(drafter.read("logits"), start * vocab);
      hidden.set(drafter.read("hidden"), start * width);
      await nextTurn();
    }
    const drafts: number[] = [];
    const draftLogits = new Float32Array(DRAFTS * vocab);
    let [token, from] = [next, final.subarray(pairs * width)];
    for (let n = 0; n < DRAFTS; n++) {
      drafter.step([{ state, tokens: [token], hidden: from, rows: [0] }]);
      const row = drafter.read("logits");
      draftLogits.set(row, n * vocab);
      from = drafter.read("hidden");
      token = largest(row);
      drafts.push(token);
    }
    return { mtpLogits: logits, mtpHidden: hidden, draftIds: Int32Array.from(drafts), draftLogits };
  } finally {
    state.release();
  }
}

/** Of equals the first. */
export function largest(row: Float32Array): number {
  let best = 0;
  for (let id = 1; id < row.length; id++) if (row[id] > row[best]) best = id;
  return best;
}
