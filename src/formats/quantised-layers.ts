// Finds the layers that a safetensors checkpoint stores quantised and presents each as its logical "….weight".
// What a layer is follows from its tensors; config.json (or the older quantize_config.json) adds bits and format.

import { AnyqwenError } from "../core/errors.ts";
import type { StoredTensor } from "../core/storage.ts";
import { HeldLayers } from "./converted-tensor.ts";
import { fp8Tensor } from "./fp8.ts";
import { type PackedOptions, packedTensor } from "./packed-layers.ts";
import type { SafetensorsEntry } from "./safetensors-file.ts";

export interface PresentedLayers {
  readonly weights: readonly StoredTensor[];
  /** Names of the tensors that went into them. */
  readonly consumed: ReadonlySet<string>;
}

export async function presentQuantised(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  json: ReadonlyMap<string, unknown>,
): Promise<PresentedLayers> {
  const config = quantisationConfig(json);
  const consumed = new Set<string>();
  const makers: (() => StoredTensor | Promise<StoredTensor>)[] = [];
  const held = new HeldLayers();
  const take = (name: string): SafetensorsEntry | undefined => {
    const entry = entries.get(name);
    if (entry) consumed.add(name);
    return entry;
  };
  for (const entry of entries.values()) {
    const { name } = entry;
    if (name.endsWith(".qweight")) {
      const layer = name.slice(0, -".qweight".length);
      const [qzeros, scales] = [take(`${layer}.qzeros`), take(`${layer}.scales`)];
      if (!qzeros || !scales) {
        throw new AnyqwenError("format", `${name}: ${layer}.${scales ? "qzeros" : "scales"} is missing`);
      }
      consumed.add(name);
      const parts = { name: `${layer}.weight`, qweight: entry, qzeros, scales, groupIndex: take(`${layer}.g_idx`) };
      makers.push(() => packedTensor(parts, packedOptions(config), held));
    } else if (entry.dtype === "F8_E4M3") {
      const scale = take(`${name}_scale_inv`) ?? take(`${name}_scale`);
      if (!scale)
        throw new AnyqwenError("format", `${name}: ${name}_scale_inv is missing, so its FP8 values have no scale`);
      consumed.add(name);
      makers.push(() => fp8Tensor(entry, scale, blockSize(config)));
    }
  }
  return { weights: await Promise.all(makers.map(async (make) => make())), consumed };
}

type Config = Readonly<Record<string, unknown>>;

function quantisationConfig(json: ReadonlyMap<string, unknown>): Config {
  const config = asObject(json.get("config.json"));
  const text = asObject(config.text_config);
  const own = config.quantization_config ?? text.quantization_config;
  return asObject(own ?? json.get("quantize_config.json"));
}

function asObject(value: unknown): Config {
  return typeof value === "object" && value !== null ? (value as Config) : {};
}

function packedOptions(config: Config): PackedOptions {
  const bits = config.bits ?? config.w_bit ?? 4;
  const groupSize = config.group_size ?? config.q_group_size;
  return {
    bits: typeof bits === "number" ? bits : Number.NaN,
    groupSize: typeof groupSize === "number" && groupSize > 0 ? groupSize : undefined,
    zerosLessOne: config.checkpoint_format !== "gptq_v2",
  };
}

function blockSize(config: Config): [number, number] {
  const size = config.weight_block_size;
  if (size === undefined || size === null) return [128, 128];
  if (Array.isArray(size) && size.length === 2 && size.every((length) => Number.isSafeInteger(length) && length > 0)) {
    return [size[0], size[1]];
  }
  throw new AnyqwenError("format", `config.json: weight_block_size is ${JSON.stringify(size)}, not two lengths`);
}
