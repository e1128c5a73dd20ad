// Where a model's tokenizer is: in its GGUF, in tokenizer.json, or in vocab.json and merges.txt. A model without any still answers
// to ids, so its absence is not an error here.

import type { FileSet } from "../core/bytes.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { readAll } from "../formats/sources.ts";
import type { TokenizerDefinition } from "./definition.ts";
import { parseJson } from "./json.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";
import { readVocabularyFiles } from "./tokenizer-files.ts";
import { hasGgufTokenizer, readGgufTokenizer } from "./tokenizer-gguf.ts";
import { parseTokenizerJson } from "./tokenizer-json.ts";

export interface TokenizerSource {
  readonly files?: FileSet;
  readonly checkpoint?: Pick<Checkpoint, "metadata" | "name">;
}

/** The tokenizer of a model, or undefined if it comes without one. */
export async function loadTokenizer(source: TokenizerSource): Promise<Tokenizer | undefined> {
  const definition = await loadTokenizerDefinition(source);
  return definition && createTokenizer(definition);
}

/** What the tokenizer is made of, for whoever writes it into another format. */
export async function loadTokenizerDefinition({
  files,
  checkpoint,
}: TokenizerSource): Promise<TokenizerDefinition | undefined> {
  if (checkpoint && hasGgufTokenizer(checkpoint.metadata))
    return readGgufTokenizer(checkpoint.metadata, checkpoint.name);
  if (!files) return undefined;
  const tokenizerJson = files.files.includes("tokenizer.json")
    ? "tokenizer.json"
    : files.files.length === 1 && files.files[0].endsWith(".json")
      ? files.files[0]
      : undefined;
  if (tokenizerJson) return parseTokenizerJson(await readAll(files, tokenizerJson), nameOf(files, tokenizerJson));
  if (!files.files.includes("vocab.json") || !files.files.includes("merges.txt")) return undefined;
  const json = async (file: string) => {
    const text = await readText(files, file);
    return text === undefined ? undefined : parseJson(text, nameOf(files, file));
  };
  return readVocabularyFiles(
    {
      vocabulary: await json("vocab.json"),
      merges: (await readText(files, "merges.txt")) ?? "",
      config: await json("tokenizer_config.json"),
      addedTokens: await json("added_tokens.json"),
      specialTokens: await json("special_tokens_map.json"),
    },
    files.name,
  );
}

/** A small text file of a model, or undefined if the model has none of that name. */
export async function readText(files: FileSet, file: string): Promise<string | undefined> {
  if (!files.files.includes(file)) return undefined;
  return new TextDecoder().decode(await readAll(files, file));
}

function nameOf(files: FileSet, file: string): string {
  return files.name.endsWith(file) ? files.name : `${files.name}/${file}`;
}
