// Small files made in memory, for the tests of formats and whoever stands on them.

import type { StorageType, StoredTensor } from "../../src/core/storage.ts";
import type { GgufTypeTag } from "../../src/formats/gguf-header.ts";
import { ggufPieces, type TypedGgufValue } from "../../src/formats/gguf-write.ts";
import { sliceTensor } from "../../src/formats/slice-tensor.ts";
import { memorySource } from "../../src/formats/sources.ts";

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return joined(...all);
}

/** Arrays end to end. */
export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

export function memoryTensor(
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
  type: StorageType = "F32",
): StoredTensor {
  return sliceTensor(memorySource(name, bytes), { name, type, shape, byteLength: bytes.length }, 0);
}

export async function ggufFile(
  metadata: Record<string, [GgufTypeTag, TypedGgufValue["value"]]>,
  tensors: readonly StoredTensor[],
): Promise<Uint8Array> {
  const typed = new Map(Object.entries(metadata).map(([key, [type, value]]) => [key, { type, value }]));
  return collect(ggufPieces(typed, tensors));
}
