// From the trace's weights to the tensors of a checkpoint as its family's are published: the reverse of bind.ts, for models that were
// trained whole. A tensor per expert (Qwen3.5's are stacked, gate and up in one), convolutions [channels, 1, taps], and Qwen3-Next's
// fused projections.

import type { Weight } from "../core/trace.ts";
import type { ModelConfig } from "./config.ts";
import { fusedRows } from "./hybrid-layout.ts";

export interface PublishedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  values(): Float32Array;
}

/** `read`: a weight's values, row-major. It is asked when a tensor's values are. */
export function publishedTensors(
  weights: readonly Weight[],
  config: ModelConfig,
  read: (name: string) => Float32Array,
): PublishedTensor[] {
  return weights.flatMap((weight): PublishedTensor[] => {
    const { name, shape } = weight;
    const [, experts, projection] = /^(.+\.mlp\.experts)\.(gate_proj|up_proj|down_proj)\.weight$/.exec(name) ?? [];
    if (experts && config.modelType === "qwen3_5_moe") return stackedExperts(weight, experts, projection, read);
    if (experts) return singleExperts(weight, experts, projection, read);
    const [, block, part] = /^(.+\.linear_attn\.)(in_proj_\w+|conv1d)\.weight$/.exec(name) ?? [];
    if (config.delta && part === "conv1d") {
      const { taps } = config.delta.shape;
      return [{ name, shape: [shape[0] / taps, 1, taps], values: () => read(name) }];
    }
    if (config.delta && config.modelType === "qwen3_next" && block) return fused(weight, block, part, config, read);
    return [{ name, shape, values: () => read(name) }];
  });
}

function singleExperts(
  { name, shape }: Weight,
  experts: string,
  projection: string,
  read: (name: string) => Float32Array,
): PublishedTensor[] {
  const [count, out, in_] = shape;
  return Array.from({ length: count }, (_, expert) => ({
    name: `${experts}.${expert}.${projection}.weight`,
    shape: [out, in_],
    values: () => read(name).slice(expert * out * in_, (expert + 1) * out * in_),
  }));
}

/** [E, 2I, H] in the place of the gates, [E, H, I]. */
function stackedExperts(
  { name, shape }: Weight,
  experts: string,
  projection: string,
  read: (name: string) => Float32Array,
): PublishedTensor[] {
  if (projection === "up_proj") return [];
  if (projection === "down_proj") return [{ name: `${experts}.down_proj`, shape, values: () => read(name) }];
  const [count, out, in_] = shape;
  const values = () => {
    const [gate, up] = [read(name), read(`${experts}.up_proj.weight`)];
    const size = out * in_;
    const both = new Float32Array(2 * count * size);
    for (let expert = 0; expert < count; expert++) {
      both.set(gate.subarray(expert * size, (expert + 1) * size), 2 * expert * size);
      both.set(up.subarray(expert * size, (expert + 1) * size), (2 * expert + 1) * size);
    }
    return both;
  };
  return [{ name: `${experts}.gate_up_proj`, shape: [count, 2 * out, in_], values }];
}

/** The fused projection in the place of its first part, nothing in that of the second. */
function fused(
  { shape }: Weight,
  block: string,
  part: string,
  { delta }: ModelConfig,
  read: (name: string) => Float32Array,
): PublishedTensor[] {
  const parts = part === "in_proj_qkv" ? ["in_proj_qkv", "in_proj_z"] : ["in_proj_b", "in_proj_a"];
  if (!delta || part !== parts[0]) return [];
  const width = shape[1];
  const pieces = parts.map((name) => ({ name: `${block}${name}.weight`, rows: fusedRows(name, delta.shape) }));
  const runs = pieces.flatMap(({ rows }) => rows?.runs ?? []);
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const values = () => {
    const whole = new Float32Array(count * width);
    for (const { name, rows } of pieces) {
      const own = read(name);
      let row = 0;
      for (const { start, count } of rows?.runs ?? []) {
        whole.set(own.subarray(row * width, (row + count) * width), start * width);
        row += count;
      }
    }
    return whole;
  };
  return [{ name: `${block}${pieces[0].rows?.fused}.weight`, shape: [count, width], values }];
}
