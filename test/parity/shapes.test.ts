// Models of made-up weights in shapes that the fixtures lack (as large models have them, or such that no tile fits): each device
// against the reference, and against itself in other chunks.

import { describe, expect, test } from "vitest";
import type { BoundWeight, DeviceOptions } from "../../src/core/device.ts";
import { rowBytes, type StorageType } from "../../src/core/storage.ts";
import { Graph, type Trace, type Weight } from "../../src/core/trace.ts";
import { parseConfig } from "../../src/models/config.ts";
import type { Family } from "../../src/models/family.ts";
import { qwen2 } from "../../src/models/qwen2.ts";
import { qwen2Moe } from "../../src/models/qwen2_moe.ts";
import { qwen3 } from "../../src/models/qwen3.ts";
import { qwen35 } from "../../src/models/qwen3_5.ts";
import { qwen35Moe } from "../../src/models/qwen3_5_moe.ts";
import { qwen3Moe } from "../../src/models/qwen3_moe.ts";
import { type DeviceUnderTest, devices } from "./devices.ts";
import { expectClose } from "./fixtures.ts";
import { prefill } from "./harness.ts";

interface Case {
  readonly name: string;
  readonly family: Family;
  readonly config: object;
  /** How linear layers are stored. */
  readonly type: StorageType;
}

const qwen2Shape = { hidden_size: 896, num_attention_heads: 14, num_key_value_heads: 2, intermediate_size: 1216 };
const cases: Case[] = [
  { name: "Qwen2.5 0.5B's heads", family: qwen2, type: "F32", config: { ...qwen2Shape, vocab_size: 1000 } },
  { name: "the same in Q8_0", family: qwen2, type: "Q8_0", config: { ...qwen2Shape, vocab_size: 1000 } },
  {
    name: "heads of 80, 301 ids",
    family: qwen3,
    type: "F32",
    config: {
      hidden_size: 160,
      num_attention_heads: 5,
      num_key_value_heads: 1,
      head_dim: 80,
      intermediate_size: 420,
      vocab_size: 301,
      attention_bias: true,
    },
  },
  {
    name: "heads of 256, a window of 5, part of a head turning",
    family: qwen3,
    type: "F32",
    config: {
      hidden_size: 64,
      num_attention_heads: 4,
      num_key_value_heads: 4,
      head_dim: 256,
      intermediate_size: 36,
      vocab_size: 67,
      use_sliding_window: true,
      sliding_window: 5,
      max_window_layers: 1,
      rope_parameters: { rope_theta: 1e7, partial_rotary_factor: 0.25 },
    },
  },
  {
    name: "7 experts of 3, a shared one, Q8_0",
    family: qwen2Moe,
    type: "Q8_0",
    config: {
      hidden_size: 96,
      num_attention_heads: 3,
      num_key_value_heads: 3,
      intermediate_size: 64,
      vocab_size: 100,
      num_experts: 7,
      num_experts_per_tok: 3,
      moe_intermediate_size: 32,
      shared_expert_intermediate_size: 160,
    },
  },
  {
    name: "128 experts of 8, renormalised, a dense layer",
    family: qwen3Moe,
    type: "F32",
    config: {
      hidden_size: 40,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 64,
      intermediate_size: 44,
      vocab_size: 100,
      num_experts: 128,
      num_experts_per_tok: 8,
      moe_intermediate_size: 20,
      norm_topk_prob: true,
      mlp_only_layers: [0],
    },
  },
  {
    name: "Qwen3.5 4B's delta net heads",
    family: qwen35,
    type: "F32",
    config: {
      hidden_size: 128,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      intermediate_size: 64,
      vocab_size: 100,
      full_attention_interval: 2,
      linear_num_key_heads: 16,
      linear_num_value_heads: 32,
      linear_key_head_dim: 128,
      linear_value_head_dim: 128,
    },
  },
  {
    name: "delta net heads of 12 and 21, 3 taps, no attention, experts",
    family: qwen35Moe,
    type: "F32",
    config: {
      hidden_size: 64,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      num_hidden_layers: 2,
      layer_types: ["linear_attention", "linear_attention"],
      vocab_size: 90,
      num_experts: 4,
      num_experts_per_tok: 2,
      moe_intermediate_size: 32,
      shared_expert_intermediate_size: 32,
      linear_num_key_heads: 1,
      linear_num_value_heads: 3,
      linear_key_head_dim: 12,
      linear_value_head_dim: 21,
      linear_conv_kernel_dim: 3,
    },
  },
];

const tokens = Int32Array.from({ length: 24 }, (_, i) => (i * i * 7 + 3) % 67);

function traceOf({ family, config }: Case): Trace {
  const json = { num_hidden_layers: 2, max_position_embeddings: 512, rope_theta: 1e6, ...config };
  const g = new Graph();
  family.forward(g, parseConfig(json, "made up", family), { head: "logits" });
  return g.finish();
}

/** Weights from a fixed sequence, sized so that values neither vanish nor explode. */
function madeUp(weight: Weight, type: StorageType): BoundWeight {
  const { name, shape } = weight;
  let x = [...name].reduce((hash, char) => (Math.imul(hash, 31) + char.charCodeAt(0)) | 0, 7);
  const next = () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return x / 2 ** 31;
  };
  const cols = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const quantised = type === "Q8_0" && shape.length > 1 && cols % 32 === 0 && !name.endsWith("mlp.gate.weight");
  const stored = quantised ? "Q8_0" : "F32";
  const bytes = new Uint8Array(rows * rowBytes(stored, cols));
  if (quantised) {
    // A power of two near 1 / (74 sqrt(cols)) as f16, then 32 random int8.
    const exponent = Math.round(15 - Math.log2(74 * Math.sqrt(cols)));
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = i % 34 === 0 ? 0 : i % 34 === 1 ? exponent << 2 : Math.floor(next() * 128);
    }
  } else {
    const values = new Float32Array(bytes.buffer);
    const norm = name.includes("norm");
    const scale = shape.length === 1 ? 0.3 : Math.sqrt(3 / cols);
    for (let i = 0; i < values.length; i++) values[i] = (norm ? 1 : 0) + scale * next();
  }
  const read = async (offset: number, into: Uint8Array) => into.set(bytes.subarray(offset, offset + into.length));
  return { weight, parts: [{ name, type: stored, shape, byteLength: bytes.length, read }] };
}

async function run(device: DeviceUnderTest, modelCase: Case, chunk: number): Promise<Float32Array> {
  const trace = traceOf(modelCase);
  const options: DeviceOptions = { kv: "f16", maxTokens: 32, maxRows: 32, contextTokens: 256, threads: 1 };
  const weights = trace.weights.map((weight) => madeUp(weight, modelCase.type));
  const executor = await (await device.create()).load(trace, weights, options);
  const logits = prefill(executor, executor.createState(), tokens, chunk);
  executor.dispose();
  return logits;
}

describe.each(devices)("$name", (device) => {
  test.each(cases)("$name", async (modelCase) => {
    const whole = await run(device, modelCase, tokens.length);
    expect(Math.max(...whole)).toBeGreaterThan(1);
    expect(await run(device, modelCase, 5)).toEqual(whole);
    const reference = devices[0];
    if (device === reference) return;
    const tolerance = device.tolerance({ max: 5e-4, rms: 5e-5 }, modelCase.type === "Q8_0");
    expectClose(whole, await run(reference, modelCase, tokens.length), tolerance);
  });
});
