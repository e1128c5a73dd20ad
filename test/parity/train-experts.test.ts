// Training through frozen experts that lie packed, stacked in one tensor or one by one: the reference's gradients.

import { expect, it } from "vitest";
import type { BoundWeight } from "../../src/core/device.ts";
import { forwardTrace } from "../../src/core/forward-ops.ts";
import { rowBytes, type StorageType, type StoredTensor } from "../../src/core/storage.ts";
import { Graph, type Weight } from "../../src/core/trace.ts";
import type { TrainingSequence } from "../../src/core/training.ts";
import { differentiate } from "../../src/core/vjp.ts";
import { referenceTraining } from "../../src/devices/reference/training.ts";
import { wasmTraining } from "../../src/devices/wasm/training/device.ts";
import { dequantise } from "../../src/formats/dequantise.ts";
import { quantise } from "../../src/formats/quantise.ts";
import { farthest, largest } from "./training.ts";

const [vocab, width, inner, count] = [40, 256, 512, 5];
const noise = (n: number) => Math.sin(n * 12.9898 + 78.233) * 43758.5453;
const fraction = (n: number) => noise(n) - Math.floor(noise(n));
/** Some experts get no token, and some one. */
const sequence: TrainingSequence = {
  ids: Int32Array.of(3, 17, 3, 22, 9, 31, 4),
  labels: Int32Array.of(3, 17, 3, 22, 9, 31, 4),
};

function stored(name: string, shape: readonly number[], type: StorageType, seed: number): StoredTensor {
  const cols = shape[shape.length - 1];
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => fraction(i + seed) - 0.5);
  const bytes = new Uint8Array((values.length / cols) * rowBytes(type, cols));
  quantise(type, values, bytes);
  const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
  return { name, type, shape, byteLength: bytes.length, read };
}

function bound(weight: Weight, type: StorageType, apart: boolean): BoundWeight {
  const { name, shape } = weight;
  if (shape.length < 3) return { weight, parts: [stored(name, shape, "F32", name.length)] };
  if (!apart) return { weight, parts: [stored(name, shape, type, name.length)] };
  const one = (expert: number) => stored(`${name}.${expert}`, shape.slice(1), type, 1e5 * expert + name.length);
  return { weight, parts: Array.from({ length: count }, (_, expert) => one(expert)) };
}

it.each([
  ["Q8_0", false],
  ["Q4_K", true],
  ["MXFP4", false],
  ["Q4_0", true],
  ["BF16", true],
] as const)("of %s, in tensors of their own: %s", async (type, apart) => {
  const g = new Graph();
  const x = g.embed(g.weight("table", vocab, width));
  const router = g.linear(x, g.weight("router", count, width));
  const [gate, up] = ["gate", "up"].map((name) => g.weight(name, count, inner, width));
  const down = g.weight("down", count, width, inner);
  const out = g.moe(x, router, { gate, up, down, topK: 2, normTopK: true });
  g.output("logits", g.linear(g.gatherRows(out), g.weight("head", vocab, width)));
  const trace = g.finish();
  const program = differentiate(forwardTrace(trace), new Set(["table", "router"]), "most");
  const weights = trace.weights.map((weight) => bound(weight, type, apart));
  const options = { maxTokens: 8, threads: 2, exact: false };
  const devices = [referenceTraining(dequantise), wasmTraining(dequantise)];
  const [expected, actual] = await Promise.all(devices.map((device) => device.load(program, weights, options)));
  const losses = [expected, actual].map((executor) => executor.accumulate([sequence], 1));
  expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(1e-5);
  for (const name of ["table", "router"]) {
    const gradient = expected.read("gradient", name);
    expect(largest(gradient)).toBeGreaterThan(0.01);
    expect(farthest(actual.read("gradient", name), gradient), name).toBeLessThan(2e-5 * largest(gradient));
  }
  for (const executor of [expected, actual]) executor.dispose();
});
