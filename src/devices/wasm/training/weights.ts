// Where training's weights lie: frozen ones of integer blocks packed as for inference, all others as plain f32 rows, padded to sixteen
// columns. A trained weight has three more arrays of its size: gradient and AdamW's two moments.

import type { BoundWeight } from "../../../core/device.ts";
import { AnyqwenError, throwIfAborted } from "../../../core/errors.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../../../core/storage.ts";
import type { Weight } from "../../../core/trace.ts";
import type { ParameterPart, TrainingProgram } from "../../../core/training.ts";
import { type Packing, packing } from "../kinds.ts";
import { alignUp } from "../layout.ts";
import type { WasmMemory } from "../memory.ts";

/** Whole blocks to f32; given from above, since devices know storage types only by name and size. */
export type Dequantise = (type: StorageType, bytes: Uint8Array, out: Float32Array) => void;

export interface PlainMatrix {
  readonly kind: "plain";
  readonly weight: Weight;
  /** Of stacked experts all. */
  readonly rows: number;
  readonly cols: number;
  /** Bytes from row to row. */
  readonly stride: number;
  /** Bytes of each part. */
  readonly bytes: number;
  readonly trained: boolean;
  /** None for what no checkpoint holds; equal shares of the rows otherwise. */
  readonly sources: readonly StoredTensor[];
}

interface PackedMatrix {
  readonly kind: "packed";
  readonly weight: Weight;
  /** Of one expert. */
  readonly packing: Packing;
  readonly experts: number;
  readonly bytes: number;
  readonly bound: BoundWeight;
}

export type TrainingWeight = PlainMatrix | PackedMatrix;

export type Placed<W extends TrainingWeight = TrainingWeight> = W & { readonly address: number };

/** Which way each weight of a program is stored. */
export function layOutWeights(program: TrainingProgram, bounds: readonly BoundWeight[]): TrainingWeight[] {
  const byName = new Map(bounds.map((bound) => [bound.weight.name, bound]));
  const trained = new Set(program.trainable.map(({ name }) => name));
  return program.weights.map((weight): TrainingWeight => {
    const bound = byName.get(weight.name);
    const parts = bound?.parts ?? [];
    const cols = weight.shape[weight.shape.length - 1];
    const rows = weight.shape.reduce((a, b) => a * b, 1) / cols;
    if (bound && weight.shape.length > 1 && !trained.has(weight.name) && areBlocks(parts)) {
      const experts = weight.shape.length === 3 ? weight.shape[0] : 1;
      const layout = packing(weight.name, parts[0].type, rows / experts, cols);
      return { kind: "packed", weight, packing: layout, experts, bytes: experts * layout.bytes, bound };
    }
    const stride = 4 * alignUp(cols, 16);
    return {
      kind: "plain",
      weight,
      rows,
      cols,
      stride,
      bytes: rows * stride,
      trained: trained.has(weight.name),
      sources: parts,
    };
  });
}

/** Integer blocks along the input, in order, all of one type: what the packed products read. */
function areBlocks(parts: readonly StoredTensor[]): boolean {
  return parts.every(({ type, columns, shape }) => {
    const { block } = storageFormat(type);
    const whole = shape[shape.length - 1] % block === 0;
    return block > 1 && type !== "F8_128" && type === parts[0].type && !columns && whole;
  });
}

/** Bytes of all parts of all weights. */
export function weightBytes(weights: readonly TrainingWeight[]): number {
  return weights.reduce((sum, weight) => sum + alignUp(weight.bytes, 64) * partsOf(weight).length, 0);
}

const parameterParts: readonly ParameterPart[] = ["value", "gradient", "firstMoment", "secondMoment"];

function partsOf(weight: TrainingWeight): readonly ParameterPart[] {
  return weight.kind === "plain" && weight.trained ? parameterParts : ["value"];
}

/** Weights one after another from `base` on, and where each part lies. */
export function placeTrainingWeights(
  weights: readonly TrainingWeight[],
  base: number,
): { readonly placed: Map<string, Placed>; readonly parts: Map<string, Map<ParameterPart, number>> } {
  const placed = new Map<string, Placed>();
  const parts = new Map<string, Map<ParameterPart, number>>();
  let at = base;
  for (const weight of weights) {
    const places = new Map<ParameterPart, number>();
    placed.set(weight.weight.name, { ...weight, address: at });
    for (const part of partsOf(weight)) {
      places.set(part, at);
      at += alignUp(weight.bytes, 64);
    }
    parts.set(weight.weight.name, places);
  }
  return { placed, parts };
}

const pieceBytes = 1 << 20;

/** Reads a plain weight's rows, dequantised; act-order columns go to their inputs. */
export async function loadPlain(
  { sources, rows, cols, stride, address }: Placed<PlainMatrix>,
  memory: WasmMemory,
  dequantise: Dequantise,
  signal: AbortSignal | undefined,
): Promise<void> {
  const share = rows / sources.length;
  for (const [n, source] of sources.entries()) {
    const into = { share, cols, stride, address: address + n * share * stride };
    await loadRows(source, into, memory, dequantise, signal);
  }
}

async function loadRows(
  source: StoredTensor,
  { share, cols, stride, address }: { share: number; cols: number; stride: number; address: number },
  memory: WasmMemory,
  dequantise: Dequantise,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name, type, columns, shape } = source;
  const width = shape[shape.length - 1];
  if (width !== cols) throw new AnyqwenError("internal", `${name}: rows of ${width}, expected ${cols}`);
  const bytes = rowBytes(type, cols);
  const { block } = storageFormat(type);
  const values = new Float32Array(Math.ceil(cols / block) * block);
  const atOnce = Math.max(1, Math.floor(pieceBytes / bytes));
  for (let first = 0; first < share; first += atOnce) {
    throwIfAborted(signal);
    const stored = new Uint8Array(Math.min(atOnce, share - first) * bytes);
    await source.read(first * bytes, stored);
    for (let row = 0; row * bytes < stored.length; row++) {
      dequantise(type, stored.subarray(row * bytes, (row + 1) * bytes), values);
      const into = new Float32Array(memory.memory.buffer, address + (first + row) * stride, cols);
      if (columns) for (let c = 0; c < cols; c++) into[columns[c]] = values[c];
      else into.set(values.subarray(0, cols));
    }
  }
}
