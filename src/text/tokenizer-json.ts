// tokenizer.json, the format of Hugging Face's tokenizers library, as far as Qwen's files use it: byte-level BPE, NFC, one split
// pattern. Whatever else such a file may ask for is refused by name, since ignoring it would give wrong ids.

import { AnyqwenError } from "../core/errors.ts";
import { isObject } from "../core/objects.ts";
import { type AddedToken, isTokenId, maxTokenId, type TokenizerDefinition } from "./definition.ts";
import { asArray, asObject, asString, malformed, parseJson } from "./json.ts";
import { type MergeList, packedMerges, packMerges } from "./merge-list.ts";
import { type PackedStrings, Packer, plainStrings } from "./packed.ts";
import { type Pretokeniser, pretokeniserPatterns, pretokenisers } from "./pretokenise.ts";
import { scanTokenizerJson } from "./scan-tokenizer-json.ts";

/** From the file's bytes. */
export function parseTokenizerJson(bytes: Uint8Array, name: string): TokenizerDefinition {
  const scanned = scanTokenizerJson(bytes);
  if (!scanned) return readTokenizerJson(parseJson(new TextDecoder().decode(bytes), name), name);
  const definition = readTokenizerJson(parseJson(scanned.rest, name), name);
  return { ...definition, tokens: scanned.tokens, merges: packedMerges(scanned.merges) };
}

/** From the file's parsed JSON. */
export function readTokenizerJson(json: unknown, name: string): TokenizerDefinition {
  const root = asObject(json, name);
  const model = asObject(root.model, `${name}: model`);
  if (model.type !== "BPE" && model.type !== undefined) throw unsupported(name, "model.type", model.type, '"BPE"');
  for (const key of ["dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"])
    if (model[key]) throw unsupported(name, `model.${key}`, model[key], "none");
  return {
    name,
    tokens: readVocabulary(model.vocab, `${name}: model.vocab`),
    merges: readMerges(model.merges, `${name}: model.merges`),
    added: readAddedTokens(root.added_tokens ?? [], `${name}: added_tokens`),
    pretokeniser: readPretokeniser(root.pre_tokenizer, name),
    nfc: readNormaliser(root.normalizer, name),
  };
}

/** Spellings by id, from an object of ids by spelling. */
export function readVocabulary(json: unknown, where: string): PackedStrings {
  const vocabulary = asObject(json, where);
  let units = 0;
  for (const spelling in vocabulary) units += spelling.length;
  const packer = new Packer(units);
  for (const spelling in vocabulary) {
    const id = vocabulary[spelling];
    if (typeof id !== "number" || !isTokenId(id))
      throw malformed(`${where}[${JSON.stringify(spelling)}]`, `an id below ${maxTokenId}`, id);
    if (packer.has(id)) throw new AnyqwenError("format", `${where}: two tokens share the id ${id}`);
    const start = packer.length;
    packer.addAll(spelling);
    packer.name(id, start);
  }
  return packer.finish();
}

function readMerges(json: unknown, where: string): MergeList {
  const lines = asArray(json, where).map((merge, rank) => {
    const line = Array.isArray(merge) && merge.length === 2 ? merge.join(" ") : merge;
    return asString(line, `${where}[${rank}]`);
  });
  const packed = packMerges(plainStrings(lines));
  if (typeof packed !== "number") return packedMerges(packed);
  throw malformed(`${where}[${packed}]`, 'a merge ("a b" or ["a", "b"])', lines[packed]);
}

function readAddedTokens(json: unknown, where: string): AddedToken[] {
  return asArray(json, where).map((entry, i) => {
    const token = asObject(entry, `${where}[${i}]`);
    const content = asString(token.content, `${where}[${i}].content`);
    if (typeof token.id !== "number") throw malformed(`${where}[${i}].id`, "a number", token.id);
    for (const key of ["single_word", "lstrip", "rstrip"])
      if (token[key] === true) throw unsupported(where, `[${i}].${key}`, true, "false");
    return { id: token.id, content, special: token.special === true };
  });
}

function readPretokeniser(json: unknown, name: string): Pretokeniser {
  const where = `${name}: pre_tokenizer`;
  const root = asObject(json, where);
  const steps = root.type === "Sequence" ? asArray(root.pretokenizers, `${where}.pretokenizers`) : [root];
  let pattern: unknown;
  for (const step of steps) {
    const {
      type,
      pattern: split,
      behavior,
      invert,
      add_prefix_space: prefix,
      use_regex: regex,
    } = asObject(step, where);
    if (type === "Split" && pattern === undefined && behavior === "Isolated" && invert !== true && isObject(split))
      pattern = split.Regex;
    else if (type !== "ByteLevel" || prefix === true || regex !== false)
      throw unsupported(name, "pre_tokenizer", step, "one Split and a ByteLevel without its own pattern");
  }
  return findPretokeniser(pattern, name);
}

export function findPretokeniser(pattern: unknown, name: string): Pretokeniser {
  const found = pretokenisers.find((key) => pretokeniserPatterns[key] === pattern);
  if (!found) throw unsupported(name, "the split pattern", pattern, `that of ${pretokenisers.join(" or ")}`);
  return found;
}

function readNormaliser(json: unknown, name: string): boolean {
  if (json === null || json === undefined) return false;
  const { type, normalizers } = asObject(json, `${name}: normalizer`);
  if (type === "NFC") return true;
  if (type === "Sequence")
    return asArray(normalizers, `${name}: normalizer`).reduce(
      (nfc: boolean, step) => readNormaliser(step, name) || nfc,
      false,
    );
  throw unsupported(name, "normalizer.type", type, '"NFC" or none');
}

function unsupported(name: string, key: string, found: unknown, known: string): AnyqwenError {
  const shown = JSON.stringify(found)?.slice(0, 200) ?? "nothing";
  return new AnyqwenError("unsupported", `${name}: ${key} is ${shown}; this build knows ${known}`);
}
