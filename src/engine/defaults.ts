// What holds for generating with a model when a request says nothing: the family's sampling values (model cards of Qwen2.5-Instruct
// and Qwen3) and the end tokens that the files name.

import type { Checkpoint } from "../formats/checkpoint.ts";
import type { SamplingDefaults } from "../generate/sampling.ts";

/** Qwen's own recommendations, for checkpoints that say nothing. */
export function familySampling(modelType: string): Partial<SamplingDefaults> {
  return modelType.startsWith("qwen2")
    ? { temperature: 0.7, topK: 20, topP: 0.8, repetitionPenalty: 1.05 }
    : { temperature: 0.6, topK: 20, topP: 0.95 };
}

/** Ids that end an answer, as the files name them; the tokenizer's own end tokens come on top. */
export function endIds(checkpoint: Checkpoint): number[] {
  const sources: unknown[] = [
    record(checkpoint.json.get("generation_config.json")).eos_token_id,
    record(checkpoint.json.get("config.json")).eos_token_id,
    record(record(checkpoint.json.get("config.json")).text_config).eos_token_id,
    checkpoint.metadata.get("tokenizer.ggml.eos_token_id"),
    checkpoint.metadata.get("tokenizer.ggml.eot_token_id"),
  ];
  const ids = sources.flatMap((source) => (Array.isArray(source) ? source : [source]));
  return [...new Set(ids.filter((id): id is number => Number.isInteger(id) && (id as number) >= 0))];
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
