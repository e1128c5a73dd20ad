// The one place where a hybrid's weights become what transformers' qwen3_5 names and means by them, wherever they come from.
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
  const [, prefix, part] = /^(.+\.linear_attn\.)([^.]+)(?:\.weight)?$/.exec(name) ?? [];
  if (checkpoint.format !== "gguf") return fusedPart(prefix, part, shape, config.hiddenSize, find);
  const tensor = find(name) ?? fusedPart(prefix, part, shape, config.hiddenSize, find);
  if (!tensor) return undefined;
  if (/norm\.weight$/.test(name) && part !== "norm") return mapped(tensor, (stored) => stored - 1);
  const grouped =
    checkpoint.metadata.get("general.architecture") === "qwen3next" ? tensor : untiled(tensor, part, shape);
  if (part === "A_log") return mapped(grouped, (stored) => Math.log(-stored));
  return grouped;
}

/** A part of Qwen3-Next's fused projections. */
function fusedPart(
  prefix: string | undefined,
  part: string | undefined,
  { keyHeads, valueHeads, keyDim, valueDim }: DeltaShape,
  width: number,
  find: Find,
): StoredTensor | undefined {
  const shared = valueHeads / keyHeads;
  const values = shared * valueDim;
  const group = 2 * keyDim + 2 * values;
  /** The same rows of every key head's part. */
  const ofHeads = (size: number, start: number, count: number): Run[] =>
    Array.from({ length: keyHeads }, (_, head) => ({ start: head * size + start, count }));
  const rowsOf = (fused: string, runs: readonly Run[]) => {
    const tensor = find(`${prefix}${fused}.weight`);
    const rows = runs.reduce((sum, { count }) => sum + count, 0);
    return tensor && selectRows(tensor, runs, [rows, width]);
  };
  switch (part) {
    case "in_proj_qkv": {
      const [q, k] = [0, keyDim].map((start) => ofHeads(group, start, keyDim));
      return rowsOf("in_proj_qkvz", [...q, ...k, ...ofHeads(group, 2 * keyDim, values)]);
    }
    case "in_proj_z":
      return rowsOf("in_proj_qkvz", ofHeads(group, 2 * keyDim + values, values));
    case "in_proj_b":
      return rowsOf("in_proj_ba", ofHeads(2 * shared, 0, shared));
    case "in_proj_a":
      return rowsOf("in_proj_ba", ofHeads(2 * shared, shared, shared));
    default:
      return undefined;
  }
}

/** Value heads in the order of their key heads, from GGUF's tiled one. */
function untiled(tensor: StoredTensor, part: string | undefined, shape: DeltaShape): StoredTensor {
  const { keyHeads, valueHeads, keyDim, valueDim } = shape;
  const shared = valueHeads / keyHeads;
  if (shared === 1) return tensor;
  const heads = (size: number, start = 0): Run[] =>
    Array.from({ length: valueHeads }, (_, head) => ({
      start: start + ((head % shared) * keyHeads + Math.floor(head / shared)) * size,
      count: size,
    }));
  const keys = 2 * keyHeads * keyDim;
  switch (part) {
    case "in_proj_qkv":
    case "conv1d":
      return selectRows(
        tensor,
        [{ start: 0, count: keys }, ...heads(valueDim, keys)],
        [deltaChannels(shape), ...tensor.shape.slice(1)],
      );
    case "in_proj_z":
      return selectRows(tensor, heads(valueDim), tensor.shape);
    case "in_proj_a":
    case "in_proj_b":
    case "A_log":
    case "dt_bias":
      return selectRows(tensor, heads(1), tensor.shape);
    case "out_proj":
      return selectColumns(tensor, heads(valueDim));
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
