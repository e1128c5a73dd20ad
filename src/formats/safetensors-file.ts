// One safetensors file, read and written: 8 bytes of header length, a JSON header, the tensors' bytes without gaps.
// Source: the format section of the safetensors project's README; its limits (100 MB of header, no holes) are kept.

import type { ByteSource } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";
import { isStorageType } from "../core/storage.ts";
import { dequantise } from "./dequantise.ts";
import { checkTensorRange } from "./slice-tensor.ts";

const bytesOf = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

type SafetensorsType = keyof typeof bytesOf;

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Where the bytes lie. */
  readonly source: ByteSource;
  readonly start: number;
  /** Fills `into` with the tensor's bytes from `offset` on. */
  read(offset: number, into: Uint8Array): Promise<void>;
}

const mostHeader = 100_000_000;

/** The tensors of a file by name; fails with code "format" and the place of the fault. */
export async function readSafetensors(source: ByteSource): Promise<Map<string, SafetensorsEntry>> {
  const fail = (what: string): never => {
    throw new AnyqwenError("format", `${source.name}: ${what}; the file is damaged or not a safetensors file`);
  };
  if (source.size < 8) fail(`it has ${source.size} bytes`);
  const lengthBytes = new Uint8Array(8);
  await source.read(0, lengthBytes);
  const headerLength = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (headerLength > source.size - 8) fail(`its header claims ${headerLength} of the file's ${source.size} bytes`);
  if (headerLength > mostHeader) fail(`its header claims ${headerLength} bytes, the format allows ${mostHeader}`);
  const headerBytes = new Uint8Array(headerLength);
  await source.read(8, headerBytes);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(headerBytes));
  } catch (cause) {
    fail(`its header is not JSON (${(cause as Error).message})`);
  }
  if (!isObject(header)) return fail("its header is not an object");

  const dataStart = 8 + headerLength;
  const entries: SafetensorsEntry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, begin, end } = parseEntry(name, value, fail);
    if (dataStart + end > source.size) {
      fail(`${name}: it needs bytes up to ${dataStart + end}, but the file has ${source.size} (cut short?)`);
    }
    entries.push(entryOf(source, name, dtype, shape, dataStart + begin, end - begin));
  }
  entries.sort((a, b) => a.start - b.start || a.byteLength - b.byteLength);
  let expected = dataStart;
  for (const { name, start, byteLength } of entries) {
    if (start !== expected) fail(`${name}: it begins at byte ${start}, where ${expected} was expected`);
    expected = start + byteLength;
  }
  if (expected !== source.size) fail(`it has ${source.size} bytes, its tensors end at ${expected}`);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function entryOf(
  source: ByteSource,
  name: string,
  dtype: SafetensorsType,
  shape: readonly number[],
  start: number,
  byteLength: number,
): SafetensorsEntry {
  return {
    name,
    dtype,
    shape,
    byteLength,
    source,
    start,
    async read(offset, into) {
      checkTensorRange({ name, byteLength }, offset, into.length);
      await source.read(start + offset, into);
    },
  };
}

function parseEntry(name: string, value: unknown, fail: (what: string) => never) {
  if (!isObject(value)) return fail(`${name}: its entry is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !isSafetensorsType(dtype)) {
    throw new AnyqwenError("unsupported", `${name}: dtype ${JSON.stringify(dtype)} is not supported`);
  }
  if (!isCounts(shape)) return fail(`${name}: its shape is ${JSON.stringify(shape)?.slice(0, 80)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(`${name}: its data_offsets are ${JSON.stringify(offsets)?.slice(0, 80)}`);
  }
  const [begin, end] = offsets;
  const length = shape.reduce((product, size) => product * size, 1) * bytesOf[dtype];
  if (end - begin !== length)
    fail(`${name}: ${dtype} [${shape}] needs ${length} bytes, its data_offsets give ${end - begin}`);
  return { dtype, shape, begin, end };
}

function isSafetensorsType(name: string): name is SafetensorsType {
  return Object.hasOwn(bytesOf, name);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 16 && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** All bytes of a tensor. */
export async function readBytes(entry: SafetensorsEntry): Promise<Uint8Array> {
  const bytes = new Uint8Array(entry.byteLength);
  await entry.read(0, bytes);
  return bytes;
}

/** A tensor of whole numbers (I32, I64, U8, …) as an Int32Array; fails if one does not fit. */
export async function readInts(entry: SafetensorsEntry): Promise<Int32Array> {
  const view = new DataView((await readBytes(entry)).buffer);
  const at = integerAt[entry.dtype];
  if (!at) throw new AnyqwenError("format", `${entry.name}: ${entry.dtype} is not a type of whole numbers`);
  const size = bytesOf[entry.dtype];
  const out = new Int32Array(entry.byteLength / size);
  for (let i = 0; i < out.length; i++) {
    const value = at(view, i * size);
    out[i] = value;
    if (out[i] !== value) {
      throw new AnyqwenError("format", `${entry.name}: element ${i} is ${value}, which does not fit in 32 bits`);
    }
  }
  return out;
}

/** An F32, F16 or BF16 tensor as f32. */
export async function readFloats(entry: SafetensorsEntry): Promise<Float32Array> {
  if (!isStorageType(entry.dtype)) {
    throw new AnyqwenError("format", `${entry.name}: ${entry.dtype} where F32, F16 or BF16 was expected`);
  }
  const bytes = await readBytes(entry);
  const out = new Float32Array(entry.shape.reduce((product, length) => product * length, 1));
  dequantise(entry.dtype, bytes, out);
  return out;
}

const integerAt: Partial<Record<SafetensorsType, (view: DataView, at: number) => number>> = {
  BOOL: (view, at) => view.getUint8(at),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
};

export interface TensorToWrite {
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  /** The bytes, or a source of pieces of them in order. */
  readonly data: Uint8Array | AsyncIterable<Uint8Array>;
}

/** The bytes of a safetensors file, piece by piece. */
export async function* safetensorsPieces(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  yield encodeHeader(tensors, metadata);
  for (const [name, { dtype, shape, data }] of tensors) {
    let written = 0;
    for await (const piece of data instanceof Uint8Array ? [data] : data) {
      written += piece.length;
      yield piece;
    }
    const promised = lengthOf(dtype, shape);
    if (written !== promised) {
      throw new AnyqwenError(
        "internal",
        `${name}: ${dtype} [${shape}] needs ${promised} bytes, ${written} were written`,
      );
    }
  }
}

/** A safetensors file in memory. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite & { readonly data: Uint8Array }>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header = encodeHeader(tensors, metadata);
  const all = [...tensors.values()];
  const out = new Uint8Array(all.reduce((sum, { data }) => sum + data.length, header.length));
  out.set(header);
  let at = header.length;
  for (const [name, { dtype, shape, data }] of tensors) {
    if (data.length !== lengthOf(dtype, shape)) {
      throw new AnyqwenError("internal", `${name}: ${dtype} [${shape}] cannot have ${data.length} bytes`);
    }
    out.set(data, at);
    at += data.length;
  }
  return out;
}

function lengthOf(dtype: SafetensorsType, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, bytesOf[dtype]);
}

function encodeHeader(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const entries: [string, unknown][] = metadata ? [["__metadata__", metadata]] : [];
  let offset = 0;
  for (const [name, { dtype, shape }] of tensors) {
    const end = offset + lengthOf(dtype, shape);
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // Tensors begin on 8 bytes; spaces after the JSON are part of the format.
  const length = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + length).fill(0x20);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(json, 8);
  return out;
}

/** A typed array's bytes, for `TensorToWrite`. */
export function bytesOfArray(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
