// A stored tensor made of parts of another: its rows, or the columns of every row, in another order. Blocks are moved as they are,
// so nothing is lost whatever the type.

import { rowBytes, type StoredTensor, storageFormat } from "../core/storage.ts";
import { columnCount, convertedTensor } from "./converted-tensor.ts";

/** Consecutive rows or columns of the original. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

/** The rows of `runs`, one after another, as a tensor of this shape; a vector counts as rows of one element. */
export function selectRows(tensor: StoredTensor, runs: readonly Run[], shape: readonly number[]): StoredTensor {
  const row = rowBytes(tensor.type, tensor.shape.length === 1 ? 1 : columnCount(tensor.shape));
  const { name, type, columns } = tensor;
  const byteLength = runs.reduce((sum, { count }) => sum + count, 0) * row;
  const place = tensor.place && { ...tensor.place, offset: tensor.place.offset + (runs[0]?.start ?? 0) * row };
  return {
    ...{ name, type, columns, shape, byteLength, place },
    async read(offset, into) {
      let begin = 0; // of the run, in the bytes of the selection
      for (const { start, count } of runs) {
        const end = begin + count * row;
        const [from, to] = [Math.max(begin, offset), Math.min(end, offset + into.length)];
        if (from < to) await tensor.read(start * row + from - begin, into.subarray(from - offset, to - offset));
        begin = end;
      }
    },
  };
}

/** The columns of `runs`, one after another, in every row of a matrix. */
export function selectColumns(tensor: StoredTensor, runs: readonly Run[]): StoredTensor {
  const { name, type, shape, place } = tensor;
  const { block, bytes } = storageFormat(type);
  if (runs.some(({ start, count }) => start % block !== 0 || count % block !== 0)) {
    // Blocks reach over the runs' ends: they stay, and say which column of the layer each of theirs is.
    const wanted = runs.flatMap(({ start, count }) => Array.from({ length: count }, (_, i) => start + i));
    const columns = new Int32Array(wanted.length);
    wanted.forEach((stored, column) => {
      columns[stored] = column;
    });
    return { ...tensor, columns, read: (offset, into) => tensor.read(offset, into) };
  }
  const stride = rowBytes(type, columnCount(shape));
  return convertedTensor({ name, type, shape, place }, async (first, count) => {
    const stored = new Uint8Array(count * stride);
    await tensor.read(first * stride, stored);
    const out = new Uint8Array(stored.length);
    for (let row = 0, at = 0; row < stored.length; row += stride) {
      for (const { start, count: wide } of runs) {
        const from = row + (start / block) * bytes;
        out.set(stored.subarray(from, from + (wide / block) * bytes), at);
        at += (wide / block) * bytes;
      }
    }
    return out;
  });
}
