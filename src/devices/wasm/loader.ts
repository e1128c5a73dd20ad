// Streams weights into WebAssembly memory: stored rows are read into a staging area and repacked from there by all threads, while the
// next piece is being read. Nothing is kept twice.

import type { BoundWeight } from "../../core/device.ts";
import { AnyqwenError, throwIfAborted } from "../../core/errors.ts";
import { rowBytes, type StoredTensor } from "../../core/storage.ts";
import type { Packing } from "./kinds.ts";
import type { WasmMemory } from "./memory.ts";

export interface Target {
  readonly bound: BoundWeight;
  readonly packing?: Packing;
  readonly experts: number;
  readonly address: number;
}

/** Rows of one tensor to be read and repacked together. */
interface Piece {
  readonly tensor: StoredTensor;
  readonly offset: number;
  readonly bytes: number;
  readonly place: (source: number) => void;
}

export type Repack = (args: readonly number[]) => void;

const stagingBytes = 4 << 20;

/** Most bytes that a piece of one of these weights takes: at least sixteen rows. */
export function stagingFor(targets: readonly Target[]): number {
  let bytes = 4096;
  for (const { bound, packing } of targets)
    for (const part of bound.parts) {
      const row = packing ? rowBytes(part.type, packing.k) : part.byteLength;
      bytes = Math.max(bytes, packing ? Math.min(part.byteLength, Math.max(16 * row, stagingBytes)) : row);
    }
  return bytes;
}

export async function loadWeights(
  targets: readonly Target[],
  memory: WasmMemory,
  staging: { readonly address: number; readonly bytes: number },
  repack: Repack,
  options: { onProgress?: (loaded: number, total: number) => void; signal?: AbortSignal },
): Promise<void> {
  const pieces = inFileOrder(targets.flatMap((target) => piecesOf(target, memory, staging.bytes, repack)));
  const total = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  const half = (n: number) => staging.address + (n % 2) * staging.bytes;
  const read = (n: number) => {
    const { tensor, offset, bytes } = pieces[n];
    const task = tensor.read(offset, memory.bytes.subarray(half(n), half(n) + bytes));
    task.catch(() => undefined); // awaited below; must not count as unhandled until then
    return task;
  };
  let loaded = 0;
  let next = pieces.length > 0 ? read(0) : undefined;
  for (let n = 0; n < pieces.length; n++) {
    await next;
    throwIfAborted(options.signal);
    next = n + 1 < pieces.length ? read(n + 1) : undefined;
    pieces[n].place(half(n));
    loaded += pieces[n].bytes;
    options.onProgress?.(loaded, total);
  }
}

/** Front to back through each file, so that what comes over a network comes in few requests; each piece knows where it goes. */
function inFileOrder(pieces: readonly Piece[]): Piece[] {
  const files = new Map<object | undefined, number>();
  for (const { tensor } of pieces) if (!files.has(tensor.place?.source)) files.set(tensor.place?.source, files.size);
  const file = ({ tensor }: Piece) => files.get(tensor.place?.source) ?? 0;
  const offset = ({ tensor }: Piece) => tensor.place?.offset ?? 0;
  return [...pieces].sort((a, b) => file(a) - file(b) || offset(a) - offset(b));
}

function piecesOf(target: Target, memory: WasmMemory, stagingSize: number, repack: Repack): Piece[] {
  const { packing } = target;
  if (!packing) return [vectorPiece(target, memory)];
  const pieces: Piece[] = [];
  const { bound, experts, address } = target;
  const perPart = experts / bound.parts.length;
  bound.parts.forEach((tensor, part) => {
    const row = rowBytes(tensor.type, packing.k);
    if (tensor.byteLength !== row * packing.rows * perPart)
      throw new AnyqwenError(
        "format",
        `${tensor.name}: ${tensor.byteLength} bytes, expected ${row * packing.rows * perPart}`,
      );
    const step = Math.max(16, Math.floor(stagingSize / row / 16) * 16);
    for (let e = 0; e < perPart; e++) {
      const base = address + (part * perPart + e) * packing.bytes;
      for (let first = 0; first < packing.rows; first += step) {
        const rows = Math.min(step, packing.rows - first);
        const destination = base + (first / packing.kind.rows) * packing.groupBytes;
        pieces.push({
          tensor,
          offset: (e * packing.rows + first) * row,
          bytes: rows * row,
          place: (source) =>
            repack([packing.kind.id, source, row, rows, destination, packing.units, packing.groupBytes]),
        });
      }
    }
  });
  return pieces;
}

/** Norm weights and biases: a handful of numbers, kept as f32. */
function vectorPiece({ bound, address }: Target, memory: WasmMemory): Piece {
  const [tensor] = bound.parts;
  const length = bound.weight.shape[0];
  if (!["F32", "F16", "BF16"].includes(tensor.type))
    throw new AnyqwenError(
      "unsupported",
      `${tensor.name}: a vector of type ${tensor.type}; F32, F16 and BF16 can be read`,
    );
  return {
    tensor,
    offset: 0,
    bytes: tensor.byteLength,
    place: (source) => {
      const { view } = memory;
      for (let n = 0; n < length; n++) {
        const value =
          tensor.type === "F32"
            ? view.getFloat32(source + 4 * n, true)
            : tensor.type === "F16"
              ? halfToNumber(view.getUint16(source + 2 * n, true))
              : bfloatToNumber(view.getUint16(source + 2 * n, true));
        view.setFloat32(address + 4 * n, value, true);
      }
    },
  };
}

function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const word = new DataView(new ArrayBuffer(4));
function bfloatToNumber(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
