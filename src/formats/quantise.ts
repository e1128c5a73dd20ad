// f32 to stored blocks. The simple types round exactly as llama.cpp's reference quantiser does; the others search for
// scales by weighted least squares. Used by `anyqwen quantize` and, a row at a time, by loading with --quantize.

import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../core/storage.ts";
import { columnCount, convertedTensor } from "./converted-tensor.ts";
import { dequantise, dequantiseRows } from "./dequantise.ts";
import { iq4Nl, iq4Xs, mxfp4 } from "./quantise-codebook.ts";
import { q2K, q3K, q4K, q5K, q6K } from "./quantise-k.ts";
import { bfloats, floats, halves, q4_0, q4_1, q5_0, q5_1, q8_0 } from "./quantise-simple.ts";

/** Writes `blocks` blocks made of the first elements of `values` to the start of `out`. */
type BlockEncoder = (values: Float32Array, out: Uint8Array, blocks: number) => void;

const encoders: Partial<Readonly<Record<StorageType, BlockEncoder>>> = {
  F32: floats,
  F16: halves,
  BF16: bfloats,
  Q4_0: q4_0,
  Q4_1: q4_1,
  Q5_0: q5_0,
  Q5_1: q5_1,
  Q8_0: q8_0,
  Q2_K: q2K,
  Q3_K: q3K,
  Q4_K: q4K,
  Q5_K: q5K,
  Q6_K: q6K,
  IQ4_NL: iq4Nl,
  IQ4_XS: iq4Xs,
  MXFP4: mxfp4,
};

/** Types that `quantise` can write. */
export const quantisableTypes = Object.keys(encoders) as StorageType[];

/** All of `values`, whole blocks of `type`, to `out`. */
export function quantise(type: StorageType, values: Float32Array, out: Uint8Array): void {
  const encode = encoders[type];
  if (!encode) {
    throw new AnyqwenError("unsupported", `${type} cannot be written; choose one of ${quantisableTypes.join(", ")}`);
  }
  const { block, bytes } = storageFormat(type);
  const blocks = values.length / block;
  if (!Number.isInteger(blocks) || out.length < blocks * bytes) {
    throw new RangeError(`${values.length} elements are not whole ${type} blocks that fit in ${out.length} bytes`);
  }
  encode(values, out, blocks);
}

/** Whether rows of this tensor are whole blocks of `type`. */
export function fitsBlocks(tensor: Pick<StoredTensor, "shape">, type: StorageType): boolean {
  return columnCount(tensor.shape) % storageFormat(type).block === 0;
}

/** `tensor` as if its file had stored it as `type`: rows are read, widened and quantised as they are asked for. */
export function quantised(tensor: StoredTensor, type: StorageType): StoredTensor {
  if (tensor.type === type) return tensor;
  const columns = columnCount(tensor.shape);
  if (!fitsBlocks(tensor, type)) {
    throw new AnyqwenError(
      "unsupported",
      `${tensor.name}: rows of ${columns} elements are not whole ${type} blocks of ${storageFormat(type).block}`,
    );
  }
  const { name, shape, place } = tensor;
  const [fromStride, toStride] = [rowBytes(tensor.type, columns), rowBytes(type, columns)];
  return convertedTensor({ name, type, shape, columns: tensor.columns, place }, async (first, count) => {
    const stored = new Uint8Array(count * fromStride);
    await tensor.read(first * fromStride, stored);
    const values = new Float32Array(count * columns);
    dequantiseRows(tensor.type, stored, columns, values);
    const out = new Uint8Array(count * toStride);
    quantise(type, values, out);
    return out;
  });
}

/** What `values` become by being stored as `type`: for measuring what quantisation costs. */
export function roundTrip(type: StorageType, values: Float32Array): Float32Array {
  const bytes = new Uint8Array(rowBytes(type, values.length));
  quantise(type, values, bytes);
  const out = new Float32Array(values.length);
  dequantise(type, bytes, out);
  return out;
}
