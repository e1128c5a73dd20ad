import { afterAll, describe, expect, test } from "vitest";
import { type StorageType, storageTypes } from "../core/storage.ts";
import { dequantise, dequantiseRows } from "./dequantise.ts";
import { bfloatToFloat, e4m3ToFloat, floatToBfloat, floatToHalf, halfToFloat } from "./float-bits.ts";
import { nodeSource } from "./node-files.ts";
import { readBytes, readSafetensors } from "./safetensors-file.ts";

const source = await nodeSource("test/fixtures/quants/quants.safetensors");
afterAll(() => source.close());
const fixture = await readSafetensors(source);
const bitsOf = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

async function stored(name: string): Promise<Uint8Array> {
  const entry = fixture.get(name);
  if (!entry) throw new Error(`the fixture has no ${name}`);
  return readBytes(entry);
}

describe("dequantise", () => {
  const cases = [...fixture.keys()].filter((name) => name.endsWith(".raw")).map((name) => name.slice(0, -4));

  test("the fixture covers every GGUF type", () => {
    const missing = storageTypes.filter((type) => !cases.includes(type));
    expect(missing).toEqual(["F32", "G4_32", "G4_64", "G4_128", "F8_128"]);
  });

  test.each(cases)("%s equals ggml bit for bit", async (name) => {
    const type = name.replace("real.", "") as StorageType;
    const expected = new Float32Array((await stored(`${name}.f32`)).buffer);
    const actual = new Float32Array(expected.length);
    dequantise(type, await stored(`${name}.raw`), actual);
    const wrong = bitsOf(actual).findIndex(
      (bits, i) => bits !== bitsOf(expected)[i] && !(actual[i] === 0 && expected[i] === 0),
    );
    expect({ wrong, actual: actual[wrong], expected: expected[wrong] }).toEqual({ wrong: -1 });
  });

  test("F32 passes through, also from an odd address", () => {
    const values = Float32Array.of(1.5, -0, 3e-39);
    const shifted = new Uint8Array(13);
    shifted.set(new Uint8Array(values.buffer), 1);
    const out = new Float32Array(3);
    dequantise("F32", shifted.subarray(1), out);
    expect(bitsOf(out)).toEqual(bitsOf(values));
  });

  test("G4_64 by its definition", () => {
    const bytes = Uint8Array.from({ length: 36 }, (_, i) => (i * 37) & 255);
    new DataView(bytes.buffer).setUint16(0, floatToHalf(0.25), true);
    bytes[2] = 16;
    const out = new Float32Array(64);
    dequantise("G4_64", bytes, out);
    for (let i = 0; i < 64; i++) {
      const byte = bytes[4 + (i >> 5) * 16 + (i % 16)];
      expect(out[i]).toBe(0.25 * ((i % 32 < 16 ? byte & 15 : byte >> 4) - 16));
    }
  });

  test("F8_128 rows that end inside a block", () => {
    const row = (scale: number, first: number) => {
      const bytes = new Uint8Array(264);
      new DataView(bytes.buffer).setFloat32(0, scale, true);
      new DataView(bytes.buffer).setFloat32(132, 2 * scale, true);
      bytes.fill(first, 4, 132).fill(first + 8, 136, 138);
      return bytes;
    };
    const bytes = new Uint8Array([...row(0.5, 0x38), ...row(3, 0xb8)]); // 0x38 = 1, 0x40 = 2, 0xb8 = -1
    const out = new Float32Array(260);
    dequantiseRows("F8_128", bytes, 130, out);
    expect(out.subarray(126, 132)).toEqual(Float32Array.of(0.5, 0.5, 2, 2, -3, -3));
    expect(out.subarray(256)).toEqual(Float32Array.of(-3, -3, -12, -12));
  });

  test("too few bytes are an error", () => {
    expect(() => dequantise("Q4_0", new Uint8Array(17), new Float32Array(32))).toThrow(/need 18 bytes/);
  });
});

describe("small floats", () => {
  test("every half survives the way to f32 and back", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToFloat[bits];
      if (Number.isNaN(value)) expect(Number.isNaN(halfToFloat[floatToHalf(value)])).toBe(true);
      else if (floatToHalf(value) !== bits) throw new Error(`half ${bits} came back as ${floatToHalf(value)}`);
    }
  });

  test("halves round to nearest, ties to even", () => {
    for (let bits = 0; bits < 0x7bff; bits += 7) {
      const [low, high] = [halfToFloat[bits], halfToFloat[bits + 1]];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const above = middle + (high - low) / 256;
      if (floatToHalf(middle) !== even || floatToHalf(above) !== bits + 1) throw new Error(`around ${middle}`);
    }
    expect(floatToHalf(65519.99)).toBe(0x7bff);
    expect(floatToHalf(65520)).toBe(0x7c00);
    expect(floatToHalf(-1e30)).toBe(0xfc00);
  });

  test("bfloat16 rounds to nearest, ties to even", () => {
    expect(floatToBfloat(1)).toBe(0x3f80);
    expect(bfloatToFloat(0x4049)).toBe(3.140625);
    expect(floatToBfloat(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatToBfloat(Number.NEGATIVE_INFINITY)).toBe(0xff80);
    expect(Number.isNaN(bfloatToFloat(floatToBfloat(Number.NaN)))).toBe(true);
  });

  test("E4M3FN's landmarks", () => {
    expect([0x00, 0x01, 0x08, 0x38, 0x7e, 0xb8, 0xfe].map((byte) => e4m3ToFloat[byte])).toEqual([
      0,
      2 ** -9,
      2 ** -6,
      1,
      448,
      -1,
      -448,
    ]);
    expect([e4m3ToFloat[0x7f], e4m3ToFloat[0xff]]).toEqual([Number.NaN, Number.NaN]);
  });
});
