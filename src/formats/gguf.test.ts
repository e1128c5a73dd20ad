import { describe, expect, test } from "vitest";
import { ggufFile, memoryTensor } from "../../test/support/formats.ts";
import { openGguf } from "./gguf.ts";
import type { GgufTypeTag } from "./gguf-header.ts";
import type { TypedGgufValue } from "./gguf-write.ts";
import { nodeFiles } from "./node-files.ts";
import { memoryFiles } from "./sources.ts";

const fixtures = "test/fixtures/gguf";

async function open(bytes: Uint8Array) {
  return openGguf(memoryFiles("memory", { "m.gguf": bytes }));
}

const ramp = (count: number) => Uint8Array.from({ length: count }, (_, i) => i);

describe("openGguf", () => {
  test("reads a converter's file: metadata, shapes outermost first, bytes", async () => {
    const checkpoint = await openGguf(await nodeFiles(`${fixtures}/qwen2_tied-q8_0.gguf`));
    expect(checkpoint.metadata.get("general.architecture")).toBe("qwen2");
    const embedding = checkpoint.tensors.get("token_embd.weight");
    const vocabulary = checkpoint.metadata.get("tokenizer.ggml.tokens") as string[];
    const width = checkpoint.metadata.get("qwen2.embedding_length") as number;
    expect(embedding?.type).toBe("Q8_0");
    expect(embedding?.shape).toEqual([vocabulary.length, width]);
    expect(embedding?.byteLength).toBe((vocabulary.length * width * 34) / 32);
    const [whole, part] = [new Uint8Array(64), new Uint8Array(16)];
    await embedding?.read(0, whole);
    await embedding?.read(10, part);
    expect(whole.some((byte) => byte !== 0)).toBe(true);
    expect(part).toEqual(whole.subarray(10, 26));
    await expect(embedding?.read(embedding.byteLength - 1, part)).rejects.toThrow(/token_embd.weight: bytes/);
    await checkpoint.close();
  });

  test("every value type survives writing and reading", async () => {
    const values: Record<string, [GgufTypeTag, TypedGgufValue["value"]]> = {
      u8: ["u8", 255],
      i8: ["i8", -128],
      u16: ["u16", 65535],
      i16: ["i16", -32768],
      u32: ["u32", 2 ** 32 - 1],
      i32: ["i32", -(2 ** 31)],
      f32: ["f32", 0.25],
      f64: ["f64", Math.PI],
      bool: ["bool", true],
      u64: ["u64", 2 ** 53 - 1],
      big: ["u64", 2n ** 64n - 1n],
      i64: ["i64", -5],
      text: ["string", "\ufeffä €𝄞\u0000"],
      strings: [{ array: "string" }, ["", "Ġthe", "\ufeffx", "𝄞𝄞", "é", ""]],
      numbers: [{ array: "i32" }, Int32Array.of(1, -2, 3)],
      floats: [{ array: "f32" }, Float64Array.of(0.5, -1.5)],
      longs: [{ array: "u64" }, Float64Array.of(1, 2 ** 40)],
      bigs: [{ array: "u64" }, [1n, 2n ** 63n]],
      bools: [{ array: "bool" }, [true, false]],
      nested: [{ array: { array: "u8" } }, [Int32Array.of(1), Int32Array.of(2, 3)]],
      empty: [{ array: "string" }, []],
    };
    const checkpoint = await open(await ggufFile(values, []));
    expect(Object.fromEntries(checkpoint.metadata)).toEqual(
      Object.fromEntries(Object.entries(values).map(([key, [, value]]) => [key, value])),
    );
    expect(Object.fromEntries(checkpoint.metadataTypes)).toEqual(
      Object.fromEntries(Object.entries(values).map(([key, [type]]) => [key, type])),
    );
  });

  test("strings are there however they are asked for", async () => {
    const bytes = await ggufFile({ a: [{ array: "string" }, ["x", "é"]], b: ["u8", 1] }, []);
    const expected = [
      ["a", ["x", "é"]],
      ["b", 1],
    ];
    const fresh = async () => (await open(bytes)).metadata;
    expect((await fresh()).get("a")).toEqual(["x", "é"]);
    expect([...(await fresh())]).toEqual(expected);
    expect([...(await fresh()).entries()]).toEqual(expected);
    expect([...(await fresh()).values()]).toEqual([["x", "é"], 1]);
    const seen: unknown[] = [];
    for (const visit of [await fresh()]) visit.forEach((value, key) => seen.push([key, value]));
    expect(seen).toEqual(expected);
    expect([...new Map(await fresh())]).toEqual(expected);
    const again = await fresh();
    expect(again.get("a")).toBe(again.get("a"));
  });

  test("a string that is not UTF-8 becomes replacement characters and leaves its neighbours alone", async () => {
    const bytes = await ggufFile({ s: [{ array: "string" }, ["abé", "xé", "yy"]] }, []);
    const at = bytes.lastIndexOf(0xc3);
    bytes[at] = 0x62; // "x\x62\xa9": a lone continuation byte
    expect((await open(bytes)).metadata.get("s")).toEqual(["abé", "xb\ufffd", "yy"]);
  });

  test("obeys general.alignment", async () => {
    const bytes = await ggufFile({ "general.alignment": ["u32", 256] }, [
      memoryTensor("a", [5], ramp(20)),
      memoryTensor("b", [2, 3], ramp(24)),
    ]);
    const b = (await open(bytes)).tensors.get("b");
    const into = new Uint8Array(24);
    await b?.read(0, into);
    expect(b?.shape).toEqual([2, 3]);
    expect(into).toEqual(ramp(24));
  });

  test("joins splits, and says which one is missing, swapped or foreign", async () => {
    const split = (number: number, count: number, name: string) =>
      ggufFile({ "split.no": ["u16", number], "split.count": ["u16", count], "split.tensors.count": ["i32", 2] }, [
        memoryTensor(name, [1], ramp(4)),
      ]);
    const [first, second] = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"];
    const good = { [first]: await split(0, 2, "a"), [second]: await split(1, 2, "b") };
    expect([...(await openGguf(memoryFiles("m", good))).tensors.keys()]).toEqual(["a", "b"]);
    const broken = (files: Record<string, Uint8Array>) => openGguf(memoryFiles("m", files));
    await expect(broken({ [first]: good[first] })).rejects.toThrow(/m-00002-of-00002.gguf is missing/);
    await expect(broken({ ...good, [second]: good[first] })).rejects.toThrow(/split 0 and stands where split 1/);
    await expect(broken({ ...good, [second]: await split(1, 3, "b") })).rejects.toThrow(/one of 3 splits/);
    await expect(broken({ ...good, [second]: await split(1, 2, "a") })).rejects.toThrow(/in an earlier split/);
  });

  test("several models in one place need a name; a vision tower beside one does not", async () => {
    const bytes = await ggufFile({}, []);
    await expect(openGguf(memoryFiles("d", { "a.gguf": bytes, "b.gguf": bytes }))).rejects.toThrow(/name one/);
    expect((await openGguf(memoryFiles("d", { "a.gguf": bytes, "mmproj-a.gguf": bytes }))).format).toBe("gguf");
  });
});

