// A LoRA adapter as llama.cpp keeps it: a GGUF file with general.type "adapter" and, for each tensor of the base, "<tensor>.lora_a"
// [rank, in] and "<tensor>.lora_b" [out, rank]. Its scale is adapter.lora.alpha / rank; there is one alpha for all.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import { type Adapter, type AdapterModule, moduleScale, moduleShape } from "../formats/adapter.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { dequantiseRows } from "../formats/dequantise.ts";
import { openGguf } from "../formats/gguf.ts";
import type { TypedGgufValue } from "../formats/gguf-write.ts";
import { bytesOfArray } from "../formats/safetensors-file.ts";
import { sliceTensor } from "../formats/slice-tensor.ts";
import { memorySource } from "../formats/sources.ts";
import { ggufName, hfName } from "./gguf-names.ts";
import type { GgufContent } from "./to-gguf.ts";

/** Fails with code "format" or "unsupported", naming the file and the tensor or key. */
export async function readGgufAdapter(files: FileSet): Promise<Adapter> {
  const checkpoint = await openGguf(files);
  try {
    const alpha = checkMetadata(checkpoint);
    const modules = new Map<string, AdapterModule>();
    for (const [base, { a, b }] of pair(checkpoint)) modules.set(moduleOf(base, files.name), await readModule(a, b));
    const rank = Math.max(...[...modules.values()].map((module) => module.rank ?? 1));
    return {
      modules: new Map(
        [...modules].map(([name, { a, b, rank: own = rank }]) => [
          name,
          { a, b, ...(own !== rank && { rank: own, ...(alpha === 0 && { alpha: own }) }) },
        ]),
      ),
      rank,
      // llama.cpp takes an alpha of 0 as none: the product itself is added.
      alpha: alpha === 0 ? rank : alpha,
      rslora: false,
      madeFor: {
        name: text(checkpoint, "general.base_model.0.name"),
        architecture: text(checkpoint, "general.architecture"),
      },
    };
  } finally {
    await checkpoint.close();
  }
}

function checkMetadata({ metadata, name }: Checkpoint): number {
  for (const [key, wanted] of [
    ["general.type", "adapter"],
    ["adapter.type", "lora"],
  ]) {
    const value = metadata.get(key);
    if (value === wanted) continue;
    throw new AnyqwenError("format", `${name}: ${key} is ${String(value)}, not "${wanted}": this is no LoRA adapter`);
  }
  if (metadata.has("adapter.alora.invocation_tokens")) {
    throw new AnyqwenError("unsupported", `${name}: an adapter that begins in the middle of a prompt is not supported`);
  }
  const alpha = metadata.get("adapter.lora.alpha");
  if (typeof alpha === "number" && Number.isFinite(alpha)) return alpha;
  throw new AnyqwenError("format", `${name}: adapter.lora.alpha is ${String(alpha)}; expected a number`);
}

const text = ({ metadata }: Checkpoint, key: string) => {
  const value = metadata.get(key);
  return typeof value === "string" ? value : undefined;
};

interface Pair {
  readonly a: StoredTensor;
  readonly b: StoredTensor;
}

function pair({ tensors, name: file }: Checkpoint): Map<string, Pair> {
  const found = new Map<string, Partial<Pair>>();
  for (const tensor of tensors.values()) {
    const [, base, side] = /^(.+)\.lora_([ab])$/.exec(tensor.name) ?? [];
    if (base === undefined) {
      throw new AnyqwenError("unsupported", `${file}: ${tensor.name}: neither a lora_a nor a lora_b`);
    }
    found.set(base, { ...found.get(base), [side]: tensor });
  }
  if (found.size === 0) throw new AnyqwenError("format", `${file}: there are no lora_a and lora_b tensors`);
  const pairs = new Map<string, Pair>();
  for (const [name, { a, b }] of found) {
    if (!a || !b) throw new AnyqwenError("format", `${file}: ${name} has no lora_${a ? "b" : "a"}`);
    if (a.shape.length !== 2 || b.shape.length !== 2 || b.shape[1] !== a.shape[0]) {
      const shapes = `lora_a is [${a.shape.join(", ")}] and lora_b [${b.shape.join(", ")}]`;
      throw new AnyqwenError("format", `${file}: ${name}: ${shapes}; expected [rank, in] and [out, rank]`);
    }
    pairs.set(name, { a, b });
  }
  return pairs;
}

function moduleOf(base: string, file: string): string {
  const name = base === "token_embd.weight" ? undefined : hfName(base);
  if (name?.endsWith(".weight")) return name.slice(0, -".weight".length);
  throw new AnyqwenError("unsupported", `${file}: ${base}: not a linear layer of a Qwen decoder`);
}

async function readModule(a: StoredTensor, b: StoredTensor): Promise<AdapterModule> {
  return { a: await values(a), b: await values(b), rank: a.shape[0] };
}

async function values(tensor: StoredTensor): Promise<Float32Array> {
  const bytes = new Uint8Array(tensor.byteLength);
  await tensor.read(0, bytes);
  const [rows, columns] = tensor.shape;
  const out = new Float32Array(rows * columns);
  dequantiseRows(tensor.type, bytes, columns, out);
  const at = out.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return out;
  throw new AnyqwenError("format", `${tensor.name}: element ${at} is ${out[at]}; the training went wrong`);
}

/** The adapter as a file of llama.cpp's. Where layers' scales differ by more than their ranks say, B makes up for it. */
export function adapterToGguf(adapter: Adapter, architecture: string, name: string): GgufContent {
  // one of 0 would be read as none
  const alpha = moduleScale(adapter, { a: none, b: none }) * adapter.rank || adapter.rank;
  const tensors: StoredTensor[] = [];
  for (const module of [...adapter.modules.keys()].sort()) {
    const matrices = adapter.modules.get(module);
    const base = ggufName(`${module}.weight`);
    if (!matrices) continue;
    if (base === undefined) throw new AnyqwenError("unsupported", `${module}: GGUF has no name for this layer`);
    const { rank, in: in_, out } = moduleShape(adapter, matrices);
    const factor = moduleScale(adapter, matrices) / (alpha / rank);
    const b = factor === 1 ? matrices.b : matrices.b.map((value) => value * factor);
    tensors.push(floats(`${base}.lora_a`, [rank, in_], matrices.a));
    tensors.push(floats(`${base}.lora_b`, [out, rank], b));
  }
  const metadata = new Map<string, TypedGgufValue>([
    ["general.architecture", { type: "string", value: architecture }],
    ["general.type", { type: "string", value: "adapter" }],
    ["general.name", { type: "string", value: name }],
    ["adapter.type", { type: "string", value: "lora" }],
    ["adapter.lora.alpha", { type: "f32", value: alpha }],
  ]);
  return { metadata, tensors };
}

const none = new Float32Array(0);

function floats(name: string, shape: readonly number[], data: Float32Array): StoredTensor {
  const bytes = bytesOfArray(data);
  return sliceTensor(memorySource(name, bytes), { name, type: "F32", shape, byteLength: bytes.length }, 0);
}
