// A Hugging Face checkpoint: safetensors, whole or sharded, with the JSON files beside it. Layers that are stored
// quantised (FP8, GPTQ, AWQ) appear under the name of the weight that they stand for.

import type { ByteSource, FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { isStorageType, type StoredTensor } from "../core/storage.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { presentQuantised } from "./quantised-layers.ts";
import { readSafetensors, type SafetensorsEntry } from "./safetensors-file.ts";
import { sliceTensor } from "./slice-tensor.ts";
import { readJson } from "./sources.ts";

/** Read at once because a model cannot be understood without them; tokenizers read their own files. */
const jsonFiles = [
  "config.json",
  "generation_config.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "quantize_config.json",
  "preprocessor_config.json",
  "modules.json",
  "1_Pooling/config.json",
  "adapter_config.json",
];

/** Opens the set's safetensors checkpoint; fails with code "format", "unsupported" or "not-found". */
export async function openSafetensors(files: FileSet): Promise<Checkpoint> {
  const json = new Map<string, unknown>();
  for (const file of jsonFiles) if (files.files.includes(file)) json.set(file, await readJson(files, file));
  const sources: ByteSource[] = [];
  const close = async () => {
    await Promise.all(sources.map((source) => source.close()));
  };
  try {
    const entries = new Map<string, SafetensorsEntry>();
    const { shards, expected } = await chooseShards(files);
    for (const shard of shards) {
      const source = await files.open(shard);
      sources.push(source);
      for (const [name, entry] of await readSafetensors(source)) {
        if (expected && expected.get(name) !== shard) continue;
        if (entries.has(name)) {
          throw new AnyqwenError("format", `${source.name}: ${name}: the tensor is in an earlier shard already`);
        }
        entries.set(name, entry);
      }
    }
    for (const [name, shard] of expected ?? []) {
      if (entries.has(name)) continue;
      throw new AnyqwenError("format", `${files.name}: ${name}: the index says ${shard}, which does not hold it`);
    }
    return {
      format: "safetensors",
      name: files.name,
      metadata: new Map(),
      json,
      tensors: await present(entries, json),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The shards to open and, if there is an index, which tensor it expects in which. */
async function chooseShards(files: FileSet): Promise<{ shards: string[]; expected?: Map<string, string> }> {
  const indexes = files.files.filter((file) => /^[^/]*\.safetensors\.index\.json$/.test(file));
  const found = files.files.filter((file) => /^[^/]*\.safetensors$/.test(file));
  const index = indexes.includes("model.safetensors.index.json") ? "model.safetensors.index.json" : indexes[0];
  if (index === undefined) {
    if (found.includes("model.safetensors")) return { shards: ["model.safetensors"] };
    if (found.length === 0) throw new AnyqwenError("not-found", `${files.name}: there is no .safetensors file`);
    return { shards: found };
  }
  const parsed = await readJson(files, index);
  const map = typeof parsed === "object" && parsed !== null && "weight_map" in parsed ? parsed.weight_map : undefined;
  if (typeof map !== "object" || map === null) {
    throw new AnyqwenError("format", `${files.name}: ${index} has no "weight_map"`);
  }
  const expected = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== "string")
      throw new AnyqwenError("format", `${files.name}: ${index}: ${name} has no file name`);
    expected.set(name, shard);
  }
  const shards = [...new Set(expected.values())].sort();
  const missing = shards.find((shard) => !files.files.includes(shard));
  if (missing !== undefined) {
    throw new AnyqwenError("not-found", `${files.name}: ${missing} is missing; ${index} names it. Download it again`);
  }
  return { shards, expected };
}

/** Plain tensors as they are, quantised layers as their logical weights. */
async function present(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  json: ReadonlyMap<string, unknown>,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  const { weights, consumed } = await presentQuantised(entries, json);
  for (const entry of entries.values()) {
    if (consumed.has(entry.name)) continue;
    // Whole-number tensors are buffers (position ids, rotary tables' indices), never weights of a layer.
    if (/^(BOOL|[UI]\d+)$/.test(entry.dtype)) continue;
    tensors.set(entry.name, plainTensor(entry));
  }
  for (const weight of weights) tensors.set(weight.name, weight);
  return tensors;
}

function plainTensor(entry: SafetensorsEntry): StoredTensor {
  const { name, dtype, shape, byteLength, source, start } = entry;
  if (!isStorageType(dtype)) {
    throw new AnyqwenError(
      "unsupported",
      `${name}: type ${dtype} is not supported; save the checkpoint as F32, F16 or BF16 (in ${source.name})`,
    );
  }
  return sliceTensor(source, { name, type: dtype, shape, byteLength }, start);
}
