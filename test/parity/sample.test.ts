// The sampling kernel against the reference: the same token always, and the same bits of log-probabilities.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Sampled, SampleRequest } from "../../src/core/device.ts";
import { sampleRow } from "../../src/devices/reference/sample.ts";
import { compileSampling } from "../support/sampling.ts";

let onWasm: (row: Float32Array, request: SampleRequest) => Sampled;

beforeAll(async () => {
  onWasm = await compileSampling();
});

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

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const anyId = fc.nat({ max: 3000 });

const requests: fc.Arbitrary<SampleRequest> = fc.record({
  row: fc.constant(0),
  temperature: oneOf(0, 1e-6, 1e-4, 0.3, 0.7, 1, 1, 2, 50),
  topK: oneOf(0, 0, 0, 1, 2, 20, 20, 256, 257, 1000, 100000),
  topP: oneOf(1, 1, 0.95, 0.8, 0.5, 0.01, 0, 0.9999),
  minP: oneOf(0, 0, 0.01, 0.1, 1, 1e-30),
  seed: fc.maxSafeInteger(),
  choice: fc.nat({ max: 5 }),
  position: fc.nat({ max: 100000 }),
  repetitionPenalty: oneOf(1, 1.1, 0.5, 100),
  presencePenalty: oneOf(0, 0, 1.5, -2),
  frequencyPenalty: oneOf(0, 0, 0.3, -1e38),
  seen: fc.option(
    fc.array(fc.tuple(anyId, fc.integer({ min: 1, max: 50 })), { maxLength: 20 }).map((list) => ({
      ids: Int32Array.from(list, ([id]) => id),
      counts: Int32Array.from(list, ([, count]) => count),
    })),
    { nil: undefined },
  ),
  bias: fc.option(
    fc.array(fc.tuple(anyId, oneOf(-100, 5, 100, Number.NEGATIVE_INFINITY)), { maxLength: 10 }).map((list) => ({
      ids: Int32Array.from(list, ([id]) => id),
      values: Float32Array.from(list, ([, value]) => value),
    })),
    { nil: undefined },
  ),
  mask: fc.option(
    fc
      .array(oneOf(0, 0xffffffff, 0xffffffff, 0x12345678, 0x80000000), { minLength: 1, maxLength: 100 })
      .map((words) => Uint32Array.from(words)),
    { nil: undefined, freq: 2 },
  ),
  logprobs: fc.option(oneOf(0, 1, 5, 20, 256), { nil: undefined }),
});

const rows = fc
  .record({
    n: fc.oneof(fc.integer({ min: 20, max: 70 }), fc.integer({ min: 1000, max: 3000 })),
    kind: oneOf("model", "ties", "flat", "peak", "wide", "broken", "ascending"),
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
  })
  .map(({ n, kind, seed }) => makeRow(n, kind, seed));

function makeRow(n: number, kind: string, seed: number): Float32Array {
  let state = seed;
  const uniform = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Float32Array.from({ length: n }, (_, id) => {
    if (kind === "flat") return 1.5;
    if (kind === "ties") return Math.round(normal() * 2);
    if (kind === "ascending") return id * 0.01;
    if (kind === "wide") return normal() * 10 ** (uniform() * 40);
    if (kind === "broken" && uniform() < 0.5) {
      return [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 3e38][Math.floor(uniform() * 5)];
    }
    if (kind === "peak") return id === n >> 1 ? 40 : normal();
    return normal() * 3;
  });
}

// ids beyond the row are ignored on both devices
describe("sampling kernel", () => {
  it("answers as the reference for any row and request", () => {
    fc.assert(
      fc.property(rows, requests, (row, request) => {
        expect(onWasm(row, request)).toEqual(sampleRow(row, request));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees on the fixture's rows, hundreds of draws each", () => {
    const file = readFileSync("test/fixtures/sampling/sampling.json", "utf8");
    const { cases } = JSON.parse(file) as { cases: { logits: number[] }[] };
    for (const { logits } of cases.filter((_, i) => i % 19 === 0)) {
      const row = Float32Array.from(logits);
      for (let position = 0; position < 500; position++) {
        const request = { ...plain, temperature: 0.8, topP: position % 2 ? 0.95 : 1, position };
        expect(onWasm(row, request)).toEqual(sampleRow(row, request));
      }
    }
  });

  it("agrees on a whole vocabulary", () => {
    const row = makeRow(151_937, "model", 7);
    const requests = [
      { temperature: 0 },
      { temperature: 0.7, topK: 20, topP: 0.8 },
      { temperature: 1 },
      { temperature: 1, topP: 0.95 },
      { temperature: 2, topK: 2000, topP: 0.9, minP: 0.01 },
      { temperature: 1, logprobs: 20 },
    ];
    for (const request of requests) {
      const full = { ...plain, ...request };
      expect(onWasm(row, full)).toEqual(sampleRow(row, full));
    }
  });

  it("draws the most likely of unequal tokens as often as softmax says", () => {
    const row = Float32Array.of(0, 1, 2);
    const counts = [0, 0, 0];
    for (let position = 0; position < 5000; position++) counts[onWasm(row, { ...plain, position }).id]++;
    const share = Math.E ** 2 / (1 + Math.E + Math.E ** 2);
    expect(Math.abs(counts[2] / 5000 - share)).toBeLessThan(0.025);
  });

  it("refuses lists longer than the vocabulary", () => {
    const seen = { ids: new Int32Array(33), counts: new Int32Array(33) };
    expect(() => onWasm(new Float32Array(20), { ...plain, seen })).toThrow(
      "33 ids seen, more than the vocabulary of 20",
    );
  });
});
