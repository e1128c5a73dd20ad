// The API's errors in the words of the command line: who typed --ctx should not read about contextTokens.

const names: Readonly<Record<string, string>> = {
  contextTokens: "--ctx",
  maxTokens: "--max-tokens",
  topK: "--top-k",
  topP: "--top-p",
  minP: "--min-p",
  repetitionPenalty: "--repetition-penalty",
  presencePenalty: "--presence-penalty",
  frequencyPenalty: "--frequency-penalty",
  batchSize: "--batch-size",
  learningRate: "--lr",
  weightDecay: "--weight-decay",
  initAdapter: "--init-adapter",
  saveEvery: "--save-every",
  validateEvery: "--validate-every",
  sampleValidation: "--sample-validation",
  sampleEvery: "--sample-every",
  sampleTokens: "--sample-tokens",
  allTokens: "--all-tokens",
  lastTurn: "--last-turn",
  dpoBeta: "--dpo-beta",
  distilTemperature: "--distil-temperature",
  distilWeight: "--distil-weight",
};

/** Plain words too, so they are names only where a message begins with one and says what it is. */
const plainNames = [
  "chunk",
  "device",
  "dimensions",
  "dropout",
  "endpoint",
  "kv",
  "length",
  "patience",
  "quantize",
  "sample",
  "seed",
  "teacher",
  "temperature",
  "threads",
];

const phrases: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/, load with more contextTokens, or pass overflow: "shift"/, " or raise --ctx"],
  [/\bload with more contextTokens(, or wait until other requests have ended)?/, "raise --ctx"],
  [/\bfewer contextTokens\b/, "a smaller --ctx"],
  [/\b(kv|quantize): "?(\w+)"?/g, "--$1 $2"],
  [/\(broken: skip\)/, "(--on-broken skip)"],
  [/\bor distil with a rank\b/, "or distil with --rank"],
  [/\btake a greater length, or cut them \(long: cut\)/, "take a greater --length, or --cut-long"],
  [/\blogitBias\[(\w+)\] is (\S+);/, "--logit-bias $1:$2;"],
  [new RegExp(`^(?:\\w+: )?(${plainNames.join("|")}) is `), "--$1 is "],
];

export function inFlags(message: string): string {
  const named = phrases.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message);
  return named.replace(/\b[a-z]+[A-Z]\w*\b/g, (word) => (Object.hasOwn(names, word) ? names[word] : word));
}
