// The parts of a run that need no model: order and passes, the rate, random numbers by place.

import { describe, expect, it } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { Batches, passesOf, supervisedTokens } from "./batches.ts";
import type { TrainingExample } from "./data/types.ts";
import { normal, permutation, uniform } from "./random.ts";
import { rateFactor } from "./schedule.ts";
import { resolveSettings } from "./settings.ts";

const example = (length: number, first = 0): TrainingExample => {
  const ids = Array.from({ length }, (_, i) => first + i);
  return { input_ids: ids, labels: ids };
};

describe("batches", () => {
  const examples = [1, 2, 3, 4, 5].map((n) => example(n + 1, 10 * n));
  const firstIds = (batch: readonly TrainingExample[]) => batch.map(({ input_ids }) => input_ids[0]);

  it("take the file's order, the last of an epoch with what is left", () => {
    const batches = new Batches(examples, 2, 0, false);
    expect([1, 2, 3, 4].map((step) => firstIds(batches.at(step)))).toEqual([[10, 20], [30, 40], [50], [10, 20]]);
    expect(batches.mostTokens).toBe(11);
  });

  it("draw another order for each epoch, each example once, whatever was asked before", () => {
    const batches = new Batches(examples, 5, 7, true);
    const epochs = [1, 2, 3, 4].map((step) => firstIds(batches.at(step)));
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([10, 20, 30, 40, 50]);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
    expect(firstIds(new Batches(examples, 5, 7, true).at(3))).toEqual(epochs[2]);
    expect(firstIds(new Batches(examples, 5, 8, true).at(3))).not.toEqual(epochs[2]);
  });

  it("are cut into passes that hold whole examples", () => {
    const lengths = passesOf(examples, 7).map((pass) => pass.map(({ ids }) => ids.length));
    expect(lengths).toEqual([[2, 3], [4], [5], [6]]);
    expect(() => passesOf(examples, 5)).toThrow(AnyqwenError);
  });

  it("count the tokens that something predicts", () => {
    expect(supervisedTokens([{ input_ids: [1, 2, 3, 4], labels: [1, -100, 3, 4] }, example(3)])).toBe(4);
  });
});

describe("the rate", () => {
  it("rises, then falls as asked", () => {
    const rates = (schedule: "constant" | "linear" | "cosine") =>
      [1, 2, 3, 4, 5, 6].map((n) => rateFactor(schedule, n, 6, 2));
    expect(rates("constant")).toEqual([1 / 3, 2 / 3, 1, 1, 1, 1]);
    expect(rates("linear")).toEqual([1 / 3, 2 / 3, 1, 0.75, 0.5, 0.25]);
    expect(rates("cosine")[4]).toBeCloseTo(0.5);
    expect(rateFactor("cosine", 1, 1, 0)).toBe(1);
  });
});

describe("random numbers", () => {
  it("are uniform and normal, and differ by seed, stream and index", () => {
    const draws = Array.from({ length: 20000 }, (_, i) => [uniform(1, 2, i), normal(1, 2, i)]);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(draws.map(([u]) => u))).toBeCloseTo(0.5, 1);
    expect(mean(draws.map(([u]) => u * u))).toBeCloseTo(1 / 3, 1);
    expect(Math.abs(mean(draws.map(([, n]) => n)))).toBeLessThan(0.03);
    expect(Math.abs(mean(draws.map(([, n]) => n * n)) - 1)).toBeLessThan(0.05);
    const places = [uniform(1, 2, 3), uniform(2, 2, 3), uniform(1, 3, 3), uniform(1, 2, 4), uniform(2 ** 40 + 1, 2, 3)];
    expect(new Set(places).size).toBe(5);
  });

  it("put each position first about equally often", () => {
    const counts = new Array(4).fill(0);
    for (let stream = 0; stream < 4000; stream++) counts[permutation(4, 5, stream)[0]]++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe("settings", () => {
  const asked = { model: "m", data: "d", out: "o" };

  it("have defaults by method", () => {
    expect(resolveSettings(asked)).toMatchObject({ method: "lora", learningRate: 2e-4, schedule: "cosine", clip: 1 });
    expect(resolveSettings({ ...asked, method: "scratch" }).learningRate).toBe(1e-3);
  });

  it("refuse what cannot be", () => {
    expect(() => resolveSettings({ ...asked, steps: 0 })).toThrow("steps is 0; expected a whole number from 1 on");
    expect(() => resolveSettings({ ...asked, beta2: 1 })).toThrow("beta2 is 1");
    expect(() => resolveSettings({ ...asked, learningRate: Number.NaN })).toThrow("learningRate");
    expect(() => resolveSettings({ ...asked, steps: 3, epochs: 2 })).toThrow("epochs is 2; expected nothing");
    expect(() => resolveSettings({ ...asked, method: "full", rank: 4 })).toThrow("rank is 4; expected nothing");
    expect(() => resolveSettings({ ...asked, validateEvery: 4 })).toThrow("there is no validation");
  });
});
