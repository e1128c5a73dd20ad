// The layers of hybrids: three gated delta nets (arXiv 2412.06464) for each gated attention. Norms but the delta net's own are
// zero-centred. Source: transformers' qwen3_next and qwen3_5. Shapes as in layers.ts; C channels of the convolution, V value heads
// of size E.

import { deltaChannels, type Graph, type Rope, type Value } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import type { DeltaConfig } from "./delta-config.ts";
import type { Family, ForwardOptions } from "./family.ts";
import { attend, decoder, headNorm, linear, norm } from "./layers.ts";
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

/** Writes the whole decoder; `mlp` writes what follows the mixing of tokens in layer i, residual included. */
export function hybridDecoder(
  g: Graph,
  config: ModelConfig,
  options: ForwardOptions,
  mlp: (attended: Value, layer: number) => Value,
): void {
  const rope = makeRope(config.rope);
  const { delta } = config;
  if (!delta) throw new Error(`${config.modelType}: a hybrid without delta nets`);
  decoder(g, config, options, (x, i, narrow) => {
    const normed = norm(g, config, `model.layers.${i}.input_layernorm`, x);
    const mixed = delta.layers[i]
      ? deltaNet(g, config, delta, i, normed, x)
      : gatedAttention(g, config, rope, `model.layers.${i}`, i, normed, x);
    return mlp(narrow(mixed), i);
  });
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
  return attend(g, config, layer, { q, k: headNorm(g, config, `${attn}.k_norm`, k), v, gate }, rope, residual);
}
