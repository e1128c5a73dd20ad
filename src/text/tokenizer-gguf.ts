// A tokenizer from a GGUF file's metadata. Its token types lose a little: the converter marks every added token that looks like
// <|…|> as control, so which of them are special is told apart here as the published tokenizer.json files do.

import { AnyqwenError } from "../core/errors.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { GgufMetadata } from "../formats/gguf-metadata.ts";
import { type AddedToken, maxTokenId, type TokenizerDefinition } from "./definition.ts";
import { fileMerges, type MergeList, packedMerges, packMerges } from "./merge-list.ts";
import { fileStrings, Packer, plainStrings, type StringList } from "./packed.ts";
import type { Pretokeniser } from "./pretokenise.ts";

type Metadata = Checkpoint["metadata"];

const tokensKey = "tokenizer.ggml.tokens";
const mergesKey = "tokenizer.ggml.merges";

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

export function hasGgufTokenizer(metadata: Metadata): boolean {
  return metadata.has(tokensKey);
}

export function readGgufTokenizer(metadata: Metadata, name: string): TokenizerDefinition {
  const model = metadata.get("tokenizer.ggml.model") ?? "gpt2";
  if (model !== "gpt2") throw unsupported(name, "tokenizer.ggml.model", model, '"gpt2"');
  const pre = metadata.get("tokenizer.ggml.pre") ?? "qwen2";
  const pretokeniser = typeof pre === "string" && Object.hasOwn(pretokenisers, pre) ? pretokenisers[pre] : undefined;
  if (!pretokeniser) throw unsupported(name, "tokenizer.ggml.pre", pre, Object.keys(pretokenisers).join(", "));

  const tokens = readTokens(metadata, name);
  return { name, ...tokens, merges: readMerges(metadata, name), pretokeniser, nfc: true };
}

function readTokens(metadata: Metadata, name: string): Pick<TokenizerDefinition, "tokens" | "added"> {
  const list = stringsOf(metadata, tokensKey, name);
  if (list.count > maxTokenId)
    throw new AnyqwenError("format", `${name}: ${tokensKey} has ${list.count} tokens (at most ${maxTokenId})`);
  const types = typeList(metadata, list.count, name);
  const added: AddedToken[] = [];
  const packer = new Packer(list.units);
  for (let id = 0; id < list.count; id++) {
    const start = packer.length;
    const type = types[id];
    if (type === control || type === userDefined) {
      const content = list.text(id);
      added.push({ id, content, special: type === control && !notSpecial.has(content) });
    } else if (type !== unused) list.pack(id, packer);
    packer.name(id, start);
  }
  return { tokens: packer.finish(), added };
}

function readMerges(metadata: Metadata, name: string): MergeList {
  const list = stringsOf(metadata, mergesKey, name);
  const malformed = (rank: number) => {
    const shown = JSON.stringify(list.text(rank).slice(0, 80));
    return new AnyqwenError("format", `${name}: ${mergesKey}[${rank}] is ${shown} and not "left right"`);
  };
  const bytes = metadata instanceof GgufMetadata ? metadata.packed(mergesKey)?.bytes : undefined;
  if (bytes) return fileMerges(bytes, list, malformed);
  const merges = packMerges(list);
  if (typeof merges === "number") throw malformed(merges);
  return packedMerges(merges);
}

/** A list as the metadata has it: still the file's bytes, or strings already. */
function stringsOf(metadata: Metadata, key: string, name: string): StringList {
  const packed = metadata instanceof GgufMetadata ? metadata.packed(key) : undefined;
  if (packed) return fileStrings(packed.bytes, packed.count);
  const value = metadata.get(key);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return plainStrings(value as string[]);
  const found = value === undefined ? "is missing" : "is not a list of strings";
  throw new AnyqwenError("format", `${name}: ${key} ${found}; convert the model again with its tokenizer`);
}

function typeList(metadata: Metadata, length: number, name: string): ArrayLike<unknown> {
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
