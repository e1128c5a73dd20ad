// What a family of models is: how its configuration is completed, and its forward pass.

import type { Graph } from "../core/trace.ts";
import type { FamilyTraits, ModelConfig } from "./config.ts";

export interface ForwardOptions {
  /** Adds outputs "hidden.0" .. "hidden.L": the embeddings, each layer's output, and last the final norm's. */
  readonly hidden?: boolean;
  /** What a caller reads of the wanted rows: "embedding" [R, hidden], the final norm's output, and on request "logits" [R, vocab]. */
  readonly head: "logits" | "embedding";
  /** Where a hybrid writes its MTP block; adds the output "final", the final norm's of all tokens. */
  readonly draft?: DraftOptions;
}

export interface DraftOptions {
  readonly graph: Graph;
  /** Ids that drafts are chosen among: the first so many. */
  readonly vocab: number;
}

export interface Family extends FamilyTraits {
  forward(g: Graph, config: ModelConfig, options: ForwardOptions): void;
}
