// A stored tensor's values as F32, in pieces of whole rows, so that no tensor needs to fit in memory twice.

import { rowBytes, type StoredTensor } from "../../core/storage.ts";
import { dequantiseRows } from "../../formats/dequantise.ts";
import { bytesOfArray } from "../../formats/safetensors-file.ts";

const pieceBytes = 2 ** 24;

/** Rows of [.., k] as F32 bytes; act-order columns are put back in the layer's order. */
export async function* floatPieces(tensor: StoredTensor): AsyncGenerator<Uint8Array> {
  const { shape, type, columns } = tensor;
  const k = shape.at(-1) ?? 1;
  const rows = shape.reduce((product, size) => product * size, 1) / k || 0;
  const stride = rowBytes(type, k);
  const most = Math.max(1, Math.floor(pieceBytes / Math.max(stride, 4 * k)));
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    const stored = new Uint8Array(count * stride);
    await tensor.read(row * stride, stored);
    const values = new Float32Array(count * k);
    dequantiseRows(type, stored, k, values);
    yield bytesOfArray(columns ? inOrder(values, columns) : values);
  }
}

/** Stored column c holds input columns[c]. */
function inOrder(values: Float32Array, columns: Int32Array): Float32Array {
  const k = columns.length;
  const out = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += k) {
    for (let c = 0; c < k; c++) out[row + columns[c]] = values[row + c];
  }
  return out;
}
