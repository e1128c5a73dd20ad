// POST /v1/completions: a text or ids go on, without a template. With a suffix the model fills in what lies between (Qwen2.5-Coder's
// fill-in-the-middle tokens).

import { z } from "@hono/zod-openapi";
import type { EndPart, TokenLogprob } from "../api.ts";
import { finishReason, headOf } from "./chat-completions.ts";
import { formatOf, responseFormat, structuredOutputs } from "./constraints.ts";
import { invalid } from "./errors.ts";
import type { ServerEvent } from "./events.ts";
import { samplingFields, samplingOf } from "./schemas.ts";
import { type Caller, type Choice, type Service, usageOf } from "./service.ts";

const MOST_PROMPTS = 128;
const ids = z.array(z.number().int().min(0)).min(1);

export const completionRequest = z
  .object({
    ...samplingFields,
    prompt: z.union([
      z.string(),
      z.array(z.string()).min(1).max(MOST_PROMPTS),
      ids,
      z.array(ids).min(1).max(MOST_PROMPTS),
    ]),
    suffix: z.string().nullish(),
    max_tokens: z.number().int().min(1).nullish(),
    logprobs: z.number().int().min(0).max(20).nullish(),
    echo: z.boolean().nullish(),
    response_format: responseFormat.nullish(),
    structured_outputs: structuredOutputs.nullish(),
  })
  .openapi("CompletionRequest");

type CompletionRequest = z.infer<typeof completionRequest>;
type Prompt = string | number[];

/** OpenAI's own default; long answers are asked for. */
const DEFAULT_TOKENS = 16;

export async function completion(service: Service, request: CompletionRequest, caller: Caller) {
  const prompts = await promptsOf(service, request);
  const choices = await wholeOfAll(service, prompts, request, caller);
  const all = choices.flat();
  return {
    ...headOf("cmpl", service.name),
    object: "text_completion" as const,
    choices: all.map(({ text, echoed, logprobs, end }, index) => ({
      index,
      text,
      logprobs: request.logprobs == null ? null : logprobsOf(logprobs, echoed),
      finish_reason: finishReason(end),
    })),
    usage: sumOf(choices.map((answers) => usageOf(answers.map(({ end }) => end)))),
  };
}

export async function* completionEvents(
  service: Service,
  request: CompletionRequest,
  caller: Caller,
): AsyncGenerator<ServerEvent, void> {
  const prompts = await promptsOf(service, request);
  if (prompts.length > 1) throw invalid("a stream takes one prompt; send one request for each", "prompt");
  const echoed = await echoOf(service, prompts[0], request);
  const head = { ...headOf("cmpl", service.name), object: "text_completion" };
  const ends: EndPart[] = [];
  const told = new Array<number>(request.n ?? 1).fill(echoed.length);
  if (echoed !== "")
    for (let index = 0; index < (request.n ?? 1); index++)
      yield { data: { ...head, choices: [{ index, text: echoed, logprobs: null, finish_reason: null }] } };
  for await (const { index, part } of ask(service, prompts[0], request, caller)) {
    if (part.type === "end") {
      ends[index] = part;
      yield { data: { ...head, choices: [{ index, text: "", logprobs: null, finish_reason: finishReason(part) }] } };
    } else if (part.type === "text") {
      const logprobs = request.logprobs != null && part.logprobs ? logprobsOf(part.logprobs, told[index]) : null;
      told[index] += part.text.length;
      yield { data: { ...head, choices: [{ index, text: part.text, logprobs, finish_reason: null }] } };
    }
  }
  if (request.stream_options?.include_usage) yield { data: { ...head, choices: [], usage: usageOf(ends) } };
  yield { data: "[DONE]" };
}