describe("hostile GGUF", () => {
  test("every truncation of a real file is a clear error", async () => {
    const source = await (await nodeFiles(`${fixtures}/qwen2_tied-q8_0.gguf`)).open("qwen2_tied-q8_0.gguf");
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    await source.close();
    for (let length = 0; length < bytes.length; length += 997) {
      await expect(open(bytes.slice(0, length))).rejects.toMatchObject({ name: "AnyqwenError", code: "format" });
    }
  });

  test("unsupported types name the tensor and what to do", async () => {
    const bytes = await ggufFile({}, [memoryTensor("blk.3.ffn_down.weight", [256], new Uint8Array(1024))]);
    const view = new DataView(bytes.buffer);
    const name = new TextEncoder().encode("blk.3.ffn_down.weight");
    const start = findBytes(bytes, name) + name.length;
    view.setUint32(start + 4 + 8, 19, true);
    await expect(open(bytes)).rejects.toThrow(
      "blk.3.ffn_down.weight: type IQ1_S is not supported; re-quantise to Q4_K",
    );
  });

  test.each<[string, (view: DataView, name: number) => void, RegExp]>([
    ["magic", (view) => view.setUint32(0, 0x46554746, true), /not with "GGUF"/],
    ["version 1", (view) => view.setUint32(4, 1, true), /version 1 is not supported/],
    ["big-endian", (view) => view.setUint32(4, 3, false), /big-endian/],
    ["tensor count", (view) => view.setUint32(12, 1, true), /the number of tensors is 42949672\d+/],
    ["key count", (view) => view.setBigUint64(16, 2n ** 60n, true), /the number of keys/],
    ["dimension count", (view, name) => view.setUint32(name + 1, 9, true), /b: 9 dimensions/],
    ["a dimension of 0", (view, name) => view.setUint32(name + 5, 0, true), /b: a dimension of 0/],
    ["a huge dimension", (view, name) => view.setBigUint64(name + 5, 2n ** 50n, true), /b: it needs bytes/],
    ["overlap", (view, name) => view.setBigUint64(name + 17, 0n, true), /b: its bytes overlap those of a/],
    ["offset off the grid", (view, name) => view.setBigUint64(name + 17, 33n, true), /b: its offset 33/],
    ["offset beyond", (view, name) => view.setBigUint64(name + 17, 2n ** 62n, true), /b: it needs bytes/],
  ])("%s", async (_what, damage, message) => {
    const bytes = await ggufFile({}, [memoryTensor("a", [1], ramp(4)), memoryTensor("b", [1], ramp(4))]);
    damage(new DataView(bytes.buffer), findBytes(bytes, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 98)) + 8);
    await expect(open(bytes)).rejects.toThrow(message);
  });

  test("a long array length, repeated keys and deep nesting are errors", async () => {
    const long = await ggufFile({ k: [{ array: "string" }, ["a"]] }, []);
    new DataView(long.buffer).setUint32(24 + 9 + 4 + 4 + 4, 1, true);
    await expect(open(long)).rejects.toThrow(/the length of k is 42949672/);
    const twice = await ggufFile({ k: ["u8", 1], j: ["u8", 1] }, []);
    twice[findBytes(twice, Uint8Array.of(106))] = 107;
    await expect(open(twice)).rejects.toThrow(/the key k appears twice/);
    const value = [[[[[Int32Array.of(1)]]]]];
    const type: GgufTypeTag = { array: { array: { array: { array: { array: { array: "u8" } } } } } };
    await expect(open(await ggufFile({ k: [type, value] }, []))).rejects.toThrow(/nested more than 4/);
  });
});

function findBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let i = 0; i + wanted.length <= bytes.length; i++) {
    if (wanted.every((byte, j) => bytes[i + j] === byte)) return i;
  }
  throw new Error("not found");
}
