// The one place where a hybrid's weights become what transformers' qwen3_5 names and means by them, wherever they come from, and back.
// GGUF stores zero-centred norms as 1 + w, -exp(A_log) for A_log, and (but for qwen3next) value heads tiled: head j belongs to key
// head j mod K there, to floor(j / (V / K)) here. Qwen3-Next's checkpoints have one projection [query | key | values | gates] per key
// head, and one [betas | decays]. Sources: llama.cpp's converter; transformers' qwen3_next.

import type { StoredTensor } from "../core/storage.ts";
import { rowBytes } from "../core/storage.ts";
import { type DeltaShape, deltaChannels } from "../core/trace.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { columnCount, convertedTensor } from "../formats/converted-tensor.ts";
import { dequantiseRows } from "../formats/dequantise.ts";
import { bytesOfArray } from "../formats/safetensors-file.ts";
import { type Run, selectColumns, selectRows } from "../formats/select.ts";
import type { ModelConfig } from "./config.ts";

/** Looks a tensor up by its Hugging Face name. */
type Find = (name: string) => StoredTensor | undefined;

/** The tensor of a hybrid's weight by its name, or undefined where the checkpoint has it as it is. */
export function hybridTensor(
  name: string,
  checkpoint: Checkpoint,
  config: ModelConfig,
  find: Find,
): StoredTensor | undefined {
  const { delta } = config;
  if (!delta) return undefined;
  const { shape } = delta;
  const [, prefix, part] = linearAttention(name);
  if (checkpoint.format !== "gguf") return fusedPart(prefix, part, shape, config.hiddenSize, find);
  const tensor = find(name) ?? fusedPart(prefix, part, shape, config.hiddenSize, find);
  if (!tensor) return undefined;
  if (isNorm(name) && part !== "norm") return mapped(tensor, (stored) => stored - 1);
  const tiled = checkpoint.metadata.get("general.architecture") !== "qwen3next";
  const grouped = tiled ? reordered(tensor, part, shape, groupedHeads(shape)) : tensor;
  if (part === "A_log") return mapped(grouped, (stored) => Math.log(-stored));
  return grouped;
}

/** The other way: the tensor that a GGUF file holds for a weight, with its Hugging Face name; undefined where it is part of another. */
export function hybridGgufTensor(
  name: string,
  tensor: StoredTensor,
  { delta, modelType }: ModelConfig,
  find: Find,
): { readonly name: string; readonly tensor: StoredTensor } | undefined {
  const [, prefix, part] = linearAttention(name);
  if (delta && part !== "norm" && isNorm(name)) return { name, tensor: mapped(tensor, (stored) => stored + 1) };
  if (!delta || part === undefined) return { name, tensor };
  const { shape } = delta;
  const whole = part === "conv1d" ? { ...tensor, shape: [deltaChannels(shape), shape.taps] } : tensor;
  const signed = part === "A_log" ? mapped(whole, (stored) => -Math.exp(stored)) : whole;
  if (modelType !== "qwen3_next") return { name, tensor: reordered(signed, part, shape, tiledHeads(shape)) };
  // There the gates' projections stay one tensor, which comes in the place of the first.
  if (part === "in_proj_a") return undefined;
  if (part !== "in_proj_b") return { name, tensor: signed };
  const fused = `${prefix}in_proj_ba.weight`;
  const both = find(fused);
  return both && { name: fused, tensor: both };
}

/** Zero-centred, but for the delta net's own. */
const isNorm = (name: string): boolean => /norm(?:_embedding|_hidden)?\.weight$/.test(name);

/** Prefix and last part of a delta net's name. */
function linearAttention(name: string): readonly (string | undefined)[] {
  return /^(.+\.linear_attn\.)([^.]+)(?:\.weight)?$/.exec(name) ?? [];
}

