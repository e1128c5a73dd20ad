// The parts of a run that need no model: order and passes, the rate, random numbers by place.

import { describe, expect, it } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { Batches, passesOf, supervisedTokens } from "./batches.ts";
import type { TrainingExample } from "./data/types.ts";
import { trainsAdapter } from "./objectives/settings.ts";
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
    const lengths = passesOf(examples, 7).map((pass) => pass.map(({ input_ids }) => input_ids.length));
    expect(lengths).toEqual([[2, 3], [4], [5], [6]]);
    expect(() => passesOf(examples, 5)).toThrow(AnyqwenError);
    const pairs = [1, 2].map((n) => ({ ...example(n), rejected: example(n + 1) }));
    expect(passesOf(pairs, 7)).toEqual(pairs.map((pair) => [pair]));
    expect(passesOf(pairs, 8)).toEqual([pairs]);
    expect(new Batches(pairs, 2, 0, false).mostTokens).toBe(8);
  });

  it("name the examples of the first of them", () => {
    expect(firstIds(new Batches(examples, 2, 0, false).first(2))).toEqual([10, 20, 30, 40]);
    expect(firstIds(new Batches(examples, 2, 0, false).first(9))).toEqual([10, 20, 30, 40, 50]);
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

  it("distil by an adapter where one of its options is given, else by all weights", () => {
    const distil = { ...asked, method: "distil", teacher: "t" } as const;
    expect(resolveSettings(distil)).toMatchObject({ distilTemperature: 2, distilWeight: 0.5, learningRate: 2e-5 });
    expect(resolveSettings({ ...distil, rank: 4 }).learningRate).toBe(2e-4);
    expect([distil, { ...distil, dropout: 0 }, { ...distil, targets: ["q_proj"] }].map(trainsAdapter)).toEqual([
      false,
      true,
      true,
    ]);
    expect(resolveSettings({ ...asked, method: "dpo" })).toMatchObject({ dpoBeta: 0.1, learningRate: 5e-5 });
  });

  it("refuse options of another method", () => {
    const refuse = (more: object, message: string) =>
      expect(() => resolveSettings({ ...asked, ...more })).toThrow(message);
    refuse({ dpoBeta: 1 }, "dpoBeta is 1; expected nothing: only method dpo has it");
    refuse({ method: "dpo", dpoBeta: 0 }, "dpoBeta is 0; expected a number above 0");
    refuse({ teacher: "t" }, 'teacher is "t"; expected nothing: only method distil has it');
    refuse({ method: "distil" }, "teacher is missing; expected a model for method distil to learn from");
    refuse({ method: "distil", teacher: "t", distilWeight: 2 }, "distilWeight is 2; expected from 0 to 1");
    refuse({ method: "distil", teacher: "t", distilTemperature: 0 }, "distilTemperature is 0");
    refuse({ method: "full", dropout: 0.1 }, "dropout is 0.1; expected nothing: only a low-rank adapter");
    refuse({ dropout: 1 }, "dropout is 1; expected from 0 to below 1");
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
