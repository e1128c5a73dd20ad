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
  ["linear_attn.in_proj_qkv", "attn_qkv"],
  ["linear_attn.in_proj_z", "attn_gate"],
  ["linear_attn.in_proj_qkvz", "ssm_in"],
  ["linear_attn.in_proj_a", "ssm_alpha"],
  ["linear_attn.in_proj_b", "ssm_beta"],
  ["linear_attn.in_proj_ba", "ssm_ba"],
  ["linear_attn.conv1d", "ssm_conv1d"],
  ["linear_attn.norm", "ssm_norm"],
  ["linear_attn.out_proj", "ssm_out"],
] as const;

/** Parameters that are no weight or bias of a module, with their whole names. */
const bare = [
  ["linear_attn.A_log", "ssm_a"],
  ["linear_attn.dt_bias", "ssm_dt.bias"],
] as const;

/** What hybrids call the norm before the MLP; the others call it ffn_norm. */
const hybridNorm = ["post_attention_layernorm", "post_attention_norm"] as const;

const topToGguf = new Map<string, string>(top);
const topToHf = new Map<string, string>(top.map(([hf, gguf]) => [gguf, hf]));
const layerToGguf = new Map<string, string>(perLayer);
const layerToHf = new Map<string, string>([...perLayer, hybridNorm].map(([hf, gguf]) => [gguf, hf]));
const bareToGguf = new Map<string, string>(bare);
const bareToHf = new Map<string, string>(bare.map(([hf, gguf]) => [gguf, hf]));

/** The MTP block's own weights, in the block that comes behind the layers. */
const mtp = [
  ["mtp.fc", "nextn.eh_proj"],
  ["mtp.pre_fc_norm_embedding", "nextn.enorm"],
  ["mtp.pre_fc_norm_hidden", "nextn.hnorm"],
  ["mtp.norm", "nextn.shared_head_norm"],
] as const;

const mtpToGguf = new Map<string, string>(mtp.map(([hf, gguf]) => [`${hf}.weight`, `${gguf}.weight`]));

/** "mtp.fc.weight" to "blk.24.nextn.eh_proj.weight", "mtp.layers.0.mlp.up_proj.weight" to "blk.24.ffn_up.weight", for 24 layers. */
export function ggufMtpName(hfName: string, layers: number): string | undefined {
  const own = mtpToGguf.get(hfName);
  if (own !== undefined) return `blk.${layers}.${own}`;
  return /^mtp\.layers\.0\./.test(hfName)
    ? ggufName(hfName.replace(/^mtp\.layers\.0/, `model.layers.${layers}`), true)
    : undefined;
}

/** "model.layers.3.mlp.up_proj.weight" to "blk.3.ffn_up.weight"; undefined where GGUF has no such tensor. */
export function ggufName(hfName: string, hybrid = false): string | undefined {
  if (hybrid) return ggufName(hfName)?.replace(/ffn_norm\.weight$/, `${hybridNorm[1]}.weight`);
  return rename(hfName, /^model\.layers\.(\d+)\.(.+)$/, "blk", {
    layers: layerToGguf,
    bare: bareToGguf,
    tops: topToGguf,
  });
}

/** "blk.3.ffn_up.weight" to "model.layers.3.mlp.up_proj.weight"; undefined for tensors that are no Qwen decoder's. */
export function hfName(ggufName: string): string | undefined {
  return rename(ggufName, /^blk\.(\d+)\.(.+)$/, "model.layers", { layers: layerToHf, bare: bareToHf, tops: topToHf });
}

type Names = ReadonlyMap<string, string>;

function rename(
  name: string,
  layered: RegExp,
  prefix: string,
  { layers, bare, tops }: { layers: Names; bare: Names; tops: Names },
): string | undefined {
  const [, number, rest] = layered.exec(name) ?? [];
  const whole = rest === undefined ? undefined : bare.get(rest);
  if (whole !== undefined) return `${prefix}.${number}.${whole}`;
  const dot = name.lastIndexOf(".");
  const [stem, kind] = [name.slice(0, dot), name.slice(dot)];
  if (kind !== ".weight" && kind !== ".bias") return undefined;
  const renamed = rest === undefined ? tops.get(stem) : layers.get(rest.slice(0, -kind.length));
  if (renamed === undefined) return undefined;
  return rest === undefined ? `${renamed}${kind}` : `${prefix}.${number}.${renamed}${kind}`;
}
