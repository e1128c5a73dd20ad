// Qwen2 and Qwen2.5 (Coder and Math too): a pre-norm decoder with grouped-query attention, biases on q, k and v, and SwiGLU.
// Source: Qwen2 Technical Report (arXiv 2407.10671), section 2.2.1; transformers' qwen2.

import type { Graph, Rope, Value } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import type { Family } from "./family.ts";
import { attend, decoder, mlp, norm, projectQkv } from "./layers.ts";
import { makeRope } from "./rope.ts";

export const qwen2: Family = {
  modelType: "qwen2",
  ggufArchitecture: "qwen2",
  defaultHeadDim: (hiddenSize, heads) => hiddenSize / heads,
  bias: () => ({ qkv: true, output: false }),
  slides: (layer, maxWindowLayers) => layer >= maxWindowLayers,
  sparse: false,
  sharedExpert: false,
  ggufNormTopK: false,

  forward(g, config, options) {
    const rope = makeRope(config.rope);
    decoder(g, config, options, (x, i, narrow) => {
      const name = `model.layers.${i}`;
      const attended = narrow(qwen2Attention(g, config, rope, x, i));
      const normed = norm(g, config, `${name}.post_attention_layernorm`, attended);
      return mlp(g, `${name}.mlp`, normed, config.intermediateSize, attended);
    });
  },
};

/** Norm, attention and residual of layer i: [T, H]. */
export function qwen2Attention(g: Graph, config: ModelConfig, rope: Rope, x: Value, i: number): Value {
  const name = `model.layers.${i}`;
  const normed = norm(g, config, `${name}.input_layernorm`, x);
  return attend(g, config, name, i, projectQkv(g, config, `${name}.self_attn`, normed), rope, x);
}
