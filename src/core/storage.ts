// How weights are stored: the block types of GGUF and the row-blocked forms that other quantised checkpoints are brought into.
// A row of `k` elements is ceil(k / block) consecutive blocks of `bytes` bytes. Source: ggml's block layouts (ggml-common.h).

export interface StorageFormat {
  /** Elements in a block. */
  readonly block: number;
  /** Bytes of a block. */
  readonly bytes: number;
}

const formats = {
  F32: { block: 1, bytes: 4 },
  F16: { block: 1, bytes: 2 },
  BF16: { block: 1, bytes: 2 },
  Q4_0: { block: 32, bytes: 18 },
  Q4_1: { block: 32, bytes: 20 },
  Q5_0: { block: 32, bytes: 22 },
  Q5_1: { block: 32, bytes: 24 },
  Q8_0: { block: 32, bytes: 34 },
  Q2_K: { block: 256, bytes: 84 },
  Q3_K: { block: 256, bytes: 110 },
  Q4_K: { block: 256, bytes: 144 },
  Q5_K: { block: 256, bytes: 176 },
  Q6_K: { block: 256, bytes: 210 },
  IQ4_NL: { block: 32, bytes: 18 },
  IQ4_XS: { block: 256, bytes: 136 },
  MXFP4: { block: 32, bytes: 17 },
  // GPTQ and AWQ, row by row: f16 scale, u8 zero point (already including GPTQ's +1), u8 unused, then 16 bytes a 32 inputs:
  // byte j of such a run holds input j in its low nibble and input j+16 in its high one. w = scale * (nibble - zero).
  G4_32: { block: 32, bytes: 20 },
  G4_64: { block: 64, bytes: 36 },
  G4_128: { block: 128, bytes: 68 },
  // Qwen's -FP8, row by row: f32 scale, then 128 E4M3FN bytes (zeros beyond the row's end). w = scale * e4m3(byte).
  F8_128: { block: 128, bytes: 132 },
} as const satisfies Record<string, StorageFormat>;

export type StorageType = keyof typeof formats;

export const storageTypes = Object.keys(formats) as StorageType[];

export function storageFormat(type: StorageType): StorageFormat {
  return formats[type];
}

export function isStorageType(name: string): name is StorageType {
  return Object.hasOwn(formats, name);
}

/** Bytes of one row of `k` elements. */
export function rowBytes(type: StorageType, k: number): number {
  const { block, bytes } = formats[type];
  return Math.ceil(k / block) * bytes;
}

/** A tensor as its file stores it (or as the checkpoint's reader presents it): row-major, outermost dimension first. */
export interface StoredTensor {
  readonly name: string;
  readonly type: StorageType;
  /** [out, in] for a linear layer, [experts, out, in] for stacked experts. */
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Only for act-order GPTQ: stored column c holds the layer's input `columns[c]`. */
  readonly columns?: Int32Array;
  /** Where its bytes, or most of those that it is made from, lie: whoever reads many tensors reads them in this order. */
  readonly place?: { readonly source: object; readonly offset: number };
  /** Fills `into` with the stored bytes from `offset` (within the tensor) on. */
  read(offset: number, into: Uint8Array): Promise<void>;
}
