// The header of one GGUF file: key-value pairs and where each tensor lies. Every count and length is checked against
// the file's size before anything is made of it. Source: gguf.md of the ggml project, versions 2 and 3, little-endian.

import type { ByteSource } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { rowBytes, type StorageType, storageFormat } from "../core/storage.ts";
import type { GgufValue } from "./checkpoint.ts";
import { GgufMetadata, PackedStrings } from "./gguf-metadata.ts";
import {
  type GgufScalarType,
  type GgufValueType,
  storageTypeOf,
  tensorTypeName,
  valueBytes,
  valueTypes,
} from "./gguf-types.ts";
import { HeaderCursor } from "./header-cursor.ts";

/** How a value is stored; a writer needs it to give the value back as it was. */
export type GgufTypeTag = GgufValueType | { readonly array: GgufTypeTag };

interface GgufTensorInfo {
  readonly name: string;
  readonly type: StorageType;
  /** Outermost dimension first (the file lists them the other way round). */
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: GgufMetadata;
  readonly types: Map<string, GgufTypeTag>;
  readonly tensors: GgufTensorInfo[];
}

const mostName = 512;
const mostDimensions = 4;
const mostNesting = 4;
/** A tensor's entry: name length, dimension count, one dimension, type, offset. */
const leastTensorInfo = 8 + 4 + 8 + 4 + 8;
/** A pair: key length, type, one byte of value. */
const leastPair = 8 + 4 + 1;

export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const cursor = new HeaderCursor(source);
  const { version, tensorCount, pairCount } = await cursor.step(() => readStart(cursor));
  const metadata = new GgufMetadata();
  const types = new Map<string, GgufTypeTag>();
  for (let i = 0; i < pairCount; i++) {
    const { key, value, type } = await cursor.step(() => readPair(cursor));
    if (metadata.has(key)) cursor.fail(`the key ${key} appears twice`);
    if (value instanceof PackedStrings) metadata.setPacked(key, value);
    else metadata.set(key, value);
    types.set(key, type);
  }
  const raw: RawTensor[] = [];
  await cursor.step(() => {
    raw.length = 0;
    for (let i = 0; i < tensorCount; i++) raw.push(readTensor(cursor));
  });
  const alignment = alignmentOf(cursor, metadata.get("general.alignment"));
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  return { version, metadata, types, tensors: placeTensors(source, raw, dataStart, alignment) };
}

function readStart(cursor: HeaderCursor) {
  const magic = cursor.u32();
  if (magic !== 0x46554747) cursor.fail(`it starts with 0x${magic.toString(16)} and not with "GGUF"`);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) {
    const bigEndian = version > 0xffff;
    throw new AnyqwenError(
      "unsupported",
      `${cursor.source.name}: ${bigEndian ? "a big-endian GGUF file" : `GGUF version ${version}`} is not supported; ` +
        "convert the model again with a current llama.cpp",
    );
  }
  const tensorCount = cursor.count("the number of tensors", leastTensorInfo);
  const pairCount = cursor.count("the number of keys", leastPair);
  return { version, tensorCount, pairCount };
}

function readPair(cursor: HeaderCursor): { key: string; value: GgufValue | PackedStrings; type: GgufTypeTag } {
  const at = cursor.position;
  const key = cursor.string(`the key at byte ${at}`);
  if (key.length === 0 || key.length > 65535) cursor.fail(`the key at byte ${at} has ${key.length} characters`);
  const type = readType(cursor, key);
  return { key, ...readValue(cursor, type, key, 0) };
}

function readType(cursor: HeaderCursor, key: string): GgufValueType {
  const id = cursor.u32();
  const type = valueTypes[id];
  if (type === undefined) cursor.fail(`${key}: value type ${id} is unknown`);
  return type;
}

function readValue(
  cursor: HeaderCursor,
  type: GgufValueType,
  key: string,
  depth: number,
): { value: GgufValue | PackedStrings; type: GgufTypeTag } {
  if (type !== "array") return { value: readScalar(cursor, type, key), type };
  if (depth >= mostNesting) cursor.fail(`${key}: arrays are nested more than ${mostNesting} deep`);
  const element = readType(cursor, key);
  const count = cursor.count(`the length of ${key}`, valueBytes[element]);
  if (element === "array") {
    const values: GgufValue[] = [];
    const types: GgufTypeTag[] = [];
    for (let i = 0; i < count; i++) {
      const inner = readValue(cursor, element, key, depth + 1);
      values.push(inner.value instanceof PackedStrings ? inner.value.decode() : inner.value);
      types.push(inner.type);
    }
    return { value: values, type: { array: types[0] ?? "array" } };
  }
  return { value: readArray(cursor, element, count, key), type: { array: element } };
}

