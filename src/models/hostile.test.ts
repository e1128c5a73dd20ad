// Configurations from strangers: whatever the values are, a model opens and writes its trace, or an AnyqwenError says why not.

import fc from "fast-check";
import { expect, test } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import type { GgufValue } from "../formats/checkpoint.ts";
import { openModel } from "./open.ts";
import { fakeCheckpoint, fakeTensor } from "./testing.ts";

const config = {
  model_type: "qwen3_moe",
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 32,
  vocab_size: 320,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
  use_sliding_window: true,
  sliding_window: 8,
  num_experts: 8,
  num_experts_per_tok: 2,
  moe_intermediate_size: 32,
  mlp_only_layers: [],
  decoder_sparse_step: 1,
  layer_types: null,
  rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 64 },
};

const metadata: Record<string, GgufValue> = {
  "general.architecture": "qwen2moe",
  "qwen2moe.block_count": 2,
  "qwen2moe.embedding_length": 64,
  "qwen2moe.feed_forward_length": 96,
  "qwen2moe.attention.head_count": 4,
  "qwen2moe.attention.head_count_kv": 2,
  "qwen2moe.expert_count": 8,
  "qwen2moe.expert_used_count": 2,
  "qwen2moe.attention.sliding_window": 4,
  "qwen2moe.attention.sliding_window_pattern": [true, false],
  "qwen2moe.rope.scaling.type": "yarn",
  "qwen2moe.rope.scaling.factor": 2,
};

const odd = fc.oneof(
  fc.constantFrom<unknown>(0, -1, 0.5, 1, 3, 2 ** 31, 1e308, Number.NaN, null, "", "yarn", true, [], [1, "x"], {}),
  fc.integer(),
  fc.double(),
  fc.jsonValue(),
);

function opens(open: () => ReturnType<typeof openModel>): void {
  try {
    const model = open();
    expect(model.trace({ hidden: true }).ops.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof AnyqwenError)) throw error;
    expect(error.message.length).toBeLessThan(600);
  }
}

test("config.json", () => {
  const tensors = [fakeTensor("model.embed_tokens.weight", [320, 64])];
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(config)), odd, (key, value) => {
      const nested = { ...config, rope_scaling: { ...config.rope_scaling, factor: value, beta_fast: value } };
      opens(() => openModel(fakeCheckpoint("safetensors", tensors, { config: { ...config, [key]: value } })));
      opens(() => openModel(fakeCheckpoint("safetensors", tensors, { config: nested })));
    }),
    { numRuns: 500 },
  );
  opens(() => openModel(fakeCheckpoint("safetensors", tensors, { config })));
});

test("GGUF metadata", () => {
  const tensors = [fakeTensor("token_embd.weight", [320, 64]), fakeTensor("blk.0.ffn_gate_inp.weight", [8, 64])];
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(metadata)), fc.oneof(odd, fc.bigInt()), (key, value) => {
      const changed = { ...metadata, [key]: value as GgufValue };
      opens(() => openModel(fakeCheckpoint("gguf", tensors, { metadata: changed })));
    }),
    { numRuns: 500 },
  );
});
