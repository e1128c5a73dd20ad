// The packed layouts by stored type: numbers as in kernels/kinds.ts, sizes as drawn in docs/architecture.md.

import { AnyqwenError } from "../../core/errors.ts";
import { type StorageType, storageFormat } from "../../core/storage.ts";
import { alignUp } from "./layout.ts";

interface Kind {
  readonly id: number;
  /** Rows that lie interleaved: 16 for float types, 4 for integer ones. */
  readonly rows: 4 | 16;
  /** Elements of k in a unit, and the bytes of a unit of all the interleaved rows. */
  readonly unit: number;
  readonly unitBytes: number;
  /** Which activations the product reads: f32, int8 blocks, or int16 blocks (also all integer types without relaxed SIMD). */
  readonly activations: "float" | "narrow" | "wide";
}

const float = (id: number, unit: number, unitBytes: number): Kind => ({
  id,
  rows: 16,
  unit,
  unitBytes,
  activations: "float",
});
const int = (id: number, unit: number, unitBytes: number, wide = false): Kind => ({
  id,
  rows: 4,
  unit,
  unitBytes,
  activations: wide ? "wide" : "narrow",
});

const kinds: Record<StorageType, Kind> = {
  F32: float(0, 1, 64),
  F16: float(1, 1, 32),
  BF16: float(2, 1, 32),
  F8_128: float(3, 128, 2112),
  Q4_0: int(4, 32, 72),
  Q4_1: int(5, 32, 80),
  Q5_0: int(6, 32, 88),
  Q5_1: int(7, 32, 96),
  Q8_0: int(8, 32, 136, true),
  Q2_K: int(9, 256, 336),
  Q3_K: int(10, 256, 456),
  Q4_K: int(11, 256, 592),
  Q5_K: int(12, 256, 720),
  Q6_K: int(13, 256, 840),
  IQ4_NL: int(14, 32, 72, true),
  IQ4_XS: int(15, 256, 552, true),
  MXFP4: int(16, 32, 68),
  G4_32: int(17, 32, 80),
  G4_64: int(18, 64, 144),
  G4_128: int(19, 128, 272),
};

/** How a matrix [rows, k] of a stored type lies in memory. */
export interface Packing {
  readonly kind: Kind;
  readonly rows: number;
  readonly k: number;
  /** What the kernels count along k: units, or k itself for F32, F16, BF16 and FP8. */
  readonly units: number;
  readonly groups: number;
  readonly groupBytes: number;
  readonly bytes: number;
}

export function packing(name: string, type: StorageType, rows: number, k: number): Packing {
  const kind = kinds[type];
  const { block } = storageFormat(type);
  if (kind.rows === 4 && k % block !== 0)
    throw new AnyqwenError("format", `${name}: rows of ${k} elements do not fill ${type} blocks of ${block}`);
  const unitCount = Math.ceil(k / kind.unit);
  const groups = Math.ceil(rows / kind.rows);
  const groupBytes = unitCount * kind.unitBytes;
  return {
    kind,
    rows,
    k,
    units: kind.rows === 16 ? k : unitCount,
    groups,
    groupBytes,
    bytes: alignUp(groups * groupBytes, 64),
  };
}
