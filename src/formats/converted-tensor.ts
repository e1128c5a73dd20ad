// A stored tensor that exists only as rows computed from other bytes: repacked GPTQ, AWQ and FP8 layers, and weights
// quantised while they are loaded. Rows are made as they are read, a few at a time, and not kept.

import { rowBytes, type StoredTensor } from "../core/storage.ts";
import { checkTensorRange } from "./slice-tensor.ts";

/** The stored bytes of rows [first, first + count); leading dimensions count as rows. */
export type RowMaker = (first: number, count: number) => Promise<Uint8Array>;

const batchBytes = 2 ** 20;

export function convertedTensor(
  tensor: Pick<StoredTensor, "name" | "type" | "shape" | "columns" | "place">,
  makeRows: RowMaker,
): StoredTensor {
  const rows = rowCount(tensor.shape);
  const stride = rowBytes(tensor.type, columnCount(tensor.shape));
  const byteLength = rows * stride;
  const batch = Math.max(1, Math.floor(batchBytes / stride));
  return {
    ...tensor,
    byteLength,
    async read(offset, into) {
      checkTensorRange({ name: tensor.name, byteLength }, offset, into.length);
      const end = offset + into.length;
      const lastRow = Math.ceil(end / stride);
      for (let row = Math.floor(offset / stride); row < lastRow; row += batch) {
        const made = await makeRows(row, Math.min(batch, lastRow - row));
        const from = Math.max(offset, row * stride);
        const to = Math.min(end, row * stride + made.length);
        into.set(made.subarray(from - row * stride, to - row * stride), from - offset);
      }
    },
  };
}

export function rowCount(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, length) => product * length, 1);
}

export function columnCount(shape: readonly number[]): number {
  return shape[shape.length - 1];
}

/** What conversions of whole layers hold while they are read. At most a few stay, however many reads are abandoned. */
export class HeldLayers {
  readonly #held = new Map<string, Promise<unknown>>();

  constructor(readonly most = 4) {}

  /** What `load` gives, loaded once until `drop(name)` or until too many others came after it. */
  get<T>(name: string, load: () => Promise<T>): Promise<T> {
    const known = this.#held.get(name);
    if (known) return known as Promise<T>;
    const loaded = load();
    this.#held.set(name, loaded);
    loaded.catch(() => this.drop(name));
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.most) break;
      this.#held.delete(oldest);
    }
    return loaded;
  }

  drop(name: string): void {
    this.#held.delete(name);
  }
}
