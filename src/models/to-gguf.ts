// A safetensors model as a GGUF file would hold it: names, stacked experts, metadata, tokenizer. The reverse of gguf-config.ts and
// gguf-names.ts; keys and values as llama.cpp's converter writes them, so that other programs read the file too.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StoredTensor } from "../core/storage.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { convertedTensor } from "../formats/converted-tensor.ts";
import { dequantiseRows } from "../formats/dequantise.ts";
import type { GgufCheckpoint } from "../formats/gguf.ts";
import { tensorTypeId } from "../formats/gguf-types.ts";
import type { TypedGgufValue } from "../formats/gguf-write.ts";
import { bytesOfArray } from "../formats/safetensors-file.ts";
import { checkTensorRange } from "../formats/slice-tensor.ts";
import { loadTokenizerDefinition, readText } from "../text/load-tokenizer.ts";
import { tokenizerMetadata } from "../text/write-tokenizer-gguf.ts";
import { ggufName } from "./gguf-names.ts";
import { type Model, openModel } from "./open.ts";
import { yarnAttentionFactor } from "./rope.ts";

export interface GgufContent {
  readonly metadata: ReadonlyMap<string, TypedGgufValue>;
  readonly tensors: readonly StoredTensor[];
}

/** What a GGUF file of this checkpoint holds; one that is GGUF already as it is, its splits joined. */
export async function toGguf(files: FileSet, checkpoint: Checkpoint): Promise<GgufContent> {
  if (checkpoint.format === "gguf") return asItIs(checkpoint as GgufCheckpoint);
  const model = openModel(checkpoint);
  const metadata = new Map([...modelMetadata(model), ...(await textMetadata(files, checkpoint, model))]);
  return { metadata, tensors: tensorsOf(model) };
}

function asItIs({ metadata, metadataTypes, tensors }: GgufCheckpoint): GgufContent {
  const typed = new Map<string, TypedGgufValue>();
  for (const [key, value] of metadata) {
    const type = metadataTypes.get(key);
    if (type !== undefined && !key.startsWith("split.")) typed.set(key, { type, value });
  }
  return { metadata: typed, tensors: [...tensors.values()] };
}

function tensorsOf(model: Model): StoredTensor[] {
  const bound = model.weights(model.trace());
  return bound.map(({ weight, parts }) => {
    const name = ggufName(weight.name);
    if (name === undefined) throw new AnyqwenError("internal", `${weight.name}: has no name in GGUF`);
    const joined = parts.length === 1 ? parts[0] : stacked(parts, weight.shape);
    return plain({ ...joined, name, shape: weight.shape, read: joined.read.bind(joined) });
  });
}

/** Experts' tensors, one after the other. */
function stacked(parts: readonly StoredTensor[], shape: readonly number[]): StoredTensor {
  const { name, type, byteLength: each } = parts[0];
  if (parts.some((part) => part.type !== type)) return stacked(parts.map(asFloats), shape);
  const byteLength = each * parts.length;
  return {
    name,
    type,
    shape,
    byteLength,
    async read(offset, into) {
      checkTensorRange({ name, byteLength }, offset, into.length);
      for (let at = 0; at < into.length; ) {
        const part = Math.floor((offset + at) / each);
        const start = offset + at - part * each;
        const piece = into.subarray(at, at + Math.min(into.length - at, each - start));
        await parts[part].read(start, piece);
        at += piece.length;
      }
    },
  };
}

/** Types and column orders that GGUF does not have become F32; norms, biases and routers always are. */
function plain(tensor: StoredTensor): StoredTensor {
  const small = tensor.shape.length < 2 || /(?:norm|ffn_gate_inp(?:_shexp)?)\.weight$/.test(tensor.name);
  return small || tensor.columns || tensorTypeId(tensor.type) === undefined ? asFloats(tensor) : tensor;
}

/** The tensor in F32, act-order columns back in the layer's order: stored column c holds input columns[c]. */
export function asFloats({ columns, ...tensor }: StoredTensor): StoredTensor {
  if (tensor.type === "F32" && !columns) return tensor;
  const { name, shape, type } = tensor;
  const k = shape[shape.length - 1];
  const stride = rowBytes(type, k);
  return convertedTensor({ name, type: "F32", shape }, async (first, count) => {
    const stored = new Uint8Array(count * stride);
    await tensor.read(first * stride, stored);
    const values = new Float32Array(count * k);
    dequantiseRows(type, stored, k, values);
    if (!columns) return bytesOfArray(values);
    const ordered = new Float32Array(values.length);
    for (let row = 0; row < values.length; row += k) {
      for (let c = 0; c < k; c++) ordered[row + columns[c]] = values[row + c];
    }
    return bytesOfArray(ordered);
  });
}

