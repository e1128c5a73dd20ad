// ModelConfig: what a decoder's forward needs to know, whichever file said it. Hugging Face's config.json is read here, in the
// style of the published checkpoints and in the newer one (rope_parameters, dtype, num_local_experts); GGUF in gguf-config.ts.

import { AnyqwenError } from "../core/errors.ts";
import { type DeltaConfig, parseDelta } from "./delta-config.ts";
import { Fields } from "./fields.ts";
import { type RopeConfig, type RopeScaling, yarnAttentionFactor } from "./rope.ts";

export interface ExpertsConfig {
  readonly count: number;
  /** Experts that a token is routed to. */
  readonly topK: number;
  readonly intermediateSize: number;
  /** Make the chosen experts' probabilities add up to 1. */
  readonly normTopK: boolean;
  /** Width of the expert that sees every token. */
  readonly sharedIntermediateSize?: number;
  /** By layer: routed experts (true) or a dense MLP (false). */
  readonly sparse: readonly boolean[];
}

export interface ModelConfig {
  /** Hugging Face's model_type, the key of registry.ts. */
  readonly modelType: string;
  readonly layers: number;
  readonly hiddenSize: number;
  /** Width of dense MLPs. */
  readonly intermediateSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  /** Positions that the model is meant for. */
  readonly maxPositions: number;
  readonly rmsNormEps: number;
  /** The head's weight is the embedding table. */
  readonly tiedEmbeddings: boolean;
  readonly bias: { readonly qkv: boolean; readonly output: boolean };
  readonly rope: RopeConfig;
  /** By layer: the attention window in tokens, or undefined for all. */
  readonly windows: readonly (number | undefined)[];
  readonly experts?: ExpertsConfig;
  /** Of hybrids. Their norms are zero-centred and their attention is gated. */
  readonly delta?: DeltaConfig;
}

/** What config.json leaves to the family. */
export interface FamilyTraits {
  readonly modelType: string;
  /** The text part's own model_type, where the family is published with a vision tower and a configuration for each. */
  readonly textModelType?: string;
  /** GGUF's general.architecture. */
  readonly ggufArchitecture: string;
  /** head_dim where the file does not say it. */
  defaultHeadDim(hiddenSize: number, heads: number): number;
  bias(fields: Fields): { qkv: boolean; output: boolean };
  /** Whether a layer slides when use_sliding_window is set and layer_types does not say. */
  slides(layer: number, maxWindowLayers: number): boolean;
  readonly sparse: boolean;
  readonly sharedExpert: boolean;
  /** Gated delta nets beside attention. */
  readonly hybrid?: boolean;
  /** GGUF files do not always say whether the chosen probabilities are renormalised. */
  readonly ggufNormTopK: boolean;
}

/** More layers than any decoder has; bounds what a lying file makes us build. */
export const MOST_LAYERS = 1024;

export function parseConfig(json: unknown, source: string, traits: FamilyTraits): ModelConfig {
  const whole = Fields.of(json, `config.json of ${source}`);
  const f = whole.object("text_config") ?? whole;
  const layers = f.count("num_hidden_layers");
  if (layers > MOST_LAYERS) throw f.wrong("num_hidden_layers", `at most ${MOST_LAYERS}`);
  const hiddenSize = f.count("hidden_size");
  const heads = f.count("num_attention_heads");
  const headDim = f.count("head_dim", traits.defaultHeadDim(hiddenSize, heads));
  const activation = f.string("hidden_act", "silu");
  if (activation !== "silu") {
    throw new AnyqwenError("unsupported", `${f.source}: "hidden_act" is "${activation}"; Qwen decoders use "silu"`);
  }
  const experts = traits.sparse ? parseExperts(f, layers, traits) : undefined;
  return checkConfig(
    {
      modelType: traits.modelType,
      layers,
      hiddenSize,
      intermediateSize: f.count(
        "intermediate_size",
        experts?.sparse.every(Boolean) ? experts.intermediateSize : undefined,
      ),
      heads,
      kvHeads: f.count("num_key_value_heads", heads),
      headDim,
      vocabSize: f.count("vocab_size"),
      maxPositions: f.count("max_position_embeddings", 32768),
      rmsNormEps: f.positive("rms_norm_eps", 1e-6),
      tiedEmbeddings: whole.boolean("tie_word_embeddings", f.boolean("tie_word_embeddings", false)),
      bias: traits.bias(f),
      rope: parseRope(f, headDim, traits.hybrid ? 0.25 : 1),
      windows: parseWindows(f, layers, traits),
      experts,
      delta: traits.hybrid ? parseDelta(f, layers) : undefined,
    },
    f.source,
  );
}

