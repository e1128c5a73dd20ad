// From the trace's weights to the checkpoint's tensors: names, stacked experts, shapes. The one place that knows how checkpoints of
// different origin name and lay out the same weight.

import type { BoundWeight } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StoredTensor } from "../core/storage.ts";
import type { Trace, Weight } from "../core/trace.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import type { ModelConfig } from "./config.ts";
import { ggufMtpName, ggufName } from "./gguf-names.ts";
import { hybridTensor } from "./hybrid-layout.ts";

/** One stored tensor per weight, or one per expert; fails naming the tensor that is missing or has another shape. */
export function bindWeights(trace: Trace, checkpoint: Checkpoint, config?: ModelConfig): BoundWeight[] {
  const own = new Set(trace.weights.map(({ name }) => name));
  const drafting = trace.draft?.weights.filter(({ name }) => !own.has(name)) ?? [];
  return [...trace.weights, ...drafting].map((weight) => ({ weight, parts: partsOf(weight, checkpoint, config) }));
}

/** The checkpoint's tensor of a Hugging Face name, if it is there. */
export function findTensor(checkpoint: Checkpoint, name: string): StoredTensor | undefined {
  const { tensors, format } = checkpoint;
  if (format === "gguf" && name.startsWith("mtp."))
    return tensors.get(ggufMtpName(name, ggufLayers(checkpoint)) ?? name);
  if (format === "gguf") return tensors.get(ggufName(name) ?? name) ?? tensors.get(ggufName(name, true) ?? name);
  // Embedding models are saved from the base class, without the "model." prefix; models with a vision tower have one more.
  return (
    tensors.get(name) ??
    tensors.get(name.replace(/^model\./, "")) ??
    tensors.get(name.replace(/^model\./, "model.language_model."))
  );
}

/** Layers of the decoder; blocks for predicting more tokens at once come after them. */
function ggufLayers({ metadata }: Checkpoint): number {
  const count = (key: string) => Number(metadata.get(`${metadata.get("general.architecture")}.${key}`) ?? 0);
  return count("block_count") - count("nextn_predict_layers");
}

function partsOf(weight: Weight, checkpoint: Checkpoint, config?: ModelConfig): StoredTensor[] {
  const find = (name: string) => findTensor(checkpoint, name);
  const whole = (config && hybridTensor(weight.name, checkpoint, config, find)) ?? find(weight.name);
  if (whole) return [shaped(whole, weight.name, weight.shape)];
  const stacked = /^(.+\.mlp\.experts)\.(gate_proj|up_proj|down_proj)\.weight$/.exec(weight.name);
  if (!stacked || checkpoint.format === "gguf") throw missing(weight.name, checkpoint);
  return expertParts(weight, stacked[1], stacked[2], checkpoint);
}

/** Published checkpoints hold a tensor per expert; newer ones one for all, gate and up in one: [E, 2I, H], [E, H, I]. */
function expertParts(weight: Weight, experts: string, projection: string, checkpoint: Checkpoint): StoredTensor[] {
  const [count, out, in_] = weight.shape;
  const fusedName = `${experts}.${projection === "down_proj" ? "down_proj" : "gate_up_proj"}`;
  const fused = findTensor(checkpoint, fusedName);
  if (!fused) {
    return Array.from({ length: count }, (_, expert) => {
      const name = `${experts}.${expert}.${projection}.weight`;
      const tensor = findTensor(checkpoint, name);
      if (!tensor) throw missing(name, checkpoint);
      return shaped(tensor, name, [out, in_]);
    });
  }
  if (projection === "down_proj") return [shaped(fused, fusedName, weight.shape)];
  const whole = shaped(fused, fusedName, [count, 2 * out, in_]);
  const start = projection === "gate_proj" ? 0 : out;
  return Array.from({ length: count }, (_, expert) => rowsOf(whole, expert * 2 * out + start, [out, in_]));
}

/** `shape[0]` rows of a stored tensor, from row `start` on, as a tensor of their own. */
function rowsOf(tensor: StoredTensor, start: number, shape: readonly number[]): StoredTensor {
  const row = rowBytes(tensor.type, shape[1]);
  const { name, type, columns } = tensor;
  const place = tensor.place && { ...tensor.place, offset: tensor.place.offset + start * row };
  const read = (offset: number, into: Uint8Array) => tensor.read(start * row + offset, into);
  return { name, type, columns, shape, byteLength: shape[0] * row, place, read };
}

/** The tensor if its shape is the expected one; dimensions of 1 do not count (GGUF drops them), and a convolution's lie in one row. */
function shaped(tensor: StoredTensor, name: string, expected: readonly number[]): StoredTensor {
  const flat = name.endsWith(".conv1d.weight");
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const squeeze = (shape: readonly number[]) => (flat ? size(shape) : shape.filter((size) => size !== 1).join(", "));
  if (squeeze(tensor.shape) !== squeeze(expected)) {
    const inFile = tensor.name === name ? "the file has" : `the file's ${tensor.name} has`;
    throw new AnyqwenError(
      "format",
      `${name}: expected [${expected.join(", ")}], ${inFile} [${tensor.shape.join(", ")}]; ` +
        "configuration and weights are not of the same model",
    );
  }
  if (tensor.shape.length === expected.length) return tensor;
  const { type, columns, byteLength, place } = tensor;
  return { name, type, columns, shape: expected, byteLength, place, read: (offset, into) => tensor.read(offset, into) };
}

function missing(name: string, checkpoint: Checkpoint): AnyqwenError {
  const gguf = checkpoint.format === "gguf" ? (ggufMtpName(name, ggufLayers(checkpoint)) ?? ggufName(name)) : undefined;
  return new AnyqwenError(
    "format",
    `${gguf ?? name}: not among the ${checkpoint.tensors.size} tensors of ${checkpoint.name}; ` +
      "the download is incomplete, or the configuration is another model's",
  );
}
