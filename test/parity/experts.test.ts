// Which experts are chosen (numerics.md, g): the top k by probability, and of equal ones those with the lowest ids. And that experts
// behind the last attention are for the wanted rows alone.

import { expect, test } from "vitest";
import { Graph } from "../../src/core/trace.ts";
import { memoryTensor } from "../support/formats.ts";
import { devices } from "./devices.ts";
import { expectClose, ids, readExpected } from "./fixtures.ts";
import { load, prefill } from "./harness.ts";

const width = 16;
const tokens = Int32Array.from([3, 1, 2, 0, 3]);
/** Every token's logits of the router; seven, so that the last vector of a row has a lane of padding. */
const routerBias = [1, 1, 1, 2, 1, -1, 1];
const chosen = [3, 0, 1];

/** The sum tells which experts were chosen: those that must not be have huge weights. */
async function run(device: (typeof devices)[number]): Promise<Float32Array> {
  const g = new Graph();
  const count = routerBias.length;
  const x = g.embed(g.weight("embed", 4, width));
  const router = g.linear(x, g.weight("router", count, width), { bias: g.weight("bias", count) });
  const [gate, up, down] = ["gate", "up", "down"].map((name) => g.weight(name, count, width, width));
  g.output("logits", g.gatherRows(g.moe(x, router, { gate, up, down, topK: chosen.length, normTopK: true })));
  const trace = g.finish();
  const weights = trace.weights.map((weight) => {
    const { name, shape } = weight;
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length }, (_, n) => {
      if (name === "router") return 0;
      if (name === "bias") return routerBias[n];
      const expert = Math.floor(n / (width * width));
      if (name === "down" && !chosen.includes(expert)) return 1000;
      return Math.sin(n * 12.9898 + name.length) / 2;
    });
    return { weight, parts: [memoryTensor(name, shape, new Uint8Array(values.buffer))] };
  });
  const options = { kv: "f32" as const, maxTokens: 8, maxRows: 8, contextTokens: 256, threads: 1 };
  const executor = await (await device.create()).load(trace, weights, options);
  const logits = prefill(executor, executor.createState(), tokens);
  executor.dispose();
  return logits;
}

test.each(devices)("$name", async (device) => {
  const logits = await run(device);
  // an expert that must not be chosen adds hundreds
  expect(Math.max(...logits.map(Math.abs))).toBeLessThan(10);
  expectClose(logits, await run(devices[0]), device.tolerance({ max: 1e-4, rms: 1e-5 }, false));
});

test.each(devices)("few rows of many tokens have the bits of all, on $name", async (device) => {
  const tokens = ids(readExpected("models/qwen3_next/expected.safetensors"), "input_ids");
  const all = await load(device, "models/qwen3_next");
  const logits = prefill(all.executor, all.executor.createState(), tokens);
  const { executor } = await load(device, "models/qwen3_next", { maxRows: 4 });
  const rows = [0, 71, tokens.length - 1];
  executor.step([{ state: executor.createState(), tokens, rows }]);
  const few = executor.read("logits");
  const vocab = few.length / rows.length;
  rows.forEach((row, n) => {
    const expected = logits.subarray(row * vocab, (row + 1) * vocab);
    expect(few.subarray(n * vocab, (n + 1) * vocab), `row ${row}`).toEqual(expected);
  });
  for (const each of [all.executor, executor]) each.dispose();
});
