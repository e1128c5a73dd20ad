import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRows, DivergenceMeter } from "./divergence.ts";
import { Mean, perplexity } from "./perplexity.ts";
import { evaluationWindows } from "./windows.ts";

describe("evaluationWindows", () => {
  it("cuts as llama-perplexity: whole windows, 255 of 512 tokens counted", () => {
    const ids = Array.from({ length: 1300 }, (_, i) => i);
    const windows = evaluationWindows(ids, 512);
    expect(windows.map(({ ids }) => [ids[0], ids.length])).toEqual([
      [0, 512],
      [512, 512],
    ]);
    expect(512 - windows[0].start).toBe(255);
    expect(evaluationWindows(ids, 512, 1)).toHaveLength(1);
  });

  it("says what to do when the text is too short", () => {
    expect(() => evaluationWindows([1, 2, 3], 8)).toThrow(/3 tokens, less than one window of 8/);
  });
});

describe("perplexity", () => {
  it("of a uniform guess among V is V, without error", async () => {
    const windows = evaluationWindows(new Array(64).fill(7), 16);
    const score = async (ids: readonly number[], start: number) => new Array(ids.length - start).fill(-Math.log(1000));
    const figures = [];
    for await (const figure of perplexity(windows, score)) figures.push(figure);
    expect(figures).toHaveLength(4);
    expect(figures[3].tokens).toBe(4 * 7);
    expect(figures[3].perplexity).toBeCloseTo(1000, 8);
    expect(figures[3].error).toBeCloseTo(0, 8);
  });

  it("has the standard error of the mean, times the perplexity", async () => {
    const logprobs = [-1, -2, -4, -0.5, -3, -2.5, -1.5];
    const windows = evaluationWindows(new Array(16).fill(1), 16);
    let last: { perplexity: number; error: number } | undefined;
    for await (const figure of perplexity(windows, async () => logprobs)) last = figure;
    const mean = 14.5 / 7;
    const variance = logprobs.reduce((sum, x) => sum + (-x - mean) ** 2, 0) / 7;
    expect(last?.perplexity).toBeCloseTo(Math.exp(mean), 12);
    expect(last?.error).toBeCloseTo(Math.exp(mean) * Math.sqrt(variance / 6), 12);
  });
});

describe("Mean", () => {
  it("keeps its digits far from zero", () => {
    const mean = new Mean();
    for (const x of [1e9 + 1, 1e9 + 2, 1e9 + 3]) mean.add(x);
    expect(mean.mean).toBe(1e9 + 2);
    expect(mean.standardError).toBeCloseTo(Math.sqrt(2 / 3 / 2), 9);
  });
});

describe("compareRows", () => {
  const logOf = (...p: number[]) => Float32Array.from(p, Math.log);

  it("gives the textbook divergence", () => {
    const { kl, sameTop, logprobModel } = compareRows(logOf(0.5, 0.25, 0.25), logOf(0.25, 0.5, 0.25), 1);
    expect(kl).toBeCloseTo(0.5 * Math.log(2) - 0.25 * Math.log(2), 6);
    expect(sameTop).toBe(false);
    expect(logprobModel).toBeCloseTo(Math.log(0.5), 6);
  });

  it("does not depend on a constant added to the logits, nor fails on -Infinity in the reference", () => {
    const a = Float32Array.from([1, 2, -3, Number.NEGATIVE_INFINITY]);
    const b = Float32Array.from([0.5, 2.5, -2, -8]);
    const shifted = b.map((x) => x + 64);
    expect(compareRows(a, shifted, 0).kl).toBeCloseTo(compareRows(a, b, 0).kl, 5);
    expect(compareRows(a, b, 0).kl).toBeGreaterThan(0);
  });

  it("is never negative and zero only for equal rows", () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const [x, y] = [Float32Array.from(a), Float32Array.from(b)];
        expect(compareRows(x, y, 0).kl).toBeGreaterThanOrEqual(0);
        expect(compareRows(x, x, 0).kl).toBeLessThan(1e-12);
      }),
    );
  });

  it("refuses different vocabularies", () => {
    expect(() => compareRows(new Float32Array(3), new Float32Array(4), 0)).toThrow(/vocabularies differ: 3 and 4/);
  });
});

describe("DivergenceMeter", () => {
  it("adds rows up", () => {
    const meter = new DivergenceMeter();
    const [a, b] = [Float32Array.from([2, 1, 0]), Float32Array.from([1, 2, 0])];
    for (let i = 0; i < 99; i++) meter.add(a, a, 0);
    meter.add(a, b, 0);
    const figures = meter.figures();
    expect(figures.tokens).toBe(100);
    expect(figures.top1Agreement).toBeCloseTo(0.99, 12);
    expect(figures.maxKl).toBeCloseTo(figures.meanKl * 100, 12);
    expect(figures.medianKl).toBe(0);
    expect(figures.p99Kl).toBeCloseTo(figures.maxKl * 0.01, 12);
    expect(figures.perplexityModel).toBeGreaterThan(figures.perplexityReference);
  });
});