/** A part of Qwen3-Next's fused projections. */
function fusedPart(
  prefix: string | undefined,
  part: string | undefined,
  shape: DeltaShape,
  width: number,
  find: Find,
): StoredTensor | undefined {
  const rows = fusedRows(part, shape);
  const tensor = rows && find(`${prefix}${rows.fused}.weight`);
  if (!tensor) return undefined;
  const count = rows.runs.reduce((sum, run) => sum + run.count, 0);
  return selectRows(tensor, rows.runs, [count, width]);
}

/** Of which fused projection of Qwen3-Next a part is, and which rows of it, in the part's order. */
export function fusedRows(
  part: string | undefined,
  { keyHeads, valueHeads, keyDim, valueDim }: DeltaShape,
): { readonly fused: string; readonly runs: readonly Run[] } | undefined {
  const shared = valueHeads / keyHeads;
  const values = shared * valueDim;
  const group = 2 * keyDim + 2 * values;
  /** The same rows of every key head's part. */
  const ofHeads = (size: number, start: number, count: number): Run[] =>
    Array.from({ length: keyHeads }, (_, head) => ({ start: head * size + start, count }));
  switch (part) {
    case "in_proj_qkv": {
      const [q, k] = [0, keyDim].map((start) => ofHeads(group, start, keyDim));
      return { fused: "in_proj_qkvz", runs: [...q, ...k, ...ofHeads(group, 2 * keyDim, values)] };
    }
    case "in_proj_z":
      return { fused: "in_proj_qkvz", runs: ofHeads(group, 2 * keyDim + values, values) };
    case "in_proj_b":
      return { fused: "in_proj_ba", runs: ofHeads(2 * shared, 0, shared) };
    case "in_proj_a":
      return { fused: "in_proj_ba", runs: ofHeads(2 * shared, shared, shared) };
    default:
      return undefined;
  }
}

/** By value head as it is here: where it stands in GGUF's tiled order. */
function groupedHeads({ keyHeads, valueHeads }: DeltaShape): number[] {
  const shared = valueHeads / keyHeads;
  return Array.from({ length: valueHeads }, (_, head) => (head % shared) * keyHeads + Math.floor(head / shared));
}

/** The reverse: by place in the tiled order, which head that is here. */
function tiledHeads({ keyHeads, valueHeads }: DeltaShape): number[] {
  const shared = valueHeads / keyHeads;
  return Array.from({ length: valueHeads }, (_, place) => (place % keyHeads) * shared + Math.floor(place / keyHeads));
}

/** A delta net's tensor with its value heads in the order of `heads`. */
function reordered(
  tensor: StoredTensor,
  part: string | undefined,
  { keyHeads, keyDim, valueDim }: DeltaShape,
  heads: readonly number[],
): StoredTensor {
  if (heads.every((head, place) => head === place)) return tensor;
  const runs = (size: number, start = 0): Run[] => heads.map((head) => ({ start: start + head * size, count: size }));
  const keys = 2 * keyHeads * keyDim;
  switch (part) {
    case "in_proj_qkv":
    case "conv1d":
      return selectRows(tensor, [{ start: 0, count: keys }, ...runs(valueDim, keys)], tensor.shape);
    case "in_proj_z":
      return selectRows(tensor, runs(valueDim), tensor.shape);
    case "in_proj_a":
    case "in_proj_b":
    case "A_log":
    case "dt_bias":
      return selectRows(tensor, runs(1), tensor.shape);
    case "out_proj":
      return selectColumns(tensor, runs(valueDim));
    default:
      return tensor;
  }
}

/** Each value through `change`, in F32. */
function mapped(tensor: StoredTensor, change: (stored: number) => number): StoredTensor {
  const { name, shape, type, place } = tensor;
  const columns = columnCount(shape);
  const stride = rowBytes(type, columns);
  return convertedTensor({ name, type: "F32", shape, place }, async (first, count) => {
    const stored = new Uint8Array(count * stride);
    await tensor.read(first * stride, stored);
    const values = new Float32Array(count * columns);
    dequantiseRows(type, stored, columns, values);
    return bytesOfArray(values.map(change));
  });
}
