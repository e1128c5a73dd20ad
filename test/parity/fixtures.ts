// The ground truth in test/fixtures: expected tensors, noise floors and the tolerances that follow (test/fixtures/README.md).

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

export interface Expected {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

const arrays = new Map<string, (bytes: ArrayBuffer) => Expected["values"]>([
  ["F32", (bytes) => new Float32Array(bytes)],
  ["I32", (bytes) => new Int32Array(bytes)],
  ["U8", (bytes) => new Uint8Array(bytes)],
]);

/** All tensors of a file of expected values (F32, I32 and U8). */
export function readExpected(path: string): Map<string, Expected> {
  return readTensors(fixture(path));
}

/** The same of a file that a test has made. */
export function readTensors(path: string): Map<string, Expected> {
  const file = readFileSync(path);
  const dataStart = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, dataStart)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Expected>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [start, end] = entry.data_offsets.map((offset) => dataStart + offset);
    const array = arrays.get(entry.dtype);
    if (!array) throw new Error(`${path}: ${name} is ${entry.dtype}`);
    tensors.set(name, { shape: entry.shape, values: array(new Uint8Array(file.subarray(start, end)).buffer) });
  }
  return tensors;
}

export function floats(expected: Map<string, Expected>, name: string): Float32Array {
  const values = expected.get(name)?.values;
  if (!(values instanceof Float32Array)) throw new Error(`${name} is not there, or not F32`);
  return values;
}

export function ids(expected: Map<string, Expected>, name: string): Int32Array {
  const values = expected.get(name)?.values;
  if (!(values instanceof Int32Array)) throw new Error(`${name} is not there, or not I32`);
  return values;
}

/** How far results may be from the expected ones. */
export interface Tolerance {
  readonly max: number;
  readonly rms: number;
}

interface Meta {
  readonly noise_f32_vs_f64: Record<string, { max_abs: number; rms: number }>;
}

/** The tolerance of an f32 engine for one tensor of a case, from its noise floor. */
export function f32Tolerance(meta: string, tensor: string): Tolerance {
  const { noise_f32_vs_f64: floors } = JSON.parse(readFileSync(fixture(meta), "utf8")) as Meta;
  const noise = floors[tensor] ?? floors.logits; // not every case has one for hidden states
  return { max: Math.max(20 * noise.max_abs, 2e-4), rms: Math.max(20 * noise.rms, 2e-5) };
}

export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): Tolerance {
  expect(actual.length).toBe(expected.length);
  let max = 0;
  let squares = 0;
  for (let i = 0; i < actual.length; i++) {
    const d = Math.abs(actual[i] - expected[i]);
    if (!(d <= max)) max = d; // NaN becomes the maximum
    squares += d * d;
  }
  return { max, rms: Math.sqrt(squares / Math.max(actual.length, 1)) };
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  const { max, rms } = difference(actual, expected);
  expect(max).toBeLessThanOrEqual(tolerance.max);
  expect(rms).toBeLessThanOrEqual(tolerance.rms);
}
