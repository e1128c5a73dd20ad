import { describe, expect, test } from "vitest";
import { collect } from "../../test/support/formats.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { nodeFiles, nodeSource } from "./node-files.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { openSafetensors } from "./safetensors.ts";
import {
  bytesOfArray,
  readBytes,
  readInts,
  readSafetensors,
  safetensorsPieces,
  type TensorToWrite,
  writeSafetensors,
} from "./safetensors-file.ts";
import { memoryFiles, memorySource } from "./sources.ts";

const models = "test/fixtures/models";

type InMemory = TensorToWrite & { readonly data: Uint8Array };
const f32 = (shape: number[], ...values: number[]): InMemory => ({
  dtype: "F32",
  shape,
  data: bytesOfArray(Float32Array.from(values)),
});
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

async function read(checkpoint: Checkpoint, name: string): Promise<Uint8Array> {
  const tensor = checkpoint.tensors.get(name);
  const bytes = new Uint8Array(tensor?.byteLength ?? 0);
  await tensor?.read(0, bytes);
  return bytes;
}

describe("openSafetensors", () => {
  test("a whole checkpoint: config, shapes, bytes; expected.safetensors beside it is not part of it", async () => {
    const checkpoint = await openCheckpoint(await nodeFiles(`${models}/qwen3_bf16`));
    const config = checkpoint.json.get("config.json") as { hidden_size: number; vocab_size: number };
    const embedding = checkpoint.tensors.get("model.embed_tokens.weight");
    expect(embedding?.type).toBe("BF16");
    expect(embedding?.shape).toEqual([config.vocab_size, config.hidden_size]);
    expect(checkpoint.tensors.has("logits")).toBe(false);
    await checkpoint.close();
  });

  test("shards: every tensor of the index, from its own file", async () => {
    const files = await nodeFiles(`${models}/qwen2_untied`);
    const checkpoint = await openSafetensors(files);
    const norm = await read(checkpoint, "model.norm.weight");
    const shards = files.files.filter((file) => file.startsWith("model-"));
    let found = 0;
    let tensors = 0;
    for (const shard of shards) {
      const source = await files.open(shard);
      const entries = await readSafetensors(source);
      tensors += entries.size;
      const entry = entries.get("model.norm.weight");
      if (entry && ++found) expect(await readBytes(entry)).toEqual(norm);
      await source.close();
    }
    expect(found).toBe(1);
    expect(checkpoint.tensors.size).toBe(tensors);
    await checkpoint.close();
  });

  test("an index that names a missing shard, a path outside, or a tensor that is not there", async () => {
    const shard = writeSafetensors(new Map([["a", f32([1], 1)]]));
    const open = (weight_map: unknown) =>
      openSafetensors(
        memoryFiles("m", { "model.safetensors.index.json": text({ weight_map }), "s.safetensors": shard }),
      );
    expect([...(await open({ a: "s.safetensors" })).tensors.keys()]).toEqual(["a"]);
    await expect(open({ a: "t.safetensors" })).rejects.toThrow(/t.safetensors is missing/);
    await expect(open({ a: "../../s.safetensors" })).rejects.toMatchObject({ code: "not-found" });
    await expect(open({ b: "s.safetensors" })).rejects.toThrow(/b: the index says s.safetensors/);
    await expect(open({ a: 3 })).rejects.toThrow(/a has no file name/);
    await expect(open(undefined)).rejects.toThrow(/no "weight_map"/);
  });

  test("a tensor of a type without a meaning here names itself", async () => {
    const bytes = writeSafetensors(new Map([["w", { dtype: "F64", shape: [1], data: new Uint8Array(8) }]]));
    await expect(openSafetensors(memoryFiles("m", { "model.safetensors": bytes }))).rejects.toThrow(/w: type F64/);
  });

  test("no model: what is there instead is said", async () => {
    await expect(openCheckpoint(memoryFiles("m", { "pytorch_model.bin": text(0) }))).rejects.toThrow(/PyTorch/);
    await expect(openCheckpoint(memoryFiles("m", {}))).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("safetensors files", () => {
  test("what is written is read: every dtype, metadata, streamed or whole", async () => {
    const tensors = new Map<string, InMemory>([
      ["i64", { dtype: "I64", shape: [2], data: bytesOfArray(BigInt64Array.of(-5n, 2n ** 31n - 1n)) }],
      ["u8", { dtype: "U8", shape: [3, 1], data: Uint8Array.of(1, 2, 255) }],
      ["f", f32([], 0.5)],
      ["i32", { dtype: "I32", shape: [2], data: bytesOfArray(Int32Array.of(-1, 7)) }],
      ["none", { dtype: "F16", shape: [0, 4], data: new Uint8Array() }],
    ]);
    const bytes = writeSafetensors(tensors, { format: "pt" });
    expect(await collect(safetensorsPieces(tensors, { format: "pt" }))).toEqual(bytes);
    const back = await readSafetensors(memorySource("m", bytes));
    const shapes = [...back.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    expect(shapes).toEqual([...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape })));
    const ints = async (name: string) => [...(await readInts(back.get(name)!))];
    expect(await ints("i64")).toEqual([-5, 2 ** 31 - 1]);
    expect(await ints("u8")).toEqual([1, 2, 255]);
    expect(await ints("i32")).toEqual([-1, 7]);
    await expect(ints("f")).rejects.toThrow(/f: F32 is not/);
    expect(await readBytes(back.get("f")!)).toEqual(tensors.get("f")?.data);
  });

  test("whole numbers that do not fit are an error", async () => {
    const data = bytesOfArray(BigInt64Array.of(2n ** 31n));
    const back = await readSafetensors(
      memorySource("m", writeSafetensors(new Map([["big", { dtype: "I64", shape: [1], data }]]))),
    );
    await expect(readInts(back.get("big")!)).rejects.toThrow(/big: element 0 is 2147483648/);
  });

  test("a writer that is given the wrong number of bytes fails", async () => {
    const wrong = new Map([["a", { dtype: "F32" as const, shape: [2], data: new Uint8Array(4) }]]);
    expect(() => writeSafetensors(wrong)).toThrow(/a: F32/);
    await expect(collect(safetensorsPieces(wrong))).rejects.toThrow(/8 bytes, 4 were written/);
  });

  test("reads the fixtures' integers", async () => {
    const source = await nodeSource(`${models}/qwen2_tied/expected.safetensors`);
    const expected = await readSafetensors(source);
    const ids = await readInts(expected.get("input_ids")!);
    expect(ids.length).toBe(expected.get("logits")?.shape[0]);
    expect(ids.every((id) => id >= 0 && id < (expected.get("logits")?.shape[1] ?? 0))).toBe(true);
    await source.close();
  });

  const header = (value: unknown, data = 0) => {
    const json = text(value);
    const bytes = new Uint8Array(8 + json.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const tensor = (more: object) => ({ dtype: "F32", shape: [1], data_offsets: [0, 4], ...more });
  test.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(0), /it has 0 bytes/],
    ["a header longer than the file", Uint8Array.of(255, 255, 255, 255, 255, 0, 0, 0), /its header claims/],
    ["not JSON", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 123), /not JSON/],
    ["not an object", header([]), /not an object/],
    ["an entry that is no object", header({ a: 1 }), /a: its entry/],
    ["an unknown dtype", header({ a: tensor({ dtype: "F4" }) }, 4), /a: dtype "F4"/],
    ["a negative dimension", header({ a: tensor({ shape: [-1] }) }, 4), /a: its shape/],
    ["a shape that lies", header({ a: tensor({ shape: [2 ** 40, 2 ** 40] }) }, 4), /a: F32 .* needs/],
    ["offsets backwards", header({ a: tensor({ data_offsets: [4, 0] }) }, 4), /a: its data_offsets/],
    ["cut short", header({ a: tensor({}) }, 3), /a: it needs bytes up to/],
    ["overlap", header({ a: tensor({}), b: tensor({}) }, 4), /b: it begins at byte/],
    ["a hole", header({ a: tensor({ data_offsets: [4, 8] }) }, 8), /a: it begins at byte/],
    ["bytes to spare", header({ a: tensor({}) }, 5), /its tensors end at/],
  ])("%s", async (_what, bytes, message) => {
    await expect(readSafetensors(memorySource("m", bytes))).rejects.toThrow(message);
    await expect(readSafetensors(memorySource("m", bytes))).rejects.toMatchObject({ name: "AnyqwenError" });
  });
});
