// PEFT adapters read and written: PEFT's own file, ranks and alphas of single layers, and what is refused.

import { expect, test } from "vitest";
import { fixture } from "../../test/parity/fixtures.ts";
import type { FileSet } from "../core/bytes.ts";
import { type Adapter, moduleScale, moduleShape } from "./adapter.ts";
import { nodeFiles } from "./node-files.ts";
import { readPeftAdapter, writePeftAdapter } from "./peft-adapter.ts";
import { roundTrip } from "./quantise.ts";
import { bytesOfArray, type TensorToWrite, writeSafetensors } from "./safetensors-file.ts";
import { memoryFiles } from "./sources.ts";

const q = "model.layers.0.self_attn.q_proj";
const noise = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898));

const mixed: Adapter = {
  modules: new Map([
    [q, { a: noise(2 * 5), b: noise(3 * 2) }],
    ["model.layers.10.mlp.down_proj", { a: noise(4 * 7), b: noise(5 * 4), rank: 4, alpha: 3 }],
    ["lm_head", { a: noise(2 * 5), b: noise(9 * 2), alpha: 1 }],
  ]),
  rank: 2,
  alpha: 8,
  rslora: true,
};

type Tensor = TensorToWrite & { readonly data: Uint8Array };
const tensor = (...shape: number[]): Tensor => ({
  dtype: "F32",
  shape,
  data: bytesOfArray(noise(shape.reduce((a, b) => a * b, 1))),
});
const config = { peft_type: "LORA", r: 2, lora_alpha: 8 };
const pairOf = (module: string, a = tensor(2, 5), b = tensor(3, 2)): Record<string, Tensor> => ({
  [`base_model.model.${module}.lora_A.weight`]: a,
  [`base_model.model.${module}.lora_B.weight`]: b,
});

function files(settings: unknown, tensors: Record<string, Tensor> = pairOf(q)): FileSet {
  return memoryFiles("adapter", {
    "adapter_config.json": new TextEncoder().encode(JSON.stringify(settings)),
    "adapter_model.safetensors": writeSafetensors(new Map(Object.entries(tensors))),
  });
}

test("PEFT's own file", async () => {
  const adapter = await readPeftAdapter(await nodeFiles(fixture("train/qwen2/adapter")));
  expect(adapter).toMatchObject({ rank: 4, alpha: 8, rslora: false, madeFor: { name: "base" } });
  expect(adapter.modules.size).toBe(14);
  const module = adapter.modules.get("model.layers.1.mlp.down_proj");
  expect(module && moduleShape(adapter, module)).toEqual({ rank: 4, in: 64, out: 32 });
  expect(module && moduleScale(adapter, module)).toBe(2);
});

test.each(["F32", "F16", "BF16"] as const)("written in %s and read again", async (type) => {
  const written = writePeftAdapter(mixed, { base: "Qwen/Qwen3-0.6B", type });
  const read = await readPeftAdapter(memoryFiles("adapter", Object.fromEntries(written)));
  expect(read).toMatchObject({ rank: 2, alpha: 8, rslora: true, madeFor: { name: "Qwen/Qwen3-0.6B" } });
  const rounded = [...mixed.modules].map(
    ([name, { a, b, ...own }]) => [name, { a: roundTrip(type, a), b: roundTrip(type, b), ...own }] as const,
  );
  expect(read.modules).toEqual(new Map(rounded.sort()));
  const scales = [...mixed.modules.values()].map((module) => moduleScale(mixed, module));
  expect(scales).toEqual([8 / Math.sqrt(2), 3 / 2, 1 / Math.sqrt(2)]);
});

test("names as older versions, and embedding models, have them", async () => {
  const named = {
    "layers.0.mlp.up_proj.lora_A.default.weight": tensor(2, 5),
    "layers.0.mlp.up_proj.lora_B.default.weight": tensor(3, 2),
  };
  expect([...(await readPeftAdapter(files(config, named))).modules.keys()]).toEqual(["model.layers.0.mlp.up_proj"]);
});

