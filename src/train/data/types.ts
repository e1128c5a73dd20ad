// What training data is once it is read: conversations, texts, or ids; and what it becomes, ids with labels.

import type { ChatMessage } from "../../engine/types.ts";

/** Label i is predicted from position i - 1; -100 is not supervised (the convention of the transformers library). */
export interface TrainingExample {
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
}

export const notSupervised = -100;

/** One record of a data file, whatever shape it had there. */
export type DataRecord =
  | { readonly kind: "chat"; readonly messages: readonly ChatMessage[]; readonly tools?: readonly unknown[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tokens"; readonly example: TrainingExample };

/** A record and where it stands, for messages: "data.jsonl:12". */
export interface PlacedRecord {
  readonly where: string;
  readonly record: DataRecord;
}

/** A record that is left out, and why. */
export interface BrokenRecord {
  readonly where: string;
  readonly reason: string;
}
