// The AI SDK's call settings to the engine's options. What it has and we do not becomes a warning; what we have and it does not comes
// under providerOptions.anyqwen.

import type {
  JSONObject,
  LanguageModelV3CallOptions,
  LanguageModelV3FunctionTool,
  LanguageModelV3ToolChoice,
  SharedV3Warning,
} from "@ai-sdk/provider";
import { AnyqwenError, type ChatOptions, type OutputFormat, type ToolChoice } from "../api.ts";

const languageOptions = [
  "thinking",
  "format",
  "minP",
  "repetitionPenalty",
  "logitBias",
  "logprobs",
  "parallelToolCalls",
  "speculate",
  "overflow",
  "ignoreEos",
  "variables",
] as const satisfies readonly (keyof ChatOptions)[];

/**
 * `providerOptions.anyqwen` of language models: the API's own options that the AI SDK has no name for. As types go it is written
 * `{ anyqwen: { thinking: false } satisfies AnyqwenLanguageOptions }`.
 */
export type AnyqwenLanguageOptions = Pick<ChatOptions, (typeof languageOptions)[number]>;

/** `providerOptions.anyqwen` of embedding models. */
export interface AnyqwenEmbeddingOptions {
  /** Only so many numbers of each vector, normalised again. */
  readonly dimensions?: number;
  /** What the values are queries for; documents take none. */
  readonly instruction?: string;
}

/** `providerOptions.anyqwen` of reranking models. */
export type AnyqwenRerankingOptions = Pick<AnyqwenEmbeddingOptions, "instruction">;

type Given = Pick<LanguageModelV3CallOptions, "providerOptions">;

export function embeddingOptionsOf({ providerOptions }: Given): AnyqwenEmbeddingOptions {
  return ownOptions<AnyqwenEmbeddingOptions>(providerOptions?.anyqwen, ["dimensions", "instruction"]);
}

export function rerankingOptionsOf({ providerOptions }: Given): AnyqwenRerankingOptions {
  return ownOptions<AnyqwenRerankingOptions>(providerOptions?.anyqwen, ["instruction"]);
}

export interface Settings {
  readonly options: ChatOptions;
  readonly warnings: SharedV3Warning[];
}

export function settingsOf(call: Omit<LanguageModelV3CallOptions, "prompt">): Settings {
  const warnings: SharedV3Warning[] = [];
  const own = ownOptions<AnyqwenLanguageOptions>(call.providerOptions?.anyqwen, languageOptions);
  const tools = call.tools?.flatMap((tool) => {
    if (tool.type === "function") return [toolOf(tool, warnings)];
    const details = "anyqwen has no tools of its own";
    warnings.push({ type: "unsupported", feature: `provider tool ${tool.id}`, details });
    return [];
  });
  const options: ChatOptions = {
    ...own,
    maxTokens: call.maxOutputTokens,
    temperature: call.temperature,
    topP: call.topP,
    topK: call.topK,
    presencePenalty: call.presencePenalty,
    frequencyPenalty: call.frequencyPenalty,
    seed: call.seed,
    stop: call.stopSequences,
    format: formatOf(call.responseFormat, own.format),
    tools: tools?.length ? tools : undefined,
    toolChoice: toolChoiceOf(call.toolChoice),
  };
  return { options: withoutUndefined(options), warnings };
}

function toolOf(tool: LanguageModelV3FunctionTool, warnings: SharedV3Warning[]): object {
  const { name, description, inputSchema: parameters, inputExamples, strict } = tool;
  if (inputExamples?.length) {
    const details =
      "templates have no place for them; addToolInputExamplesMiddleware of ai puts them into the description";
    warnings.push({ type: "unsupported", feature: `inputExamples of tool ${name}`, details });
  }
  return { type: "function", function: withoutUndefined({ name, description, parameters, strict }) };
}

function formatOf(
  asked: LanguageModelV3CallOptions["responseFormat"],
  own: OutputFormat | undefined,
): OutputFormat | undefined {
  if (asked?.type !== "json") return own;
  if (own)
    throw new AnyqwenError(
      "invalid-argument",
      "the answer can have one format: ask for an object, or give providerOptions.anyqwen.format",
    );
  return asked.schema === undefined ? { type: "json" } : { type: "json-schema", schema: asked.schema };
}

function toolChoiceOf(choice: LanguageModelV3ToolChoice | undefined): ToolChoice | undefined {
  return choice?.type === "tool" ? { name: choice.toolName } : choice?.type;
}

/** Checks names only: the engine checks values, and says which one is wrong. */
function ownOptions<Options>(
  given: JSONObject | undefined = {},
  names: readonly Extract<keyof Options, string>[],
): Options {
  const unknown = Object.keys(given).find((name) => !names.some((known) => known === name));
  if (unknown !== undefined)
    throw new AnyqwenError(
      "invalid-argument",
      `providerOptions.anyqwen: there is no option ${unknown}; there are ${names.join(", ")}`,
    );
  return given as Options;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
