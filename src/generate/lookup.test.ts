import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PromptLookup } from "./lookup.ts";

function lookup(tokens: readonly number[], options?: ConstructorParameters<typeof PromptLookup>[0]) {
  const index = new PromptLookup(options);
  for (const id of tokens) index.push(id);
  return index;
}

/** The definition: the longest agreement of at least minMatch ids before the end, the newest of equals. */
function expected(tokens: readonly number[], most: number, minMatch: number, maxMatch: number): number[] {
  const end = tokens.length - 1;
  let [from, longest] = [-1, minMatch - 1];
  for (let at = end - 1; at >= 0; at--) {
    let match = 0;
    while (match < maxMatch && match <= at && tokens[at - match] === tokens[end - match]) match++;
    if (match > longest) [from, longest] = [at, match];
  }
  if (from < 0) return [];
  const known = [...tokens];
  for (let i = 0; i < most; i++) known.push(known[from + 1 + i]);
  return known.slice(tokens.length);
}

describe("PromptLookup", () => {
  it("drafts what followed the same ids before", () => {
    expect(lookup([1, 2, 3, 4, 5, 6, 1, 2, 3]).draft(3)).toEqual([4, 5, 6]);
    expect(lookup([1, 2, 3, 4, 5, 6, 1, 2, 3]).draft(0)).toEqual([]);
    expect(lookup([1, 2, 3, 4, 5, 6]).draft(3)).toEqual([]);
    expect(lookup([]).draft(3)).toEqual([]);
  });
  it("prefers the longer agreement, then the newer", () => {
    expect(lookup([9, 1, 2, 3, 7, 0, 1, 2, 3, 8, 9, 1, 2, 3]).draft(1)).toEqual([7]);
    expect(lookup([1, 2, 3, 7, 0, 1, 2, 3, 8, 9, 1, 2, 3]).draft(1)).toEqual([8]);
  });
  it("goes on in a repetition that is shorter than the draft", () => {
    expect(lookup([1, 2, 1, 2, 1, 2]).draft(5)).toEqual([1, 2, 1, 2, 1]);
  });
  it("follows a list that was changed in the middle", () => {
    const index = lookup([1, 2, 3, 4, 5]);
    index.follow([1, 2, 9, 8, 7, 1, 2, 9]);
    expect(index.draft(2)).toEqual([8, 7]);
    index.follow([1, 2]);
    expect(index.length).toBe(2);
  });

  const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 60 });
  const wide = { minMatch: 2, maxMatch: 5, candidates: 1000 };
  it("finds what a full search finds, also after taking tokens back", () => {
    fc.assert(
      fc.property(ids, ids, fc.nat({ max: 60 }), (first, second, kept) => {
        const index = lookup(first, wide);
        index.rewind(kept);
        for (const id of second) index.push(id);
        const tokens = [...first.slice(0, kept), ...second];
        expect(index.length).toBe(tokens.length);
        expect(index.draft(8)).toEqual(expected(tokens, 8, 2, 5));
      }),
      { numRuns: 500 },
    );
  });
  it("takes constant time per token, also where everything repeats", () => {
    const index = new PromptLookup();
    const started = performance.now();
    for (let i = 0; i < 100_000; i++) {
      index.push(7);
      index.draft(8);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
