import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SampleRequest } from "../../core/device.ts";
import { distribution, type Stage, sampleRow } from "./sample.ts";
import { exp32, gumbel, log64, noiseKey, roundWeight } from "./sample-math.ts";

interface Case {
  logits: number[];
  previous_ids: number[];
  params: Record<string, number> & { order?: Stage[] };
  probs: number[];
  kept: number;
}
const fixture = new URL("../../../test/fixtures/sampling/sampling.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Case[] };

const plain: SampleRequest = {
  row: 0,
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  seed: 1,
  choice: 0,
  position: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};

function seenOf(ids: readonly number[]): SampleRequest["seen"] {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return { ids: Int32Array.from(counts.keys()), counts: Int32Array.from(counts.values()) };
}

describe("the sampling fixture", () => {
  it("has the expected number of cases", () => expect(cases.length).toBe(114));
  it.each(cases.map((c, i) => [i, JSON.stringify(c.params), c] as const))("case %i %s", (_, __, c) => {
    const request = {
      ...plain,
      temperature: c.params.temperature ?? 1,
      topK: c.params.top_k ?? 0,
      topP: c.params.top_p ?? 1,
      minP: c.params.min_p ?? 0,
      repetitionPenalty: c.params.repetition_penalty ?? 1,
      presencePenalty: c.params.presence_penalty ?? 0,
      frequencyPenalty: c.params.frequency_penalty ?? 0,
      seen: seenOf(c.previous_ids),
    };
    const { probs, kept } = distribution(Float32Array.from(c.logits), request, c.params.order);
    expect(kept).toBe(c.kept);
    c.probs.forEach((expected, id) => {
      expect(Math.abs(probs[id] - expected)).toBeLessThanOrEqual(2e-6 * expected + 1e-9);
    });
  });
});

describe("arithmetic", () => {
  it("exp32 is e^x to f32 accuracy, 1 at 0 and 0 far below", () => {
    expect(exp32(0)).toBe(1);
    expect(exp32(-100)).toBe(0);
    expect(exp32(Number.NEGATIVE_INFINITY)).toBe(0);
    for (let x = -87; x < 20; x += 0.0137) {
      const at = Math.fround(x);
      expect(Math.abs(exp32(at) / Math.exp(at) - 1)).toBeLessThan(2.5e-7);
    }
  });
  it("log64 is ln x to f64 accuracy", () => {
    expect(log64(1)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(log64(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
      }),
    );
    const nearOne = 1 - 2 ** -25;
    expect(Math.abs(log64(nearOne) / Math.log1p(-(2 ** -25)) - 1)).toBeLessThan(1e-14);
  });
  it("sums of rounded weights do not depend on their order", () => {
    const weights = Array.from({ length: 5000 }, (_, i) => roundWeight(exp32(Math.fround(-i * 0.005))));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(weights)).toBe(sum(weights.toReversed()));
  });
});

describe("noise", () => {
  const quantiles = (draw: (i: number) => number) => {
    const bins = new Array<number>(64).fill(0);
    for (let i = 0; i < 65536; i++) bins[Math.min(63, Math.floor(Math.exp(-Math.exp(-draw(i))) * 64))]++;
    return bins.reduce((chi, count) => chi + (count - 1024) ** 2 / 1024, 0);
  };
  const key = (part: Partial<SampleRequest>) => noiseKey({ ...plain, ...part });
  // 63 degrees of freedom: 120 is passed once in 50,000 tries, and these draws are fixed.
  it("is uniform over tokens, positions, seeds and choices", () => {
    expect(quantiles((i) => gumbel(key({}), i))).toBeLessThan(120);
    expect(quantiles((i) => gumbel(key({ position: i }), 17))).toBeLessThan(120);
    expect(quantiles((i) => gumbel(key({ seed: i }), 17))).toBeLessThan(120);
    expect(quantiles((i) => gumbel(key({ choice: i }), 17))).toBeLessThan(120);
    expect(quantiles((i) => gumbel(key({ seed: 2 ** 32 * i }), 17))).toBeLessThan(120);
  });
  it("is independent between neighbours", () => {
    const correlation = (a: (i: number) => number, b: (i: number) => number) => {
      const n = 20000;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (a(i) - 0.5772157) * (b(i) - 0.5772157);
      return sum / n / (Math.PI ** 2 / 6);
    };
    const at = (part: Partial<SampleRequest>) => (i: number) => gumbel(key(part), i);
    expect(Math.abs(correlation(at({}), at({ position: 1 })))).toBeLessThan(0.03);
    expect(Math.abs(correlation(at({}), at({ choice: 1 })))).toBeLessThan(0.03);
    expect(Math.abs(correlation(at({}), at({ seed: 2 })))).toBeLessThan(0.03);
    expect(Math.abs(correlation(at({}), (i) => gumbel(key({}), i + 1)))).toBeLessThan(0.03);
    expect(Math.abs(correlation(at({ position: 3, seed: 4 }), at({ position: 4, seed: 3 })))).toBeLessThan(0.03);
  });
});

describe("sampleRow", () => {
  const row = Float32Array.of(1, 3, 2, 3, Number.NaN, -1);

  it("is greedy at temperature 0, ties to the lowest id", () => {
    expect(sampleRow(row, { ...plain, temperature: 0 }).id).toBe(1);
    const seen = { ids: Int32Array.of(1), counts: Int32Array.of(1) };
    expect(sampleRow(row, { ...plain, temperature: 0, repetitionPenalty: 1.1, seen }).id).toBe(3);
    expect(sampleRow(row, { ...plain, temperature: 0, mask: Uint32Array.of(0b100101) }).id).toBe(2);
    const bias = { ids: Int32Array.of(5), values: Float32Array.of(10) };
    expect(sampleRow(row, { ...plain, temperature: 0, bias }).id).toBe(5);
  });

  it("draws with the probabilities of distribution()", () => {
    const request = { ...plain, temperature: 0.8, topP: 0.95 };
    const { probs } = distribution(row, request);
    const counts = new Array<number>(row.length).fill(0);
    for (let position = 0; position < 20000; position++) counts[sampleRow(row, { ...request, position }).id]++;
    counts.forEach((count, id) => {
      const sigma = Math.sqrt(20000 * probs[id] * (1 - probs[id]));
      expect(Math.abs(count - 20000 * probs[id])).toBeLessThanOrEqual(4 * sigma);
    });
  });

  it("reports log-probabilities of the model's own logits", () => {
    const sampled = sampleRow(Float32Array.of(0, 1, 2, 2), { ...plain, temperature: 0, logprobs: 3 });
    const total = Math.log(1 + Math.E + 2 * Math.E ** 2);
    expect(sampled.id).toBe(2);
    expect(sampled.logprob).toBeCloseTo(2 - total, 6);
    expect(sampled.top?.map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(sampled.top?.[2].logprob).toBeCloseTo(1 - total, 6);
    expect(sampleRow(row, plain).logprob).toBeUndefined();
  });

  it("takes NaN for -Infinity, and the lowest allowed id where nothing has a logit", () => {
    const nothing = new Float32Array(70).fill(Number.NaN);
    expect(sampleRow(nothing, plain).id).toBe(0);
    expect(sampleRow(nothing, { ...plain, mask: Uint32Array.of(0, 0b1000, 1) }).id).toBe(35);
    expect(sampleRow(nothing, { ...plain, logprobs: 2 })).toEqual({
      id: 0,
      logprob: Number.NEGATIVE_INFINITY,
      top: [],
    });
    expect(sampleRow(Float32Array.of(0, Number.POSITIVE_INFINITY, 1), plain).id).toBe(1);
  });
});
