// Writes GGUF version 3: header, key-value pairs, tensor places, then each tensor's bytes as they come from their source.
// A generator, so that a model never lies in memory twice; whoever consumes it sees to atomic replacement of the file.

import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import type { GgufValue } from "./checkpoint.ts";
import type { GgufTypeTag } from "./gguf-header.ts";
import { type GgufScalarType, tensorTypeId, valueTypes } from "./gguf-types.ts";

export interface TypedGgufValue {
  readonly type: GgufTypeTag;
  readonly value: GgufValue;
}

const pieceBytes = 4 * 2 ** 20;

/** The file's bytes, in order. `general.alignment`, if given, is obeyed; tensors keep their order. */
export async function* ggufPieces(
  metadata: ReadonlyMap<string, TypedGgufValue>,
  tensors: readonly StoredTensor[],
): AsyncGenerator<Uint8Array> {
  const alignment = Number(metadata.get("general.alignment")?.value ?? 32);
  const header = encodeHeader(metadata, tensors, alignment);
  yield header;
  yield new Uint8Array(padding(header.length, alignment));
  for (const tensor of tensors) {
    for (let offset = 0; offset < tensor.byteLength; offset += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, tensor.byteLength - offset));
      await tensor.read(offset, piece);
      yield piece;
    }
    yield new Uint8Array(padding(tensor.byteLength, alignment));
  }
}

function padding(length: number, alignment: number): number {
  return (alignment - (length % alignment)) % alignment;
}

function encodeHeader(
  metadata: ReadonlyMap<string, TypedGgufValue>,
  tensors: readonly StoredTensor[],
  alignment: number,
): Uint8Array {
  const out = new Output();
  out.u32(0x46554747); // "GGUF"
  out.u32(3);
  out.u64(BigInt(tensors.length));
  out.u64(BigInt(metadata.size));
  for (const [key, { type, value }] of metadata) {
    out.string(key);
    writeTyped(out, type, value, key);
  }
  let offset = 0;
  for (const { name, type, shape, byteLength } of tensors) {
    const id = tensorTypeId(type);
    if (id === undefined) {
      throw new AnyqwenError(
        "unsupported",
        `${name}: GGUF has no type ${type}; quantise it to Q4_0, Q8_0 or F16 first`,
      );
    }
    out.string(name);
    out.u32(shape.length);
    for (const length of shape.toReversed()) out.u64(BigInt(length));
    out.u32(id);
    out.u64(BigInt(offset));
    offset += byteLength + padding(byteLength, alignment);
  }
  return out.bytes();
}

function writeTyped(out: Output, type: GgufTypeTag, value: GgufValue, key: string): void {
  if (type === "array") throw new AnyqwenError("invalid-argument", `${key}: an array needs its elements' type`);
  if (typeof type === "string") {
    out.u32(valueTypes.indexOf(type));
    writers[type](out, value);
    return;
  }
  if (typeof value !== "object") throw new AnyqwenError("invalid-argument", `${key}: ${value} is not an array`);
  out.u32(valueTypes.indexOf("array"));
  const element = type.array;
  out.u32(valueTypes.indexOf(typeof element === "string" ? element : "array"));
  out.u64(BigInt(value.length));
  for (const item of value) {
    if (typeof element === "string" && element !== "array") writers[element](out, item);
    else {
      // Inner arrays repeat their own element type and length, but not the word "array".
      const inner = new Output();
      writeTyped(inner, element, item, key);
      out.raw(inner.bytes().subarray(4));
    }
  }
}

const writers: Readonly<Record<GgufScalarType, (out: Output, value: GgufValue) => void>> = {
  u8: (out, value) => out.u8(Number(value)),
  i8: (out, value) => out.u8(Number(value)),
  u16: (out, value) => out.u16(Number(value)),
  i16: (out, value) => out.u16(Number(value)),
  u32: (out, value) => out.u32(Number(value)),
  i32: (out, value) => out.u32(Number(value)),
  f32: (out, value) => out.f32(Number(value)),
  bool: (out, value) => out.u8(value ? 1 : 0),
  string: (out, value) => out.string(String(value)),
  u64: (out, value) => out.u64(BigInt(value as number | bigint)),
  i64: (out, value) => out.u64(BigInt(value as number | bigint)),
  f64: (out, value) => out.f64(Number(value)),
};

/** A byte buffer that grows. */
class Output {
  #buffer = new Uint8Array(2 ** 16);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#buffer.length) {
      const buffer = new Uint8Array(Math.max(this.#length, this.#buffer.length * 2));
      buffer.set(this.#buffer);
      this.#buffer = buffer;
      this.#view = new DataView(buffer.buffer);
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }
  u16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }
  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }
  f32(value: number): void {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value, true);
  }
  f64(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value, true);
  }
  u64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
  }
  string(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u64(BigInt(bytes.length));
    this.raw(bytes);
  }
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
  }
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}
