// Figures of prefill and decode on ids that mean nothing: the work does not depend on what they say.

import { throwIfAborted } from "../core/errors.ts";
import { benchOracle } from "./bench-oracle.ts";
import type { Program } from "./program.ts";
import { nextTurn } from "./turns.ts";
import type { BenchOptions, BenchResult } from "./types.ts";

export async function bench(
  program: Program,
  vocab: number,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<BenchResult> {
  const { prompt = 512, generate = 128, depth = 0, repeat = 5, oracleAcceptance } = options;
  const promptPerSecond: number[] = [];
  const decodePerSecond: number[] = [];
  // A first round that does not count: compilers are lazy and pages untouched.
  for (let round = 0; round <= repeat; round++) {
    const [prefillMs, decodeMs] = await once(program, vocab, { prompt, generate, depth, signal });
    if (round === 0) continue;
    if (prompt > 0) promptPerSecond.push((prompt * 1000) / prefillMs);
    if (generate > 0) decodePerSecond.push((generate * 1000) / decodeMs);
  }
  const asked = { program, vocab, prompt: idsOf(Math.max(1, depth), vocab), generate, signal };
  const oracle = oracleAcceptance === undefined ? undefined : await benchOracle(asked, oracleAcceptance, repeat);
  return {
    promptPerSecond,
    decodePerSecond,
    ...(oracle && { oracle }),
    readBandwidth: program.executor.readBandwidth?.(),
  };
}

const idsOf = (count: number, vocab: number) => Array.from({ length: count }, (_, i) => ((i + 1) * 7919) % vocab);

async function once(
  { executor, pool, maxTokens }: Program,
  vocab: number,
  { prompt, generate, depth, signal }: { prompt: number; generate: number; depth: number; signal: AbortSignal },
): Promise<[number, number]> {
  const sequence = pool.create();
  sequence.busy = true;
  const ids = (count: number) => idsOf(count, vocab);
  const feed = async (tokens: readonly number[]) => {
    for (let start = 0; start < tokens.length; start += maxTokens) {
      throwIfAborted(signal);
      const chunk = tokens.slice(start, start + maxTokens);
      const last = start + chunk.length === tokens.length;
      pool.require(sequence, sequence.held + chunk.length);
      executor.step([{ state: sequence.state, tokens: chunk, rows: last ? [chunk.length - 1] : [] }]);
      pool.settle();
      await nextTurn();
    }
  };
  const draw = () =>
    executor.sample([
      {
        row: 0,
        temperature: 0,
        topK: 0,
        topP: 1,
        minP: 0,
        seed: 0,
        choice: 0,
        position: sequence.held,
        repetitionPenalty: 1,
        presencePenalty: 0,
        frequencyPenalty: 0,
      },
    ])[0].id;
  try {
    await feed(ids(depth));
    sequence.state.checkpoint();
    const start = performance.now();
    await feed(ids(prompt));
    const prefillMs = performance.now() - start;
    sequence.holdAtMost(depth);
    const decodeStart = performance.now();
    let next = ids(1)[0];
    for (let i = 0; i < generate; i++) {
      await feed([next]);
      next = draw();
    }
    return [prefillMs, performance.now() - decodeStart];
  } finally {
    pool.release(sequence);
  }
}
