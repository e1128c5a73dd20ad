// Masks: how much is left out, and that sequence, position, module and column each draw their own. Their bits are compared with
// PyTorch's side in test/parity/train-objectives.test.ts.

import { describe, expect, it } from "vitest";
import { dropoutFactor, tokenKey } from "./dropout.ts";

const columns = 4096;
const mask = (key: number, position: number, module: number, probability = 0.3) =>
  Array.from({ length: columns }, (_, column) =>
    dropoutFactor(tokenKey(key, position), column, { probability, module }),
  );
const left = (values: readonly number[]) => values.filter((value) => value === 0).length / values.length;

describe("dropout", () => {
  it("leaves out the share that it is asked for, and scales the rest so that the mean stays", () => {
    for (const probability of [0.1, 0.5, 0.9]) {
      const values = mask(7, 3, 2, probability);
      expect(Math.abs(left(values) - probability)).toBeLessThan(0.03);
      expect(new Set(values)).toEqual(new Set([0, 1 / (1 - probability)]));
    }
    expect(left(mask(7, 3, 2, 0))).toBe(0);
  });

  it("draws anew for each sequence, position and module", () => {
    const places: [number, number, number][] = [
      [7, 3, 2],
      [8, 3, 2],
      [7, 4, 2],
      [7, 3, 1],
      [0, 0, 0],
      [1, 0, 0],
    ];
    const masks = places.map((place) => mask(...place));
    expect(mask(7, 3, 2)).toEqual(masks[0]);
    for (const [i, a] of masks.entries()) {
      expect(Math.abs(left(a) - 0.3), String(places[i])).toBeLessThan(0.03);
      for (const b of masks.slice(i + 1)) {
        const both = a.filter((value, column) => value === 0 && b[column] === 0).length / columns;
        expect(Math.abs(both - 0.09)).toBeLessThan(0.02); // independent
      }
    }
  });
});
