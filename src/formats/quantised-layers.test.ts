import { describe, expect, test } from "vitest";
import { rowBytes, type StoredTensor } from "../core/storage.ts";
import { dequantiseRows } from "./dequantise.ts";
import { bfloatToFloat, e4m3ToFloat, floatToBfloat, floatToHalf, halfToFloat } from "./float-bits.ts";
import { openSafetensors } from "./safetensors.ts";
import { bytesOfArray, type TensorToWrite, writeSafetensors } from "./safetensors-file.ts";
import { memoryFiles } from "./sources.ts";

// Each test builds a small checkpoint the way the published tools lay one out, and compares what `….weight` gives with
// the formula of the format, written down element by element.

type InMemory = TensorToWrite & { readonly data: Uint8Array };

let state = 1;
/** A whole number in [0, below); the same ones every run. */
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));

async function open(tensors: Record<string, InMemory>, config: object): Promise<ReadonlyMap<string, StoredTensor>> {
  const files = {
    "config.json": new TextEncoder().encode(JSON.stringify(config)),
    "model.safetensors": writeSafetensors(new Map(Object.entries(tensors))),
  };
  return (await openSafetensors(memoryFiles("m", files))).tensors;
}

/** The logical weight [out, in], with stored columns put back in their places. */
async function values(tensor: StoredTensor): Promise<Float32Array> {
  const columns = tensor.shape[tensor.shape.length - 1];
  const rows = tensor.shape.slice(0, -1).reduce((a, b) => a * b, 1);
  expect(tensor.byteLength).toBe(rows * rowBytes(tensor.type, columns));
  const bytes = new Uint8Array(tensor.byteLength);
  await tensor.read(0, bytes);
  const stored = new Float32Array(rows * columns);
  dequantiseRows(tensor.type, bytes, columns, stored);
  if (!tensor.columns) return stored;
  const out = new Float32Array(stored.length);
  for (let r = 0; r < rows; r++) {
    tensor.columns.forEach((input, c) => {
      out[r * columns + input] = stored[r * columns + c];
    });
  }
  return out;
}

const halves = (shape: number[], numbers: number[]): InMemory => ({
  dtype: "F16",
  shape,
  data: bytesOfArray(Uint16Array.from(numbers, floatToHalf)),
});
const words = (shape: number[], numbers: ArrayLike<number>): InMemory => ({
  dtype: "I32",
  shape,
  data: bytesOfArray(Int32Array.from(numbers)),
});

describe("FP8", () => {
  const fp8 = (shape: number[], bytes: number[]): InMemory => ({
    dtype: "F8_E4M3",
    shape,
    data: Uint8Array.from(bytes),
  });
  const config = { quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } };

  test("blocks of 128 x 128 with BF16 scales, rows and columns that end inside a block", async () => {
    const [out, in_] = [200, 300];
    const bytes = many(out * in_, () => random(256)).map((byte) => ((byte & 127) === 127 ? 0 : byte));
    const scales = many(2 * 3, () => bfloatToFloat(floatToBfloat((random(1000) + 1) / 4096)));
    const tensors = await open(
      {
        "l.weight": fp8([out, in_], bytes),
        "l.weight_scale_inv": {
          dtype: "BF16",
          shape: [2, 3],
          data: bytesOfArray(Uint16Array.from(scales, floatToBfloat)),
        },
      },
      config,
    );
    expect([...tensors.keys()]).toEqual(["l.weight"]);
    const weight = tensors.get("l.weight")!;
    expect(weight.type).toBe("F8_128");
    const expected = Float32Array.from(
      { length: out * in_ },
      (_, i) => e4m3ToFloat[bytes[i]] * scales[(Math.floor(i / in_) >> 7) * 3 + ((i % in_) >> 7)],
    );
    expect(await values(weight)).toEqual(expected);
    // Any piece reads as the whole does.
    const [whole, piece] = [new Uint8Array(weight.byteLength), new Uint8Array(1000)];
    await weight.read(0, whole);
    await weight.read(777, piece);
    expect(piece).toEqual(whole.subarray(777, 1777));
  });

  test("stacked experts and a scale per tensor", async () => {
    const bytes = many(2 * 3 * 130, () => random(120));
    const scales = many(2 * 2, () => random(64) / 8);
    const scale = (shape: number[], numbers: number[]): InMemory => ({
      dtype: "F32",
      shape,
      data: bytesOfArray(Float32Array.from(numbers)),
    });
    const tensors = await open(
      {
        "e.weight": fp8([2, 3, 130], bytes),
        "e.weight_scale_inv": scale([2, 1, 2], scales),
        "t.weight": fp8([2, 130], bytes.slice(0, 260)),
        "t.weight_scale": scale([], [0.5]),
      },
      config,
    );
    expect(await values(tensors.get("e.weight")!)).toEqual(
      Float32Array.from(bytes, (byte, i) => e4m3ToFloat[byte] * scales[Math.floor(i / 390) * 2 + ((i % 130) >> 7)]),
    );
    expect(await values(tensors.get("t.weight")!)).toEqual(
      Float32Array.from(bytes.slice(0, 260), (byte) => e4m3ToFloat[byte] * 0.5),
    );
  });

  test("without a scale, or with one of the wrong shape, it says so", async () => {
    const weight = fp8(
      [256, 128],
      many(256 * 128, () => 0),
    );
    await expect(open({ "l.weight": weight }, config)).rejects.toThrow(/l.weight: l.weight_scale_inv is missing/);
    const scale = halves([1, 2], [1, 1]);
    await expect(open({ "l.weight": weight, "l.weight_scale_inv": scale }, config)).rejects.toThrow(
      /l.weight_scale_inv: its shape \[1,2\] does not fit/,
    );
  });
});

