// What callers hand over, checked on their side before anything crosses to the engine: that things are what they should be, and
// that options have names that exist. How large a number may be is checked where it is used.

import { AnyqwenError } from "../core/errors.ts";
import type { CallName, Calls, StreamName, Streams } from "./messages.ts";
import type { BenchOptions, ChatOptions, GenerateOptions, LoadOptions, TemplateOptions } from "./types.ts";

interface Kind {
  readonly expected: string;
  fits(value: unknown): boolean;
}

type Kinds<Options> = { readonly [Name in keyof Required<Options>]: Kind };

const kind = (expected: string, fits: (value: unknown) => boolean): Kind => ({ expected, fits });
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isId = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isIds = (value: unknown) =>
  (Array.isArray(value) || value instanceof Int32Array || value instanceof Uint32Array) && value.every(isId);
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isName = (value: string) => /^[\w.-]{1,128}$/.test(value);
const isContent = (value: unknown) => value instanceof Uint8Array || value instanceof Blob || isText(value);
const isMessage = (value: unknown) => isObject(value) && "role" in value && isText(value.role);

const text = kind("a text", isText);
const flag = kind("true or false", (value) => typeof value === "boolean");
const ids = kind("a list of token ids, whole numbers from 0 on", isIds);
const atLeast = (least: number) =>
  kind(`a whole number from ${least} on`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
const special = kind('"all", "nonspecial" or "none"', (value) => ["all", "nonspecial", "none"].includes(String(value)));
const address = kind("an address, as text or URL", (value) => (isText(value) && value !== "") || value instanceof URL);
const action = kind("a function", (value) => typeof value === "function");
const abortSignal = kind("an AbortSignal", (value) => isObject(value) && "aborted" in value);
const messages = kind(
  "a list of messages, each { role, content }",
  (value) => Array.isArray(value) && value.length > 0 && value.every(isMessage),
);
const tools = kind("a list of tools", (value) => Array.isArray(value) && value.every(isObject));
const variables = kind("an object", isObject);
/** Known by name; its value is checked where it is used. */
const later = kind("", () => true);

const source = kind(
  "a name, a path, an address, a list of files, or files by their names",
  (value) =>
    (isText(value) && value !== "") ||
    value instanceof URL ||
    (Array.isArray(value) && value.every((file) => file instanceof Blob)) ||
    (isObject(value) && ("open" in value || Object.values(value).every(isContent))),
);

const adapters = kind(
  "an object that gives each adapter's folder or files by a name of letters, digits, dots, dashes and underscores",
  (value) => isObject(value) && Object.entries(value).every(([name, files]) => isName(name) && source.fits(files)),
);
const adapter = kind("an adapter's name", (value) => isText(value) && isName(value));

const loadOptions: Kinds<LoadOptions> = {
  quantize: later,
  kv: later,
  contextTokens: later,
  poolTokens: later,
  states: later,
  mtp: flag,
  draftVocab: later,
  threads: later,
  device: later,
  chunk: later,
  rows: later,
  maxRequests: later,
  outputs: later,
  offline: flag,
  adapters,
  wasmUrl: address,
  workerUrl: address,
  inProcess: flag,
  onProgress: action,
  signal: abortSignal,
};

type Plain<Options> = Omit<Options, "signal">;

const generateOptions: Kinds<Plain<GenerateOptions>> = {
  temperature: later,
  topK: later,
  topP: later,
  minP: later,
  repetitionPenalty: later,
  presencePenalty: later,
  frequencyPenalty: later,
  logitBias: variables,
  seed: later,
  choice: later,
  logprobs: later,
  maxTokens: later,
  stop: later,
  ignoreEos: flag,
  speculate: kind('"mtp", "lookup", "none", true or false', (value) =>
    ["mtp", "lookup", "none", true, false].some((known) => known === value),
  ),
  chunk: later,
  overflow: later,
  adapter,
  format: later,
};

const chatOptions: Kinds<Plain<ChatOptions>> = {
  ...generateOptions,
  tools,
  thinking: flag,
  variables,
  toolChoice: later,
  parallelToolCalls: flag,
};
const templateOptions: Kinds<TemplateOptions> = {
  messages,
  tools,
  thinking: flag,
  addGenerationPrompt: flag,
  variables,
};
const benchOptions: Kinds<Plain<BenchOptions>> = {
  prompt: atLeast(0),
  generate: atLeast(0),
  depth: atLeast(0),
  repeat: atLeast(1),
  oracleAcceptance: kind("a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1),
};

/** Of each call and stream: what must be there and what may be. Those that only sessions make are not here. */
const calls: { readonly [Name in CallName]?: { readonly [Param in keyof Calls[Name]["params"]]-?: Kind } } = {
  tokenize: { text, special },
  detokenize: { ids },
  template: templateOptions,
  logits: { ids, hidden: flag, mtp: flag, start: atLeast(0), chunk: later, adapter },
  score: { ids, start: atLeast(1), chunk: later, adapter },
  embed: {
    inputs: kind(
      "a list of texts, or of lists of token ids",
      (value) => Array.isArray(value) && value.every((input) => isText(input) || isIds(input)),
    ),
    dimensions: later,
    instruction: text,
    adapter,
  },
  rerank: { query: text, documents: kind("a list of texts", isTexts), instruction: text, adapter },
  addAdapter: { name: adapter, source },
  removeAdapter: { name: adapter },
  bench: benchOptions,
  restoreSession: {
    session: later,
    bytes: kind("the bytes that save() gave, a Uint8Array", (value) => value instanceof Uint8Array),
  },
};

/** Parameters that must be given; the API fills the others in or leaves them out. */
const required = new Set(["text", "ids", "messages", "inputs", "query", "documents", "bytes", "name", "source"]);

/** How callers know what goes by another name in the messages. */
const callersNames: Readonly<Record<string, string>> = { inputs: "texts", restoreSession: "restore" };

const named = (name: string) => callersNames[name] ?? name;

export function checkLoad(
  call: "load" | "inspect" | "openAsGguf" | "openMerged",
  from: unknown,
  options: object,
): void {
  check(`${call}: the model`, from, source);
  checkOptions(call, options, loadOptions);
}

export function checkCall<Name extends CallName>(name: Name, params: Calls[Name]["params"]): void {
  const kinds = calls[name];
  if (kinds) checkOptions(named(name), params, kinds as Readonly<Record<string, Kind>>);
}

export function checkStream<Name extends StreamName>(name: Name, params: Streams[Name]): void {
  if ("messages" in params) check(`${name}: messages`, params.messages, messages);
  else
    check(
      `${name}: the prompt`,
      params.prompt,
      kind("a text or a list of token ids", (p) => isText(p) || isIds(p)),
    );
  checkOptions(name, params.options, name === "chat" ? chatOptions : generateOptions);
}

/** The options of a call without its signal, which stays on this side. */
export function optionsOf<Options extends { readonly signal?: AbortSignal }>(
  call: string,
  given: Options,
): { readonly signal: AbortSignal | undefined; readonly plain: Omit<Options, "signal"> } {
  check(`${call}: options`, given, kind("an object", isObject));
  const { signal, ...plain } = given;
  if (signal !== undefined) check(`${call}: signal`, signal, abortSignal);
  return { signal, plain };
}

function checkOptions(call: string, options: object, kinds: Readonly<Record<string, Kind>>): void {
  check(`${call}: options`, options, kind("an object", isObject));
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(kinds, name)) continue;
    const known = Object.keys(kinds).map(named).join(", ");
    throw new AnyqwenError("invalid-argument", `${call}: there is no option ${name}; there are ${known}`);
  }
  for (const [name, wanted] of Object.entries(kinds)) {
    const value: unknown = (options as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined || required.has(name)) check(`${call}: ${named(name)}`, value, wanted);
  }
}

function check(what: string, value: unknown, { expected, fits }: Kind): void {
  if (fits(value)) return;
  throw new AnyqwenError("invalid-argument", `${what} is ${show(value)}; expected ${expected}`);
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? showList(value) : showObject(value);
}

/** The entry that does not fit is what a caller looks for, so short lists are shown whole. */
function showList(list: readonly unknown[]): string {
  if (list.length > 4) return `a list of ${list.length}`;
  return `[${list.map((entry) => (Array.isArray(entry) ? "a list" : show(entry))).join(", ")}]`;
}

function showObject(value: object): string {
  const name = value.constructor?.name ?? "Object";
  return name === "Object" ? "an object" : `of type ${name}`;
}
