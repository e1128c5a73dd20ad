// Qwen3's mixtures of experts (30B-A3B, 235B-A22B, Coder): Qwen3's attention, routed experts without a shared one.
// Source: Qwen3 Technical Report (arXiv 2505.09388); transformers' qwen3_moe.

import type { Family } from "./family.ts";
import { decoder, experts, mlp, norm } from "./layers.ts";
import { qwen3, qwen3Attention } from "./qwen3.ts";
import { makeRope } from "./rope.ts";

export const qwen3Moe: Family = {
  modelType: "qwen3_moe",
  ggufArchitecture: "qwen3moe",
  defaultHeadDim: (hiddenSize, heads) => hiddenSize / heads,
  bias: qwen3.bias,
  // transformers gives this family no choice of layers: with a window, all slide.
  slides: () => true,
  sparse: true,
  sharedExpert: false,
  ggufNormTopK: true,

  forward(g, config, options) {
    const rope = makeRope(config.rope);
    decoder(g, config, options, (x, i) => {
      const name = `model.layers.${i}`;
      const attended = qwen3Attention(g, config, rope, x, i);
      const normed = norm(g, config, `${name}.post_attention_layernorm`, attended);
      if (!config.experts!.sparse[i]) return mlp(g, `${name}.mlp`, normed, config.intermediateSize, attended);
      return g.add(attended, experts(g, config, `${name}.mlp`, normed));
    });
  },
};
