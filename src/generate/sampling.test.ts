import { describe, expect, it } from "vitest";
import type { GgufValue } from "../formats/checkpoint.ts";
import { checkSampling, hasPenalties, samplingDefaults, samplingRule } from "./sampling.ts";

const off = {
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};
const files = (config?: unknown, gguf: Record<string, GgufValue> = {}) => ({
  json: new Map(config === undefined ? [] : [["generation_config.json", config]]),
  metadata: new Map(Object.entries(gguf).map(([key, value]) => [`general.sampling.${key}`, value])),
});

describe("samplingDefaults", () => {
  it("takes each value from generation_config.json, else the GGUF, else the family, else off", () => {
    expect(samplingDefaults(files())).toEqual(off);
    const config = { do_sample: true, temperature: 0.6, top_k: 20, repetition_penalty: 1.05 };
    const gguf = { temp: 0.9, top_p: 0.95, penalty_repeat: 1.2 };
    const family = { topP: 0.8, minP: 0.01 };
    const expected = { ...off, temperature: 0.6, topK: 20, topP: 0.95, minP: 0.01, repetitionPenalty: 1.05 };
    expect(samplingDefaults(files(config, gguf), family)).toEqual(expected);
  });
  it("is greedy where the files say do_sample: false", () => {
    expect(samplingDefaults(files({ do_sample: false, temperature: 0.6 }), { temperature: 0.7 }).temperature).toBe(0);
  });
  it("passes over what makes no sense", () => {
    const config = { temperature: "hot", top_k: -1, top_p: 7, min_p: null, repetition_penalty: Number.NaN };
    expect(samplingDefaults(files(config, { top_k: 2.5, temp: true }))).toEqual(off);
    for (const broken of [null, 3, "x", []]) expect(samplingDefaults(files(broken))).toEqual(off);
  });
});

describe("samplingRule", () => {
  it("completes options with defaults", () => {
    const rule = samplingRule({ temperature: 0, seed: 5 }, { ...off, topK: 20, topP: 0.8 }, 100);
    expect(rule).toEqual({ ...off, temperature: 0, topK: 20, topP: 0.8, seed: 5, choice: 0 });
    expect(samplingRule({ topK: undefined, seed: 1 }, { ...off, topK: 20 }, 100).topK).toBe(20);
  });
  it("turns bias into lists and log-probabilities into a count", () => {
    const rule = samplingRule({ logitBias: { 3: -100, 7: 2.5 }, logprobs: true }, off, 8);
    expect(rule.bias).toEqual({ ids: Int32Array.of(3, 7), values: Float32Array.of(-100, 2.5) });
    expect(rule.logprobs).toBe(0);
    expect(samplingRule({ logprobs: 5 }, off, 8).logprobs).toBe(5);
    expect(samplingRule({ logprobs: false }, off, 8).logprobs).toBeUndefined();
  });
  it("draws seeds that differ", () => {
    const seeds = new Set(Array.from({ length: 20 }, () => samplingRule({}, off, 8).seed));
    expect(seeds.size).toBeGreaterThan(15);
    for (const seed of seeds) expect(() => checkSampling({ seed }, 8)).not.toThrow();
  });
  it("says which option is wrong, and what it may be", () => {
    const wrong: [object, string][] = [
      [{ temperature: -1 }, "temperature is -1; expected a number from 0 to 100"],
      [{ temperature: Number.NaN }, "temperature is NaN"],
      [{ topK: 1.5 }, "topK is 1.5; expected a whole number"],
      [{ topP: 1.01 }, "topP is 1.01"],
      [{ minP: "a" }, 'minP is "a"'],
      [{ repetitionPenalty: 0 }, "repetitionPenalty is 0"],
      [{ frequencyPenalty: Number.POSITIVE_INFINITY }, "frequencyPenalty is Infinity"],
      [{ seed: 2 ** 53 }, "seed is 9007199254740992"],
      [{ logitBias: { 8: 1 } }, "logitBias[8] is 1; expected a number, for an id below 8"],
      [{ logitBias: { "-1": 1 } }, "logitBias[-1]"],
      [{ logitBias: { 2: "x" } }, 'logitBias[2] is "x"'],
      [{ logprobs: 257 }, "logprobs is 257"],
      [{ logprobs: "1" }, 'logprobs is "1"'],
    ];
    for (const [options, message] of wrong) expect(() => samplingRule(options, off, 8)).toThrow(message);
  });
  it("knows whether ids seen matter", () => {
    expect(hasPenalties(samplingRule({}, off, 8))).toBe(false);
    expect(hasPenalties(samplingRule({ presencePenalty: 0.1 }, off, 8))).toBe(true);
    expect(hasPenalties(samplingRule({}, { ...off, repetitionPenalty: 1.05 }, 8))).toBe(true);
  });
});