test.each([
  ["q_proj", 5],
  ["^model.layers.0.self_attn.q_proj", 5],
  [".*\\.self_attn\\.(k|q)_proj", 5],
  ["layers.\\d+.self_attn.q_proj", 5],
  ["^self_attn.q_proj", undefined],
  ["proj", undefined],
])("alpha_pattern %s", async (pattern, alpha) => {
  const { modules } = await readPeftAdapter(files({ ...config, alpha_pattern: { [pattern]: 5 } }));
  expect(modules.get(q)?.alpha).toBe(alpha);
});

test.each<[string, unknown, Record<string, Tensor>, string]>([
  ["another method", { ...config, peft_type: "IA3" }, pairOf(q), 'peft_type is "IA3"'],
  ["DoRA", { ...config, use_dora: true }, pairOf(q), "DoRA"],
  ["biases", { ...config, bias: "all" }, pairOf(q), 'bias is "all"'],
  ["whole modules", { ...config, modules_to_save: ["lm_head"] }, pairOf(q), "modules_to_save"],
  ["a changed base", { ...config, init_lora_weights: "pissa_niter_4" }, pairOf(q), "pissa_niter_4"],
  ["no rank", { peft_type: "LORA", lora_alpha: 8 }, pairOf(q), "r is missing"],
  ["a rank of 0", { ...config, r: 0 }, pairOf(q), "r is 0"],
  ["a text for alpha", { ...config, lora_alpha: "8" }, pairOf(q), 'lora_alpha is "8"'],
  ["another rank", { ...config, r: 3 }, pairOf(q), "of rank 2, adapter_config.json says 3"],
  ["another rank in a pattern", { ...config, rank_pattern: { q_proj: 4 } }, pairOf(q), "adapter_config.json says 4"],
  ["a pattern that may take for ever", { ...config, alpha_pattern: { "(a*)*b": 1 } }, pairOf(q), "too involved"],
  ["a list as config", [], pairOf(q), "not a JSON object"],
  ["a magnitude", config, { ...pairOf(q), [`${q}.lora_magnitude_vector`]: tensor(3) }, "DoRA"],
  ["an embedding", config, { "base_model.model.model.embed_tokens.lora_embedding_A": tensor(2, 5) }, "embedding table"],
  ["a stray tensor", config, { ...pairOf(q), "base_model.model.lm_head.weight": tensor(3, 5) }, "lm_head.weight"],
  ["half a pair", config, { [`${q}.lora_A.weight`]: tensor(2, 5) }, "has no lora_B"],
  ["two of a kind", config, { ...pairOf(q), [`${q}.lora_A.weight`]: tensor(2, 5) }, "a second lora_A"],
  ["ranks that differ", config, pairOf(q, tensor(2, 5), tensor(3, 4)), "lora_A is [2, 5] and lora_B [3, 4]"],
  ["a vector", config, pairOf(q, tensor(2), tensor(3, 2)), "lora_A is [2]"],
  ["a rank of nothing", config, pairOf(q, tensor(0, 5), tensor(3, 0)), "lora_A is [0, 5]"],
  ["no tensors", config, {}, "no lora_A and lora_B"],
  ["a NaN", config, pairOf(q, { ...tensor(2, 5), data: new Uint8Array(40).fill(255) }), "element 0 is NaN"],
])("refused: %s", async (_, settings, tensors, message) => {
  const reading = readPeftAdapter(files(settings, tensors));
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toMatchObject({ name: "AnyqwenError" });
});

test("refused: a folder without an adapter, or with a pickled one", async () => {
  const only = (...names: string[]) =>
    memoryFiles("x", Object.fromEntries(names.map((name) => [name, new Uint8Array(2)])));
  await expect(readPeftAdapter(only("config.json"))).rejects.toThrow("adapter_config.json is missing");
  await expect(readPeftAdapter(only("adapter_config.json", "adapter_model.bin"))).rejects.toThrow(
    "save the adapter as safetensors",
  );
});