/** As many prompts at a time as there are slots; where one fails, none of the others goes on. */
async function wholeOfAll(service: Service, prompts: readonly Prompt[], request: CompletionRequest, caller: Caller) {
  const left = new AbortController();
  const among = { ...caller, signal: AbortSignal.any([caller.signal, left.signal]) };
  const answers: Awaited<ReturnType<typeof whole>>[] = [];
  let next = 0;
  const work = async () => {
    while (next < prompts.length) {
      const index = next++;
      answers[index] = await whole(service, prompts[index], request, among);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(prompts.length, service.gate.slots) }, work));
    return answers;
  } finally {
    left.abort();
  }
}

async function whole(service: Service, prompt: Prompt, request: CompletionRequest, caller: Caller) {
  const before = await echoOf(service, prompt, request);
  const answers: { text: string; echoed: number; logprobs: TokenLogprob[]; end: EndPart }[] = [];
  const texts = Array.from({ length: request.n ?? 1 }, () => ({
    text: before,
    echoed: before.length,
    logprobs: [] as TokenLogprob[],
  }));
  for await (const { index, part } of ask(service, prompt, request, caller)) {
    if (part.type === "end") answers[index] = { ...texts[index], end: part };
    else if (part.type === "text") {
      texts[index].text += part.text;
      texts[index].logprobs.push(...(part.logprobs ?? []));
    }
  }
  return answers;
}

async function echoOf(service: Service, prompt: Prompt, { echo, suffix }: CompletionRequest): Promise<string> {
  if (!echo) return "";
  if (suffix != null && suffix !== "") throw invalid("echo and suffix do not go together", "echo");
  return typeof prompt === "string" ? prompt : service.qwen.detokenize(prompt);
}

function ask(
  service: Service,
  prompt: Prompt,
  request: CompletionRequest,
  caller: Caller,
): AsyncGenerator<Choice, void> {
  const format = formatOf(request.response_format, request.structured_outputs);
  const options = {
    ...samplingOf(request),
    ...(format && { format }),
    maxTokens: request.max_tokens ?? DEFAULT_TOKENS,
    ...(request.logprobs != null && { logprobs: request.logprobs }),
  };
  return service.generate(prompt, options, request.n ?? 1, caller);
}

async function promptsOf(service: Service, { prompt, suffix }: CompletionRequest): Promise<Prompt[]> {
  const prompts: Prompt[] =
    typeof prompt === "string" ? [prompt] : typeof prompt[0] === "number" ? [prompt as number[]] : (prompt as Prompt[]);
  if (suffix == null || suffix === "") return prompts;
  return Promise.all(
    prompts.map((before) => {
      if (typeof before === "string") return gapBetween(service, before, suffix);
      throw invalid("a suffix goes with a prompt that is text", "suffix");
    }),
  );
}

/** What stands before and after the gap is text, whatever it looks like: only the three markers are special tokens. */
async function gapBetween({ qwen, name }: Service, before: string, after: string): Promise<number[]> {
  const marker = async (word: string) => {
    const ids = await qwen.tokenize(`<|fim_${word}|>`);
    if (ids.length === 1) return ids[0];
    throw invalid(`${name} fills no gaps: its vocabulary has no <|fim_${word}|>; leave out suffix`, "suffix");
  };
  const text = (plain: string) => qwen.tokenize(plain, { special: "none" });
  const [prefix, suffix, middle] = await Promise.all(["prefix", "suffix", "middle"].map(marker));
  return [prefix, ...(await text(before)), suffix, ...(await text(after)), middle];
}

function sumOf(usages: readonly ReturnType<typeof usageOf>[]): ReturnType<typeof usageOf> {
  return usages.reduce((a, b) => ({
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
    prompt_tokens_details: {
      cached_tokens: a.prompt_tokens_details.cached_tokens + b.prompt_tokens_details.cached_tokens,
    },
  }));
}

/** `start`: where in the answer's text they begin, counted as JavaScript counts. */
function logprobsOf(tokens: readonly TokenLogprob[], start: number) {
  let offset = start;
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ text, logprob }) => [text, logprob]))),
    text_offset: tokens.map(({ text }) => (offset += text.length) - text.length),
  };
}
