// What drafts of the MTP layer are worth: an answer without them, then the same answer with drafts of which a given share is right. The
// layer is fed and asked as ever; what it says is replaced by the answer's own tokens, or by wrong ones. So the figure does not depend on
// how well a model drafts.

import { AnyqwenError } from "../core/errors.ts";
import { Generation, type GenerationOptions } from "./generation.ts";
import type { Program } from "./program.ts";
import type { EndPart, OracleResult } from "./types.ts";

interface Asked {
  readonly program: Program;
  readonly vocab: number;
  readonly prompt: readonly number[];
  readonly generate: number;
  readonly signal: AbortSignal;
}

export async function benchOracle(asked: Asked, acceptance: number, repeat: number): Promise<OracleResult> {
  const { program, prompt, vocab } = asked;
  if (!program.executor.drafter) throw new AnyqwenError("unsupported", "oracle drafts: this model has no MTP layer");
  const plainPerSecond: number[] = [];
  const draftedPerSecond: number[] = [];
  let [drafted, accepted] = [0, 0];
  // A first round that does not count, and the two in turns, so that a machine that drifts does so for both.
  for (let round = 0; round <= repeat; round++) {
    const plain = await answer(asked, {});
    let count = 0;
    const oracle = (drafts: readonly number[], at: number) =>
      drafts.map((_, i) => {
        const right = plain.tokens[at - prompt.length + i] ?? 0;
        count++;
        return Math.floor(count * acceptance) > Math.floor((count - 1) * acceptance) ? right : (right + 1) % vocab;
      });
    const sped = await answer(asked, { mtp: true, oracle });
    if (sped.tokens.join() !== plain.tokens.join()) throw new AnyqwenError("internal", "drafts changed the answer");
    if (round === 0) continue;
    plainPerSecond.push(plain.timings.decodePerSecond);
    draftedPerSecond.push(sped.timings.decodePerSecond);
    drafted += sped.speculation?.drafted ?? 0;
    accepted += sped.speculation?.accepted ?? 0;
  }
  return { acceptance, plainPerSecond, draftedPerSecond, drafted, accepted };
}

/** The most likely tokens, however they go on. */
async function answer(
  { program, prompt, generate, signal }: Asked,
  drafts: Pick<GenerationOptions, "mtp" | "oracle">,
): Promise<EndPart> {
  const { pool, scheduler, maxTokens } = program;
  const sequence = pool.create();
  let end: EndPart | undefined;
  const none = { repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0 };
  try {
    const generation = new Generation({
      ...drafts,
      sequence,
      prompt,
      contextTokens: pool.capacity,
      maxTokens: generate,
      chunk: maxTokens,
      overflow: "error",
      rule: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0, choice: 0, ...none },
      eosIds: new Set(),
      stopIds: new Set(),
      output: { push: () => ({ parts: [] }), end: () => ({ parts: [], toolCalls: false }) },
      emit: (parts) => {
        for (const part of parts) if (part.type === "end") end = part;
      },
      signal,
      arrivedAt: performance.now(),
    });
    await scheduler.run(generation);
  } finally {
    pool.release(sequence);
  }
  if (!end || end.reason === "aborted") throw new AnyqwenError("aborted", "the measurement was stopped");
  return end;
}
