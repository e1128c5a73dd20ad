// A LoRA adapter as the PEFT library saves it: adapter_config.json and adapter_model.safetensors, whose tensors are
// "base_model.model.<module>.lora_A.weight" [rank, in] and "….lora_B.weight" [out, rank].

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { type Adapter, type AdapterModule, moduleShape } from "./adapter.ts";
import { type PeftConfig, parsePeftConfig } from "./peft-config.ts";
import { quantise } from "./quantise.ts";
import { readFloats, readSafetensors, type SafetensorsEntry, writeSafetensors } from "./safetensors-file.ts";
import { readJson } from "./sources.ts";

const configFile = "adapter_config.json";
const weightsFile = "adapter_model.safetensors";

/** Fails with code "not-found", "format" or "unsupported", naming the file and the tensor or field. */
export async function readPeftAdapter(files: FileSet): Promise<Adapter> {
  const missing = [configFile, weightsFile].find((file) => !files.files.includes(file));
  if (missing !== undefined) {
    const pickled = files.files.includes("adapter_model.bin");
    const advice = pickled ? "; save the adapter as safetensors, .bin files are not read" : "";
    throw new AnyqwenError("not-found", `${files.name}: ${missing} is missing: this is no PEFT adapter${advice}`);
  }
  const config = parsePeftConfig(await readJson(files, configFile), `${files.name}: ${configFile}`);
  const source = await files.open(weightsFile);
  try {
    const pairs = pair(await readSafetensors(source), source.name);
    const modules = new Map<string, AdapterModule>();
    for (const [name, { a, b }] of pairs) modules.set(name, await readModule(name, a, b, config, source.name));
    const { rank, alpha, rslora, baseModel } = config;
    return { modules, rank, alpha, rslora, madeFor: { name: baseModel } };
  } finally {
    await source.close();
  }
}

interface Pair {
  readonly a: SafetensorsEntry;
  readonly b: SafetensorsEntry;
}

/** Older versions write the adapter's name ("default") before "weight". */
const tensorName = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.[^.]+)?\.weight$/;

function pair(entries: ReadonlyMap<string, SafetensorsEntry>, file: string): Map<string, Pair> {
  const found = new Map<string, Partial<Pair>>();
  for (const entry of entries.values()) {
    const [, module, side] = tensorName.exec(entry.name) ?? [];
    if (module === undefined) throw unknownTensor(entry.name, file);
    const name = moduleName(module);
    const pair = found.get(name) ?? {};
    const key = side === "A" ? "a" : "b";
    if (pair[key]) throw new AnyqwenError("format", `${file}: ${entry.name}: a second lora_${side} of ${name}`);
    found.set(name, { ...pair, [key]: entry });
  }
  if (found.size === 0) throw new AnyqwenError("format", `${file}: there are no lora_A and lora_B tensors`);
  const pairs = new Map<string, Pair>();
  for (const [name, { a, b }] of found) {
    if (!a || !b) throw new AnyqwenError("format", `${file}: ${name} has no lora_${a ? "B" : "A"}`);
    pairs.set(name, { a, b });
  }
  return pairs;
}

/** Adapters of embedding models are made from the base class, whose modules have no "model." before them. */
function moduleName(module: string): string {
  return module.startsWith("layers.") ? `model.${module}` : module;
}

function unknownTensor(name: string, file: string): AnyqwenError {
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/lora_magnitude_vector/, "DoRA is not supported; merge the adapter into its model with PEFT"],
    [/lora_embedding_[AB]/, "an adapter of the embedding table is not supported"],
    [/lora_[AB]\..*bias$|lora_[AB]\.bias$/, "biases on adapters are not supported"],
  ];
  const known = kinds.find(([pattern]) => pattern.test(name));
  return new AnyqwenError(
    "unsupported",
    `${file}: ${name}: ${known?.[1] ?? "not a lora_A or lora_B of a linear layer"}`,
  );
}

async function readModule(
  name: string,
  a: SafetensorsEntry,
  b: SafetensorsEntry,
  config: PeftConfig,
  file: string,
): Promise<AdapterModule> {
  const rank = a.shape[0];
  if (a.shape.length !== 2 || b.shape.length !== 2 || b.shape[1] !== rank || rank < 1) {
    throw new AnyqwenError(
      "format",
      `${file}: ${name}: lora_A is [${a.shape.join(", ")}] and lora_B [${b.shape.join(", ")}]; expected [rank, in] and [out, rank]`,
    );
  }
  const promised = config.rankOf(name) ?? config.rank;
  if (rank !== promised) {
    throw new AnyqwenError(
      "format",
      `${file}: ${name}: the matrices are of rank ${rank}, ${configFile} says ${promised}; the two files do not belong together`,
    );
  }
  const alpha = config.alphaOf(name);
  return {
    a: await finite(a, file),
    b: await finite(b, file),
    ...(rank !== config.rank && { rank }),
    ...(alpha !== undefined && alpha !== config.alpha && { alpha }),
  };
}

async function finite(entry: SafetensorsEntry, file: string): Promise<Float32Array> {
  const values = await readFloats(entry);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  throw new AnyqwenError("format", `${file}: ${entry.name}: element ${at} is ${values[at]}; the training went wrong`);
}

export interface PeftOptions {
  /** What the adapter's base is called, for whoever loads it: a repository or a path. */
  readonly base: string;
  /** Module names or their last parts ("q_proj"), as PEFT's target_modules; default every adapted module by its whole name. */
  readonly targetModules?: readonly string[];
  readonly dropout?: number;
  /** Default F32. */
  readonly type?: "F32" | "F16" | "BF16";
}

/** The two files of an adapter, as PEFT loads them. */
export function writePeftAdapter(adapter: Adapter, options: PeftOptions): ReadonlyMap<string, Uint8Array> {
  const { type = "F32" } = options;
  const tensors = new Map<string, { dtype: "F32" | "F16" | "BF16"; shape: readonly number[]; data: Uint8Array }>();
  const ranks: Record<string, number> = {};
  const alphas: Record<string, number> = {};
  for (const name of [...adapter.modules.keys()].sort()) {
    const module = adapter.modules.get(name);
    if (!module) continue;
    const { rank, in: in_, out } = moduleShape(adapter, module);
    tensors.set(`base_model.model.${name}.lora_A.weight`, {
      dtype: type,
      shape: [rank, in_],
      data: encode(type, module.a),
    });
    tensors.set(`base_model.model.${name}.lora_B.weight`, {
      dtype: type,
      shape: [out, rank],
      data: encode(type, module.b),
    });
    if (rank !== adapter.rank) ranks[name] = rank;
    if (module.alpha !== undefined && module.alpha !== adapter.alpha) alphas[name] = module.alpha;
  }
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: options.base,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: options.dropout ?? 0,
    use_rslora: adapter.rslora,
    use_dora: false,
    target_modules: [...(options.targetModules ?? adapter.modules.keys())].sort(),
    rank_pattern: ranks,
    alpha_pattern: alphas,
    bias: "none",
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true,
    modules_to_save: null,
  };
  return new Map([
    [configFile, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
    [weightsFile, writeSafetensors(tensors, { format: "pt" })],
  ]);
}

function encode(type: "F32" | "F16" | "BF16", values: Float32Array): Uint8Array {
  const out = new Uint8Array(values.length * (type === "F32" ? 4 : 2));
  quantise(type, values, out);
  return out;
}
