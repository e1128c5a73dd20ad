// Qwen3.5's mixtures of experts (35B-A3B and up), the text model: Qwen3.5's layers with routed experts and a shared one.
// Source: transformers' qwen3_5_moe.

import type { Family } from "./family.ts";
import { hybridDecoder, hybridTraits } from "./hybrid.ts";
import { expertsOrMlp } from "./layers.ts";

export const qwen35Moe: Family = {
  ...hybridTraits,
  modelType: "qwen3_5_moe",
  textModelType: "qwen3_5_moe_text",
  ggufArchitecture: "qwen35moe",
  sparse: true,
  sharedExpert: true,

  forward(graph, config, options) {
    hybridDecoder(graph, config, options, (g, attended, name, sparse) =>
      expertsOrMlp(g, config, attended, name, sparse),
    );
  },
};
