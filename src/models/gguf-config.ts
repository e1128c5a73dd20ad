// ModelConfig from a GGUF file's key-value pairs. What the keys leave open (biases, tied head, dense layers, vocabulary) is read
// off the tensors that are there. Source of the keys: ggml's gguf.md and llama.cpp's loader.

import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { checkConfig, type ExpertsConfig, type FamilyTraits, MOST_LAYERS, type ModelConfig } from "./config.ts";
import { parseGgufDelta } from "./delta-config.ts";
import { Fields } from "./fields.ts";
import { type RopeScaling, yarnAttentionFactor } from "./rope.ts";

export function parseGgufConfig(checkpoint: Checkpoint, traits: FamilyTraits): ModelConfig {
  const { metadata, tensors, name } = checkpoint;
  const f = new Fields(`${name}, ${traits.ggufArchitecture}.*`, (key) =>
    metadata.get(`${traits.ggufArchitecture}.${key}`),
  );
  const embeddings = tensors.get("token_embd.weight");
  if (embeddings?.shape.length !== 2) {
    throw new AnyqwenError("format", `${name}: no token_embd.weight [vocabulary, hidden]; the file is incomplete`);
  }
  // Blocks for predicting more tokens at once come after the layers.
  const layers = f.count("block_count") - f.count("nextn_predict_layers", 0, 0);
  if (layers < 1) throw f.wrong("block_count", "more than nextn_predict_layers");
  if (layers > MOST_LAYERS) throw f.wrong("block_count", `at most ${MOST_LAYERS}`);
  const hiddenSize = f.count("embedding_length");
  const heads = f.count("attention.head_count");
  const headDim = f.count("attention.key_length", hiddenSize / heads);
  if (f.count("attention.value_length", headDim) !== headDim) {
    throw f.wrong("attention.value_length", `${headDim}, as attention.key_length`);
  }
  const experts = traits.sparse ? parseExperts(f, tensors, layers, traits) : undefined;
  return checkConfig(
    {
      modelType: traits.modelType,
      layers,
      hiddenSize,
      intermediateSize: experts?.sparse.every(Boolean)
        ? f.count("feed_forward_length", experts.intermediateSize)
        : f.count("feed_forward_length"),
      heads,
      kvHeads: f.count("attention.head_count_kv", heads),
      headDim,
      vocabSize: embeddings.shape[0],
      maxPositions: f.count("context_length", 32768),
      rmsNormEps: f.positive("attention.layer_norm_rms_epsilon", 1e-6),
      tiedEmbeddings: !tensors.has("output.weight"),
      bias: { qkv: tensors.has("blk.0.attn_q.bias"), output: tensors.has("blk.0.attn_output.bias") },
      rope: {
        theta: f.positive("rope.freq_base", 10_000),
        dimensions: f.count("rope.dimension_count", headDim),
        scaling: parseScaling(f),
      },
      windows: parseWindows(f, layers),
      experts,
      delta: traits.hybrid ? parseGgufDelta(f, layers) : undefined,
    },
    name,
  );
}

function parseScaling(f: Fields): RopeScaling {
  const kind = f.string("rope.scaling.type", "none");
  const factor = f.number("rope.scaling.factor", 1);
  if (kind === "none" || factor === 0) return { kind: "none" };
  if (kind === "linear") return { kind, factor: f.positive("rope.scaling.factor", 1) };
  if (kind !== "yarn") {
    throw new AnyqwenError("unsupported", `${f.source}: rope scaling "${kind}"; supported are none, linear and yarn`);
  }
  // llama.cpp multiplies the file's attention factor onto the one that the stretch implies.
  const attention = f.positive("rope.scaling.attn_factor", f.positive("rope.scaling.yarn_attn_factor", 1));
  return {
    kind,
    factor: f.positive("rope.scaling.factor"),
    originalPositions: f.positive("rope.scaling.original_context_length", f.count("context_length", 32768)),
    betaFast: f.positive("rope.scaling.yarn_beta_fast", 32),
    betaSlow: f.positive("rope.scaling.yarn_beta_slow", 1),
    truncate: true,
    attentionFactor: attention * yarnAttentionFactor(factor),
  };
}

/** A window counts only where the file also says which layers slide; converters write the bare size for models that do not. */
function parseWindows(f: Fields, layers: number): (number | undefined)[] {
  const pattern = f.list("attention.sliding_window_pattern");
  if (!pattern || !f.has("attention.sliding_window")) return new Array(layers).fill(undefined);
  if (pattern.length !== layers) throw f.wrong("attention.sliding_window_pattern", `${layers} entries, one per layer`);
  const window = f.count("attention.sliding_window");
  return pattern.map((slides) => (slides ? window : undefined));
}

function parseExperts(
  f: Fields,
  tensors: ReadonlyMap<string, StoredTensor>,
  layers: number,
  traits: FamilyTraits,
): ExpertsConfig {
  const sparse = Array.from({ length: layers }, (_, layer) => tensors.has(`blk.${layer}.ffn_gate_inp.weight`));
  const first = sparse.indexOf(true);
  // Files from before the keys existed: the tensors' shapes say the widths. [experts, width, hidden] and [width, hidden].
  const stacked = tensors.get(`blk.${first}.ffn_gate_exps.weight`)?.shape[1];
  const shared = tensors.get(`blk.${first}.ffn_gate_shexp.weight`)?.shape[0];
  const gating = f.number("expert_gating_func", 1);
  if (gating !== 1) {
    throw new AnyqwenError("unsupported", `${f.source}: expert_gating_func is ${gating}; supported is 1 (softmax)`);
  }
  return {
    count: f.count("expert_count"),
    topK: f.count("expert_used_count"),
    intermediateSize: f.count("expert_feed_forward_length", stacked),
    normTopK: f.boolean("expert_weights_norm", traits.ggufNormTopK),
    sharedIntermediateSize: traits.sharedExpert ? f.count("expert_shared_feed_forward_length", shared) : undefined,
    sparse,
  };
}
