// Every storage type as a linear layer's weight and as an embedding table: products against float64 within the bound of the
// device's activations, embedding rows equal. Blocks come from the quantisation fixture, scales of all kinds among them.

import { describe, expect, test } from "vitest";
import type { BoundWeight } from "../../src/core/device.ts";
import { rowBytes, type StorageType, type StoredTensor, storageFormat } from "../../src/core/storage.ts";
import { Graph, type Trace } from "../../src/core/trace.ts";
import { type DeviceUnderTest, devices } from "./devices.ts";
import { floats, readExpected } from "./fixtures.ts";

const fixture = readExpected("quants/quants.safetensors");
const types = [...fixture.keys()].filter((name) => name.endsWith(".raw")).map((name) => name.slice(0, -4));
/** Elements of a fixture row. */
const ROW = 512;

interface Stored {
  readonly tensor: StoredTensor;
  /** Dequantised, [rows, cols]. */
  readonly values: Float32Array;
}

/** A tensor [rows, cols] of the fixture's blocks in another order. */
function shuffled(source: string, rows: number, cols: number): Stored {
  const type = source.replace("real.", "") as StorageType;
  const raw = fixture.get(`${source}.raw`)!.values as Uint8Array;
  const truth = floats(fixture, `${source}.f32`);
  const { block, bytes: blockBytes } = storageFormat(type);
  const known = (4 * ROW) / block;
  const bytes = new Uint8Array(rows * rowBytes(type, cols));
  const values = new Float32Array(rows * cols);
  for (let i = 0; i < (rows * cols) / block; i++) {
    const from = (i * 37 + Math.floor(i / known)) % known;
    bytes.set(raw.subarray(from * blockBytes, (from + 1) * blockBytes), i * blockBytes);
    values.set(truth.subarray(from * block, (from + 1) * block), i * block);
  }
  return { tensor: inMemory("w", type, [rows, cols], bytes), values };
}

function inMemory(name: string, type: StorageType, shape: number[], bytes: Uint8Array): StoredTensor {
  const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
  return { name, type, shape, byteLength: bytes.length, read };
}

async function run(
  device: DeviceUnderTest,
  trace: Trace,
  weights: BoundWeight[],
  tokens: number,
): Promise<Float32Array> {
  const options = { kv: "f32", maxTokens: 64, maxRows: 64, contextTokens: 256, threads: 1 } as const;
  const executor = await (await device.create()).load(trace, weights, options);
  const ids = Int32Array.from({ length: tokens }, (_, i) => i);
  executor.step([{ state: executor.createState(), tokens: ids, rows: [...ids] }]);
  const result = executor.read("logits");
  executor.dispose();
  return result;
}

describe.each(devices)("$name", (device) => {
  describe.each(types)("%s", (source) => {
    // Sizes that no tile divides, single rows, and several tokens at once.
    test.each([
      { outputs: 13, inputs: 512, tokens: 1 },
      { outputs: 1, inputs: 256, tokens: 3 },
      { outputs: 37, inputs: 768, tokens: 17 },
    ])("linear [$outputs, $inputs] on $tokens", async ({ outputs, inputs, tokens }) => {
      const { tensor, values } = shuffled(source, outputs, inputs);
      // Small, since the fixture's BF16 values reach the end of f32's range.
      const x = Float32Array.from(
        { length: tokens * inputs },
        (_, i) => 2 ** -20 * Math.sin(i * i + 1) * (1 + (i % 7)),
      );
      const g = new Graph();
      const table = g.weight("x", tokens, inputs);
      const weight = g.weight("w", outputs, inputs);
      g.output("logits", g.linear(g.gatherRows(g.embed(table)), weight));
      const bound = [
        { weight: table, parts: [inMemory("x", "F32", [tokens, inputs], new Uint8Array(x.buffer))] },
        { weight, parts: [tensor] },
      ];
      const result = await run(device, g.finish(), bound, tokens);
      const int8 = device.activations === "int8" && !["F16", "BF16"].includes(source);
      for (let t = 0; t < tokens; t++) {
        for (let o = 0; o < outputs; o++) {
          const { product, allowed } = exact(values, o * inputs, x, t * inputs, inputs, int8);
          expect(Math.abs(result[t * outputs + o] - product)).toBeLessThanOrEqual(allowed);
        }
      }
    });

    test("embedding table", async () => {
      const { tensor, values } = shuffled(source, 11, 512);
      const g = new Graph();
      const table = g.weight("w", 11, 512);
      g.output("logits", g.gatherRows(g.embed(table)));
      expect(await run(device, g.finish(), [{ weight: table, parts: [tensor] }], 11)).toEqual(values);
    });
  });
});

/** w.x in float64, and how far f32 sums, and int8 activations if so, may be from it. */
function exact(w: Float32Array, wAt: number, x: Float32Array, xAt: number, length: number, int8: boolean) {
  let product = 0;
  let magnitude = 0;
  let rounding = 0;
  for (let block = 0; block < length; block += 32) {
    let largest = 0;
    let weights = 0;
    for (let k = block; k < block + 32; k++) {
      product += w[wAt + k] * x[xAt + k];
      magnitude += Math.abs(w[wAt + k] * x[xAt + k]);
      weights += Math.abs(w[wAt + k]);
      largest = Math.max(largest, Math.abs(x[xAt + k]));
    }
    rounding += (weights * largest) / 127 / 2;
  }
  return { product, allowed: magnitude * length * 2 ** -24 + (int8 ? rounding * 1.0001 : 0) };
}
