// Where weights lie in a memory: packed matrices (stacked experts one behind the other) and vectors, each from a multiple of 64 on,
// and apart from them the column lists of act-order GPTQ.

import type { BoundWeight } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { type Packing, packing } from "./kinds.ts";
import { alignUp } from "./layout.ts";

/** A weight as it will be in memory. */
export interface PackedWeight {
  readonly bound: BoundWeight;
  /** Of matrices; vectors are f32. */
  readonly packing?: Packing;
  readonly experts: number;
  readonly bytes: number;
  /** Act-order column list of GPTQ. */
  readonly columnList?: Int32Array;
}

export interface Placement extends PackedWeight {
  readonly address: number;
  /** Address of the column list, or 0. */
  readonly columns: number;
}

export function packWeights(weights: readonly BoundWeight[]): PackedWeight[] {
  return weights.map((bound) => {
    const { weight, parts } = bound;
    if (weight.shape.length === 1) return { bound, experts: 1, bytes: alignUp(weight.shape[0], 16) * 4 };
    const [rows, k] = weight.shape.slice(-2);
    const experts = weight.shape.length === 3 ? weight.shape[0] : 1;
    const types = new Set(parts.map((part) => part.type));
    if (types.size !== 1)
      throw new AnyqwenError(
        "unsupported",
        `${weight.name}: its experts are stored in different types (${[...types].join(", ")})`,
      );
    if (parts.length > 1 && parts.some((part) => part.columns))
      throw new AnyqwenError(
        "unsupported",
        `${weight.name}: act-order GPTQ experts are not supported; use a checkpoint without g_idx`,
      );
    const layout = packing(weight.name, parts[0].type, rows, k);
    return { bound, packing: layout, experts, bytes: experts * layout.bytes, columnList: parts[0].columns };
  });
}

export interface WeightLayout {
  readonly placements: ReadonlyMap<string, Placement>;
  readonly bytes: number;
  readonly columnBytes: number;
}

/** Weights one after another from `base` on, column lists from `columnBase` on. */
export function placeWeights(weights: readonly PackedWeight[], base: number, columnBase: number): WeightLayout {
  const placements = new Map<string, Placement>();
  let bytes = 0;
  let columnBytes = 0;
  for (const weight of weights) {
    const columns = weight.columnList ? columnBase + columnBytes : 0;
    placements.set(weight.bound.weight.name, { ...weight, address: base + bytes, columns });
    bytes += alignUp(weight.bytes, 64);
    columnBytes += columnListBytes(weight);
  }
  return { placements, bytes, columnBytes };
}

/** Bytes that a weight takes with all that belongs to it. */
export function placedBytes(weight: PackedWeight): number {
  return alignUp(weight.bytes, 64) + columnListBytes(weight);
}

function columnListBytes({ columnList }: PackedWeight): number {
  return columnList ? alignUp(columnList.byteLength, 64) : 0;
}
