// How many parameters a model has, as its publisher counts them. Some converters write a head of its own for a model whose head is
// its embedding table; counted twice it would make a model of 0.5 billion parameters one of 0.6.

import type { BoundWeight } from "../core/device.ts";
import { rowBytes, type StoredTensor } from "../core/storage.ts";
import { dequantiseRows } from "../formats/dequantise.ts";

export interface ParameterCount {
  readonly parameters: number;
  /** The head is the embedding table again, and counted once. */
  readonly copiedHead: boolean;
}

/** Rows that are compared. They were trained apart if one of them differs. */
const comparedRows = 4;
/** Cosine of a row and itself in other bits: 0.97 and more down to Q2_K. Rows trained apart are nearly orthogonal. */
const likeness = 0.9;

/** Publishers do not count the MTP layer. Reads a few rows where there are an embedding table and a head, else nothing. */
export async function countParameters(weights: readonly BoundWeight[]): Promise<ParameterCount> {
  const table = weights.find(({ weight }) => weight.name === "model.embed_tokens.weight");
  const head = weights.find(({ weight }) => weight.name === "lm_head.weight");
  const copiedHead = table !== undefined && head !== undefined && (await alike(table.parts[0], head.parts[0]));
  const counted = weights.filter((bound) => !(copiedHead && bound === head) && !bound.weight.name.startsWith("mtp."));
  const parameters = counted.reduce((sum, { weight }) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
  return { parameters, copiedHead };
}

async function alike(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  const rows = a.shape[0];
  for (let n = 1; n <= comparedRows; n++) {
    const row = Math.floor((n * rows) / (comparedRows + 1));
    if (cosine(await readRow(a, row), await readRow(b, row)) < likeness) return false;
  }
  return true;
}

async function readRow(tensor: StoredTensor, row: number): Promise<Float32Array> {
  const columns = tensor.shape[1];
  const stored = new Uint8Array(rowBytes(tensor.type, columns));
  await tensor.read(row * stored.length, stored);
  const values = new Float32Array(columns);
  dequantiseRows(tensor.type, stored, columns, values);
  return values;
}

/** Rows of zeros (ids that no text has) are alike. */
function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 1 : dot(a, b) / lengths;
}
