import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenHistory } from "./history.ts";

function counted({ ids, counts }: { ids: Int32Array; counts: Int32Array }) {
  expect(counts.length).toBe(ids.length);
  expect(new Set(ids).size).toBe(ids.length);
  return new Map(Array.from(ids, (id, i) => [id, counts[i]]));
}
function count(tokens: readonly number[]) {
  const counts = new Map<number, number>();
  for (const id of tokens) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

describe("TokenHistory", () => {
  it("counts distinct ids", () => {
    const seen = new TokenHistory([5, 3, 5]).seenWith();
    expect(seen).toEqual({ ids: Int32Array.of(5, 3), counts: Int32Array.of(2, 1) });
  });
  it("gives copies, with further ids counted and forgotten again", () => {
    const history = new TokenHistory([1]);
    const before = history.seenWith([2, 1]);
    expect(counted(before)).toEqual(count([1, 2, 1]));
    history.push(9);
    expect(counted(before)).toEqual(count([1, 2, 1]));
    expect(counted(history.seenWith())).toEqual(count([1, 9]));
    expect(history.length).toBe(2);
  });

  const step = fc.oneof(
    fc.record({ push: fc.nat({ max: 6 }) }),
    fc.record({ rewind: fc.nat({ max: 30 }) }),
    fc.record({ peek: fc.array(fc.nat({ max: 6 }), { maxLength: 4 }) }),
  );
  it("agrees with counting anew, whatever is pushed and taken back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const history = new TokenHistory();
        const tokens: number[] = [];
        for (const action of steps) {
          if ("push" in action) {
            history.push(action.push);
            tokens.push(action.push);
          } else if ("rewind" in action) {
            history.rewind(action.rewind);
            tokens.length = Math.min(tokens.length, action.rewind);
          } else expect(counted(history.seenWith(action.peek))).toEqual(count([...tokens, ...action.peek]));
          expect(history.length).toBe(tokens.length);
        }
        expect(counted(history.seenWith())).toEqual(count(tokens));
      }),
      { numRuns: 300 },
    );
  });
});