function readScalar(cursor: HeaderCursor, type: GgufScalarType, key: string): GgufValue {
  switch (type) {
    case "string":
      return cursor.string(key);
    case "bool": {
      const byte = cursor.u8();
      if (byte > 1) cursor.fail(`${key}: ${byte} is not a boolean`);
      return byte === 1;
    }
    case "u64":
    case "i64": {
      const value = cursor[type]();
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    default:
      return cursor[type]();
  }
}

function readArray(cursor: HeaderCursor, type: GgufScalarType, count: number, key: string): GgufValue | PackedStrings {
  // Fetched as a whole before anything of that length is made.
  const start = cursor.take(count * valueBytes[type]);
  cursor.position = start;
  switch (type) {
    case "string":
      return new PackedStrings(cursor.strings(count, key), count);
    case "bool":
      return Array.from({ length: count }, () => readScalar(cursor, type, key));
    case "u64":
    case "i64": {
      const values = Array.from({ length: count }, () => cursor[type]());
      const numbers = values.map(Number);
      return numbers.every(Number.isSafeInteger) ? Float64Array.from(numbers) : values;
    }
    case "u32":
    case "f32":
    case "f64": {
      const numbers = new Float64Array(count);
      for (let i = 0; i < count; i++) numbers[i] = cursor[type]();
      return numbers;
    }
    default: {
      const numbers = new Int32Array(count);
      for (let i = 0; i < count; i++) numbers[i] = cursor[type]();
      return numbers;
    }
  }
}

interface RawTensor {
  readonly name: string;
  readonly shape: number[];
  readonly typeId: number;
  /** From the start of the data. */
  readonly offset: bigint;
}

function readTensor(cursor: HeaderCursor): RawTensor {
  const at = cursor.position;
  const name = cursor.string(`the tensor name at byte ${at}`);
  if (name.length === 0 || name.length > mostName)
    cursor.fail(`the tensor name at byte ${at} has ${name.length} characters`);
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > mostDimensions) cursor.fail(`${name}: ${dimensions} dimensions`);
  const shape: number[] = [];
  for (let i = 0; i < dimensions; i++) {
    const length = Number(cursor.u64());
    if (length < 1 || length > Number.MAX_SAFE_INTEGER) cursor.fail(`${name}: a dimension of ${length}`);
    shape.unshift(length);
  }
  return { name, shape, typeId: cursor.u32(), offset: cursor.u64() };
}

function alignmentOf(cursor: HeaderCursor, value: GgufValue | undefined): number {
  if (value === undefined) return 32;
  const isPowerOfTwo =
    typeof value === "number" && value >= 1 && value <= 2 ** 20 && Number.isInteger(Math.log2(value));
  if (!isPowerOfTwo) cursor.fail(`general.alignment is ${value}, which is not a power of two up to 2^20`);
  return value;
}

function placeTensors(source: ByteSource, raw: RawTensor[], dataStart: number, alignment: number): GgufTensorInfo[] {
  const names = new Set<string>();
  const fail = (name: string, what: string): never => {
    throw new AnyqwenError("format", `${source.name}: ${name}: ${what}; the file is damaged`);
  };
  const tensors = raw.map(({ name, shape, typeId, offset }) => {
    if (names.has(name)) fail(name, "the tensor appears twice");
    names.add(name);
    const type = storageTypeOf(typeId);
    if (type === undefined) {
      throw new AnyqwenError(
        "unsupported",
        `${name}: type ${tensorTypeName(typeId)} is not supported; re-quantise to Q4_K (in ${source.name})`,
      );
    }
    const columns = shape[shape.length - 1];
    const { block } = storageFormat(type);
    if (columns % block !== 0) fail(name, `rows of ${columns} elements are not whole ${type} blocks of ${block}`);
    const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
    const byteLength = rows * rowBytes(type, columns);
    const start = dataStart + Number(offset);
    if (offset % BigInt(alignment) !== 0n) fail(name, `its offset ${offset} is not a multiple of ${alignment}`);
    if (!(byteLength <= source.size) || !(start + byteLength <= source.size)) {
      fail(name, `it needs bytes ${start} to ${start + byteLength}, but the file has ${source.size} (cut short?)`);
    }
    return { name, type, shape, offset: start, byteLength };
  });
  const sorted = tensors.toSorted((a, b) => a.offset - b.offset);
  for (let i = 1; i < sorted.length; i++) {
    const [before, after] = [sorted[i - 1], sorted[i]];
    if (before.offset + before.byteLength > after.offset) fail(after.name, `its bytes overlap those of ${before.name}`);
  }
  return tensors;
}
