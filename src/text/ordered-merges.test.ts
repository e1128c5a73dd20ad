import { describe, expect, it } from "vitest";
import type { GgufValue } from "../formats/checkpoint.ts";
import { PackedStrings as FileStrings, GgufMetadata } from "../formats/gguf-metadata.ts";
import { packedMerges } from "./merge-list.ts";
import { MergeTable } from "./merges.ts";
import { OrderedMerges } from "./ordered-merges.ts";
import { packStrings, unpackString } from "./packed.ts";
import { jsonLines, qwen25Bytes } from "./testing.ts";
import { createTokenizer } from "./tokenizer.ts";
import { readGgufTokenizer } from "./tokenizer-gguf.ts";
import { parseTokenizerJson } from "./tokenizer-json.ts";
import { Vocabulary } from "./vocabulary.ts";

const definition = parseTokenizerJson(qwen25Bytes(), "qwen2.5");
const spellings = Array.from(definition.tokens.starts, (_, id) => unpackString(definition.tokens, id));
const packed = definition.merges.packed();
const lines = Array.from(
  { length: definition.merges.count },
  (_, rank) => `${unpackString(packed, 2 * rank)} ${unpackString(packed, 2 * rank + 1)}`,
);

/** Strings as a GGUF file holds them. */
function fileStrings(strings: readonly string[]): FileStrings {
  const utf8 = new TextEncoder();
  const parts = strings.map((text) => utf8.encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 8 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 8);
    at += 8 + part.length;
  }
  return new FileStrings(bytes, strings.length);
}

function ggufDefinition(tokens: readonly string[], merges: readonly string[]) {
  const metadata = new GgufMetadata();
  metadata.set("tokenizer.ggml.token_type", new Int32Array(tokens.length).fill(1) as GgufValue);
  metadata.setPacked("tokenizer.ggml.tokens", fileStrings(tokens));
  metadata.setPacked("tokenizer.ggml.merges", fileStrings(merges));
  return readGgufTokenizer(metadata, "x.gguf");
}

describe("merges in the order of their tokens", () => {
  const vocabulary = new Vocabulary(definition.tokens);
  const table = new MergeTable(packed, vocabulary, "qwen2.5");
  const part = (index: number) => vocabulary.findKnown(packed.units, packed.starts[index], packed.ends[index]);
  const lefts = lines.map((_, rank) => part(2 * rank));
  const rights = lines.map((_, rank) => part(2 * rank + 1));
  const gguf = ggufDefinition(spellings, lines);
  const sources = { "tokenizer.json": definition, GGUF: gguf };

  for (const [source, { merges, tokens }] of Object.entries(sources))
    it(`rank as a table of all pairs does: ${source}`, () => {
      const ordered = OrderedMerges.of(merges, new Vocabulary(tokens), source);
      if (!ordered) throw new Error("Qwen2.5's merges are in order");
      expect(ordered.merged).toEqual(table.merged);
      expect(ordered.byteIds).toEqual(table.byteIds);
      expect(ordered.byteRanks).toEqual(table.byteRanks);
      let wrong = 0;
      for (let rank = 0; rank < table.merged.length; rank++) {
        const left = lefts[rank];
        const right = rights[rank];
        if (ordered.rank(left, right) !== rank || table.rank(left, right) !== rank) wrong++;
        // another cut, and neighbours that mostly do not merge
        if (ordered.rank(right, left) !== table.rank(right, left)) wrong++;
        if (ordered.rank(left + 1, right) !== table.rank(left + 1, right)) wrong++;
        if (ordered.rank(left, table.merged[rank]) !== table.rank(left, table.merged[rank])) wrong++;
      }
      expect(wrong).toBe(0);
    });

  it("are told from others: another order, a cut that is elsewhere, a missing part, twins", () => {
    const of = (merges: readonly string[], tokens = spellings) => {
      const { merges: list, tokens: packedTokens } = ggufDefinition(tokens, merges);
      return OrderedMerges.of(list, new Vocabulary(packedTokens), "x");
    };
    expect(of(lines)).toBeDefined();
    expect(of([lines[1], lines[0], ...lines.slice(2)])).toBeUndefined();
    expect(of([...lines, lines[0]])).toBeUndefined();
    expect(of([])).toBeUndefined();
    expect(of(lines, spellings.with(5000, spellings[4000]))).toBeUndefined();
    expect(of(lines, spellings.slice(0, -1))).toBeUndefined();
    const wider = packedMerges(packStrings(["a", "b", "ab", "c"]));
    expect(wider.leftLengths(packStrings(["a", "b", "c", "ab", "abc"]), 3)).toEqual(Uint16Array.of(1, 2));
    expect(wider.leftLengths(packStrings(["a", "b", "c", "ab", "abd"]), 3)).toBeUndefined();
  });

  it("give the same ids as merges of a shuffled vocabulary, which needs the table", () => {
    const cases = jsonLines<{ text: string }>("tokenizer/cases.jsonl").slice(0, 200);
    // every id but those of added tokens moves
    const size = spellings.length;
    const place = (id: number) => (id * 7919) % size;
    const shuffled: string[] = [];
    for (const [id, spelling] of spellings.entries()) shuffled[place(id)] = spelling;
    const moved = { ...ggufDefinition(shuffled, lines), added: [] };
    expect(OrderedMerges.of(moved.merges, new Vocabulary(moved.tokens), "x")).toBeUndefined();
    const [ordered, other] = [createTokenizer({ ...gguf, added: [] }), createTokenizer(moved)];
    for (const { text } of cases) expect([...other.encode(text)]).toEqual([...ordered.encode(text)].map(place));
  });

  it("that are no merges are refused when they are needed", () => {
    const broken = ggufDefinition(spellings, [...lines.slice(0, 9), "ab", ...lines.slice(10)]);
    expect(() => createTokenizer(broken)).toThrow(/merges\[9\] is "ab"/);
  });
});
