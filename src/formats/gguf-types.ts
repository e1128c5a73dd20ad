// The numbers that GGUF files use for value types and tensor types. Source: gguf.md and ggml.h of the ggml project.

import { isStorageType, type StorageType } from "../core/storage.ts";

export type GgufValueType =
  | "u8"
  | "i8"
  | "u16"
  | "i16"
  | "u32"
  | "i32"
  | "f32"
  | "bool"
  | "string"
  | "array"
  | "u64"
  | "i64"
  | "f64";

export type GgufScalarType = Exclude<GgufValueType, "array">;

/** The id of a value type is its place in this list. */
export const valueTypes: readonly GgufValueType[] = [
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "bool",
  "string",
  "array",
  "u64",
  "i64",
  "f64",
];

/** Fewest bytes that a value of the type takes: the bound on how many a file can hold. */
export const valueBytes: Readonly<Record<GgufValueType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  string: 8,
  array: 12,
  u64: 8,
  i64: 8,
  f64: 8,
};

const tensorTypes: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  6: "Q5_0",
  7: "Q5_1",
  8: "Q8_0",
  9: "Q8_1",
  10: "Q2_K",
  11: "Q3_K",
  12: "Q4_K",
  13: "Q5_K",
  14: "Q6_K",
  15: "Q8_K",
  16: "IQ2_XXS",
  17: "IQ2_XS",
  18: "IQ3_XXS",
  19: "IQ1_S",
  20: "IQ4_NL",
  21: "IQ3_S",
  22: "IQ2_S",
  23: "IQ4_XS",
  24: "I8",
  25: "I16",
  26: "I32",
  27: "I64",
  28: "F64",
  29: "IQ1_M",
  30: "BF16",
  34: "TQ1_0",
  35: "TQ2_0",
  39: "MXFP4",
  40: "NVFP4",
};

/** ggml's name of a tensor type, also of those that we do not read. */
export function tensorTypeName(id: number): string {
  return tensorTypes[id] ?? `number ${id}`;
}

/** The storage type of a ggml type id, or undefined if we do not read it. */
export function storageTypeOf(id: number): StorageType | undefined {
  const name = tensorTypes[id];
  return name !== undefined && isStorageType(name) ? name : undefined;
}

/** The ggml type id of a storage type, or undefined if GGUF has none (G4_*, F8_128). */
export function tensorTypeId(type: StorageType): number | undefined {
  const found = Object.entries(tensorTypes).find(([, name]) => name === type);
  return found && Number(found[0]);
}
