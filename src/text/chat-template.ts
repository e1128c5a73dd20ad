// Where a model's chat template is: in its GGUF, in chat_template.jinja, chat_template.json or tokenizer_config.json, or a file of
// its own; a checkpoint without one gets that of its family.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { readAll } from "../formats/sources.ts";
import { defaultTemplates } from "./default-templates.generated.ts";
import { parseJson } from "./json.ts";

export interface ChatTemplate {
  /** Where it was found, for messages. */
  readonly origin: string;
  readonly source: string;
  /** For conversations with tools, where the model brings one of its own. */
  readonly toolSource?: string;
  /** bos_token, eos_token and the like, as the model names them. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ChatTemplateSource {
  readonly files?: FileSet;
  readonly checkpoint?: Pick<Checkpoint, "metadata" | "name" | "json">;
}

type Named = ReadonlyMap<string, string>;

/** The longest known has 30 kB. */
const mostBytes = 1 << 20;

/** The chat template of a model, or undefined for a family that is not known. */
export async function loadChatTemplate({ files, checkpoint }: ChatTemplateSource): Promise<ChatTemplate | undefined> {
  if (checkpoint) {
    const found = choose(ggufTemplates(checkpoint.metadata), checkpoint.name);
    if (found) return { ...found, variables: ggufVariables(checkpoint.metadata, found.source) };
  }
  const config = files ? await readConfig(files) : undefined;
  const found = files ? await fileTemplate(files, config) : undefined;
  const variables = configVariables(config);
  if (found) return { ...found, variables };
  const family = checkpoint && defaultTemplate(architectureOf(checkpoint));
  return family === undefined ? undefined : { origin: "the family's default", source: family, variables };
}

/** A template that this package brings along is trusted, and rendered without a worker. */
export function isDefaultTemplate(source: string): boolean {
  return Object.values<string>(defaultTemplates).includes(source);
}

/** By model_type or GGUF architecture: qwen2, qwen2_moe, qwen3moe, qwen3_5, qwen35, … */
export function defaultTemplate(architecture: string): string | undefined {
  if (/^qwen3[_.]?5/.test(architecture)) return defaultTemplates["qwen3.5"];
  if (architecture.startsWith("qwen3")) return defaultTemplates.qwen3;
  if (architecture.startsWith("qwen2")) return defaultTemplates["qwen2.5"];
  return undefined;
}

function architectureOf({ metadata, json }: Pick<Checkpoint, "metadata" | "json">): string {
  const config = json.get("config.json");
  const name = metadata.get("general.architecture") ?? (isObject(config) ? config.model_type : undefined);
  return typeof name === "string" ? name : "";
}

function choose(named: Named, origin: string): Omit<ChatTemplate, "variables"> | undefined {
  const source = named.get("default") ?? named.values().next().value;
  return source === undefined ? undefined : { origin, source, toolSource: named.get("tool_use") };
}

function ggufTemplates(metadata: Checkpoint["metadata"]): Named {
  const named = new Map<string, string>();
  const prefix = "tokenizer.chat_template";
  for (const key of metadata.keys()) {
    if (!key.startsWith(prefix)) continue;
    const value = metadata.get(key);
    if (typeof value !== "string") continue;
    if (key === prefix) named.set("default", value);
    else if (key[prefix.length] === ".") named.set(key.slice(prefix.length + 1), value);
  }
  return named;
}

async function fileTemplate(files: FileSet, config: unknown): Promise<Omit<ChatTemplate, "variables"> | undefined> {
  const only = files.files.length === 1 && files.files[0].endsWith(".jinja") ? files.files[0] : "chat_template.jinja";
  if (files.files.includes(only)) {
    const named = new Map([["default", await readText(files, only)]]);
    const tools = "additional_chat_templates/tool_use.jinja";
    if (files.files.includes(tools)) named.set("tool_use", await readText(files, tools));
    return choose(named, `${files.name}: ${only}`);
  }
  if (files.files.includes("chat_template.json")) {
    const json = parseJson(await readText(files, "chat_template.json"), `${files.name}: chat_template.json`);
    const found = choose(jsonTemplates(json), `${files.name}: chat_template.json`);
    if (found) return found;
  }
  return choose(jsonTemplates(config), `${files.name}: tokenizer_config.json`);
}

/** { chat_template: "…" } or { chat_template: [{ name, template }, …] } */
function jsonTemplates(json: unknown): Named {
  const value = isObject(json) ? json.chat_template : undefined;
  if (typeof value === "string") return new Map([["default", value]]);
  const named = new Map<string, string>();
  if (Array.isArray(value))
    for (const entry of value)
      if (isObject(entry) && typeof entry.name === "string" && typeof entry.template === "string")
        named.set(entry.name, entry.template);
  return named;
}

async function readConfig(files: FileSet): Promise<unknown> {
  const file = "tokenizer_config.json";
  if (!files.files.includes(file)) return undefined;
  return parseJson(new TextDecoder().decode(await readAll(files, file)), `${files.name}: ${file}`);
}

const tokenVariables = ["bos_token", "eos_token", "pad_token", "unk_token"];

function configVariables(config: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!isObject(config)) return found;
  for (const name of tokenVariables) {
    const value = config[name];
    const content = isObject(value) ? value.content : value;
    if (typeof content === "string") found[name] = content;
  }
  return found;
}

/** Only those that the template mentions: the vocabulary is long to decode. */
function ggufVariables(metadata: Checkpoint["metadata"], source: string): Record<string, string> {
  const found: Record<string, string> = {};
  const names = { bos_token: "bos", eos_token: "eos", pad_token: "padding", unk_token: "unknown" };
  for (const [name, key] of Object.entries(names)) {
    if (!source.includes(name)) continue;
    const id = metadata.get(`tokenizer.ggml.${key}_token_id`);
    const tokens = metadata.get("tokenizer.ggml.tokens");
    const token = typeof id === "number" && Array.isArray(tokens) ? tokens[id] : undefined;
    if (typeof token === "string") found[name] = token;
  }
  return found;
}

async function readText(files: FileSet, file: string): Promise<string> {
  const bytes = await readAll(files, file);
  if (bytes.length > mostBytes)
    throw new AnyqwenError("format", `${files.name}: ${file} has ${bytes.length} bytes, too many for a chat template`);
  return new TextDecoder().decode(bytes);
}
