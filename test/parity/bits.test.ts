// The numerics contract where kernels differ most: for every stored type, the bits of a row are the same whether it is computed alone
// (one token at a time), with a few others (four at a time) or with many (tiles), on one thread or two, in any chunk, beside others.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Executor } from "../../src/core/device.ts";
import type { StorageType } from "../../src/core/storage.ts";
import { Graph } from "../../src/core/trace.ts";
import { wasmDevice } from "../../src/devices/wasm/device.ts";
import { quantised } from "../../src/formats/quantise.ts";
import { memoryTensor } from "../support/formats.ts";

/** CI sets THOROUGH once; otherwise the widest steps are left to one type of each kind of kernel. */
const thorough = process.env.THOROUGH !== undefined;
const vocab = 64;
const width = 512;
const experts = 5;
const types: readonly StorageType[] = [
  ...(["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K"] as const),
  ...(["Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"] as const),
];
const shape = { heads: 8, kvHeads: 2, headDim: 64, scale: 1 / 8 };
const noise = (n: number, seed: number) =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed) * 0.4);

/** A layer of attention and experts whose weights are all of one type. The first expert is among the three of more than 256 tokens. */
async function load(type: StorageType, threads: number, plain = false): Promise<Executor> {
  const g = new Graph();
  const rope = { frequencies: Float64Array.from({ length: 32 }, (_, i) => 10000 ** (-i / 32)), scale: 1 };
  const x = g.embed(g.weight("embed", vocab, width));
  const [q, k, v] = ["q", "k", "v"].map((name) => g.linear(x, g.weight(name, name === "q" ? width : 128, width)));
  g.appendKv(0, g.rope(k, 64, rope), v, shape);
  const mixed = g.linear(g.attention(0, g.rope(q, 64, rope), shape), g.weight("o", width, width), { residual: x });
  const router = g.linear(mixed, g.weight("router", experts, width), { bias: g.weight("router.bias", experts) });
  const [gate, up] = ["gate", "up"].map((name) => g.weight(name, experts, 256, width));
  const down = g.weight("down", experts, width, 256);
  const added = g.add(mixed, g.moe(mixed, router, { gate, up, down, topK: 3, normTopK: true }));
  g.output("logits", g.linear(g.gatherRows(added), g.weight("head", 100, width)));
  const trace = g.finish();
  const weights = trace.weights.map((weight, n) => {
    const { name, shape: lengths } = weight;
    const values = noise(
      lengths.reduce((a, b) => a * b, 1),
      n,
    );
    if (lengths.length === 1) values.fill(0).fill(6, 0, 1);
    const floats = memoryTensor(name, lengths, new Uint8Array(values.buffer));
    return { weight, parts: [quantised(floats, name === "embed" || lengths.length === 1 ? "F32" : type)] };
  });
  const options = { kv: "f16" as const, maxTokens: 320, maxRows: 320, contextTokens: 16384, threads };
  return wasmDevice({ plain }).load(trace, weights, options);
}

const tokens = Array.from({ length: 300 }, (_, i) => (i * 31 + (i >> 3)) % vocab);

/** Logits of all tokens, fed in chunks; `others` sequences run in the same steps. */
function run(executor: Executor, chunk: number, others = 0): Uint32Array {
  const state = executor.createState();
  const beside = Array.from({ length: others }, () => executor.createState());
  const out = new Uint32Array(tokens.length * 100);
  for (let at = 0; at < tokens.length; at += chunk) {
    const piece = tokens.slice(at, at + chunk);
    const company = beside.map((other, n) => ({ state: other, tokens: [(at + 7 * n) % vocab], rows: [] }));
    executor.step([...company.slice(1), { state, tokens: piece, rows: [...piece.keys()] }, ...company.slice(0, 1)]);
    out.set(new Uint32Array(executor.read("logits").buffer), at * 100);
  }
  for (const each of [state, ...beside]) each.release();
  return out;
}

describe.each(types)("%s", (type) => {
  let executor: Executor;
  let alone: Uint32Array;
  beforeAll(async () => {
    executor = await load(type, 1);
    alone = run(executor, 1);
  });
  afterAll(() => executor.dispose());

  test.each(thorough ? [2, 5, 7, 8, 61, 300] : [5, 8, 61, 300])("chunks of %i", (chunk) => {
    expect(run(executor, chunk)).toEqual(alone);
  });

  test("among fifteen other sequences", () => {
    if (thorough || ["F16", "Q4_0", "Q6_K", "Q8_0"].includes(type)) expect(run(executor, 1, 15)).toEqual(alone);
    expect(run(executor, 100, 15)).toEqual(alone);
  });

  test("two threads", async () => {
    const two = await load(type, 2);
    for (const chunk of [1, 61, 300]) expect(run(two, chunk)).toEqual(alone);
    two.dispose();
  });

  test("the plain SIMD build, with itself", async () => {
    const plain = await load(type, 1, true);
    expect(run(plain, 61)).toEqual(run(plain, 1));
    plain.dispose();
  });
});
