// The streaming detokeniser against the fixtures, chunk by chunk.

import { describe, expect, it } from "vitest";
import { type ByteBuffer, TokenStream } from "./detokenise.ts";
import { jsonLines, qwen25, qwen25Json } from "./testing.ts";
import { createTokenizer } from "./tokenizer.ts";
import { readTokenizerJson } from "./tokenizer-json.ts";

interface Case {
  ids: number[];
  text: string;
  chunks: string[];
  tail: string;
}

const byteStream = () =>
  new TokenStream((id, into: ByteBuffer) => {
    into.append(Uint8Array.of(id));
  });

describe("streaming", () => {
  it("gives the chunks of the fixtures", () => {
    const tokenizer = qwen25();
    const cases = jsonLines<Case>("tokenizer/detok.jsonl");
    expect(cases.length).toBe(73);
    for (const { ids, text, chunks, tail } of cases) {
      const stream = tokenizer.stream();
      expect(ids.map((id) => stream.push(id))).toEqual(chunks);
      expect(stream.end()).toBe(tail);
      expect(tokenizer.decode(ids)).toBe(text);
    }
  });

  it("skips special tokens, but for the tags that answers are parsed by", () => {
    const json = qwen25Json() as { added_tokens: { special: boolean }[] };
    for (const token of json.added_tokens) token.special = true;
    const tokenizer = createTokenizer(readTokenizerJson(json, "x"));
    const ids = tokenizer.encode("<tool_call>a</tool_call><|fim_pad|><|im_end|>");
    const stream = tokenizer.stream({ skipSpecial: true });
    expect(Array.from(ids, (id) => stream.push(id)).join("")).toBe("<tool_call>a</tool_call>");
    expect(tokenizer.decode(ids, { skipSpecial: true })).toBe("a");
  });

  it("replaces what can never become a character, byte by byte as TextDecoder does", () => {
    const all = new TextDecoder("utf-8", { ignoreBOM: true });
    // Every pair of lead and second byte, alone and followed by continuations.
    for (let lead = 0x80; lead < 0x100; lead += 1)
      for (const second of [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xff])
        for (const rest of [[], [0x80], [0x80, 0x80], [0x80, 0x41]]) {
          const bytes = [lead, second, ...rest];
          const stream = byteStream();
          const text = bytes.map((byte) => stream.push(byte)).join("") + stream.end();
          expect([bytes, text]).toEqual([bytes, all.decode(Uint8Array.from(bytes))]);
        }
  });

  it("keeps a byte-order mark and starts afresh after the end", () => {
    const stream = byteStream();
    expect([0xef, 0xbb, 0xbf].map((byte) => stream.push(byte))).toEqual(["", "", "\ufeff"]);
    expect(stream.push(0xf0)).toBe("");
    expect(stream.end()).toBe("\ufffd");
    expect(stream.push(0x61)).toBe("a");
    expect(stream.end()).toBe("");
  });
});
