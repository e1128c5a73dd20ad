// Checkpoints made up for tests: tensors with shapes and, where asked, bytes.

import { rowBytes, type StorageType, type StoredTensor } from "../core/storage.ts";
import type { Checkpoint, GgufValue } from "../formats/checkpoint.ts";

export function fakeTensor(name: string, shape: readonly number[], type: StorageType = "F32"): StoredTensor {
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const bytes = rows * rowBytes(type, shape[shape.length - 1]);
  return {
    name,
    type,
    shape,
    byteLength: bytes,
    async read(offset, into) {
      for (let i = 0; i < into.length; i++) into[i] = (offset + i) % 251;
    },
  };
}

export function fakeCheckpoint(
  format: "gguf" | "safetensors",
  tensors: readonly StoredTensor[],
  about: { config?: unknown; metadata?: Record<string, GgufValue> } = {},
): Checkpoint {
  return {
    format,
    name: "here",
    metadata: new Map(Object.entries(about.metadata ?? {})),
    json: about.config === undefined ? new Map() : new Map([["config.json", about.config]]),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    close: async () => {},
  };
}
