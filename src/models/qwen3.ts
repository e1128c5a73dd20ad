// Qwen3, dense, with the embedding and reranker models built on it: as Qwen2, but queries and keys are normalised per head, heads
// have a size of their own, and biases are an option. Source: Qwen3 Technical Report (arXiv 2505.09388); transformers' qwen3.

import type { Graph, Rope, Value } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import type { Family } from "./family.ts";
import { attend, decoder, headNorm, mlp, norm, projectQkv } from "./layers.ts";
import { makeRope } from "./rope.ts";

export const qwen3: Family = {
  modelType: "qwen3",
  ggufArchitecture: "qwen3",
  defaultHeadDim: () => 128,
  bias: (fields) => {
    const everywhere = fields.boolean("attention_bias", false);
    return { qkv: everywhere, output: everywhere };
  },
  slides: (layer, maxWindowLayers) => layer >= maxWindowLayers,
  sparse: false,
  sharedExpert: false,
  ggufNormTopK: false,

  forward(g, config, options) {
    const rope = makeRope(config.rope);
    decoder(g, config, options, (x, i, narrow) => {
      const name = `model.layers.${i}`;
      const attended = narrow(qwen3Attention(g, config, rope, x, i));
      const normed = norm(g, config, `${name}.post_attention_layernorm`, attended);
      return mlp(g, `${name}.mlp`, normed, config.intermediateSize, attended);
    });
  },
};

/** Norm, attention over normalised queries and keys, and residual of layer i: [T, H]. */
export function qwen3Attention(g: Graph, config: ModelConfig, rope: Rope, x: Value, i: number): Value {
  const name = `model.layers.${i}`;
  const attn = `${name}.self_attn`;
  const { q, k, v } = projectQkv(g, config, attn, norm(g, config, `${name}.input_layernorm`, x));
  const qNormed = headNorm(g, config, `${attn}.q_norm`, q);
  const kNormed = headNorm(g, config, `${attn}.k_norm`, k);
  return attend(g, config, name, i, { q: qNormed, k: kNormed, v }, rope, x);
}