function modelMetadata({ config, family, kind, checkpoint }: Model): Map<string, TypedGgufValue> {
  const metadata = new Map<string, TypedGgufValue>();
  const general = (key: string, value: string) => metadata.set(`general.${key}`, { type: "string", value });
  const set = (key: string, type: "u32" | "f32" | "string" | "bool", value: number | string | boolean | undefined) => {
    if (value !== undefined) metadata.set(`${family.ggufArchitecture}.${key}`, { type, value });
  };
  general("architecture", family.ggufArchitecture);
  general("type", "model");
  general("name", checkpoint.name.split(/[\\/]/).filter(Boolean).at(-1) ?? checkpoint.name);
  const { rope, experts, windows } = config;
  set("block_count", "u32", config.layers);
  set("context_length", "u32", config.maxPositions);
  set("embedding_length", "u32", config.hiddenSize);
  set("feed_forward_length", "u32", config.intermediateSize);
  set("attention.head_count", "u32", config.heads);
  set("attention.head_count_kv", "u32", config.kvHeads);
  set("attention.key_length", "u32", config.headDim);
  set("attention.value_length", "u32", config.headDim);
  set("attention.layer_norm_rms_epsilon", "f32", config.rmsNormEps);
  set("rope.freq_base", "f32", rope.theta);
  if (rope.dimensions !== config.headDim) set("rope.dimension_count", "u32", rope.dimensions);
  if (rope.scaling.kind !== "none") {
    set("rope.scaling.type", "string", rope.scaling.kind);
    set("rope.scaling.factor", "f32", rope.scaling.factor);
  }
  if (rope.scaling.kind === "yarn") {
    const { originalPositions, betaFast, betaSlow, attentionFactor, factor } = rope.scaling;
    set("rope.scaling.original_context_length", "u32", originalPositions);
    set("rope.scaling.yarn_beta_fast", "f32", betaFast);
    set("rope.scaling.yarn_beta_slow", "f32", betaSlow);
    const own = attentionFactor / yarnAttentionFactor(factor);
    if (Math.abs(own - 1) > 1e-6) set("rope.scaling.attn_factor", "f32", own);
  }
  const window = windows.find((size) => size !== undefined);
  if (window !== undefined) {
    set("attention.sliding_window", "u32", window);
    const key = `${family.ggufArchitecture}.attention.sliding_window_pattern`;
    metadata.set(key, { type: { array: "bool" }, value: windows.map((size) => size !== undefined) });
  }
  set("expert_count", "u32", experts?.count);
  set("expert_used_count", "u32", experts?.topK);
  set("expert_feed_forward_length", "u32", experts?.intermediateSize);
  set("expert_shared_feed_forward_length", "u32", experts?.sharedIntermediateSize);
  set("expert_weights_norm", "bool", experts?.normTopK);
  if (kind === "embed") set("pooling_type", "u32", 3); // the last token's
  return metadata;
}

async function textMetadata(
  files: FileSet,
  checkpoint: Checkpoint,
  { config }: Model,
): Promise<Map<string, TypedGgufValue>> {
  const definition = await loadTokenizerDefinition({ files });
  if (!definition) return new Map(); // ids still work
  const metadata = tokenizerMetadata(definition, config.vocabSize);
  const idOf = (content: unknown) => definition.added.find((token) => token.content === content)?.id;
  const settings = record(checkpoint.json.get("tokenizer_config.json"));
  const set = (key: string, id: number | undefined) => {
    if (id !== undefined) metadata.set(`tokenizer.ggml.${key}_token_id`, { type: "u32", value: id });
  };
  set("eos", idOf(contentOf(settings.eos_token)));
  set("padding", idOf(contentOf(settings.pad_token)));
  set("bos", idOf(contentOf(settings.bos_token)) ?? idOf("<|endoftext|>"));
  metadata.set("tokenizer.ggml.add_bos_token", { type: "bool", value: false });
  const template = (await readText(files, "chat_template.jinja")) ?? settings.chat_template;
  if (typeof template === "string") metadata.set("tokenizer.chat_template", { type: "string", value: template });
  return metadata;
}

/** A token is written as its text, or as an object with its content. */
function contentOf(token: unknown): unknown {
  return typeof token === "string" ? token : record(token).content;
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