/** Relations that hold for every decoder; shared by both file formats. */
export function checkConfig(config: ModelConfig, source: string): ModelConfig {
  const fail = (what: string) => new AnyqwenError("format", `${source}: ${what}`);
  const { heads, kvHeads, headDim, rope, experts } = config;
  if (headDim > 4096) throw fail(`${headDim} dimensions per attention head; expected at most 4096`);
  if (heads % kvHeads !== 0) throw fail(`${heads} attention heads cannot share ${kvHeads} key-value heads evenly`);
  if (rope.dimensions % 2 !== 0 || rope.dimensions < 2 || rope.dimensions > headDim) {
    throw fail(`${rope.dimensions} rotary dimensions; expected an even number up to the head's ${headDim}`);
  }
  if (rope.theta <= 1) throw fail(`rope theta is ${rope.theta}; expected a number above 1`);
  if (experts && experts.topK > experts.count) {
    throw fail(`${experts.topK} experts per token out of ${experts.count}`);
  }
  return config;
}

/** rope_parameters (newer) or rope_scaling with rope_theta beside it (published). */
function parseRope(f: Fields, headDim: number, rotated: number): RopeConfig {
  const nested = f.object("rope_parameters") ?? f.object("rope_scaling");
  const read = (key: string) => nested?.raw(key) ?? f.raw(key);
  const r = new Fields(nested?.source ?? f.source, read);
  return {
    theta: r.positive("rope_theta", 10_000),
    dimensions: Math.floor(headDim * r.positive("partial_rotary_factor", rotated)),
    scaling: nested ? parseScaling(nested, f) : { kind: "none" },
  };
}

function parseScaling(r: Fields, f: Fields): RopeScaling {
  const kind = r.string("rope_type", r.string("type", "default"));
  if (kind === "default") return { kind: "none" };
  if (kind === "linear") return { kind, factor: r.positive("factor") };
  if (kind !== "yarn") {
    throw new AnyqwenError("unsupported", `${r.source}: rope type "${kind}"; supported are default, linear and yarn`);
  }
  const originalPositions = r.positive("original_max_position_embeddings", f.count("max_position_embeddings", 32768));
  const factor = r.positive("factor", f.count("max_position_embeddings", 32768) / originalPositions);
  const [mscale, mscaleAll] = [r.number("mscale", 0), r.number("mscale_all_dim", 0)];
  const implied =
    mscale && mscaleAll
      ? yarnAttentionFactor(factor, mscale) / yarnAttentionFactor(factor, mscaleAll)
      : yarnAttentionFactor(factor);
  return {
    kind,
    factor,
    originalPositions,
    betaFast: r.number("beta_fast", 0) || 32,
    betaSlow: r.number("beta_slow", 0) || 1,
    truncate: r.boolean("truncate", true),
    attentionFactor: r.positive("attention_factor", implied),
  };
}

function parseWindows(f: Fields, layers: number, traits: FamilyTraits): (number | undefined)[] {
  if (!f.boolean("use_sliding_window", false) || !f.has("sliding_window")) return new Array(layers).fill(undefined);
  const window = f.count("sliding_window");
  const types = f.list("layer_types");
  if (types && types.length !== layers) throw f.wrong("layer_types", `${layers} entries, one per layer`);
  const maxWindowLayers = f.count("max_window_layers", 28, 0);
  return Array.from({ length: layers }, (_, layer) => {
    const slides = types ? types[layer] === "sliding_attention" : traits.slides(layer, maxWindowLayers);
    return slides ? window : undefined;
  });
}

function parseExperts(f: Fields, layers: number, traits: FamilyTraits): ExpertsConfig {
  const step = f.count("decoder_sparse_step", 1);
  const dense = new Set(f.list("mlp_only_layers") ?? []);
  return {
    count: f.count(f.has("num_local_experts") ? "num_local_experts" : "num_experts"),
    topK: f.count("num_experts_per_tok"),
    intermediateSize: f.count("moe_intermediate_size"),
    normTopK: f.boolean("norm_topk_prob", traits.hybrid === true),
    sharedIntermediateSize: traits.sharedExpert ? f.count("shared_expert_intermediate_size") : undefined,
    sparse: Array.from({ length: layers }, (_, layer) => !dense.has(layer) && (layer + 1) % step === 0),
  };
}
