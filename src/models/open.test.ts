import { describe, expect, test } from "vitest";
import { lastUses } from "../core/liveness.ts";
import { Graph } from "../core/trace.ts";
import type { GgufValue } from "../formats/checkpoint.ts";
import { kvPositionBytes, planMemory } from "./memory-plan.ts";
import { openModel } from "./open.ts";
import { makeRope } from "./rope.ts";
import { fakeCheckpoint, fakeTensor } from "./testing.ts";

const metadata: Record<string, GgufValue> = {
  "general.architecture": "qwen3moe",
  "qwen3moe.block_count": 2,
  "qwen3moe.embedding_length": 64,
  "qwen3moe.feed_forward_length": 96,
  "qwen3moe.attention.head_count": 4,
  "qwen3moe.attention.head_count_kv": 2n,
  "qwen3moe.attention.key_length": 32,
  "qwen3moe.rope.freq_base": 1e6,
  "qwen3moe.expert_count": 8,
  "qwen3moe.expert_used_count": 2,
};
const tensors = [
  fakeTensor("token_embd.weight", [320, 64], "Q8_0"),
  fakeTensor("blk.1.ffn_gate_inp.weight", [8, 64]),
  fakeTensor("blk.1.ffn_gate_exps.weight", [8, 32, 64]),
  fakeTensor("blk.0.attn_q.bias", [128]),
];
const open = (more: Record<string, GgufValue> = {}) =>
  openModel(fakeCheckpoint("gguf", tensors, { metadata: { ...metadata, ...more } }));

describe("GGUF configuration", () => {
  test("keys, and what the tensors say where keys are silent", () => {
    const { config, family, kind } = open();
    expect(family.modelType).toBe("qwen3_moe");
    expect(kind).toBe("generate");
    expect(config).toMatchObject({
      vocabSize: 320,
      kvHeads: 2,
      headDim: 32,
      tiedEmbeddings: true,
      bias: { qkv: true, output: false },
      windows: [undefined, undefined],
      experts: { count: 8, topK: 2, intermediateSize: 32, normTopK: true, sparse: [false, true] },
    });
  });

  test("YaRN: the file's attention factor multiplies the implied one", () => {
    const { rope } = open({
      "qwen3moe.rope.scaling.type": "yarn",
      "qwen3moe.rope.scaling.factor": 4,
      "qwen3moe.rope.scaling.original_context_length": 64,
      "qwen3moe.rope.scaling.yarn_attn_factor": 0.5,
      "qwen3moe.rope.scaling.yarn_beta_fast": 16,
    }).config;
    expect(rope.scaling).toEqual({
      kind: "yarn",
      factor: 4,
      originalPositions: 64,
      betaFast: 16,
      betaSlow: 1,
      truncate: true,
      attentionFactor: 0.5 * (0.1 * Math.log(4) + 1),
    });
  });

  test("a window needs a pattern", () => {
    const window = { "qwen3moe.attention.sliding_window": 16 };
    expect(open(window).config.windows).toEqual([undefined, undefined]);
    const pattern = { ...window, "qwen3moe.attention.sliding_window_pattern": [false, true] };
    expect(open(pattern).config.windows).toEqual([undefined, 16]);
  });

  test("an embedding model says how it pools", () => {
    expect(open({ "qwen3moe.pooling_type": 3 }).kind).toBe("embed");
    expect(open({ "qwen3moe.pooling_type": 4 }).kind).toBe("generate");
    expect(() => open({ "qwen3moe.pooling_type": 1 })).toThrow("pooling_type 1");
  });

  test.each([
    [
      { "general.architecture": "llama" },
      'general.architecture is "llama"; supported are qwen2, qwen2moe, qwen3, qwen3moe',
    ],
    [{ "qwen3moe.block_count": 5000 }, '"block_count" is 5000; expected at most 1024'],
    [{ "qwen3moe.attention.head_count": [4, 4] }, '"attention.head_count" is [4,4]; expected a number'],
    [{ "qwen3moe.attention.value_length": 64 }, '"attention.value_length" is 64; expected 32'],
    [{ "qwen3moe.rope.scaling.type": "longrope" }, 'rope scaling "longrope"'],
    [{ "qwen3moe.expert_gating_func": 2 }, "expert_gating_func is 2"],
  ])("says what is wrong: %j", (change, message) => {
    expect(() => open(change as Record<string, GgufValue>)).toThrow(message);
  });
});

describe("opening", () => {
  test("an unknown model_type lists the supported ones", () => {
    const checkpoint = fakeCheckpoint("safetensors", [], { config: { model_type: "mamba" } });
    expect(() => openModel(checkpoint)).toThrow(
      'here: model_type in config.json is "mamba"; supported are qwen2, qwen2_moe, qwen3, qwen3_moe',
    );
    expect(() => openModel(fakeCheckpoint("safetensors", []))).toThrow("no config.json");
    expect(() => openModel(fakeCheckpoint("safetensors", [], { config: [] }))).toThrow("no model_type");
  });

  test("a base model without a tied head has embeddings, no logits", () => {
    const config = {
      model_type: "qwen3",
      hidden_size: 64,
      intermediate_size: 96,
      num_hidden_layers: 1,
      num_attention_heads: 4,
      vocab_size: 320,
    };
    const base = fakeCheckpoint("safetensors", [fakeTensor("embed_tokens.weight", [320, 64])], { config });
    const model = openModel(base);
    expect(model.kind).toBe("embed");
    expect([...model.trace().outputs.keys()]).toEqual(["embedding"]);
    expect(() => model.trace({ head: "logits" })).toThrow("no lm_head.weight");
    const tied = fakeCheckpoint("safetensors", [...base.tensors.values()], {
      config: { ...config, tie_word_embeddings: true },
    });
    expect(openModel(tied).trace({ head: "logits" }).outputs.get("logits")).toMatchObject({ rows: "R", cols: 320 });
  });
});

