// Adapters against their base: GGUF adapters read and written, and adapters of another base refused.

import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture } from "../../test/parity/fixtures.ts";
import { collect, ggufFile, memoryTensor } from "../../test/support/formats.ts";
import type { FileSet } from "../core/bytes.ts";
import type { Adapter } from "../formats/adapter.ts";
import { ggufPieces } from "../formats/gguf-write.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { openCheckpoint } from "../formats/open-checkpoint.ts";
import { memoryFiles } from "../formats/sources.ts";
import { bindAdapter, readAdapter } from "./adapter.ts";
import { adapterToGguf } from "./gguf-adapter.ts";
import { type Model, openModel } from "./open.ts";

let model: Model;
let trained: Adapter;
beforeAll(async () => {
  model = openModel(await openCheckpoint(await nodeFiles(fixture("train/qwen2"))));
  trained = await readAdapter(await nodeFiles(fixture("train/qwen2/adapter")));
});
afterAll(() => model.checkpoint.close());

const noise = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898));
const asFile = async (adapter: Adapter, architecture = "qwen2"): Promise<FileSet> => {
  const { metadata, tensors } = adapterToGguf(adapter, architecture, "test");
  return memoryFiles("made", { "a.gguf": await collect(ggufPieces(metadata, tensors)) });
};

test("a GGUF adapter adds what the PEFT one does", async () => {
  const read = await readAdapter(await asFile(trained));
  expect(read).toMatchObject({ rank: 4, alpha: 8, rslora: false, madeFor: { architecture: "qwen2" } });
  expect(bindAdapter(model, read, "x")).toEqual(bindAdapter(model, trained, "x"));
});

test("scales that GGUF has no field for go into B", async () => {
  const odd: Adapter = {
    modules: new Map([
      ["model.layers.0.self_attn.q_proj", { a: noise(2 * 32), b: noise(32 * 2) }],
      ["model.layers.1.self_attn.k_proj", { a: noise(5 * 32), b: noise(16 * 5), rank: 5, alpha: 3 }],
      ["lm_head", { a: noise(2 * 32), b: noise(256 * 2), alpha: 0 }],
    ]),
    rank: 2,
    alpha: 7,
    rslora: true,
  };
  const [before, after] = [odd, await readAdapter(await asFile(odd))].map((each) => bindAdapter(model, each, "x"));
  for (const [name, pair] of before) {
    const found = after.get(name);
    expect(found?.a).toEqual(pair.a);
    pair.b.forEach((value, i) =>
      expect((found?.b[i] ?? Number.NaN) * (found?.scale ?? 0)).toBeCloseTo(value * pair.scale, 5),
    );
  }
});

test.each<[string, (adapter: Adapter) => Adapter, string]>([
  [
    "more layers",
    (adapter) => renamed(adapter, "layers.1.", "layers.7."),
    "no linear layer model.layers.7.mlp.down_proj",
  ],
  [
    "other modules",
    (adapter) => renamed(adapter, "q_proj", "qkv_proj"),
    "no linear layer model.layers.0.self_attn.qkv_proj",
  ],
  [
    "other sizes",
    (adapter) => renamed(adapter, "self_attn.q_proj", "mlp.up_proj"),
    "up_proj goes from 32 to 32, that of",
  ],
  [
    "the embedding table",
    (adapter) => renamed(adapter, "model.layers.0.mlp.up_proj", "model.embed_tokens"),
    "embedding table",
  ],
])("another base is refused: %s", (_, change, message) => {
  const bind = () => bindAdapter(model, { ...change(trained), madeFor: { name: "Qwen/Other" } }, "mine");
  expect(bind).toThrow(message);
  expect(bind).toThrow(/^adapter mine: /);
});

test("another architecture is refused", async () => {
  const other = await readAdapter(await asFile(trained, "qwen3"));
  expect(() => bindAdapter(model, other, "mine")).toThrow("made for qwen3");
});

const layer = "blk.0.attn_q.weight";
const pair = [
  memoryTensor(`${layer}.lora_a`, [2, 32], new Uint8Array(256)),
  memoryTensor(`${layer}.lora_b`, [32, 2], new Uint8Array(256)),
];
const header: Parameters<typeof ggufFile>[0] = {
  "general.architecture": ["string", "qwen2"],
  "general.type": ["string", "adapter"],
  "adapter.type": ["string", "lora"],
  "adapter.lora.alpha": ["f32", 4],
};

test.each<[string, typeof header, typeof pair, string]>([
  ["a model", { "general.type": ["string", "model"] }, pair, 'general.type is model, not "adapter"'],
  ["a control vector", { "adapter.type": ["string", "control"] }, pair, 'adapter.type is control, not "lora"'],
  ["a text for alpha", { "adapter.lora.alpha": ["string", "4"] }, pair, "adapter.lora.alpha is 4; expected a number"],
  ["half a pair", {}, pair.slice(0, 1), "has no lora_b"],
  ["no pair", {}, [], "there are no lora_a and lora_b"],
  ["ranks that differ", {}, [pair[0], memoryTensor(`${layer}.lora_b`, [16, 4], new Uint8Array(256))], "lora_b [16, 4]"],
  [
    "a stray tensor",
    {},
    [...pair, memoryTensor("blk.0.attn_norm.weight", [8], new Uint8Array(32))],
    "neither a lora_a",
  ],
  [
    "the embedding table",
    {},
    pair.map((each) => ({ ...each, name: each.name.replace(layer, "token_embd.weight") })),
    "token_embd.weight: not a linear layer",
  ],
  ["a NaN", {}, [pair[0], memoryTensor(`${layer}.lora_b`, [32, 2], new Uint8Array(256).fill(255))], "element 0 is NaN"],
])("a GGUF adapter is refused: %s", async (_, fields, tensors, message) => {
  const file = await ggufFile({ ...header, ...fields }, tensors);
  await expect(readAdapter(memoryFiles("x", { "x.gguf": file }))).rejects.toThrow(message);
});

test("an alpha of 0 means a scale of 1, as in llama.cpp", async () => {
  const file = await ggufFile({ ...header, "adapter.lora.alpha": ["f32", 0] }, pair);
  const bound = bindAdapter(model, await readAdapter(memoryFiles("x", { "x.gguf": file })), "x");
  expect(bound.get("model.layers.0.self_attn.q_proj.weight")?.scale).toBe(1);
});

function renamed(adapter: Adapter, from: string, to: string): Adapter {
  return {
    ...adapter,
    modules: new Map([...adapter.modules].map(([name, module]) => [name.replace(from, to), module])),
  };
}
