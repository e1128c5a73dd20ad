// A model's files, opened: what configuration they carry and which tensors they hold. Nothing of the tensors' data is read yet.

import type { StoredTensor } from "../core/storage.ts";

export type GgufValue = string | number | bigint | boolean | readonly GgufValue[] | Float64Array | Int32Array;

export interface Checkpoint {
  readonly format: "gguf" | "safetensors";
  /** What error messages call it. */
  readonly name: string;
  /** GGUF key-value pairs; empty for safetensors. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Parsed JSON files by name ("config.json", "generation_config.json", …); empty for GGUF. */
  readonly json: ReadonlyMap<string, unknown>;
  /** By the file's own names. Quantised safetensors layers (FP8, GPTQ, AWQ) appear once, as their logical "….weight". */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  close(): Promise<void>;
}
