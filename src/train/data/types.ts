// What training data is once it is read: conversations, texts, or ids; and what it becomes, ids with labels.

import type { ChatMessage } from "../../engine/types.ts";

/** Label i is predicted from position i - 1; -100 is not supervised (the convention of the transformers library). */
export interface LabelledIds {
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
}

export interface TrainingExample extends LabelledIds {
  /** Makes it a preference pair: the answer that is to become less likely than the example's own (method dpo). */
  readonly rejected?: LabelledIds;
}

export const notSupervised = -100;

/** What is computed of an example: itself, and of a pair the rejected answer behind it. */
export const partsOf = (example: TrainingExample): readonly LabelledIds[] =>
  example.rejected ? [example, example.rejected] : [example];

/** Tokens of all its parts. */
export const tokensOf = (example: TrainingExample): number =>
  partsOf(example).reduce((sum, { input_ids }) => sum + input_ids.length, 0);

/** One record of a data file, whatever shape it had there. */
export type DataRecord =
  | { readonly kind: "chat"; readonly messages: readonly ChatMessage[]; readonly tools?: readonly unknown[] }
  | PreferenceRecord
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tokens"; readonly example: TrainingExample };

/** Two conversations that begin alike; compared is what the assistant says from message `from` on. */
export interface PreferenceRecord {
  readonly kind: "preference";
  readonly chosen: readonly ChatMessage[];
  readonly rejected: readonly ChatMessage[];
  readonly from: number;
  readonly tools?: readonly unknown[];
}

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
