// Stored blocks to f32, for every storage type: the definition that device kernels are tested against, and the way
// embedding rows are read. Results equal ggml's C code bit for bit; each product and sum is rounded to f32 as there.

import { rowBytes, type StorageType, storageFormat } from "../core/storage.ts";
import { iq4Nl, iq4Xs, mxfp4 } from "./dequantise-codebook.ts";
import { f8Blocks, groupBlocks } from "./dequantise-group.ts";
import { q2K, q3K, q4K, q5K, q6K } from "./dequantise-k.ts";
import { bfloats, floats, halves, q4_0, q4_1, q5_0, q5_1, q8_0 } from "./dequantise-simple.ts";

/** Writes `blocks` consecutive blocks, which begin at `bytes[0]`, to the start of `out`. */
type BlockDecoder = (bytes: Uint8Array, out: Float32Array, blocks: number) => void;

const decoders: Readonly<Record<StorageType, BlockDecoder>> = {
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
  G4_32: groupBlocks(32),
  G4_64: groupBlocks(64),
  G4_128: groupBlocks(128),
  F8_128: f8Blocks,
};

/** `out.length` elements of one row (or of rows of whole blocks), whose blocks begin at `bytes[0]`. */
export function dequantise(type: StorageType, bytes: Uint8Array, out: Float32Array): void {
  const { block, bytes: size } = storageFormat(type);
  const whole = Math.floor(out.length / block);
  const needed = rowBytes(type, out.length);
  if (bytes.length < needed)
    throw new RangeError(`${out.length} elements of ${type} need ${needed} bytes, not ${bytes.length}`);
  decoders[type](bytes, out, whole);
  if (whole * block === out.length) return;
  const last = new Float32Array(block);
  decoders[type](bytes.subarray(whole * size), last, 1);
  out.set(last.subarray(0, out.length - whole * block), whole * block);
}

/** Rows of `columns` elements each, as many as `out` holds; rows may end inside a block. */
export function dequantiseRows(type: StorageType, bytes: Uint8Array, columns: number, out: Float32Array): void {
  if (columns % storageFormat(type).block === 0) {
    dequantise(type, bytes, out);
    return;
  }
  const stride = rowBytes(type, columns);
  for (let row = 0; (row + 1) * columns <= out.length; row++) {
    dequantise(
      type,
      bytes.subarray(row * stride, (row + 1) * stride),
      out.subarray(row * columns, (row + 1) * columns),
    );
  }
}
