// A byte-level BPE tokenizer of one's own, as a tokenizer.json that this package and Hugging Face's libraries read: Qwen's
// normaliser and pre-tokeniser, Qwen's special tokens, merges learnt from texts.

import { AnyqwenError } from "../../core/errors.ts";
import { byteCharacters } from "../../text/byte-level.ts";
import { pretokeniserPatterns } from "../../text/pretokenise.ts";
import { learnMerges } from "./learn-merges.ts";

/** As Qwen has them; the ones about calls are tokens of their own, but not hidden as special ones are. */
const addedTokens: readonly (readonly [content: string, special: boolean])[] = [
  ["<|endoftext|>", true],
  ["<|im_start|>", true],
  ["<|im_end|>", true],
  ["<tool_call>", false],
  ["</tool_call>", false],
  ["<tool_response>", false],
  ["</tool_response>", false],
  ["<think>", false],
  ["</think>", false],
];

/**
 * What merges stay within: a run of letters (the parts of
 * a snake_case name with their underscore), one character of those written without spaces, one digit, a run of JSON's
 * punctuation with the spaces before it, any other character. Finer than the pre-tokeniser, which joins a word with the space
 * or quote before it: so a word has the same tokens wherever it stands, and a small model can copy it from a request into a call.
 */
const alone = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]";
const pieces = new RegExp(`${alone}|_?(?:(?!${alone})\\p{L})+|\\p{N}| ?["{}[\\]:,]+|\\s+|.`, "gu");

/**
 * A tokenizer.json with `vocabularySize` ids: 256 bytes, the merges, and the special tokens at its end; fewer if the texts hold no
 * more pairs worth a token. Fails with code "invalid-argument" if not even the bytes fit.
 */
export function trainTokenizer(texts: Iterable<string>, { vocabularySize }: { readonly vocabularySize: number }) {
  const most = vocabularySize - 256 - addedTokens.length;
  if (!Number.isSafeInteger(most) || most < 0)
    throw new AnyqwenError(
      "invalid-argument",
      `vocabularySize is ${vocabularySize}; expected a whole number from ${256 + addedTokens.length} on: bytes and special tokens`,
    );
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [piece] of text.normalize("NFC").matchAll(pieces)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  const spellings = [...byteCharacters];
  const merges = learnMerges(counts, most).map(([left, right]) => {
    spellings.push(spellings[left] + spellings[right]);
    return `${spellings[left]} ${spellings[right]}`;
  });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens.map(([content, special], i) => ({
      id: spellings.length + i,
      content,
      ...flags,
      special,
    })),
    normalizer: { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: pretokeniserPatterns.qwen2 }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(spellings.map((spelling, id) => [spelling, id])),
      merges,
    },
  };
}
