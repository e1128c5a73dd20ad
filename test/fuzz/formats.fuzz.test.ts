import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rowBytes } from "../../src/core/storage.ts";
import type { Checkpoint } from "../../src/formats/checkpoint.ts";
import { columnCount, rowCount } from "../../src/formats/converted-tensor.ts";
import { dequantiseRows } from "../../src/formats/dequantise.ts";
import { openCheckpoint } from "../../src/formats/open-checkpoint.ts";
import {
  bytesOfArray,
  readSafetensors,
  type TensorToWrite,
  writeSafetensors,
} from "../../src/formats/safetensors-file.ts";
import { memoryFiles, memorySource } from "../../src/formats/sources.ts";
import { ggufFile, memoryTensor } from "../support/formats.ts";
import { fuzz, fuzzRuns, mutate, mutateJson, pick, type Random } from "../support/fuzz.ts";

// Every parser of this room on damaged files: an AnyqwenError, or tensors that can be read to the end.

const text = (value: string) => new TextEncoder().encode(value);

/** Reads and widens everything a checkpoint claims to hold; `size` bounds what that may be. */
async function readEverything(checkpoint: Checkpoint, size: number): Promise<void> {
  for (const tensor of checkpoint.tensors.values()) {
    const columns = columnCount(tensor.shape) ?? 1;
    const rows = tensor.shape.length > 0 ? rowCount(tensor.shape) : 1;
    expect(tensor.byteLength).toBe(rows * rowBytes(tensor.type, columns));
    expect(tensor.byteLength).toBeLessThanOrEqual(size * 16); // 2-bit GPTQ shown as F32
    const bytes = new Uint8Array(tensor.byteLength);
    await tensor.read(0, bytes);
    dequantiseRows(tensor.type, bytes, columns, new Float32Array(rows * columns));
  }
  expect([...checkpoint.metadata].length).toBe(checkpoint.metadata.size);
  await checkpoint.close();
}

async function openAndRead(files: Record<string, Uint8Array>): Promise<void> {
  const size = Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0);
  await readEverything(await openCheckpoint(memoryFiles("fuzz", files)), size);
}

const real = new Uint8Array(readFileSync("test/fixtures/gguf/qwen2_tied-q8_0.gguf"));
const small = await ggufFile(
  {
    "general.architecture": ["string", "qwen2"],
    "general.alignment": ["u32", 32],
    tokens: [{ array: "string" }, ["a", "é", "𝄞", "Ġthe"]],
    types: [{ array: "i32" }, Int32Array.of(1, 2, 3)],
    nested: [{ array: { array: "f32" } }, [Float64Array.of(1), Float64Array.of(2)]],
    flag: ["bool", true],
    big: ["u64", 2n ** 63n],
  },
  [
    memoryTensor("a.weight", [2, 256], new Uint8Array(288), "Q4_K"),
    memoryTensor("b.weight", [3, 32], new Uint8Array(102), "Q8_0"),
    memoryTensor("c.bias", [5], new Uint8Array(20)),
  ],
);
const split = (number: number) =>
  ggufFile({ "split.no": ["u16", number], "split.count": ["u16", 2], "split.tensors.count": ["i32", 2] }, [
    memoryTensor(`t${number}`, [4], new Uint8Array(16)),
  ]);
const splits = [await split(0), await split(1)];

