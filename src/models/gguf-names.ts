// GGUF's tensor names and Hugging Face's for the same weights, in one table. Source: gguf-py's tensor_mapping and llama.cpp's
// loader. Stacked experts go by our logical name ("model.layers.0.mlp.experts.gate_proj.weight").

const top = [
  ["model.embed_tokens", "token_embd"],
  ["model.norm", "output_norm"],
  ["lm_head", "output"],
] as const;

/** Below "model.layers.N." and "blk.N.". */
const perLayer = [
  ["input_layernorm", "attn_norm"],
  ["self_attn.q_proj", "attn_q"],
  ["self_attn.k_proj", "attn_k"],
  ["self_attn.v_proj", "attn_v"],
  ["self_attn.o_proj", "attn_output"],
  ["self_attn.q_norm", "attn_q_norm"],
  ["self_attn.k_norm", "attn_k_norm"],
  ["post_attention_layernorm", "ffn_norm"],
  ["mlp.gate_proj", "ffn_gate"],
  ["mlp.up_proj", "ffn_up"],
  ["mlp.down_proj", "ffn_down"],
  ["mlp.gate", "ffn_gate_inp"],
  ["mlp.experts.gate_proj", "ffn_gate_exps"],
  ["mlp.experts.up_proj", "ffn_up_exps"],
  ["mlp.experts.down_proj", "ffn_down_exps"],
  ["mlp.shared_expert.gate_proj", "ffn_gate_shexp"],
  ["mlp.shared_expert.up_proj", "ffn_up_shexp"],
  ["mlp.shared_expert.down_proj", "ffn_down_shexp"],
  ["mlp.shared_expert_gate", "ffn_gate_inp_shexp"],
] as const;

const topToGguf = new Map<string, string>(top);
const topToHf = new Map<string, string>(top.map(([hf, gguf]) => [gguf, hf]));
const layerToGguf = new Map<string, string>(perLayer);
const layerToHf = new Map<string, string>(perLayer.map(([hf, gguf]) => [gguf, hf]));

/** "model.layers.3.mlp.up_proj.weight" to "blk.3.ffn_up.weight"; undefined where GGUF has no such tensor. */
export function ggufName(hfName: string): string | undefined {
  return rename(hfName, /^model\.layers\.(\d+)\.(.+)$/, "blk", layerToGguf, topToGguf);
}

/** "blk.3.ffn_up.weight" to "model.layers.3.mlp.up_proj.weight"; undefined for tensors that are no Qwen decoder's. */
export function hfName(ggufName: string): string | undefined {
  return rename(ggufName, /^blk\.(\d+)\.(.+)$/, "model.layers", layerToHf, topToHf);
}

function rename(
  name: string,
  layered: RegExp,
  prefix: string,
  layers: ReadonlyMap<string, string>,
  tops: ReadonlyMap<string, string>,
): string | undefined {
  const dot = name.lastIndexOf(".");
  const [stem, kind] = [name.slice(0, dot), name.slice(dot)];
  if (kind !== ".weight" && kind !== ".bias") return undefined;
  const match = layered.exec(stem);
  const renamed = match ? layers.get(match[2]) : tops.get(stem);
  if (renamed === undefined) return undefined;
  return match ? `${prefix}.${match[1]}.${renamed}${kind}` : `${renamed}${kind}`;
}
