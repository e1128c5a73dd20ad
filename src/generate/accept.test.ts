import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptDrafts } from "./accept.ts";

describe("acceptDrafts", () => {
  it("keeps drafts up to the first that was not drawn, and what was drawn instead", () => {
    expect(acceptDrafts([], [4])).toEqual({ drafts: 0, ids: [4] });
    expect(acceptDrafts([1, 2, 3], [1, 2, 9, 8])).toEqual({ drafts: 2, ids: [1, 2, 9] });
    expect(acceptDrafts([1, 2, 3], [1, 2, 3, 4])).toEqual({ drafts: 3, ids: [1, 2, 3, 4] });
    expect(acceptDrafts([5, 2], [1, 2, 3])).toEqual({ drafts: 0, ids: [1] });
  });
  it("gives the text that drawing one by one gives, whatever was drafted", () => {
    // a model whose next id is a function of all ids before
    const next = (ids: readonly number[]) => ids.reduce((sum, id, i) => sum + id * (i + 1), 1) % 4;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 3 }), { maxLength: 5 }), { minLength: 1, maxLength: 10 }),
        (rounds) => {
          const ids: number[] = [];
          for (const drafts of rounds) {
            const drawn = Array.from({ length: drafts.length + 1 }, (_, i) => next([...ids, ...drafts.slice(0, i)]));
            ids.push(...acceptDrafts(drafts, drawn).ids);
          }
          const oneByOne: number[] = [];
          while (oneByOne.length < ids.length) oneByOne.push(next(oneByOne));
          expect(ids).toEqual(oneByOne);
        },
      ),
    );
  });
});
