// The layers of hybrids: three gated delta nets (arXiv 2412.06464) for each gated attention. Norms but the delta net's own are
// zero-centred. Source: transformers' qwen3_next and qwen3_5. Shapes as in layers.ts; C channels of the convolution, V value heads
// of size E.

import { deltaChannels, type Graph, type Rope, type Value } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import type { DeltaConfig } from "./delta-config.ts";
import type { DraftOptions, Family, ForwardOptions } from "./family.ts";
import { attend, decoder, headNorm, headWeight, linear, norm } from "./layers.ts";
import { makeRope } from "./rope.ts";

/** What the three families have in common. */
export const hybridTraits = {
  defaultHeadDim: () => 256,
  bias: (fields) => {
    const everywhere = fields.boolean("attention_bias", false);
    return { qkv: everywhere, output: everywhere };
  },
  slides: () => false,
  hybrid: true,
  ggufNormTopK: true,
} as const satisfies Partial<Family>;

/** Writes what follows the mixing of tokens in the block of that name, residual included; `sparse`: with routed experts, if any. */
export type HybridMlp = (g: Graph, attended: Value, name: string, sparse: boolean) => Value;

/** Writes the whole decoder, and its MTP block where that is asked for. */
export function hybridDecoder(g: Graph, config: ModelConfig, options: ForwardOptions, mlp: HybridMlp): void {
  const rope = makeRope(config.rope);
  const { delta } = config;
  if (!delta) throw new Error(`${config.modelType}: a hybrid without delta nets`);
  decoder(g, config, options, (x, i, narrow) => {
    const name = `model.layers.${i}`;
    const normed = norm(g, config, `${name}.input_layernorm`, x);
    const mixed = delta.layers[i]
      ? deltaNet(g, config, delta, i, normed, x)
      : gatedAttention(g, config, rope, name, i, normed, x);
    return mlp(g, narrow(mixed), name, config.experts?.sparse[i] ?? false);
  });
  if (options.draft) writeMtp(config, options.draft, rope, mlp);
}

/**
 * The block for predicting one token more (MTP): of token p+1 and the final norm's output for token p it makes a guess of token p+2.
 * One layer of gated attention with a cache of its own; embeddings and head are the model's. Its own output takes the place of the
 * final norm's to guess further. Positions count from p = 0: attention sees their differences alone. Source: transformers' qwen3_5.
 */
function writeMtp(config: ModelConfig, { graph: g, vocab }: DraftOptions, rope: Rope, mlp: HybridMlp): void {
  const { hiddenSize, vocabSize, layers } = config;
  const table = g.weight("model.embed_tokens.weight", vocabSize, hiddenSize);
  const token = norm(g, config, "mtp.pre_fc_norm_embedding", g.embed(table));
  const hidden = norm(g, config, "mtp.pre_fc_norm_hidden", g.input("hidden", hiddenSize));
  const x = linear(g, "mtp.fc", g.concat(token, hidden), hiddenSize); // [T, H]
  const name = "mtp.layers.0";
  const attended = gatedAttention(g, config, rope, name, layers, norm(g, config, `${name}.input_layernorm`, x), x);
  // What is only to be remembered ends with the cache: the rest is for rows that are wanted.
  const out = mlp(g, g.gatherRows(attended), name, config.experts !== undefined); // [R, H]
  const normed = norm(g, config, "mtp.norm", out);
  g.output("hidden", normed);
  g.output("logits", g.linear(normed, headWeight(g, config), { outputs: Math.min(vocab, vocabSize) }));
}

/** Delta net of x [T, H], plus the residual: [T, H]. */
function deltaNet(
  g: Graph,
  config: ModelConfig,
  { shape }: DeltaConfig,
  layer: number,
  x: Value,
  residual: Value,
): Value {
  const name = `model.layers.${layer}.linear_attn`;
  const { valueHeads, valueDim, taps } = shape;
  const channels = deltaChannels(shape);
  const qkv = linear(g, `${name}.in_proj_qkv`, x, channels); // [T, C]
  const z = linear(g, `${name}.in_proj_z`, x, valueHeads * valueDim); // [T, V * E]
  const b = linear(g, `${name}.in_proj_b`, x, valueHeads); // [T, V]
  const a = linear(g, `${name}.in_proj_a`, x, valueHeads);
  const mixed = g.causalConv(layer, qkv, g.weight(`${name}.conv1d.weight`, channels * taps), shape);
  const aLog = g.weight(`${name}.A_log`, valueHeads);
  const dtBias = g.weight(`${name}.dt_bias`, valueHeads);
  const read = g.gatedDelta(layer, mixed, { a, b, aLog, dtBias }, shape); // [T, V * E]
  const normed = g.rmsNorm(read, g.weight(`${name}.norm.weight`, valueDim), config.rmsNormEps);
  return linear(g, `${name}.out_proj`, g.swiglu(z, normed), config.hiddenSize, { residual });
}

/** Attention of x [T, H] whose output a sigmoid gate weighs, plus the residual: [T, H]. `name` is the block's, `layer` its cache's. */
function gatedAttention(
  g: Graph,
  config: ModelConfig,
  rope: Rope,
  name: string,
  layer: number,
  x: Value,
  residual: Value,
): Value {
  const { heads, kvHeads, headDim, bias } = config;
  const attn = `${name}.self_attn`;
  const both = linear(g, `${attn}.q_proj`, x, 2 * heads * headDim, { bias: bias.qkv }); // [T, N * (query D, gate D)]
  const k = linear(g, `${attn}.k_proj`, x, kvHeads * headDim, { bias: bias.qkv });
  const v = linear(g, `${attn}.v_proj`, x, kvHeads * headDim, { bias: bias.qkv });
  const q = headNorm(g, config, `${attn}.q_norm`, g.slice(both, heads, 0, headDim));
  const gate = g.slice(both, heads, headDim, headDim);
  return attend(g, config, name, layer, { q, k: headNorm(g, config, `${attn}.k_norm`, k), v, gate }, rope, residual);
}