type InMemory = TensorToWrite & { readonly data: Uint8Array };
const zeros = (dtype: InMemory["dtype"], shape: number[], bytes: number): InMemory => ({
  dtype,
  shape,
  data: new Uint8Array(bytes),
});
const plain = writeSafetensors(
  new Map([
    ["a", zeros("F32", [2, 3], 24)],
    ["b", zeros("BF16", [4], 8)],
    ["ids", zeros("I64", [2], 16)],
  ]),
  { format: "pt" },
);
const packed = writeSafetensors(
  new Map([
    ["g.qweight", zeros("I32", [16, 8], 512)],
    ["g.qzeros", zeros("I32", [4, 1], 16)],
    ["g.scales", zeros("F16", [4, 8], 64)],
    ["g.g_idx", { dtype: "I32", shape: [128], data: bytesOfArray(Int32Array.from({ length: 128 }, (_, i) => i & 3)) }],
    ["w.qweight", zeros("I32", [64, 1], 256)],
    ["w.qzeros", zeros("I32", [2, 1], 8)],
    ["w.scales", zeros("F16", [2, 8], 32)],
    ["f.weight", zeros("F8_E4M3", [130, 140], 130 * 140)],
    ["f.weight_scale_inv", zeros("F32", [2, 2], 16)],
  ]),
);
const config = JSON.stringify({
  hidden_size: 64,
  quantization_config: {
    bits: 4,
    group_size: 32,
    desc_act: true,
    checkpoint_format: "gptq",
    weight_block_size: [128, 128],
  },
});
const index = JSON.stringify({ metadata: { total_size: 48 }, weight_map: { a: "x.safetensors", b: "x.safetensors" } });

/** Damages the JSON header of a safetensors file and, half the time, corrects its length. */
function mutateHeader(bytes: Uint8Array, random: Random): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = text(mutateJson(new TextDecoder().decode(bytes.subarray(8, 8 + length)), random));
  const out = new Uint8Array(8 + header.length + bytes.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(random(2) === 0 ? length : header.length), true);
  out.set(header, 8);
  out.set(bytes.subarray(8 + length), 8 + header.length);
  return out;
}

const mutateStart = (bytes: Uint8Array, random: Random) => mutate(bytes, random, 700);

/** Damages a few bytes behind the header: indices, zero points and scales become nonsense, the layout stays. */
function mutateData(bytes: Uint8Array, random: Random): Uint8Array {
  const out = Uint8Array.from(bytes);
  const start = 8 + Number(new DataView(out.buffer).getBigUint64(0, true));
  for (let changes = 1 + random(8); changes > 0; changes--)
    out[start + random(Math.min(1100, out.length - start))] = random(256);
  return out;
}

describe("formats", () => {
  test("the undamaged files are accepted", async () => {
    await openAndRead({ "m.gguf": small });
    await openAndRead({ "m.gguf": real });
    await openAndRead({ "m-00001-of-00002.gguf": splits[0], "m-00002-of-00002.gguf": splits[1] });
    await openAndRead({ "model.safetensors": packed, "config.json": text(config) });
    await openAndRead({
      "x.safetensors": plain,
      "model.safetensors.index.json": text(index),
      "config.json": text("{}"),
    });
  });

  test("GGUF", async () => {
    const accepted = await fuzz(async (random) => {
      const which = random(4);
      if (which === 0) await openAndRead({ "m.gguf": mutate(real, random, 12_000) });
      else if (which === 1) {
        const damaged = splits.map((bytes) => (random(2) === 0 ? bytes : mutate(bytes, random)));
        await openAndRead({ "m-00001-of-00002.gguf": damaged[0], "m-00002-of-00002.gguf": damaged[1] });
      } else await openAndRead({ "m.gguf": mutate(small, random, 500) });
    });
    console.info(`accepted ${accepted} of ${fuzzRuns}`);
  });

  test("safetensors, with and without quantised layers", async () => {
    const accepted = await fuzz(async (random) => {
      const damage = (bytes: Uint8Array) => pick([mutateHeader, mutateData, mutateStart], random)(bytes, random);
      const which = random(4);
      if (which === 0) await readSafetensors(memorySource("fuzz", damage(plain)));
      else if (which === 1) {
        const files = { "x.safetensors": random(2) === 0 ? plain : damage(plain), "config.json": text("{}") };
        await openAndRead({ ...files, "model.safetensors.index.json": text(mutateJson(index, random)) });
      } else {
        const json = text(random(2) === 0 ? config : mutateJson(config, random));
        await openAndRead({ "model.safetensors": random(3) === 0 ? packed : damage(packed), "config.json": json });
      }
    });
    console.info(`accepted ${accepted} of ${fuzzRuns}`);
  });
});
