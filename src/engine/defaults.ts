// What a model's files say about generating with it: sampling values and end tokens. generation_config.json comes first, then the
// GGUF's keys, then what Qwen recommends for the family (the model cards of Qwen2.5-Instruct and Qwen3).

import type { Checkpoint } from "../formats/checkpoint.ts";
import type { GenerateOptions } from "./types.ts";

type SamplingDefaults = Required<Pick<GenerateOptions, "temperature" | "topK" | "topP" | "minP" | "repetitionPenalty">>;

const ofFamily = (modelType: string): SamplingDefaults =>
  modelType.startsWith("qwen2")
    ? { temperature: 0.7, topK: 20, topP: 0.8, minP: 0, repetitionPenalty: 1.05 }
    : { temperature: 0.6, topK: 20, topP: 0.95, minP: 0, repetitionPenalty: 1 };

export function samplingDefaults(checkpoint: Checkpoint, modelType: string): SamplingDefaults {
  const config = record(checkpoint.json.get("generation_config.json"));
  const family = ofFamily(modelType);
  const read = (json: string, gguf: string, otherwise: number, most: number) => {
    for (const value of [config[json], checkpoint.metadata.get(`general.sampling.${gguf}`)]) {
      if (typeof value === "number" && value >= 0 && value <= most) return value;
    }
    return otherwise;
  };
  return {
    temperature: config.do_sample === false ? 0 : read("temperature", "temp", family.temperature, 100),
    topK: Math.floor(read("top_k", "top_k", family.topK, 2 ** 31)),
    topP: read("top_p", "top_p", family.topP, 1),
    minP: read("min_p", "min_p", family.minP, 1),
    repetitionPenalty: read("repetition_penalty", "penalty_repeat", family.repetitionPenalty, 100) || 1,
  };
}

/** Ids that end an answer, as the files name them; the tokenizer's own end tokens come on top. */
export function endIds(checkpoint: Checkpoint): number[] {
  const sources: unknown[] = [
    record(checkpoint.json.get("generation_config.json")).eos_token_id,
    record(checkpoint.json.get("config.json")).eos_token_id,
    checkpoint.metadata.get("tokenizer.ggml.eos_token_id"),
    checkpoint.metadata.get("tokenizer.ggml.eot_token_id"),
  ];
  const ids = sources.flatMap((source) => (Array.isArray(source) ? source : [source]));
  return [...new Set(ids.filter((id): id is number => Number.isInteger(id) && (id as number) >= 0))];
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
