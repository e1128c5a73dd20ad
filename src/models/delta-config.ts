// What a configuration says about the gated delta nets of a hybrid: their heads, and which layers have one. The others attend.

import type { DeltaShape } from "../core/trace.ts";
import type { Fields } from "./fields.ts";

export interface DeltaConfig {
  readonly shape: DeltaShape;
  /** By layer: a delta net (true) or attention (false). */
  readonly layers: readonly boolean[];
}

/** config.json of qwen3_next, qwen3_5 and qwen3_5_moe. */
export function parseDelta(f: Fields, layers: number): DeltaConfig {
  const shape = {
    keyHeads: f.count("linear_num_key_heads"),
    valueHeads: f.count("linear_num_value_heads"),
    keyDim: f.count("linear_key_head_dim"),
    valueDim: f.count("linear_value_head_dim"),
    taps: f.count("linear_conv_kernel_dim", 4, 2),
  };
  if (!f.boolean("attn_output_gate", true)) throw f.wrong("attn_output_gate", "true, as in all published hybrids");
  const types = f.list("layer_types");
  if (types && types.length !== layers) throw f.wrong("layer_types", `${layers} entries, one per layer`);
  const linear = types?.map((type) => type === "linear_attention") ?? everyNth(f, "full_attention_interval", layers);
  return check(f, { shape, layers: linear }, "linear_num_value_heads");
}

/** GGUF's keys: those of state-space models. */
export function parseGgufDelta(f: Fields, layers: number): DeltaConfig {
  const valueHeads = f.count("ssm.time_step_rank");
  const inner = f.count("ssm.inner_size");
  if (inner % valueHeads !== 0) throw f.wrong("ssm.inner_size", `a multiple of the ${valueHeads} value heads`);
  const shape = {
    keyHeads: f.count("ssm.group_count"),
    valueHeads,
    keyDim: f.count("ssm.state_size"),
    valueDim: inner / valueHeads,
    taps: f.count("ssm.conv_kernel", 4, 2),
  };
  const given = f.list("attention.recurrent_layers");
  if (given && given.length < layers) throw f.wrong("attention.recurrent_layers", `${layers} entries, one per layer`);
  const linear = given?.slice(0, layers).map(Boolean) ?? everyNth(f, "full_attention_interval", layers);
  return check(f, { shape, layers: linear }, "ssm.time_step_rank");
}

/** Every n-th layer attends. */
function everyNth(f: Fields, key: string, layers: number): boolean[] {
  const interval = f.count(key, 4);
  return Array.from({ length: layers }, (_, layer) => (layer + 1) % interval !== 0);
}

/** More than any model has; keeps a lying file from making us allocate. */
const MOST = { heads: 1024, dimensions: 4096, taps: 64 };

function check(f: Fields, config: DeltaConfig, headsKey: string): DeltaConfig {
  const { keyHeads, valueHeads, keyDim, valueDim, taps } = config.shape;
  if (valueHeads % keyHeads !== 0) throw f.wrong(headsKey, `a multiple of the ${keyHeads} key heads`);
  if (valueHeads > MOST.heads || keyDim > MOST.dimensions || valueDim > MOST.dimensions || taps > MOST.taps) {
    throw f.wrong(
      headsKey,
      `at most ${MOST.heads} heads of ${MOST.dimensions} dimensions, here ${keyDim} and ${valueDim}, and ${MOST.taps} taps, here ${taps}`,
    );
  }
  return config;
}