/** A GPTQ layer: integers [in][out], zero points and scales [group][out], and its tensors as AutoGPTQ packs them. */
function gptq(out: number, in_: number, groupOf: number[], bits: number, zerosLessOne: boolean) {
  const groups = Math.max(...groupOf) + 1;
  const perWord = 32 / bits;
  const q = many(in_, () => many(out, () => random(2 ** bits)));
  const stored = many(groups, () => many(out, () => random(2 ** bits)));
  const scales = many(groups, () => many(out, () => halfToFloat[floatToHalf((random(2000) - 1000) / 4096)]));
  const qweight = new Int32Array((in_ / perWord) * out);
  q.forEach((row, i) => {
    row.forEach((value, o) => {
      qweight[Math.floor(i / perWord) * out + o] |= value << (bits * (i % perWord));
    });
  });
  const qzeros = new Int32Array(groups * (out / perWord));
  stored.forEach((row, g) => {
    row.forEach((value, o) => {
      qzeros[g * (out / perWord) + Math.floor(o / perWord)] |= value << (bits * (o % perWord));
    });
  });
  const expected = new Float32Array(out * in_);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < in_; i++) {
      const zero = stored[groupOf[i]][o] + (zerosLessOne ? 1 : 0);
      expected[o * in_ + i] = scales[groupOf[i]][o] * (q[i][o] - zero);
    }
  }
  const tensors: Record<string, InMemory> = {
    "l.qweight": words([in_ / perWord, out], qweight),
    "l.qzeros": words([groups, out / perWord], qzeros),
    "l.scales": halves([groups, out], scales.flat()),
    "l.g_idx": words([in_], groupOf),
  };
  return { tensors, expected };
}

const gptqConfig = (more: object) => ({
  quantization_config: { quant_method: "gptq", bits: 4, group_size: 128, ...more },
});
const consecutive = (in_: number, size: number) => many(in_, (i) => Math.floor(i / size));

