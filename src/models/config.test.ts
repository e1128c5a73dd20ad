import { describe, expect, test } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { parseConfig } from "./config.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen2Moe } from "./qwen2_moe.ts";
import { qwen3 } from "./qwen3.ts";
import { qwen3Moe } from "./qwen3_moe.ts";

const dense = {
  model_type: "qwen2",
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 6,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  vocab_size: 151936,
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-6,
  rope_theta: 1e6,
  tie_word_embeddings: true,
  use_sliding_window: false,
  sliding_window: 1024,
  max_window_layers: 4,
};
const sparse = {
  ...dense,
  num_experts: 8,
  num_experts_per_tok: 2,
  moe_intermediate_size: 64,
  shared_expert_intermediate_size: 128,
};

describe("config.json", () => {
  test("of a dense model in the published style", () => {
    const config = parseConfig(dense, "here", qwen2);
    expect(config).toMatchObject({
      layers: 6,
      headDim: 64,
      kvHeads: 2,
      tiedEmbeddings: true,
      bias: { qkv: true, output: false },
      rope: { theta: 1e6, dimensions: 64, scaling: { kind: "none" } },
      experts: undefined,
    });
    expect(config.windows.every((window) => window === undefined)).toBe(true);
  });

  test("of a sparse model in the newer style", () => {
    const { rope_theta: _, num_experts: __, ...rest } = sparse;
    const config = parseConfig(
      {
        ...rest,
        head_dim: 128,
        dtype: "bfloat16",
        num_local_experts: 8,
        norm_topk_prob: true,
        mlp_only_layers: [3],
        decoder_sparse_step: 2,
        rope_parameters: { rope_type: "default", rope_theta: 5e6, partial_rotary_factor: 0.25 },
      },
      "here",
      qwen3Moe,
    );
    expect(config.rope).toEqual({ theta: 5e6, dimensions: 32, scaling: { kind: "none" } });
    expect(config.experts).toEqual({
      count: 8,
      topK: 2,
      intermediateSize: 64,
      normTopK: true,
      sharedIntermediateSize: undefined,
      sparse: [false, true, false, false, false, true],
    });
  });

  test("YaRN: defaults, the old key `type`, and what a file may override", () => {
    const yarn = { type: "yarn", factor: 4, original_max_position_embeddings: 8192 };
    const scaling = (rope_scaling: object) => parseConfig({ ...dense, rope_scaling }, "here", qwen2).rope.scaling;
    expect(scaling(yarn)).toEqual({
      kind: "yarn",
      factor: 4,
      originalPositions: 8192,
      betaFast: 32,
      betaSlow: 1,
      truncate: true,
      attentionFactor: 0.1 * Math.log(4) + 1,
    });
    expect(scaling({ ...yarn, attention_factor: 1.5, beta_fast: 16, truncate: false })).toMatchObject({
      attentionFactor: 1.5,
      betaFast: 16,
      truncate: false,
    });
    expect(scaling({ rope_type: "yarn", original_max_position_embeddings: 8192 })).toMatchObject({ factor: 4 });
    expect(() => scaling({ type: "dynamic", factor: 2 })).toThrow(/rope type "dynamic"; supported are default, linear/);
  });

  test.each([
    ["qwen2", qwen2, {}, [0, 0, 0, 0, 1, 1]],
    ["qwen3", qwen3, {}, [0, 0, 0, 0, 1, 1]],
    ["qwen2_moe", qwen2Moe, {}, [1, 0, 1, 0, 0, 0]],
    ["qwen3_moe", qwen3Moe, {}, [1, 1, 1, 1, 1, 1]],
    ["qwen2 without it", qwen2, { use_sliding_window: false }, [0, 0, 0, 0, 0, 0]],
    [
      "layer_types",
      qwen2,
      { layer_types: ["sliding_attention", ...new Array(5).fill("full_attention")] },
      [1, 0, 0, 0, 0, 0],
    ],
  ])("which layers slide: %s", (_, family, more, expected) => {
    const config = parseConfig({ ...sparse, use_sliding_window: true, ...more }, "here", family);
    expect(config.windows.map((window) => (window === 1024 ? 1 : 0))).toEqual(expected);
  });

  test.each([
    [{ hidden_size: "896" }, '"hidden_size" is "896"; expected a number'],
    [{ hidden_size: undefined }, '"hidden_size" is missing'],
    [{ num_hidden_layers: 1e9 }, '"num_hidden_layers" is 1000000000; expected at most 1024'],
    [{ num_hidden_layers: 2.5 }, '"num_hidden_layers" is 2.5; expected a whole number from 1 on'],
    [{ num_key_value_heads: 3 }, "14 attention heads cannot share 3 key-value heads evenly"],
    [{ head_dim: 2 ** 30 }, "1073741824 dimensions per attention head; expected at most 4096"],
    [{ head_dim: 63 }, "63 rotary dimensions; expected an even number"],
    [{ rms_norm_eps: -1 }, '"rms_norm_eps" is -1; expected a number above 0'],
    [{ tie_word_embeddings: "yes" }, '"tie_word_embeddings" is "yes"; expected true or false'],
    [{ hidden_act: "gelu" }, '"hidden_act" is "gelu"'],
    [{ use_sliding_window: true, layer_types: ["full_attention"] }, "expected 6 entries, one per layer"],
    [{ rope_scaling: [1] }, '"rope_scaling": [1]; expected an object'],
  ])("says what is wrong: %j", (change, message) => {
    expect(() => parseConfig({ ...dense, ...change }, "here", qwen2)).toThrow(AnyqwenError);
    expect(() => parseConfig({ ...dense, ...change }, "here", qwen2)).toThrow(`config.json of here`);
    expect(() => parseConfig({ ...dense, ...change }, "here", qwen2)).toThrow(message);
  });

  test("that is no object", () => {
    expect(() => parseConfig([], "here", qwen2)).toThrow("config.json of here: []; expected an object");
  });

  test("more experts per token than there are", () => {
    expect(() => parseConfig({ ...sparse, num_experts_per_tok: 9 }, "here", qwen3Moe)).toThrow(
      "9 experts per token out of 8",
    );
  });
});
