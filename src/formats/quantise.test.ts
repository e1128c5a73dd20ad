import { afterAll, describe, expect, test } from "vitest";
import { memoryTensor } from "../../test/support/formats.ts";
import { rowBytes, type StorageType } from "../core/storage.ts";
import { dequantise } from "./dequantise.ts";
import { nodeSource } from "./node-files.ts";
import { quantisableTypes, quantise, quantised, roundTrip } from "./quantise.ts";
import { readBytes, readSafetensors } from "./safetensors-file.ts";

// quantised.safetensors: x [6, 256] with zeros, ties, one-signed, tiny and huge blocks; <TYPE> = gguf-py's bytes for it.
const source = await nodeSource("test/fixtures/quants/quantised.safetensors");
afterAll(() => source.close());
const fixture = await readSafetensors(source);
const x = new Float32Array((await readBytes(fixture.get("x")!)).buffer);

function encode(type: StorageType, values: Float32Array): Uint8Array {
  const out = new Uint8Array(rowBytes(type, values.length));
  quantise(type, values, out);
  return out;
}

/** Gaussian values, the same every run. */
function gaussian(count: number): Float32Array {
  let state = 12345;
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32;
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

describe("quantise", () => {
  test.each(["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "F16", "BF16", "MXFP4"] as const)(
    "%s equals the reference byte for byte",
    async (type) => {
      const expected = await readBytes(fixture.get(type)!);
      const actual = encode(type, x);
      const wrong = actual.findIndex((byte, i) => byte !== expected[i]);
      expect({ wrong, actual: actual[wrong], expected: expected[wrong] }).toEqual({ wrong: -1 });
    },
  );

  // Root mean square error on unit Gaussian weights; the bounds are 3 % above what this quantiser reaches.
  test.each<[StorageType, number]>([
    ["Q2_K", 0.287],
    ["Q3_K", 0.159],
    ["Q4_K", 0.0745],
    ["Q5_K", 0.0373],
    ["Q6_K", 0.0185],
    ["IQ4_NL", 0.0794],
    ["IQ4_XS", 0.0794],
    ["MXFP4", 0.1176],
    ["Q4_0", 0.0891],
  ])("%s loses at most %f", (type, bound) => {
    const values = gaussian(256 * 64);
    const back = roundTrip(type, values);
    const rms = Math.sqrt(values.reduce((sum, value, i) => sum + (value - back[i]) ** 2, 0) / values.length);
    expect(rms).toBeLessThan(bound);
    expect(rms).toBeGreaterThan(0);
  });

  test.each(quantisableTypes)("%s: zeros stay zeros, extremes stay in reach, sizes do not matter", (type) => {
    expect(roundTrip(type, new Float32Array(256)).every((value) => value === 0)).toBe(true);
    const values = gaussian(256);
    const big = values.map((value) => value * 1024);
    const [back, backBig] = [roundTrip(type, values), roundTrip(type, big)];
    const most = (list: Float32Array) => list.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    for (const i of values.keys()) {
      expect(Math.abs(back[i] - values[i])).toBeLessThan(0.35 * most(values));
      expect(Math.abs(backBig[i] - back[i] * 1024)).toBeLessThan(0.02 * most(big));
    }
  });

  test.each<StorageType>(["IQ4_NL", "IQ4_XS", "MXFP4", "Q4_0"])(
    "%s: what was read back is written as it was",
    (type) => {
      const once = roundTrip(type, gaussian(256 * 16));
      expect(roundTrip(type, once)).toEqual(once);
    },
  );

  test("IQ4_XS lies between IQ4_NL, whose scales are not shared, and Q4_0, whose steps are even", () => {
    // Blocks of very different size share a scale's range.
    const values = gaussian(256 * 64).map((value, i) => value * 2 ** ((i >> 5) % 4));
    const loss = (type: StorageType) => {
      const back = roundTrip(type, values);
      return Math.sqrt(values.reduce((sum, value, i) => sum + (value - back[i]) ** 2, 0) / values.length);
    };
    expect(loss("IQ4_XS")).toBeGreaterThan(loss("IQ4_NL"));
    expect(loss("IQ4_XS")).toBeLessThan(1.03 * loss("IQ4_NL"));
    expect(loss("IQ4_XS")).toBeLessThan(loss("Q4_0"));
  });

  test("a type that cannot be written, and rows that are not whole blocks, say so", () => {
    expect(() => encode("G4_32", new Float32Array(256))).toThrow(/G4_32 cannot be written; choose one of F32/);
    expect(() => encode("Q4_0", new Float32Array(40))).toThrow(/not whole Q4_0 blocks/);
  });
});

describe("quantised tensors", () => {
  const tensor = (type: StorageType, columns = 256) => memoryTensor("w", [6, columns], encode(type, x), type);

  test.each<[StorageType, StorageType]>([
    ["F32", "Q4_0"],
    ["BF16", "Q8_0"],
    ["Q8_0", "Q4_K"],
  ])("%s read as %s is the whole quantised, in any pieces", async (from, to) => {
    const values = new Float32Array(x.length);
    dequantise(from, encode(from, x), values);
    const expected = encode(to, values);
    const made = quantised(tensor(from), to);
    expect([made.type, made.shape, made.byteLength]).toEqual([to, [6, 256], expected.length]);
    for (const size of [expected.length, 100, 37]) {
      const bytes = new Uint8Array(expected.length);
      for (let at = 0; at < bytes.length; at += size) await made.read(at, bytes.subarray(at, at + size));
      expect(bytes).toEqual(expected);
    }
  });

  test("a tensor that is stored so already is itself; one that does not fit is refused by name", () => {
    const q8 = tensor("Q8_0");
    expect(quantised(q8, "Q8_0")).toBe(q8);
    expect(() => quantised(memoryTensor("w", [2, 33], new Uint8Array(264)), "Q4_0")).toThrow(/w: rows of 33 elements/);
  });
});
