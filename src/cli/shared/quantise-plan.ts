// Which type each tensor of a GGUF file gets: the mixes that the field shares under one name. Norms, biases and routers stay
// as they are; the head matters much, so it keeps more bits than the rest.
// Source: llama.cpp's llama_tensor_get_type, for the choice of layers and for the stand-ins of types that do not fit.

import { AnyqwenError } from "../../core/errors.ts";
import { isStorageType, type StorageType, type StoredTensor } from "../../core/storage.ts";
import { fitsBlocks, quantisableTypes } from "../../formats/quantise.ts";

/** GGUF's general.file_type. */
const fileTypes: Readonly<Record<string, number>> = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q2_K: 10,
  Q3_K: 12,
  Q4_K: 14,
  Q4_K_S: 14,
  Q4_K_M: 15,
  Q5_K: 16,
  Q5_K_S: 16,
  Q5_K_M: 17,
  Q6_K: 18,
  IQ4_NL: 25,
  IQ4_XS: 30,
  BF16: 32,
  MXFP4: 38,
};

export interface QuantiseTarget {
  /** "Q4_K_M". */
  readonly name: string;
  readonly fileType: number;
  readonly base: StorageType;
  /** The layers that matter most get Q6_K. */
  readonly mixed: boolean;
}

/** What --type may be, in lower case. */
export const targetNames: readonly string[] = Object.keys(fileTypes)
  .filter((name) => quantisableTypes.includes(baseOf(name)))
  .map((name) => name.toLowerCase());

export function parseTarget(text: string): QuantiseTarget | undefined {
  const name = text.toUpperCase();
  if (!targetNames.includes(name.toLowerCase())) return undefined;
  return { name, fileType: fileTypes[name], base: baseOf(name), mixed: name.endsWith("_M") };
}

function baseOf(name: string): StorageType {
  const base = name.replace(/_[SM]$/, "");
  if (!isStorageType(base)) throw new AnyqwenError("internal", `${base} is not a storage type`);
  return base;
}

export interface PlanOptions {
  readonly layers: number;
  /** The head has a tensor of its own; the embedding table is then only looked up, a row at a time. */
  readonly ownHead: boolean;
  /** One type for everything, embedding table and head too. */
  readonly pure?: boolean;
}

/** The type that a GGUF tensor is to be stored in. */
export function plannedType(
  tensor: StoredTensor,
  target: QuantiseTarget,
  { layers, ownHead, pure }: PlanOptions,
): StorageType {
  const { name, shape, type } = tensor;
  const matrix = shape.length >= 2 && name.endsWith(".weight") && !/norm\.weight$|ffn_gate_inp|ssm_conv1d/.test(name);
  if (!matrix) return type;
  if (pure) return fitting(tensor, target.base);
  const head = name === "output.weight" || (name === "token_embd.weight" && !ownHead);
  if (head) return fitting(tensor, coarse(target.base) ? "Q6_K" : target.base);
  const layer = Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
  const finer = target.mixed && /\.(attn_v|ffn_down(_exps|_shexp)?)\.weight$/.test(name) && matters(layer, layers);
  return fitting(tensor, finer ? "Q6_K" : target.base);
}

/** The first and last eighth of the layers, and every third between. */
function matters(layer: number, layers: number): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}

function coarse(type: StorageType): boolean {
  return !["F32", "F16", "BF16", "Q8_0", "Q6_K"].includes(type);
}

const standIns: Partial<Readonly<Record<StorageType, StorageType>>> = {
  Q2_K: "Q4_0",
  Q3_K: "Q4_0",
  Q4_K: "Q5_0",
  Q5_K: "Q5_1",
  Q6_K: "Q8_0",
  IQ4_XS: "IQ4_NL",
};

/** Rows that are not whole blocks of 256 get the next larger type of 32, and whatever else does not fit F16. */
function fitting(tensor: StoredTensor, type: StorageType): StorageType {
  if (fitsBlocks(tensor, type)) return type;
  const other = standIns[type];
  return other !== undefined && fitsBlocks(tensor, other) ? other : "F16";
}
