// Qwen3-Next (80B-A3B): gated delta nets and gated attention, routed experts beside a shared one in every layer.
// Source: transformers' qwen3_next.

import type { Family } from "./family.ts";
import { hybridDecoder, hybridTraits } from "./hybrid.ts";
import { expertsOrMlp } from "./layers.ts";

export const qwen3Next: Family = {
  ...hybridTraits,
  modelType: "qwen3_next",
  ggufArchitecture: "qwen3next",
  sparse: true,
  sharedExpert: true,

  forward(graph, config, options) {
    hybridDecoder(graph, config, options, (g, attended, name, sparse) =>
      expertsOrMlp(g, config, attended, name, sparse),
    );
  },
};
