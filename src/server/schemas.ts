// What the routes share of their requests: sampling by OpenAI's names and those that other servers of open models use, messages and
// tools. Unknown fields are passed over, as OpenAI's clients expect; known ones are checked.

import { z } from "@hono/zod-openapi";

const number = (least: number, most: number) => z.number().min(least).max(most).nullish();

export const samplingFields = {
  model: z.string().optional().openapi({ example: "default" }),
  temperature: number(0, 100),
  top_p: number(0, 1),
  top_k: z.number().int().min(-1).nullish().openapi({ description: "only the k best tokens; 0 and -1 are off" }),
  min_p: number(0, 1),
  repetition_penalty: number(0.001, 1000),
  presence_penalty: number(-1000, 1000),
  frequency_penalty: number(-1000, 1000),
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number()).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  n: z.number().int().min(1).max(16).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  user: z.string().nullish(),
  ignore_eos: z.boolean().nullish(),
};

const samplingSchema = z.object(samplingFields);
export type SamplingRequest = z.infer<typeof samplingSchema>;

/** The engine's options of a request; what is left out comes from the model's own files. */
export function samplingOf(request: SamplingRequest) {
  const { temperature, top_p, top_k, min_p, repetition_penalty, presence_penalty, frequency_penalty } = request;
  const given = {
    temperature,
    topP: top_p,
    topK: top_k === -1 ? 0 : top_k,
    minP: min_p,
    repetitionPenalty: repetition_penalty,
    presencePenalty: presence_penalty,
    frequencyPenalty: frequency_penalty,
    logitBias: request.logit_bias,
    // clients send any integer
    seed: request.seed == null ? undefined : Math.abs(request.seed) % 2 ** 53,
    stop: request.stop,
    ignoreEos: request.ignore_eos,
  };
  return withoutNull(given);
}

type Present<T> = { [K in keyof T]: Exclude<T[K], null> };

function withoutNull<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry != null)) as Present<T>;
}

export const toolSchema = z.object({
  type: z.literal("function"),
  function: z.object({
    name: z.string().regex(/^[\w.-]{1,64}$/),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});
