// Weights of the reference device: read in pieces, dequantised to f32. The dequantiser is given from above, since devices know
// storage types only by name and size.

import type { BoundWeight, DeviceOptions } from "../../core/device.ts";
import { AnyqwenError, throwIfAborted } from "../../core/errors.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../../core/storage.ts";

/** Whole blocks to f32: `out` has as many elements as `bytes` has blocks times the block's elements. */
export type Dequantise = (type: StorageType, bytes: Uint8Array, out: Float32Array) => void;

/** Bytes read at once. */
const PIECE = 1 << 20;

export async function loadWeights(
  weights: readonly BoundWeight[],
  dequantise: Dequantise,
  { onProgress, signal }: Pick<DeviceOptions, "onProgress" | "signal">,
): Promise<Map<string, Float32Array>> {
  const total = weights.reduce((sum, { parts }) => sum + parts.reduce((bytes, part) => bytes + part.byteLength, 0), 0);
  const loaded = new Map<string, Float32Array>();
  let done = 0;
  for (const { weight, parts } of weights) {
    const size = weight.shape.reduce((a, b) => a * b, 1);
    const values = allocate(weight.name, size);
    for (const [index, part] of parts.entries()) {
      throwIfAborted(signal);
      const into = values.subarray((index * size) / parts.length, ((index + 1) * size) / parts.length);
      await loadTensor(part, into, dequantise);
      onProgress?.((done += part.byteLength), total);
    }
    loaded.set(weight.name, values);
  }
  return loaded;
}

/** Reads and dequantises row by row: rows are padded to whole blocks, and act-order columns go to their inputs. */
async function loadTensor(tensor: StoredTensor, into: Float32Array, dequantise: Dequantise): Promise<void> {
  const { type, shape, columns } = tensor;
  const cols = shape[shape.length - 1];
  const rows = into.length / cols;
  const { block } = storageFormat(type);
  const stride = rowBytes(type, cols);
  const padded = new Float32Array(Math.ceil(cols / block) * block);
  const rowsAtOnce = Math.max(1, Math.floor(PIECE / stride));
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const bytes = new Uint8Array(Math.min(rowsAtOnce, rows - first) * stride);
    await tensor.read(first * stride, bytes);
    for (let row = 0; row * stride < bytes.length; row++) {
      dequantise(type, bytes.subarray(row * stride, (row + 1) * stride), padded);
      const start = (first + row) * cols;
      if (columns) for (let c = 0; c < cols; c++) into[start + columns[c]] = padded[c];
      else into.set(padded.subarray(0, cols), start);
    }
  }
}

function allocate(name: string, size: number): Float32Array {
  try {
    return new Float32Array(size);
  } catch (cause) {
    throw new AnyqwenError("out-of-memory", `${name}: no memory for ${size} f32 values; use the wasm device`, {
      cause,
    });
  }
}
