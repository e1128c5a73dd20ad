// An adapter merged into its base: W + scale * B A in the place of each adapted weight, all else as the base has it. Written as GGUF or
// safetensors; or the adapter alone, in the other format. Tensors are computed as they are read, so that nothing large is held.

import type { FileSet } from "../core/bytes.ts";
import type { AdapterWeights, LowRank } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { StorageType, StoredTensor } from "../core/storage.ts";
import type { Adapter } from "../formats/adapter.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { convertedTensor } from "../formats/converted-tensor.ts";
import { writePeftAdapter } from "../formats/peft-adapter.ts";
import { fitsBlocks, quantisableTypes, quantised } from "../formats/quantise.ts";
import { bytesOfArray, type TensorToWrite } from "../formats/safetensors-file.ts";
import { readAll } from "../formats/sources.ts";
import { bindAdapter } from "./adapter.ts";
import { findTensor } from "./bind.ts";
import { adapterToGguf } from "./gguf-adapter.ts";
import { hfName } from "./gguf-names.ts";
import { openModel } from "./open.ts";
import { asFloats, type GgufContent, toGguf } from "./to-gguf.ts";

/** A folder as Hugging Face's libraries read it. */
export interface SafetensorsContent {
  /** Of model.safetensors. */
  readonly tensors: ReadonlyMap<string, TensorToWrite>;
  /** config.json, the tokenizer's files, and whatever else lies beside the base's weights. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface Merged {
  gguf(): Promise<GgufContent>;
  /** Fails with "unsupported" where the base is a GGUF file. */
  safetensors(): Promise<SafetensorsContent>;
  /** The adapter by itself: llama.cpp's, and PEFT's two files. */
  adapterAsGguf(): GgufContent;
  adapterAsPeft(): ReadonlyMap<string, Uint8Array>;
}

export interface MergeOptions {
  /** What adapted weights are stored as; default as the base has them, so that quantised ones are quantised anew. */
  readonly type?: StorageType;
  /** What the adapter is called, in errors and in files. */
  readonly name: string;
}

/** Fails if the adapter was made for another base. */
export function merge(files: FileSet, checkpoint: Checkpoint, adapter: Adapter, options: MergeOptions): Merged {
  const model = openModel(checkpoint);
  const { name, type } = options;
  const weights = bindAdapter(model, adapter, name);
  const mergeable = () => {
    if (weights.has("model.embed_tokens.weight"))
      throw new AnyqwenError(
        "unsupported",
        `adapter ${name}: it changes the head, which in ${checkpoint.name} is the embedding table too; it cannot be merged`,
      );
    return weights;
  };
  return {
    async gguf() {
      const bound = mergeable();
      const { metadata, tensors } = await toGguf(files, checkpoint);
      return { metadata, tensors: tensors.map((tensor) => added(tensor, bound.get(hfName(tensor.name) ?? ""), type)) };
    },
    safetensors: () => safetensorsContent(files, checkpoint, mergeable(), type),
    adapterAsGguf: () => adapterToGguf(adapter, model.family.ggufArchitecture, name),
    adapterAsPeft: () => writePeftAdapter(adapter, { base: checkpoint.name }),
  };
}

/** The tensor with what the adapter adds, if it adds something. */
function added(tensor: StoredTensor, pair: LowRank | undefined, type: StorageType = tensor.type): StoredTensor {
  if (!pair) return tensor;
  if (!quantisableTypes.includes(type)) {
    throw new AnyqwenError(
      "unsupported",
      `${tensor.name}: ${type} cannot be written; choose a type for adapted weights: ${quantisableTypes.join(", ")}`,
    );
  }
  if (!fitsBlocks(tensor, type)) {
    throw new AnyqwenError("unsupported", `${tensor.name}: its rows are not whole ${type} blocks; choose another type`);
  }
  const { name, shape, place } = tensor;
  const base = asFloats(tensor);
  const columns = shape[shape.length - 1];
  const sum = convertedTensor({ name, type: "F32", shape, place }, async (first, count) => {
    const values = new Float32Array(count * columns);
    await base.read(first * columns * 4, bytesOfArray(values));
    for (let row = 0; row < count; row++) {
      addRow(values.subarray(row * columns, (row + 1) * columns), pair, first + row);
    }
    return bytesOfArray(values);
  });
  return quantised(sum, type);
}

/** One row of scale * B A on top of a weight's row, summed in f64 and rounded once. */
function addRow(values: Float32Array, { a, b, rank, scale }: LowRank, row: number): void {
  const delta = new Float64Array(values.length);
  for (let j = 0; j < rank; j++) {
    const factor = b[row * rank + j] * scale;
    for (let k = 0, at = j * values.length; k < delta.length; k++, at++) delta[k] += factor * a[at];
  }
  for (let k = 0; k < delta.length; k++) values[k] += delta[k];
}

/** What goes with the weights wherever they go, and what says how these ones were stored. */
const companion = /\.(?:json|jinja|txt|model|md)$|^LICENSE/;
const replaced = /\.index\.json$|^(?:config|quantize_config)\.json$|(?:^|\/)adapter_config\.json$/;
const mostCopied = 64 * 2 ** 20;

async function safetensorsContent(
  files: FileSet,
  checkpoint: Checkpoint,
  weights: AdapterWeights,
  type: StorageType | undefined,
): Promise<SafetensorsContent> {
  if (checkpoint.format === "gguf") {
    throw new AnyqwenError(
      "unsupported",
      `${checkpoint.name}: merged safetensors are made from a safetensors base; write a .gguf file from this one`,
    );
  }
  const pairs = new Map([...weights].map(([name, pair]) => [findTensor(checkpoint, name)?.name, pair]));
  const tensors = new Map<string, TensorToWrite>();
  for (const tensor of checkpoint.tensors.values()) {
    const merged = added(tensor, pairs.get(tensor.name), isPlain(type) ? type : plainType(tensor));
    tensors.set(tensor.name, written(merged));
  }
  const copied = new Map<string, Uint8Array>();
  for (const file of files.files)
    if (companion.test(file) && !replaced.test(file)) copied.set(file, await readAll(files, file, mostCopied));
  const { quantization_config: _, ...config } = checkpoint.json.get("config.json") as Record<string, unknown>;
  copied.set("config.json", new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  return { tensors, files: copied };
}

type PlainType = "F32" | "F16" | "BF16";
const isPlain = (type: StorageType | undefined): type is PlainType => ["F32", "F16", "BF16"].includes(type ?? "");
/** Layers that are stored quantised become BF16, since their packed form has no place in a plain file. */
const plainType = ({ type }: StoredTensor): PlainType => (isPlain(type) ? type : "BF16");

function written(tensor: StoredTensor): TensorToWrite {
  const type = plainType(tensor);
  const plain = tensor.type === type && !tensor.columns ? tensor : quantised(asFloats(tensor), type);
  return { dtype: type, shape: tensor.shape, data: pieces(plain) };
}

const pieceBytes = 4 * 2 ** 20;

async function* pieces(tensor: StoredTensor): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < tensor.byteLength; offset += pieceBytes) {
    const piece = new Uint8Array(Math.min(pieceBytes, tensor.byteLength - offset));
    await tensor.read(offset, piece);
    yield piece;
  }
}
