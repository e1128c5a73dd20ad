import { describe, expect, test } from "vitest";
import type { StoredTensor } from "../../core/storage.ts";
import { sigmoid, swiglu } from "./activation.ts";
import { moe, route } from "./moe.ts";
import { rmsNorm } from "./norm.ts";
import { rope } from "./rope.ts";
import { roundHalfEven, roundHeads, roundToHalf } from "./round.ts";
import { loadWeights } from "./weights.ts";

const f32 = (...values: number[]) => Float32Array.from(values);

describe("rounding", () => {
  /** The value of an f16 by its bits, from IEEE 754's definition. */
  function half(bits: number): number {
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    return exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
  }

  test("every finite f16 is its own, and midpoints go to the even neighbour", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7c00 - 1; bits++) {
      const [low, high] = [half(bits), half(bits + 1)];
      const right =
        roundToHalf(low) === low &&
        roundToHalf((low + high) / 2) === (bits % 2 === 0 ? low : high) &&
        roundToHalf(-(low + (high - low) * 0.51)) === -high;
      if (!right) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
    expect(roundToHalf(65504)).toBe(65504);
    expect(roundToHalf(65519)).toBe(65504);
    expect(roundToHalf(65520)).toBe(Infinity);
    expect(roundToHalf(-1e9)).toBe(-Infinity);
    expect(roundToHalf(Number.NaN)).toBeNaN();
  });

  test("ties to even", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 126.5, 2.4999].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 126, 2]);
  });

  test("int8: a scale per head, zeros stay zeros", () => {
    const out = new Float32Array(6);
    roundHeads("q8", f32(127, 0.5, -1.5, 0, 0, 0), 3, out);
    expect([...out]).toEqual([127, 0, -2, 0, 0, 0]);
    roundHeads("q8", f32(1e-44, 0, 0, 254, 3, -254), 3, out);
    expect([...out.subarray(3)]).toEqual([254, 4, -254]);
    expect(Math.abs(out[0])).toBeLessThanOrEqual(1e-44 * 128);
  });
});

describe("ops, worked by hand", () => {
  test("rmsNorm by groups of the weight's length", () => {
    const out = new Float32Array(4);
    rmsNorm(f32(3, 4, 0, 2), f32(1, 2), 0, out);
    expect([...out]).toEqual([...f32(3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5), 0, 4 / Math.sqrt(2))]);
  });

  test("rope turns (i, i + half), scales, and leaves the rest of a head", () => {
    const out = new Float32Array(6);
    const quarter = { frequencies: Float64Array.of(Math.PI / 2), scale: 2 };
    rope(f32(1, 2, 9, 1, 2, 9), Int32Array.of(0, 1), 3, quarter, out);
    expect([...out].map((x) => Math.round(x * 1e6) / 1e6)).toEqual([2, 4, 9, -4, 2, 9]);
  });

  test("swiglu", () => {
    const out = new Float32Array(2);
    swiglu(f32(0, 1), f32(5, 2), out);
    expect([...out]).toEqual([...f32(0, 2 * sigmoid(1))]);
  });

  test("routing: by probability, ties to the lower id, renormalised on demand", () => {
    const logits = f32(1, 3, 3, 0);
    const sum = 2 * Math.exp(0) + Math.exp(-2) + Math.exp(-3);
    expect(route(logits, { topK: 2, normTopK: false })).toEqual([
      { expert: 1, weight: 1 / sum },
      { expert: 2, weight: 1 / sum },
    ]);
    const normed = route(logits, { topK: 3, normTopK: true });
    expect(normed.map(({ expert }) => expert)).toEqual([1, 2, 0]);
    expect(normed.reduce((total, { weight }) => total + weight, 0)).toBeCloseTo(1, 12);
  });

  test("moe: only the chosen expert's weights count", () => {
    // Two experts of width 1 over 1 input: down * silu(gate * x) * up * x.
    const experts = { gate: f32(1, 7), up: f32(2, 7), down: f32(3, 7), count: 2, topK: 1, normTopK: true };
    const out = new Float32Array(1);
    moe(f32(2), f32(1, 0), experts, out);
    expect(out[0]).toBeCloseTo(3 * (2 * sigmoid(2)) * 4, 5);
  });
});

describe("weights", () => {
  test("padded rows, act-order columns and parts in order", async () => {
    // F8_128 rows of 3 inputs: a scale's place and 128 bytes; this dequantiser gives each byte as it is.
    const part = (name: string, first: number, columns?: Int32Array): StoredTensor => ({
      name,
      type: "F8_128",
      shape: [2, 3],
      byteLength: 264,
      columns,
      async read(offset, into) {
        for (let i = 0; i < into.length; i++)
          into[i] = first + 10 * Math.floor((offset + i) / 132) + ((offset + i) % 132);
      },
    });
    const dequantise = (_: string, bytes: Uint8Array, out: Float32Array) => {
      expect([bytes.length, out.length]).toEqual([132, 128]);
      out.set(bytes.subarray(4));
    };
    const weight = { name: "w", shape: [2, 2, 3] };
    const seen: number[] = [];
    const loaded = await loadWeights(
      [{ weight, parts: [part("w.0", 0), part("w.1", 50, Int32Array.of(2, 0, 1))] }],
      dequantise,
      { onProgress: (done, total) => seen.push(done / total) },
    );
    expect([...loaded.get("w")!]).toEqual([4, 5, 6, 14, 15, 16, 55, 56, 54, 65, 66, 64]);
    expect(seen).toEqual([0.5, 1]);
  });

  test("stops when aborted", async () => {
    const load = loadWeights(
      [
        {
          weight: { name: "w", shape: [1] },
          parts: [{ name: "w", type: "F32", shape: [1], byteLength: 4, read: async () => {} }],
        },
      ],
      () => {},
      { signal: AbortSignal.abort() },
    );
    await expect(load).rejects.toMatchObject({ code: "aborted" });
  });
});
