// What one request does wrong, or what goes wrong with it, is its own: the others get the text that they get alone.

import { afterEach, describe, expect, it, vi } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { ReferenceExecutor } from "../devices/reference/executor.ts";
import { Generation } from "./generation.ts";
import { SequencePool } from "./sequences.ts";
import { generate, type Opened, openFixture } from "./testing.ts";

/** No other prompt has it. */
const MARK = 42;
const sampled = { temperature: 1, topK: 0, topP: 1, seed: 3, repetitionPenalty: 1, ignoreEos: true, maxTokens: 6 };
const guilty = [5, 6, MARK, 7];
const innocent = [
  [1, 2, 3],
  [9, 8, 7, 6, 5],
];

afterEach(() => vi.restoreAllMocks());

async function runTogether(model: Opened) {
  const [first, second] = innocent;
  return Promise.allSettled([first, guilty, second].map((ids) => generate(model, ids, sampled)));
}

const faults: [string, () => void][] = [
  [
    "feed",
    () => {
      const { feed } = Generation.prototype;
      vi.spyOn(Generation.prototype, "feed").mockImplementation(function (this: Generation, budget) {
        if (this.sequence.tokens.includes(MARK)) throw new Error("its own fault");
        return feed.call(this, budget);
      });
    },
  ],
  [
    "reserve",
    () => {
      const { reserve } = SequencePool.prototype;
      vi.spyOn(SequencePool.prototype, "reserve").mockImplementation(function (this: SequencePool, sequence, ...rest) {
        if (sequence.tokens.includes(MARK)) throw new Error("its own fault");
        return reserve.call(this, sequence, ...rest);
      });
    },
  ],
  [
    "step",
    () => {
      const { step } = ReferenceExecutor.prototype;
      vi.spyOn(ReferenceExecutor.prototype, "step").mockImplementation(function (this: ReferenceExecutor, segments) {
        const refused = segments.some(({ tokens }) => Array.from(tokens).includes(MARK));
        if (refused) throw new AnyqwenError("invalid-argument", "its own fault");
        step.call(this, segments);
      });
    },
  ],
  [
    "sample",
    () => {
      const { sampleRequests } = Generation.prototype;
      vi.spyOn(Generation.prototype, "sampleRequests").mockImplementation(function (this: Generation, feed, row) {
        const requests = sampleRequests.call(this, feed, row);
        // The device has no such row.
        return this.sequence.tokens.includes(MARK) ? requests.map((one) => ({ ...one, row: 1000 })) : requests;
      });
    },
  ],
  [
    "cancelIfAsked",
    () => {
      const { cancelIfAsked } = Generation.prototype;
      vi.spyOn(Generation.prototype, "cancelIfAsked").mockImplementation(function (this: Generation) {
        if (this.sequence.tokens.includes(MARK)) throw new Error("its own fault");
        return cancelIfAsked.call(this);
      });
    },
  ],
];

describe("a fault of one request", () => {
  it.each(faults)("in %s fails that one alone", async (_where, breakIt) => {
    const alone = [];
    for (const ids of innocent) {
      await using model = await openFixture("models/qwen3_tied");
      alone.push((await generate(model, ids, sampled)).end.tokens);
    }
    await using model = await openFixture("models/qwen3_tied");
    breakIt();
    const [first, second, third] = await runTogether(model);
    expect(second).toMatchObject({ status: "rejected" });
    expect([first, third].map((one) => one.status === "fulfilled" && one.value.end.tokens)).toEqual(alone);
    vi.restoreAllMocks();
    // The engine goes on, for the guilty one too.
    const again = await runTogether(model);
    expect(again.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });
});
