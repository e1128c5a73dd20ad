// Samples by guessing and checking: the same as token by token, in fewer passes; and what is sampled.

import { expect, it } from "vitest";
import type { TrainingSequence } from "../core/training.ts";
import { beginningOf, type SamplePrompt } from "./sample-prompts.ts";
import { Sampler } from "./samples.ts";

const decode = (ids: readonly number[]) => ids.join(" ");
const { signal } = new AbortController();
/** A "model" whose next token depends on all before it. */
const next = (before: readonly number[]) => before.reduce((sum, id, n) => (sum * 3 + id + n) % 11, 1);

function counting() {
  const passes: number[] = [];
  const predict = (sequences: readonly TrainingSequence[]) => {
    passes.push(sequences.reduce((sum, { ids }) => sum + ids.length, 0));
    const rows = sequences.flatMap(({ ids, labels }) =>
      [...labels].flatMap((label, n) => (label < 0 ? [] : [next([...ids.subarray(0, n)])])),
    );
    return Int32Array.from(rows);
  };
  return { passes, predict };
}

function greedy(prompt: readonly number[], count: number): number[] {
  const ids = [...prompt];
  for (let n = 0; n < count; n++) ids.push(next(ids));
  return ids.slice(prompt.length);
}

const limits = { tokens: 30, passTokens: 60, positions: 1000 };

it("are what token by token would give, and right guesses take two passes", async () => {
  const known = greedy([1, 2, 3], 30);
  const prompts: SamplePrompt[] = [
    { prompt: "a", ids: [5, 6] },
    { prompt: "b", ids: [1, 2, 3], expected: known },
  ];
  const all = counting();
  const samples = await new Sampler(all, { prompts, endIds: [], decode }, limits).take(signal);
  expect(samples).toEqual([
    { prompt: "a", text: decode(greedy([5, 6], 30)) },
    { prompt: "b", text: decode(known), expected: decode(known) },
  ]);
  expect(Math.max(...all.passes)).toBeLessThanOrEqual(60);
  const one = counting();
  const sampler = new Sampler(one, { prompts: [prompts[1]], endIds: [], decode }, limits);
  await sampler.take(signal);
  await sampler.take(signal);
  expect(one.passes).toEqual([19, 33, 19, 33]); // sixteen guesses ahead of what is known
});

it("end at an end token, at the room of a pass, and at the model's positions", async () => {
  const known = greedy([4], 30);
  const take = async (endIds: number[], more: Partial<typeof limits>) => {
    const prompts = [{ prompt: "p", ids: [4], expected: [known[0], known[2]] }];
    return new Sampler(counting(), { prompts, endIds, decode }, { ...limits, ...more }).take(signal);
  };
  const end = known[2];
  const ended = await take([end], {});
  expect(ended?.[0].text).toBe(decode(known.slice(0, known.indexOf(end))));
  expect(ended?.[0].expected).toBe(decode([known[0]]));
  expect((await take([], { passTokens: 12 }))?.[0].text).toBe(decode(known.slice(0, 11)));
  expect((await take([], { positions: 6 }))?.[0].text).toBe(decode(known.slice(0, 5)));
  expect((await take([], { passTokens: 1 }))?.[0].text).toBe("");
});

it("stop when they are told to", async () => {
  const sampler = new Sampler(counting(), { prompts: [{ prompt: "p", ids: [4] }], endIds: [], decode }, limits);
  expect(await sampler.take(AbortSignal.abort())).toBeUndefined();
});

it("begin with a validation example up to its first label, of a pair to its answers; with half of a text", () => {
  const text = (ids: readonly number[]) => `<|im_start|>user\nold<|im_end|><|im_start|>user\n${ids}<|im_end|>\n`;
  const chat = { input_ids: [1, 2, 3, 4, 5, 6], labels: [-100, -100, 3, 4, -100, 6] };
  expect(beginningOf(chat, text)).toEqual({ prompt: "1,2", ids: [1, 2], expected: [3, 4] });
  const whole = { input_ids: [1, 2, 3, 4, 5], labels: [1, 2, 3, 4, 5] };
  expect(beginningOf(whole, decode)).toEqual({ prompt: "1 2", ids: [1, 2], expected: [3, 4, 5] });
  const pair = {
    input_ids: [1, 2, 3, 4],
    labels: [-100, -100, 3, 4],
    rejected: { input_ids: [1, 2, 5], labels: [-100, -100, 5] },
  };
  expect(beginningOf(pair, decode)).toEqual({ prompt: "1 2", ids: [1, 2], expected: [3, 4] });
  const short = { input_ids: [1, 2], labels: [1, 2] };
  expect(beginningOf(short, decode)).toEqual({ prompt: "1", ids: [1], expected: [2] });
});
