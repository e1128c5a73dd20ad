// The pieces that Qwen decoders are made of, written as trace ops. Weight names are Hugging Face's. Shapes: T tokens of the step,
// H hidden, N query heads, K key-value heads, D head dimensions, I MLP width, E experts.

import type { Graph, Rope, Value, Weight } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import type { ForwardOptions } from "./family.ts";

/** Of what a layer goes on with. */
type Narrow = (x: Value) => Value;

/**
 * The frame of every decoder: embeddings, layers, final norm, head. `layer` writes layer i and returns its output [T, H]. Behind the
 * last attention nothing looks at other rows, so there a layer may pass on the wanted ones alone: `narrow` gives them, [R, H], and
 * leaves all other layers as they are.
 */
export function decoder(
  g: Graph,
  config: ModelConfig,
  options: ForwardOptions,
  layer: (x: Value, index: number, narrow: Narrow) => Value,
): void {
  const { vocabSize, hiddenSize, layers } = config;
  const table = g.weight("model.embed_tokens.weight", vocabSize, hiddenSize);
  let x = g.embed(table); // [T, H]
  for (let index = 0; index < layers; index++) {
    if (options.hidden) g.output(`hidden.${index}`, x);
    const last = index === layers - 1 && !options.hidden && !options.draft;
    x = layer(x, index, (value) => (last ? g.gatherRows(value) : value));
  }
  const normed = norm(g, config, "model.norm", x);
  if (options.hidden) g.output(`hidden.${layers}`, normed);
  if (options.draft) g.output("final", normed);
  const wanted = normed.rows === "R" ? normed : g.gatherRows(normed); // [R, H]
  g.output("embedding", wanted);
  if (options.head === "logits") g.output("logits", g.linear(wanted, headWeight(g, config)));
}

/** What gives logits: [V, H]. */
export function headWeight(g: Graph, { tiedEmbeddings, vocabSize, hiddenSize }: ModelConfig): Weight {
  return g.weight(tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", vocabSize, hiddenSize);
}

/** RMSNorm over whole rows; hybrids centre its weight at zero. */
export function norm(g: Graph, config: ModelConfig, name: string, x: Value): Value {
  return g.rmsNorm(x, g.weight(`${name}.weight`, x.cols), config.rmsNormEps, config.delta !== undefined);
}

/** RMSNorm over each head by itself. */
export function headNorm(g: Graph, config: ModelConfig, name: string, x: Value): Value {
  return g.rmsNorm(x, g.weight(`${name}.weight`, config.headDim), config.rmsNormEps, config.delta !== undefined);
}

export interface Projections {
  readonly q: Value; // [T, N * D]
  readonly k: Value; // [T, K * D]
  readonly v: Value; // [T, K * D]
  /** Weighs the attention's output by its sigmoid: [T, N * D]. */
  readonly gate?: Value;
}

/** Queries, keys and values of x [T, H]. */
export function projectQkv(g: Graph, config: ModelConfig, name: string, x: Value): Projections {
  const { heads, kvHeads, headDim, bias } = config;
  return {
    q: linear(g, `${name}.q_proj`, x, heads * headDim, { bias: bias.qkv }),
    k: linear(g, `${name}.k_proj`, x, kvHeads * headDim, { bias: bias.qkv }),
    v: linear(g, `${name}.v_proj`, x, kvHeads * headDim, { bias: bias.qkv }),
  };
}

/** Rotates, caches, attends, projects back and adds the residual: [T, H]. `name` is the block's, `layer` its cache's. */
export function attend(
  g: Graph,
  config: ModelConfig,
  name: string,
  layer: number,
  { q, k, v, gate }: Projections,
  rope: Rope,
  residual: Value,
): Value {
  const { heads, kvHeads, headDim } = config;
  const shape = { heads, kvHeads, headDim, scale: 1 / Math.sqrt(headDim), window: config.windows[layer] };
  const rotated = g.rope(q, headDim, rope);
  g.appendKv(layer, g.rope(k, headDim, rope), v, shape);
  const attended = g.attention(layer, rotated, shape); // [T, N * D]
  const gated = gate ? g.sigmoidGate(gate, attended) : attended;
  return linear(g, `${name}.self_attn.o_proj`, gated, config.hiddenSize, { bias: config.bias.output, residual });
}

/** down(silu(gate(x)) * up(x)), plus the residual where given: [T, H]. */
export function mlp(g: Graph, name: string, x: Value, width: number, residual?: Value): Value {
  const gate = linear(g, `${name}.gate_proj`, x, width); // [T, I]
  const up = linear(g, `${name}.up_proj`, x, width);
  return linear(g, `${name}.down_proj`, g.swiglu(gate, up), x.cols, { residual });
}

/** Routed experts of x [T, H]: [T, H]. */
export function experts(g: Graph, config: ModelConfig, name: string, x: Value): Value {
  const { count, topK, intermediateSize, normTopK } = config.experts!;
  const router = linear(g, `${name}.gate`, x, count); // [T, E]
  return g.moe(x, router, {
    gate: g.weight(`${name}.experts.gate_proj.weight`, count, intermediateSize, x.cols),
    up: g.weight(`${name}.experts.up_proj.weight`, count, intermediateSize, x.cols),
    down: g.weight(`${name}.experts.down_proj.weight`, count, x.cols, intermediateSize),
    topK,
    normTopK,
  });
}

/** The expert that sees every token, weighed by a sigmoid gate of its own: [T, H]. */
function sharedExpert(g: Graph, config: ModelConfig, name: string, x: Value): Value {
  const gate = linear(g, `${name}.shared_expert_gate`, x, 1); // [T, 1]
  return g.sigmoidGate(gate, mlp(g, `${name}.shared_expert`, x, config.experts!.sharedIntermediateSize!));
}

/** The MLP half of a layer of a mixture: routed experts and a shared one, or a dense MLP where the layer has no experts; with its norm
 *  and the residual. */
export function expertsOrMlp(g: Graph, config: ModelConfig, attended: Value, name: string, sparse: boolean): Value {
  const normed = norm(g, config, `${name}.post_attention_layernorm`, attended);
  if (!sparse) return mlp(g, `${name}.mlp`, normed, config.intermediateSize, attended);
  const routed = experts(g, config, `${name}.mlp`, normed);
  return g.add(attended, g.add(routed, sharedExpert(g, config, `${name}.mlp`, normed)));
}

/** `name`.weight [out, x.cols] times x. */
export function linear(
  g: Graph,
  name: string,
  x: Value,
  out: number,
  more: { bias?: boolean; residual?: Value } = {},
): Value {
  return g.linear(x, g.weight(`${name}.weight`, out, x.cols), {
    bias: more.bias ? g.weight(`${name}.bias`, out) : undefined,
    residual: more.residual,
  });
}