describe("GPTQ", () => {
  test.each<[string, number, number, string, object]>([
    ["groups of 128", 256, 128, "G4_128", {}],
    ["groups of 64", 192, 64, "G4_64", { group_size: 64 }],
    ["groups of 32", 96, 32, "G4_32", { group_size: 32 }],
    ["one group for a row", 256, 256, "G4_128", { group_size: -1 }],
    ["one group for a row of 160", 160, 160, "G4_32", { group_size: -1 }],
    ["groups of 256", 512, 256, "G4_128", { group_size: 256 }],
    ["format gptq_v2", 256, 128, "G4_128", { checkpoint_format: "gptq_v2" }],
    ["rows that fill no block", 40, 40, "F32", { group_size: -1 }],
    ["groups of 24", 96, 24, "F32", { group_size: 24 }],
    ["8 bits", 64, 32, "F32", { bits: 8, group_size: 32 }],
  ])("%s", async (_what, in_, size, type, more) => {
    const bits = "bits" in more ? 8 : 4;
    const { tensors, expected } = gptq(24, in_, consecutive(in_, size), bits, !("checkpoint_format" in more));
    for (const withIndex of [true, false]) {
      const { "l.g_idx": index, ...plain } = tensors;
      const opened = await open(withIndex ? tensors : plain, gptqConfig(more));
      expect([...opened.keys()]).toEqual(["l.weight"]);
      const weight = opened.get("l.weight")!;
      expect([weight.type, weight.shape, weight.columns]).toEqual([type, [24, in_], undefined]);
      expect(await values(weight)).toEqual(expected);
      expect(await values(weight)).toEqual(expected); // also after the packed words were let go
    }
  });

  test("act-order: columns are sorted by group and say where they belong", async () => {
    const groupOf = many(256, (i) => (i * 37) % 2);
    const { tensors, expected } = gptq(16, 256, groupOf, 4, true);
    const weight = (await open(tensors, gptqConfig({ desc_act: true }))).get("l.weight")!;
    expect(weight.type).toBe("G4_128");
    expect([...weight.columns!].sort((a, b) => a - b)).toEqual(many(256, (i) => i));
    expect(await values(weight)).toEqual(expected);
  });

  test("groups of unequal size fall back to F32", async () => {
    const groupOf = many(128, (i) => (i < 40 ? 0 : 1));
    const { tensors, expected } = gptq(8, 128, groupOf, 4, true);
    const weight = (await open(tensors, gptqConfig({ group_size: 64 }))).get("l.weight")!;
    expect([weight.type, weight.columns]).toEqual(["F32", undefined]);
    expect(await values(weight)).toEqual(expected);
  });

  test("layers that are read in turns, abandoned and read again stay right", async () => {
    const all = many(7, () => gptq(8, 128, consecutive(128, 128), 4, true));
    const named = Object.fromEntries(
      all.flatMap(({ tensors }, n) => Object.entries(tensors).map(([name, tensor]) => [`${n}${name}`, tensor])),
    );
    const opened = await open(named, gptqConfig({}));
    const first = new Uint8Array(10);
    for (const tensor of opened.values()) await tensor.read(0, first);
    for (const [n, { expected }] of all.entries()) expect(await values(opened.get(`${n}l.weight`)!)).toEqual(expected);
  });

  test("faults name the layer", async () => {
    const { tensors } = gptq(8, 128, consecutive(128, 128), 4, true);
    const { "l.scales": scales, ...without } = tensors;
    await expect(open(without, gptqConfig({}))).rejects.toThrow(/l.qweight: l.scales is missing/);
    await expect(open(tensors, gptqConfig({ bits: 3 }))).rejects.toThrow(/l.weight: quantised with 3 bits/);
    const beyond = { ...tensors, "l.g_idx": words([128], new Int32Array(128).fill(5)) };
    await expect(open(beyond, gptqConfig({}))).rejects.toThrow(/l.g_idx: group 5 where there are 1/);
    const short = { ...tensors, "l.g_idx": words([4], new Int32Array(4)) };
    await expect(open(short, gptqConfig({}))).rejects.toThrow(/l.g_idx: 4 entries for 128 inputs/);
    const empty = { ...without, "l.scales": halves([0, 8], []), "l.qzeros": words([0, 1], []) };
    await expect(open(empty, gptqConfig({}))).rejects.toMatchObject({ code: "unsupported" });
    expect(scales).toBeDefined();
  });
});

test.each([128, 64])("AWQ with groups of %i", async (size) => {
  const order = [0, 2, 4, 6, 1, 3, 5, 7]; // nibble n of word w holds column 8w + order[n]
  const [out, in_] = [32, 256];
  const groups = in_ / size;
  const q = many(in_, () => many(out, () => random(16)));
  const zeros = many(groups, () => many(out, () => random(16)));
  const scales = many(groups, () => many(out, () => halfToFloat[floatToHalf(random(4096) / 65536)]));
  const pack = (row: number[]) =>
    many(out / 8, (w) => order.reduce((word, column, n) => word | (row[8 * w + column] << (4 * n)), 0));
  const tensors = await open(
    {
      "l.qweight": words([in_, out / 8], q.flatMap(pack)),
      "l.qzeros": words([groups, out / 8], zeros.flatMap(pack)),
      "l.scales": halves([groups, out], scales.flat()),
      "l.bias": halves(
        [out],
        many(out, (i) => i),
      ),
    },
    { quantization_config: { quant_method: "awq", bits: 4, group_size: size, version: "gemm", zero_point: true } },
  );
  expect([...tensors.keys()].sort()).toEqual(["l.bias", "l.weight"]);
  const weight = tensors.get("l.weight")!;
  expect([weight.type, weight.shape]).toEqual([`G4_${size}`, [out, in_]]);
  const group = (i: number) => Math.floor(i / size);
  const expected = many(out, (o) => many(in_, (i) => scales[group(i)][o] * (q[i][o] - zeros[group(i)][o])));
  expect(await values(weight)).toEqual(Float32Array.from(expected.flat()));
});
