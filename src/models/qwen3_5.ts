// Qwen3.5, 3.6 and 3.8, dense (0.8B to 27B), the text model; a vision tower beside it is not read. Text has one position for all
// three sections of the interleaved rotary embedding, which makes it the plain one. Source: transformers' qwen3_5.

import type { Family } from "./family.ts";
import { hybridDecoder, hybridTraits } from "./hybrid.ts";
import { mlp, norm } from "./layers.ts";

export const qwen35: Family = {
  ...hybridTraits,
  modelType: "qwen3_5",
  textModelType: "qwen3_5_text",
  ggufArchitecture: "qwen35",
  sparse: false,
  sharedExpert: false,

  forward(graph, config, options) {
    hybridDecoder(graph, config, options, (g, attended, name) => {
      const normed = norm(g, config, `${name}.post_attention_layernorm`, attended);
      return mlp(g, `${name}.mlp`, normed, config.intermediateSize, attended);
    });
  },
};
