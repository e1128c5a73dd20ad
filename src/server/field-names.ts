// The engine's errors in the words of HTTP: who sent max_completion_tokens should not read about maxTokens.

export interface FieldNames {
  /** Of each option of the API, the field that it came from. */
  readonly options: Readonly<Record<string, string>>;
  /** The field that holds what the model reads. */
  readonly input: string;
}

/** Options that are called alike in every shape. */
const shared: Readonly<Record<string, string>> = {
  temperature: "temperature",
  topK: "top_k",
  topP: "top_p",
  minP: "min_p",
  repetitionPenalty: "repetition_penalty",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  logitBias: "logit_bias",
  seed: "seed",
  stop: "stop",
  ignoreEos: "ignore_eos",
  logprobs: "logprobs",
  maxTokens: "max_tokens",
  format: "response_format",
  tools: "tools",
  toolChoice: "tool_choice",
  parallelToolCalls: "parallel_tool_calls",
  thinking: "chat_template_kwargs.enable_thinking",
  variables: "chat_template_kwargs",
  dimensions: "dimensions",
  texts: "input",
};

const byRoute: Readonly<Record<string, FieldNames>> = {
  "/v1/chat/completions": {
    options: { maxTokens: "max_completion_tokens", logprobs: "top_logprobs" },
    input: "messages",
  },
  "/v1/responses": {
    options: { maxTokens: "max_output_tokens", format: "text.format", thinking: "reasoning.effort" },
    input: "input",
  },
  "/v1/messages": {
    options: { stop: "stop_sequences", parallelToolCalls: "tool_choice", thinking: "thinking" },
    input: "messages",
  },
  "/v1/messages/count_tokens": { options: { thinking: "thinking" }, input: "messages" },
  "/v1/completions": { options: {}, input: "prompt" },
  "/v1/embeddings": { options: {}, input: "input" },
  "/v1/rerank": { options: {}, input: "documents" },
  "/tokenize": { options: {}, input: "content" },
  "/detokenize": { options: {}, input: "tokens" },
};

/** Of a request to `path`. A format may have come by either of two fields. */
export function fieldNames(path: string, request: object = {}): FieldNames {
  const { options, input } = byRoute[path] ?? { options: {}, input: "" };
  const structured = "structured_outputs" in request && request.structured_outputs != null;
  return { options: { ...shared, ...options, ...(structured && { format: "structured_outputs" }) }, input };
}

const phrases: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/, load with more contextTokens, or pass overflow: "shift"/, ", or have it served with a longer context (--ctx)"],
  [/\bload with more contextTokens\b/, "have it served with a longer context (--ctx)"],
  [/^(?:chat|generate|template|embed|rerank|tokenize|detokenize): /, ""],
];

/** The message by the names of fields, and the field that it is about. */
export function inFields(message: string, { options }: FieldNames): { message: string; param: string | undefined } {
  const plain = phrases.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message);
  const named = (word: string) => (Object.hasOwn(options, word) ? options[word] : undefined);
  // Plain words too are options (format, stop), so these are names only where a message begins with one and says what it is.
  const subject = /^(\w+)(\[\w+\])?(?=:| is | has | asks | and )/.exec(plain);
  const field = subject ? named(subject[1]) : undefined;
  const param = field === undefined ? undefined : field + (subject?.[2] ?? "");
  const rest = param === undefined || !subject ? plain : plain.slice(subject[0].length);
  const renamed = rest.replace(/\b[a-z]+[A-Z]\w*\b/g, (word) => named(word) ?? word);
  return { message: (param ?? "") + renamed, param };
}