describe("memory plan", () => {
  const shape = { heads: 4, kvHeads: 2, headDim: 64, scale: 0.125 };
  const g = new Graph();
  const table = g.weight("table", 100, 64);
  const x = g.embed(table);
  const k = g.linear(x, g.weight("k", 128, 64));
  g.appendKv(0, k, k, shape);
  const wide = g.linear(g.attention(0, g.linear(x, g.weight("q", 256, 64)), shape), g.weight("o", 64, 256), {
    residual: x,
  });
  g.output("logits", g.linear(g.gatherRows(wide), table));
  const trace = g.finish();

  test("KV bytes a position by type", () => {
    expect(kvPositionBytes(trace, "f32")).toBe(2 * 2 * 64 * 4);
    expect(kvPositionBytes(trace, "f16")).toBe(2 * 2 * 64 * 2);
    expect(kvPositionBytes(trace, "q8")).toBe(2 * 2 * (64 + 4));
  });

  test("weights by type, whole pages, the peak of a step, and what a token reads", () => {
    const weights = trace.weights.map((weight) => ({
      weight,
      parts: [fakeTensor(weight.name, weight.shape, weight.name === "table" ? "Q8_0" : "F32")],
    }));
    const plan = planMemory(trace, weights, { kv: "f16", contextTokens: 257, states: 4, maxTokens: 8, maxRows: 1 });
    expect(plan.stateBytes).toBe(0);
    const tableBytes = 100 * 68;
    const linears = 4 * 64 * (128 + 256 + 256);
    expect(plan.weightsByType.get("Q8_0")).toEqual({ tensors: 1, bytes: tableBytes });
    expect(plan.weightBytes).toBe(tableBytes + linears);
    expect(plan.kvBytes).toBe(512 * 512);
    // x, q and the attention's output are alive together.
    expect(plan.activationBytes).toBe(4 * 8 * (64 + 256 + 256));
    expect(plan.weightBytesPerToken).toBe(tableBytes + 68 + linears);
    expect(plan.totalBytes).toBe(plan.weightBytes + plan.kvBytes + plan.activationBytes);
  });

  test("recurrent states: the convolution's last inputs and a matrix per value head", () => {
    const delta = { keyHeads: 1, valueHeads: 2, keyDim: 4, valueDim: 8, taps: 4 };
    const h = new Graph();
    const qkv = h.linear(h.embed(h.weight("table", 10, 24)), h.weight("qkv", 24, 24));
    const gate = h.linear(qkv, h.weight("gate", 2, 24));
    const mixed = h.causalConv(0, qkv, h.weight("conv", 96), delta);
    h.gatedDelta(0, mixed, { a: gate, b: gate, aLog: h.weight("A", 2), dtBias: h.weight("dt", 2) }, delta);
    const plan = planMemory(h.finish(), [], { kv: "f16", contextTokens: 1, states: 3, maxTokens: 1, maxRows: 1 });
    expect(plan.bytesPerState).toBe(4 * (3 * 24 + 2 * 4 * 8));
    expect(plan.stateBytes).toBe(3 * plan.bytesPerState);
    // of eight drafts the convolution's input, changes, and twice keys and decays, for one sequence
    expect(plan.logBytes).toBe(4 * 8 * (24 + 16 + 2 * (4 + 2)));
    expect(plan.totalBytes).toBe(plan.stateBytes + plan.logBytes + plan.activationBytes);
  });

  test("outputs live to the end", () => {
    const last = lastUses(trace);
    expect(last[trace.outputs.get("logits")!.id]).toBe(Infinity);
    expect(last[k.id]).toBe(trace.ops.findIndex((op) => op.kind === "appendKv"));
  });
});

describe("rope", () => {
  test("YaRN keeps fast dimensions, divides slow ones and blends between", () => {
    const base = makeRope({ theta: 1e4, dimensions: 32, scaling: { kind: "none" } });
    const yarn = makeRope({
      theta: 1e4,
      dimensions: 32,
      scaling: {
        kind: "yarn",
        factor: 4,
        originalPositions: 64,
        betaFast: 32,
        betaSlow: 1,
        truncate: true,
        attentionFactor: 1.1386,
      },
    });
    // Correction range: floor(-1.97) -> 0 and ceil(4.03) = 5.
    const ramp = (i: number) => Math.min(i / 5, 1);
    yarn.frequencies.forEach((frequency, i) => {
      expect(frequency).toBeCloseTo(base.frequencies[i] * (1 - 0.75 * ramp(i)), 14);
    });
    expect(yarn.scale).toBe(1.1386);
    expect(base.frequencies[1]).toBeCloseTo(1e4 ** (-1 / 16), 15);
  });
});
