import { describe, expect, it } from "vitest";
import { createTokenizer } from "../../text/tokenizer.ts";
import { parseTokenizerJson } from "../../text/tokenizer-json.ts";
import { learnMerges } from "./learn-merges.ts";
import { trainTokenizer } from "./train-tokenizer.ts";

/** The same, taken anew for every merge. */
function plainMerges(pieces: ReadonlyMap<string, number>, most: number) {
  const words = [...pieces].map(([text, count]) => ({ symbols: [...new TextEncoder().encode(text)], count }));
  const merges: [number, number][] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const { symbols, count } of words)
      for (let i = 1; i < symbols.length; i++) {
        const key = `${symbols[i - 1]} ${symbols[i]}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    const pairs = [...counts].map(([key, count]) => ({ pair: key.split(" ").map(Number), count }));
    pairs.sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (!pairs[0] || pairs[0].count < 2) break;
    const [left, right] = pairs[0].pair;
    for (const word of words)
      for (let i = 1; i < word.symbols.length; i++)
        if (word.symbols[i - 1] === left && word.symbols[i] === right)
          word.symbols.splice(i - 1, 2, 256 + merges.length);
    merges.push([left, right]);
  }
  return merges;
}

const texts = [
  "take me to the station, take me to the theatre, and then to the other station",
  '{"name": "navigate", "arguments": {"destination": "the station"}}',
  "带我去最近的药店，带我去最近的车站",
];

describe("learnMerges", () => {
  it("is what counting anew gives", () => {
    const pieces = new Map([
      ["banana", 3],
      ["bandana", 2],
      ["aaaa", 5],
      ["药店", 4],
      ["ab", 1],
    ]);
    expect(learnMerges(pieces, 12)).toEqual(plainMerges(pieces, 12));
    expect(learnMerges(pieces, 1000)).toEqual(plainMerges(pieces, 1000));
  });
});

describe("trainTokenizer", () => {
  const json = trainTokenizer(texts, { vocabularySize: 340 });
  const tokenizer = createTokenizer(parseTokenizerJson(new TextEncoder().encode(JSON.stringify(json)), "trained"));

  it("gives a tokenizer that reads everything back", () => {
    for (const text of [...texts, "Ünïcode, 漢字 и кириллица 👩‍🚀\n\t\0 <|im_end|>"])
      expect(tokenizer.decode(Array.from(tokenizer.encode(text, "none")))).toBe(text);
    expect(tokenizer.encode(texts[0], "none").length).toBeLessThan(0.6 * texts[0].length);
  });

  it("gives a word the same tokens behind a space, a quote and nothing", () => {
    const word = Array.from(tokenizer.encode("station", "none"));
    for (const before of [" ", '"', "("])
      expect(Array.from(tokenizer.encode(`${before}station`, "none")).slice(-word.length)).toEqual(word);
    const shop = Array.from(tokenizer.encode("药店", "none"));
    expect(Array.from(tokenizer.encode('"近的药店', "none")).slice(-shop.length)).toEqual(shop);
  });

  it("knows Qwen's special tokens, and refuses a vocabulary without room for the bytes", () => {
    expect(tokenizer.encode("<|im_start|>", "all").length).toBe(1);
    expect(() => trainTokenizer(texts, { vocabularySize: 200 })).toThrow(/from 265 on/);
  });
});
