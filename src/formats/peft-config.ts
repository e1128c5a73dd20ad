// adapter_config.json of the PEFT library, as far as a LoRA on linear layers needs it. What would change the result and is not done
// here is refused by its name. Source: PEFT's LoraConfig and get_pattern_key.

import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";

export interface PeftConfig {
  readonly rank: number;
  readonly alpha: number;
  readonly rslora: boolean;
  readonly baseModel?: string;
  /** Rank and alpha of single modules; undefined where the adapter's hold. */
  rankOf(module: string): number | undefined;
  alphaOf(module: string): number | undefined;
}

const largestRank = 65536;
const mostPatterns = 4096;

/** Fails with code "format" or "unsupported" and names the field. `where`: what error messages call the file. */
export function parsePeftConfig(value: unknown, where: string): PeftConfig {
  if (!isObject(value)) throw new AnyqwenError("format", `${where}: it is not a JSON object`);
  const config = value;
  const wrong = (field: string, expected: string) =>
    new AnyqwenError("format", `${where}: ${field} is ${show(config[field])}; expected ${expected}`);
  if (config.peft_type !== "LORA") {
    throw new AnyqwenError(
      "unsupported",
      `${where}: peft_type is ${show(config.peft_type)}; only LORA can be read, merge the adapter into its model first`,
    );
  }
  refuseOthers(config, where);
  const { r, lora_alpha: alpha, use_rslora: rslora = false } = config;
  if (!isRank(r)) throw wrong("r", `a whole number from 1 to ${largestRank}`);
  if (!isAlpha(alpha)) throw wrong("lora_alpha", "a number");
  if (rslora !== null && typeof rslora !== "boolean") throw wrong("use_rslora", "true or false");
  const base = config.base_model_name_or_path;
  return {
    rank: r,
    alpha,
    rslora: rslora === true,
    baseModel: typeof base === "string" && base !== "" ? base : undefined,
    rankOf: patterns(config.rank_pattern, "rank_pattern", isRank, where),
    alphaOf: patterns(config.alpha_pattern, "alpha_pattern", isAlpha, where),
  };
}

/** Fields that change what the adapter computes, and how they are when they do not. */
const others: readonly (readonly [field: string, what: string])[] = [
  ["use_dora", "DoRA"],
  ["use_qalora", "QA-LoRA"],
  ["use_bdlora", "BD-LoRA"],
  ["lora_bias", "a bias on B"],
  ["fan_in_fan_out", "transposed weights"],
  ["modules_to_save", "whole modules beside the low-rank ones"],
  ["target_parameters", "an adapter of parameters that are no linear layers (experts)"],
  ["layer_replication", "replicated layers"],
  ["trainable_token_indices", "trained token embeddings"],
  ["alora_invocation_tokens", "an adapter that begins in the middle of a prompt"],
  ["arrow_config", "Arrow routing"],
  ["kasa_config", "KaSA"],
  ["monteclora_config", "MonteCLoRA"],
];

function refuseOthers(config: Readonly<Record<string, unknown>>, where: string): void {
  for (const [field, what] of others) {
    if (isOff(config[field])) continue;
    throw new AnyqwenError(
      "unsupported",
      `${where}: ${field} is ${show(config[field])}: ${what} is not supported; merge the adapter into its model with PEFT`,
    );
  }
  const { bias, init_lora_weights: init } = config;
  if (bias !== undefined && bias !== null && bias !== "none") {
    throw new AnyqwenError("unsupported", `${where}: bias is ${show(bias)}: trained biases are not supported`);
  }
  // These start from a changed base, so that the matrices alone do not say what the result is.
  if (typeof init === "string" && /^(?:pissa|olora|corda|loftq|lora_ga)/i.test(init)) {
    throw new AnyqwenError(
      "unsupported",
      `${where}: init_lora_weights is ${show(init)}, which changes the base; save it converted to plain LoRA ` +
        "(PEFT: path_initial_model_for_weight_conversion)",
    );
  }
}

function isOff(value: unknown): boolean {
  return value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

/** PEFT takes the first key that matches the module's name or the end of it behind a dot. */
function patterns(
  value: unknown,
  field: string,
  fits: (value: unknown) => value is number,
  where: string,
): (module: string) => number | undefined {
  if (value === undefined || value === null) return () => undefined;
  if (!isObject(value)) throw new AnyqwenError("format", `${where}: ${field} is ${show(value)}; expected an object`);
  const entries = Object.entries(value);
  if (entries.length > mostPatterns) {
    throw new AnyqwenError(
      "format",
      `${where}: ${field} has ${entries.length} entries; at most ${mostPatterns} are read`,
    );
  }
  const parsed = entries.map(([key, entry]) => {
    if (fits(entry)) return { matches: patternMatcher(key, `${where}: ${field}`), entry };
    throw new AnyqwenError("format", `${where}: ${field}: ${show(key)} is ${show(entry)}, which makes no sense`);
  });
  return (module) => parsed.find(({ matches }) => matches(module))?.entry;
}

/** Keys are regular expressions from a stranger: those that could take for ever are refused. */
function patternMatcher(key: string, where: string): (module: string) => boolean {
  const anchored = key.startsWith("^");
  const body = anchored ? key.slice(1) : key;
  if (/^[\w.-]+$/.test(body)) {
    return anchored ? (module) => module === body : (module) => module === body || module.endsWith(`.${body}`);
  }
  const quantifiers = body.match(/[*+]/g)?.length ?? 0;
  if (body.length > 256 || quantifiers > 3 || /\)[*+?{]|\{|\(\?|\\[^.d]|[*+][*+?]/.test(body)) {
    throw new AnyqwenError("unsupported", `${where}: the pattern ${show(key)} is too involved; name the modules`);
  }
  let expression: RegExp;
  try {
    expression = new RegExp(anchored ? `^(?:${body})$` : `^(?:.*\\.)?(?:${body})$`);
  } catch (cause) {
    throw new AnyqwenError("format", `${where}: ${show(key)} is no regular expression`, { cause });
  }
  return (module) => expression.test(module);
}

function isRank(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= largestRank;
}

function isAlpha(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : (JSON.stringify(value)?.slice(0, 80) ?? String(value));
}
