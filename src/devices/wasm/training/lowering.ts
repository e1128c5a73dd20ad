// What plan.ts, and the files that write instructions of single layers beside it, have in common.

import type { Value, Weight } from "../../../core/trace.ts";
import type { Argument, Buffer, Instruction } from "../instructions.ts";
import { alignUp } from "../layout.ts";
import type { Placed, PlainMatrix } from "./weights.ts";

export const valueStride = (cols: number): number => alignUp(cols, 16) * 4;

/** Where the values of a product's right factor lie (kernels/gemm.ts). */
export const source = { rowsOfK: 0, rowsOfN: 1, packedK: 2, packedN: 3 } as const;
/** How a product's result starts (kernels/gemm.ts). */
export const start = { zero: 0, there: 1, given: 2 } as const;

export interface Lowering {
  readonly maxTokens: number;
  /** Address of the list of sequences. */
  readonly sequences: number;
  emit(op: Instruction["op"], args: Argument[], reads: Buffer[], writes: Buffer[]): void;
  /** Where a value lies. */
  buffer(value: Value): Buffer;
  /** Row kind of a value. */
  rows(value: Value): number;
  /** Most rows of a value. */
  rowCapacity(value: Value): number;
  weight(weight: Weight): Placed;
  plain(weight: Weight): Placed<PlainMatrix>;
  /** Where a trained weight's gradient lies, and what stands for it. */
  gradient(weight: Weight): { readonly address: number; readonly token: Buffer };
  /** A weight as the right factor of a product: arguments 8 to 13 of gemm. */
  factor(weight: Weight, plain: number, packed: number): Argument[];
  /** Asks for this much scratch of each thread. */
  scratch(bytes: number): void;
}
