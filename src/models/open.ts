// A checkpoint as a model: its family, its configuration, the traces it can run and the weights they need.

import type { BoundWeight } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { Graph, type Trace } from "../core/trace.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { bindWeights, findTensor } from "./bind.ts";
import { type ModelConfig, parseConfig } from "./config.ts";
import type { Family } from "./family.ts";
import { parseGgufConfig } from "./gguf-config.ts";
import { type MtpStatus, mtpStatus } from "./mtp.ts";
import { familyOf } from "./registry.ts";

export interface TraceOptions {
  /** Adds outputs "hidden.0" .. "hidden.L". */
  readonly hidden?: boolean;
  /** Default: "embedding" for embedding models, else "logits". */
  readonly head?: "logits" | "embedding";
  /** Adds the trace of the MTP layer, which chooses drafts among so many ids, the first ones; fails where there is none. */
  readonly draftVocab?: number;
}

export interface Model {
  readonly checkpoint: Checkpoint;
  readonly config: ModelConfig;
  readonly family: Family;
  /** What it was published for: text, or embeddings (pooled from the last token). */
  readonly kind: "generate" | "embed";
  readonly mtp: MtpStatus;
  trace(options?: TraceOptions): Trace;
  /** The trace's weights and those of its draft trace, found in the checkpoint and checked. */
  weights(trace: Trace): BoundWeight[];
}

export function openModel(checkpoint: Checkpoint): Model {
  const family = familyOf(checkpoint);
  const gguf = checkpoint.format === "gguf";
  const config = gguf
    ? parseGgufConfig(checkpoint, family)
    : parseConfig(checkpoint.json.get("config.json"), checkpoint.name, family);
  const kind = gguf ? ggufKind(checkpoint, family) : safetensorsKind(checkpoint);
  const mtp = mtpStatus(checkpoint, config, () => {
    const graph = new Graph();
    family.forward(new Graph(), config, { head: "logits", draft: { graph, vocab: config.vocabSize } });
    return graph.finish();
  });
  return {
    checkpoint,
    config,
    family,
    kind,
    mtp,
    trace(options = {}) {
      const head = options.head ?? (kind === "embed" ? "embedding" : "logits");
      if (head === "logits" && !config.tiedEmbeddings && !findTensor(checkpoint, "lm_head.weight")) {
        throw new AnyqwenError(
          "unsupported",
          `${checkpoint.name}: no lm_head.weight and the embeddings are not tied; it has embeddings, but no logits`,
        );
      }
      const g = new Graph();
      const { draftVocab, hidden } = options;
      if (draftVocab === undefined) {
        family.forward(g, config, { hidden, head });
        return g.finish();
      }
      if (!mtp.usable) throw new AnyqwenError("unsupported", mtp.problem ?? "no MTP layer");
      const graph = new Graph();
      family.forward(g, config, { hidden, head, draft: { graph, vocab: draftVocab } });
      return g.finish(graph.finish());
    },
    weights: (trace) => bindWeights(trace, checkpoint, config),
  };
}

/** Embedding models are saved from the base class: no "model." prefix, no head. */
function safetensorsKind(checkpoint: Checkpoint): Model["kind"] {
  return checkpoint.tensors.has("embed_tokens.weight") && !checkpoint.tensors.has("lm_head.weight")
    ? "embed"
    : "generate";
}

/** llama.cpp's pooling types: 0 none, 1 mean, 2 first, 3 last, 4 rank (a reranker reads logits). */
function ggufKind(checkpoint: Checkpoint, family: Family): Model["kind"] {
  const pooling = Number(checkpoint.metadata.get(`${family.ggufArchitecture}.pooling_type`) ?? 0);
  if (pooling === 0 || pooling === 4) return "generate";
  if (pooling === 3) return "embed";
  throw new AnyqwenError(
    "unsupported",
    `${checkpoint.name}: pooling_type ${pooling}; Qwen's embeddings are pooled from the last token (3)`,
  );
}
