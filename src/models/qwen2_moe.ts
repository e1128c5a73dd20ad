// Qwen1.5-MoE and Qwen2-57B-A14B: Qwen2's attention; the MLP is a set of routed experts beside one gated expert for all tokens.
// Source: Qwen2 Technical Report (arXiv 2407.10671), section 2.2.2; transformers' qwen2_moe.

import type { Family } from "./family.ts";
import { decoder, expertsOrMlp } from "./layers.ts";
import { qwen2Attention } from "./qwen2.ts";
import { makeRope } from "./rope.ts";

export const qwen2Moe: Family = {
  modelType: "qwen2_moe",
  ggufArchitecture: "qwen2moe",
  defaultHeadDim: (hiddenSize, heads) => hiddenSize / heads,
  bias: (fields) => ({ qkv: fields.boolean("qkv_bias", true), output: false }),
  // Not Qwen2's rule: transformers lets every other layer below max_window_layers slide.
  slides: (layer, maxWindowLayers) => layer < maxWindowLayers && layer % 2 === 0,
  sparse: true,
  sharedExpert: true,
  ggufNormTopK: false,

  forward(g, config, options) {
    const rope = makeRope(config.rope);
    decoder(g, config, options, (x, i) => {
      const attended = qwen2Attention(g, config, rope, x, i);
      return expertsOrMlp(g, config, attended, `model.layers.${i}`, config.experts!.sparse[i]);
    });
  },
};
