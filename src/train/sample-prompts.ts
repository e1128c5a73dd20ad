// What is sampled while a model trains: texts that were asked for, as a chat's first message, and beginnings of validation examples.

import { AnyqwenError } from "../core/errors.ts";
import type { TextSide } from "../engine/text-side.ts";
import type { ModelConfig } from "../models/config.ts";
import { notSupervised, type TrainingExample } from "./data/types.ts";

export interface SamplePrompt {
  /** For people. */
  readonly prompt: string;
  readonly ids: readonly number[];
  /** What a validation example goes on with, as far as it is supervised. */
  readonly expected?: readonly number[];
}

export interface SamplePrompts {
  readonly prompts: readonly SamplePrompt[];
  readonly endIds: readonly number[];
  /** Of ids with spaces for a model without a tokenizer. */
  decode(ids: readonly number[]): string;
}

/** Fails with code "invalid-argument" or "unsupported". */
export async function samplePrompts(
  { sample = [], sampleValidation = 0 }: { readonly sample?: readonly string[]; readonly sampleValidation?: number },
  model: { readonly config: Pick<ModelConfig, "maxPositions">; openText(): Promise<TextSide> },
  validation: readonly TrainingExample[],
): Promise<SamplePrompts | undefined> {
  if (sample.length === 0 && sampleValidation === 0) return undefined;
  const text = await model.openText();
  try {
    const decode = (ids: readonly number[]) => (text.hasTokenizer ? text.decode(ids) : ids.join(" "));
    const asked: SamplePrompt[] = [];
    for (const prompt of sample) asked.push({ prompt, ids: await idsOf(prompt, text) });
    const held = validation.slice(0, sampleValidation).map((example) => beginningOf(example, decode));
    const prompts = [...asked, ...held];
    const long = prompts.find(({ ids }) => ids.length >= model.config.maxPositions);
    if (long)
      throw new AnyqwenError(
        "invalid-argument",
        `sample ${JSON.stringify(long.prompt.slice(0, 40))} has ${long.ids.length} tokens; the model has ` +
          `${model.config.maxPositions} positions, and one is for the answer; shorten it`,
      );
    return { prompts, endIds: text.endIds, decode };
  } finally {
    text.close();
  }
}

/** Tokens of the longest prompt with its continuation. */
export function sampleLength(prompts: SamplePrompts | undefined, tokens: number, positions: number): number {
  const longest = Math.max(0, ...(prompts?.prompts ?? []).map(({ ids }) => ids.length + tokens));
  return Math.min(longest, positions);
}

/** A model without a chat template goes on with the text itself. */
async function idsOf(prompt: string, text: TextSide): Promise<number[]> {
  if (prompt === "") throw new AnyqwenError("invalid-argument", "sample is empty; give a text to go on from");
  if (!text.hasTokenizer)
    throw new AnyqwenError(
      "unsupported",
      "the model has no tokenizer, so no text can be sampled; sample validation examples",
    );
  if (!text.hasTemplate) return text.encode(prompt, "none");
  return text.ids(await text.renderChat({ messages: [{ role: "user", content: prompt }], addGenerationPrompt: true }));
}

/** Up to the first supervised token, so of a preference pair its prompt (the chosen answer is expected); of a text, in which all are, its first half. */
export function beginningOf(
  { input_ids: ids, labels }: TrainingExample,
  decode: (ids: readonly number[]) => string,
): SamplePrompt {
  const first = labels.findIndex((label, n) => n > 0 && label !== notSupervised);
  const start = first > 1 ? first : Math.max(1, ids.length >> 1);
  const stop = labels.findIndex((label, n) => n > start && label === notSupervised);
  const before = ids.slice(0, start);
  return { prompt: lastMessage(decode(before)), ids: before, expected: ids.slice(start, stop < 0 ? undefined : stop) };
}

/** What the user said last, where the text is a conversation in ChatML. */
function lastMessage(text: string): string {
  return [...text.matchAll(/<\|im_start\|>user\n([\s\S]*?)<\|im_end\|>/g)].at(-1)?.[1] ?? text;
}
