// Quantising at load: linear weights become 4 or 8 bits while they are read. Norms, biases and routers are small and sensitive and
// stay; embeddings and the head keep 8 bits. A weight that is as small already stays too: nothing would be gained.

import type { BoundWeight } from "../core/device.ts";
import type { StorageType } from "../core/storage.ts";
import { fitsBlocks, quantised } from "../formats/quantise.ts";

const TYPES = { q4: "Q4_0", q8: "Q8_0" } as const satisfies Record<string, StorageType>;

export function quantisedWeights(
  weights: readonly BoundWeight[],
  wanted: keyof typeof TYPES | undefined,
): BoundWeight[] {
  if (wanted === undefined) return [...weights];
  return weights.map((bound) => {
    const { weight, parts } = bound;
    if (weight.shape.length < 2 || isRouter(weight.name)) return bound;
    const type = TYPES[isTable(weight.name) ? "q8" : wanted];
    return { weight, parts: parts.map((part) => smaller(part, type)) };
  });
}

function smaller(part: BoundWeight["parts"][number], type: StorageType): BoundWeight["parts"][number] {
  if (!fitsBlocks(part, type)) return part;
  const converted = quantised(part, type);
  return converted.byteLength < part.byteLength * 0.95 ? converted : part;
}

const isRouter = (name: string) => /\.(?:gate|shared_expert_gate)\.weight$/.test(name);
const isTable = (name: string) => /(?:^|\.)(?:embed_tokens|lm_head)\.weight$/.test(name);
