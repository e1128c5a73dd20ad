// The tokenizer against the published one's output.

import { describe, expect, it } from "vitest";
import { byteCharacters } from "./byte-level.ts";
import { pieceEnd } from "./pretokenise.ts";
import { fixtureText, jsonLines, qwen25, qwen25Json } from "./testing.ts";
import { createTokenizer } from "./tokenizer.ts";
import { readTokenizerJson } from "./tokenizer-json.ts";
import { kindTable } from "./unicode.ts";

interface Case {
  text: string;
  ids: number[];
  ids_split_special?: number[];
  ids_no_added?: number[];
  decoded?: string;
  decoded_skip_special?: string;
}

interface PretokeniserCase {
  text: string;
  ids: number[];
  pieces: string[];
  pieces_qwen2: string[];
}

const tokenizer = qwen25();
const qwen35 = qwen25("qwen35");

describe("the Qwen2.5 vocabulary", () => {
  const cases = jsonLines<Case>("tokenizer/cases.jsonl");

  it("has all its cases", () => expect(cases.length).toBe(400));

  it("parses added tokens", () => {
    for (const { text, ids } of cases) expect([text, [...tokenizer.encode(text)]]).toEqual([text, ids]);
  });

  it("leaves special tokens in the text when told to", () => {
    for (const { text, ids, ids_split_special = ids } of cases)
      expect([text, [...tokenizer.encode(text, "nonspecial")]]).toEqual([text, ids_split_special]);
  });

  it("parses nothing in the text of strangers", () => {
    for (const { text, ids, ids_no_added = ids } of cases)
      expect([text, [...tokenizer.encode(text, "none")]]).toEqual([text, ids_no_added]);
  });

  it("decodes", () => {
    for (const { text, ids, decoded = text, decoded_skip_special = decoded } of cases) {
      expect(tokenizer.decode(ids)).toBe(decoded);
      expect(tokenizer.decode(ids, { skipSpecial: true })).toBe(decoded_skip_special);
    }
  });

  it("names its tokens", () => {
    expect(tokenizer.vocabSize).toBe(151665);
    expect(tokenizer.idOf("<|im_end|>")).toBe(151645);
    expect(tokenizer.tokenOf(151645)).toBe("<|im_end|>");
    expect(tokenizer.idOf("Ġthe")).toBe(279);
    expect(tokenizer.tokenOf(279)).toBe("Ġthe");
    expect(new TextDecoder().decode(tokenizer.bytesOf(279))).toBe(" the");
    expect(tokenizer.idOf("no such token")).toBeUndefined();
    expect(tokenizer.specialIds).toEqual(Array.from({ length: 14 }, (_, i) => 151643 + i));
    expect(tokenizer.decode([200000, 151935])).toBe("");
  });
});

describe("pre-tokenisers", () => {
  const cases = jsonLines<PretokeniserCase>("tokenizer/cases-qwen35-pre.jsonl");
  const pieces = (text: string, marksJoinLetters: boolean) => {
    const bytes = new TextEncoder().encode(text.normalize("NFC"));
    const found: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = pieceEnd(bytes, at, bytes.length, kindTable(marksJoinLetters));
      found.push(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at, end)));
      at = end;
    }
    return found;
  };

  it("splits as Qwen2 and as Qwen3.5", () => {
    expect(cases.length).toBeGreaterThan(20);
    for (const { text, pieces: joined, pieces_qwen2 } of cases) {
      expect(pieces(text, true)).toEqual(joined);
      expect(pieces(text, false)).toEqual(pieces_qwen2);
    }
  });

  it("gives Qwen3.5's ids", () => {
    for (const { text, ids } of cases) expect([text, [...qwen35.encode(text)]]).toEqual([text, ids]);
  });

  it("folds the case of contractions, the long s too", () => {
    expect(pieces("x'ſab 'LLy 'rEx 'Va", false)).toEqual(["x", "'ſ", "ab", " '", "LLy", " '", "rEx", " '", "Va"]);
    expect(pieces("'ſab", false)).toEqual(["'ſ", "ab"]);
    expect(pieces("'LLy", false)).toEqual(["'LL", "y"]);
    expect(pieces("'rEx", false)).toEqual(["'rE", "x"]);
  });
});

describe("small vocabularies", () => {
  for (const model of ["qwen2_tied", "qwen3_tied", "qwen3_moe"])
    it(model, () => {
      const small = createTokenizer(
        readTokenizerJson(JSON.parse(fixtureText(`models/${model}/tokenizer.json`)), `${model}/tokenizer.json`),
      );
      const cases = JSON.parse(fixtureText(`models/${model}/tokenizer_cases.json`)) as {
        text: string;
        ids: number[];
      }[];
      for (const { text, ids } of cases) expect([...small.encode(text)]).toEqual(ids);
    });
});

describe("long words", () => {
  it("gives by heap, cache and cut what the definition of BPE gives", () => {
    const { model } = qwen25Json() as { model: { vocab: Record<string, number>; merges: [string, string][] } };
    const ranks = new Map(model.merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
    const naive = (text: string) => {
      const parts = Array.from(new TextEncoder().encode(text), (byte) => byteCharacters[byte]);
      for (;;) {
        let best = Number.POSITIVE_INFINITY;
        let where = -1;
        for (let i = 0; i + 1 < parts.length; i++) {
          const rank = ranks.get(`${parts[i]} ${parts[i + 1]}`) ?? Number.POSITIVE_INFINITY;
          if (rank < best) [best, where] = [rank, i];
        }
        if (where < 0) return parts.map((part) => model.vocab[part]);
        parts.splice(where, 2, parts[where] + parts[where + 1]);
      }
    };
    const words = [
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender".repeat(2),
      "人工智能模型在没有空格的长句子里必须给出与定义完全相同的结果无论句子有多长都一样重复重复重复",
      "ひらがなとカタカナと漢字がまざったとてもながいぶんしょうをスペースなしでかくとどうなるのでしょうか",
      "한국어문장을띄어쓰기없이아주길게써보면어떻게되는지확인해보자",
      "भारतमेंहिन्दीबोलीजातीहै",
      "абвгдеёжзийклмнопрстуфхцчшщъыьэюя".repeat(4),
      "a".repeat(300),
    ];
    for (const word of words)
      for (const piece of [word, `a${word}`, `${word}é`]) {
        const bytes = new TextEncoder().encode(piece.normalize("NFC"));
        expect(pieceEnd(bytes, 0, bytes.length, kindTable(true))).toBe(bytes.length);
        expect([piece, [...qwen35.encode(piece)]]).toEqual([piece, naive(piece.normalize("NFC"))]);
      }
  });

  it("encodes a megabyte without a space in well under a second", () => {
    const started = performance.now();
    const word = "abcdefghij".repeat(100_000);
    const ids = tokenizer.encode(word);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(tokenizer.decode(ids)).toBe(word);
  });
});
