// Parts of the objectives that need no model: the loss of a pair, keys of masks, which vocabularies are the same.

import { describe, expect, it } from "vitest";
import type { TrainingExecutor } from "../../core/training.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";
import { dropoutOf } from "./objective.ts";
import { preferenceLoss } from "./preference.ts";
import { checkVocabulary } from "./teacher.ts";

describe("the loss of a pair", () => {
  it("is log 2 where policy and reference agree, and its slope is that of the loss", () => {
    const same = preferenceLoss(0.1, [5, 9], [5, 9]);
    expect(same).toEqual({ loss: Math.log(2), margin: 0, slope: 0.05 });
    for (const margin of [-30, -2, 0.3, 4, 25]) {
      const at = (chosen: number) => preferenceLoss(0.5, [chosen, 3], [6 + 2 * margin, 3]);
      const { loss, slope } = at(6);
      expect(at(6).margin).toBeCloseTo(margin, 12);
      expect((at(6 + 1e-5).loss - at(6 - 1e-5).loss) / 2e-5).toBeCloseTo(slope, 6);
      expect(loss).toBeCloseTo(Math.log1p(Math.exp(-margin)), 9);
    }
  });

  it("stays a number far from the reference", () => {
    expect(preferenceLoss(1, [0, 1e5], [1e5, 0])).toEqual({ loss: 0, margin: 2e5, slope: 0 });
    expect(preferenceLoss(1, [1e5, 0], [0, 1e5])).toEqual({ loss: 2e5, margin: -2e5, slope: 1 });
  });
});

describe("keys of dropout", () => {
  const parts = { executor: {} as TrainingExecutor, maxTokens: 8, seed: 3, dropout: 0.1 };

  it("depend on seed, step and the sequence's place in the update, not on passes", () => {
    const all = dropoutOf(parts, 5, 0, 4);
    expect(new Set(all).size).toBe(4);
    expect(dropoutOf(parts, 5, 2, 2)).toEqual(all?.subarray(2));
    expect(dropoutOf(parts, 6, 0, 4)).not.toEqual(all);
    expect(dropoutOf({ ...parts, seed: 4 }, 5, 0, 4)).not.toEqual(all);
    expect(dropoutOf({ ...parts, dropout: undefined }, 5, 0, 4)).toBeUndefined();
  });
});

describe("vocabularies", () => {
  const model = (name: string, size: number, tokens?: readonly (string | undefined)[]) => ({
    name,
    size,
    text: {
      hasTokenizer: tokens !== undefined,
      tokenizer: { vocabSize: tokens?.length, tokenOf: (id: number) => tokens?.[id] } as unknown as Tokenizer,
    },
  });

  it("are the same if ids mean the same, whatever pads them", () => {
    checkVocabulary(model("t", 8, ["a", "b"]), model("s", 6, ["a", "b", "c"]));
    checkVocabulary(model("t", 8, ["a", undefined, "c"]), model("s", 8, ["a", "b"]));
    checkVocabulary(model("t", 8), model("s", 8, ["a"]));
    expect(() => checkVocabulary(model("t", 8, ["a", "x"]), model("s", 8, ["a", "b"]))).toThrow(
      'teacher t: id 1 is "x", in s it is "b"; a teacher must have the student\'s vocabulary',
    );
    expect(() => checkVocabulary(model("t", 8), model("s", 9, ["a"]))).toThrow("teacher t: 8 ids, s has 9");
  });
});
