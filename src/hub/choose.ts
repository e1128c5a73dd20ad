// Which of a repository's files make up the model: one quantisation of the GGUF files with all its splits, or the
// safetensors with configuration, tokenizer and template. Works on names alone, so that listings and folders look the same.

import { AnyqwenError } from "../core/errors.ts";
import { parseSplit, splitFiles } from "../formats/gguf-splits.ts";

/** What to take when nobody says: Q4_K_M, then what is nearest to it in size and that the kernels know. */
const preference = (
  "Q4_K_M Q4_K_S Q4_K_L Q4_K_XL Q4_0 Q4_1 IQ4_NL MXFP4 IQ4_XS Q5_K_M Q5_K_S Q5_0 Q5_1 Q6_K Q8_0 " +
  "Q3_K_L Q3_K_M Q3_K_S BF16 F16 F32 Q2_K"
).split(" ");

export interface GgufModel {
  /** As in the file's name, in upper case; the name itself where it carries none. */
  readonly quantisation: string;
  /** All splits, in order. */
  readonly files: readonly string[];
  /** Splits that are not there. */
  readonly missing: readonly string[];
}

export interface ChosenFiles {
  readonly format: "gguf" | "safetensors";
  readonly quantisation?: string;
  /** Weights last, so that a set that has them has the rest. */
  readonly files: readonly string[];
}

export function normaliseQuantisation(text: string): string {
  return text
    .toUpperCase()
    .replace(/^FP(16|32)$/, "F$1")
    .replace(/(?!^UD)-/g, "_")
    .replace(/^UD_/, "UD-");
}

/** Every GGUF model among `paths`; vision projectors and importance matrices are not models. */
export function ggufModels(paths: readonly string[]): GgufModel[] {
  const present = new Set(paths);
  const models = new Map<string, GgufModel>();
  for (const path of [...paths].sort()) {
    const base = path.slice(path.lastIndexOf("/") + 1);
    if (!base.toLowerCase().endsWith(".gguf") || /mmproj|imatrix/i.test(base)) continue;
    const split = parseSplit(path);
    const stem = split ? split.prefix : path.slice(0, -".gguf".length);
    // A repository may hold a model in one piece and split: the one piece wins.
    if (models.has(stem) && split) continue;
    // No model has as many splits as a hostile name may claim.
    const files = split && split.count > 999 ? [path, `${stem}-…`] : splitFiles(path);
    models.set(stem, {
      quantisation: quantisationIn(stem),
      files: files.filter((file) => present.has(file)),
      missing: files.filter((file) => !present.has(file)),
    });
  }
  return [...models.values()];
}

function quantisationIn(stem: string): string {
  const base = stem.slice(stem.lastIndexOf("/") + 1);
  const match = /(?:^|[-._])((?:UD-)?(?:I?Q\d[0-9A-Z_]*|TQ\d_\d|MXFP4(?:_MOE)?|BF16|F(?:P)?16|F(?:P)?32))$/i.exec(base);
  return match ? normaliseQuantisation(match[1]) : base;
}

function rank(quantisation: string): number {
  const plain = quantisation.replace(/^UD-/, "").replace(/_MOE$/, "");
  const place = preference.indexOf(plain);
  return (place < 0 ? preference.length : place) + (plain === quantisation ? 0 : 0.5);
}

/** The model of the quantisation asked for, else the most preferred complete one. */
function chooseGguf(models: readonly GgufModel[], wanted: string | undefined, where: string): GgufModel {
  const whole = models.filter((model) => model.missing.length === 0);
  const candidates = wanted === undefined ? whole : whole.filter((model) => model.quantisation === wanted);
  const best = [...candidates].sort((a, b) => rank(a.quantisation) - rank(b.quantisation))[0];
  if (best) return best;
  const torn = models.find((model) => wanted === undefined || model.quantisation === wanted);
  if (torn) {
    throw new AnyqwenError(
      "not-found",
      `${where}: ${torn.missing[0]} is missing (${torn.missing.length} of its splits are)`,
    );
  }
  const there = [...new Set(whole.map((model) => model.quantisation))].join(", ");
  throw new AnyqwenError(
    "not-found",
    wanted === undefined
      ? `${where}: has no GGUF file`
      : `${where}: has no quantisation ${wanted}; it has ${there || "no GGUF file"}`,
  );
}

const companions =
  /^(?:(?:config|generation_config|tokenizer|tokenizer_config|vocab|added_tokens|special_tokens_map|chat_template|preprocessor_config|video_preprocessor_config|quantize_config|quant_config|modules|config_sentence_transformers|sentence_bert_config|adapter_config)\.json|1_Pooling\/config\.json|merges\.txt|chat_template\.jinja|additional_chat_templates\/[^/]+\.jinja)$/;

/** The files to take from a repository, or that a folder has. `where` is what error messages call it. */
export function chooseFiles(paths: readonly string[], wanted: string | undefined, where: string): ChosenFiles {
  const models = ggufModels(paths);
  const tensors = wanted === undefined ? safetensorsModel(paths) : undefined;
  if (tensors && (models.length === 0 || paths.includes("config.json"))) return tensors;
  if (models.length === 0 && wanted === undefined) {
    throw new AnyqwenError("not-found", `${where}: has neither a GGUF file nor safetensors`);
  }
  const { quantisation, files } = chooseGguf(models, wanted, where);
  return { format: "gguf", quantisation, files };
}

/** Weights at the top of the repository (model*.safetensors where there are any, so that copies stay out) and what goes with them. */
export function safetensorsModel(paths: readonly string[]): ChosenFiles | undefined {
  const all = paths.filter((path) => /^[^/]+\.safetensors(?:\.index\.json)?$/.test(path));
  if (all.length === 0) return undefined;
  const named = all.filter((path) => /^(?:model|adapter_model)[.-]/.test(path));
  const index = (path: string) => (path.endsWith(".json") ? 0 : 1);
  const weights = (named.length > 0 ? named : all).sort((a, b) => index(a) - index(b) || (a < b ? -1 : 1));
  return { format: "safetensors", files: [...paths.filter((path) => companions.test(path)).sort(), ...weights] };
}

/** Whether the set can be loaded: every numbered shard is there. GGUF sets are whole by the way they are chosen. */
export function isWhole({ format, files }: ChosenFiles): boolean {
  if (format === "gguf") return true;
  const weights = files.filter((file) => file.endsWith(".safetensors"));
  if (weights.length === 0 || !files.some((file) => /^(?:adapter_)?config\.json$/.test(file))) return false;
  const shards = new Map<string, number>();
  const shard = /^(.*-)\d+-of-(\d+)\.safetensors$/;
  for (const file of weights) {
    const match = shard.exec(file);
    if (match) shards.set(match[1] + match[2], (shards.get(match[1] + match[2]) ?? 0) + 1);
  }
  return weights.every((file) => {
    const match = shard.exec(file);
    return !match || shards.get(match[1] + match[2]) === Number(match[2]);
  });
}
