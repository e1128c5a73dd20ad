// A tokenizer from a GGUF file's metadata. Its token types lose a little: the converter marks every added token that looks like
// <|…|> as control, so which of them are special is told apart here as the published tokenizer.json files do.

import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { type AddedToken, maxTokenId, packMerges, type TokenizerDefinition } from "./definition.ts";
import { packStrings } from "./packed.ts";
import type { Pretokeniser } from "./pretokenise.ts";

const control = 3;
const userDefined = 4;
const unused = 5;

/** Added tokens of <|…|> shape that Qwen's tokenizer.json files do not mark special. */
const notSpecial = new Set([
  "<|fim_prefix|>",
  "<|fim_middle|>",
  "<|fim_suffix|>",
  "<|fim_pad|>",
  "<|repo_name|>",
  "<|file_sep|>",
]);

/** What llama.cpp's converter calls the two patterns; the second name of each is that of distilled models with Qwen's tokenizer. */
const pretokenisers: Readonly<Record<string, Pretokeniser>> = {
  qwen2: "qwen2",
  "deepseek-r1-qwen": "qwen2",
  qwen35: "qwen35",
};

export function hasGgufTokenizer(metadata: Checkpoint["metadata"]): boolean {
  return metadata.has("tokenizer.ggml.tokens");
}

export function readGgufTokenizer(metadata: Checkpoint["metadata"], name: string): TokenizerDefinition {
  const model = metadata.get("tokenizer.ggml.model") ?? "gpt2";
  if (model !== "gpt2") throw unsupported(name, "tokenizer.ggml.model", model, '"gpt2"');
  const pre = metadata.get("tokenizer.ggml.pre") ?? "qwen2";
  const pretokeniser = typeof pre === "string" && Object.hasOwn(pretokenisers, pre) ? pretokenisers[pre] : undefined;
  if (!pretokeniser) throw unsupported(name, "tokenizer.ggml.pre", pre, Object.keys(pretokenisers).join(", "));

  const tokens = stringList(metadata, "tokenizer.ggml.tokens", name);
  if (tokens.length > maxTokenId)
    throw new AnyqwenError(
      "format",
      `${name}: tokenizer.ggml.tokens has ${tokens.length} tokens (at most ${maxTokenId})`,
    );
  const types = typeList(metadata, tokens.length, name);
  const added: AddedToken[] = [];
  const base: (string | undefined)[] = tokens.slice();
  for (let id = 0; id < tokens.length; id++) {
    const type = types[id];
    if (type !== control && type !== userDefined && type !== unused) continue;
    base[id] = undefined;
    if (type !== unused)
      added.push({ id, content: tokens[id], special: type === control && !notSpecial.has(tokens[id]) });
  }
  const lines = stringList(metadata, "tokenizer.ggml.merges", name);
  const merges = packMerges(lines);
  if (typeof merges === "number") {
    const shown = JSON.stringify(lines[merges].slice(0, 80));
    throw new AnyqwenError("format", `${name}: tokenizer.ggml.merges[${merges}] is ${shown} and not "left right"`);
  }
  return { name, tokens: packStrings(base), merges, added, pretokeniser, nfc: true };
}

function stringList(metadata: Checkpoint["metadata"], key: string, name: string): readonly string[] {
  const value = metadata.get(key);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as readonly string[];
  const found = value === undefined ? "is missing" : "is not a list of strings";
  throw new AnyqwenError("format", `${name}: ${key} ${found}; convert the model again with its tokenizer`);
}

function typeList(metadata: Checkpoint["metadata"], length: number, name: string): ArrayLike<unknown> {
  const value = metadata.get("tokenizer.ggml.token_type");
  if (value === undefined) return [];
  const list = Array.isArray(value) || value instanceof Int32Array || value instanceof Float64Array ? value : [];
  if (list.length === length) return list;
  throw new AnyqwenError(
    "format",
    `${name}: tokenizer.ggml.token_type has ${list.length} entries for ${length} tokens; the file is damaged`,
  );
}

function unsupported(name: string, key: string, found: unknown, known: string): AnyqwenError {
  const shown = typeof found === "string" ? JSON.stringify(found.slice(0, 60)) : typeof found;
  return new AnyqwenError("unsupported", `${name}: ${key} is ${shown}; this build knows ${known}`);
}
