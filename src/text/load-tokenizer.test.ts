// The same tokenizer from every kind of file.

import { describe, expect, it } from "vitest";
import type { GgufValue } from "../formats/checkpoint.ts";
import { openGguf } from "../formats/gguf.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { memoryFiles } from "../formats/sources.ts";
import { loadTokenizer } from "./load-tokenizer.ts";
import { type PackedStrings, unpackString } from "./packed.ts";
import { scanTokenizerJson } from "./scan-tokenizer-json.ts";
import { fixtures, fixtureText, qwen25, qwen25Bytes, qwen25Json } from "./testing.ts";
import { createTokenizer } from "./tokenizer.ts";
import { parseTokenizerJson, readTokenizerJson } from "./tokenizer-json.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const sample = "Hello, naïve 世界!\n\n<|im_start|>user <tool_call> <|fim_prefix|> x  = 1234;";

interface TokenizerJson {
  model: { vocab: Record<string, number>; merges: [string, string][] };
  added_tokens: { id: number; content: string; special: boolean }[];
}

describe("tokenizer.json", () => {
  it("reads by scanning what it reads by parsing", () => {
    const bytes = qwen25Bytes();
    expect(scanTokenizerJson(bytes)).toBeDefined();
    const scanned = parseTokenizerJson(bytes, "x");
    const parsed = readTokenizerJson(qwen25Json(), "x");
    // JSON.parse lists keys that are numbers first, so the units lie in another order there.
    const list = (packed: PackedStrings) => Array.from(packed.ends, (_, i) => unpackString(packed, i)).join("\n");
    expect(list(scanned.tokens) === list(parsed.tokens)).toBe(true);
    expect(list(scanned.merges.packed()) === list(parsed.merges.packed())).toBe(true);
    expect({ ...scanned, tokens: 0, merges: 0 }).toEqual({ ...parsed, tokens: 0, merges: 0 });
  });

  it("reads merges as pairs and as strings, with any white space", () => {
    const json = JSON.parse(fixtureText("models/qwen2_tied/tokenizer.json")) as TokenizerJson;
    const strings = { ...json, model: { ...json.model, merges: json.model.merges.map((pair) => [...pair].join(" ")) } };
    const expected = [...createTokenizer(readTokenizerJson(json, "x")).encode(sample)];
    for (const text of [JSON.stringify(json), JSON.stringify(strings), JSON.stringify(json, null, 1)]) {
      expect(scanTokenizerJson(utf8(text))).toBeDefined();
      expect([...createTokenizer(parseTokenizerJson(utf8(text), "x")).encode(sample)]).toEqual(expected);
    }
  });

  it("refuses what it cannot do, by name", () => {
    const json = JSON.parse(fixtureText("models/qwen2_tied/tokenizer.json"));
    const read = (change: object) => () => readTokenizerJson({ ...json, ...change }, "tok.json");
    expect(read({ model: { ...json.model, type: "Unigram" } })).toThrow(/model\.type is "Unigram"/);
    expect(read({ model: { ...json.model, ignore_merges: true } })).toThrow(/ignore_merges/);
    expect(read({ normalizer: { type: "Lowercase" } })).toThrow(/"Lowercase"/);
    expect(read({ pre_tokenizer: { type: "Whitespace" } })).toThrow(/pre_tokenizer/);
    expect(read({ model: { ...json.model, vocab: { a: -1 } } })).toThrow(/vocab\["a"\]/);
    expect(read({ model: { ...json.model, vocab: { a: 1, b: 1 } } })).toThrow(/share the id 1/);
    expect(() => createTokenizer(read({ model: { ...json.model, merges: ["zz qq"] } })())).toThrow(
      /merge 0 \("zz qq"\)/,
    );
    expect(() => createTokenizer(read({ model: { vocab: { a: 0 }, merges: [] } })())).toThrow(/byte 0x00/);
    expect(() => parseTokenizerJson(utf8("{"), "tok.json")).toThrow(/tok.json: not valid JSON/);
  });
});

describe("GGUF", () => {
  it("reads the fixtures' vocabulary", async () => {
    const checkpoint = await openGguf(await nodeFiles(new URL("gguf/qwen2_tied-q8_0.gguf", fixtures).pathname));
    const tokenizer = await loadTokenizer({ checkpoint });
    const cases = JSON.parse(fixtureText("models/qwen2_tied/tokenizer_cases.json")) as {
      text: string;
      ids: number[];
    }[];
    for (const { text, ids } of cases) expect([...(tokenizer?.encode(text) ?? [])]).toEqual(ids);
    const decoded = await loadTokenizer({ checkpoint: { name: "x", metadata: new Map(checkpoint.metadata) } });
    for (let id = 0; id < 320; id++) expect(tokenizer?.tokenOf(id)).toBe(decoded?.tokenOf(id));
    expect(tokenizer?.addedTokens).toEqual(decoded?.addedTokens);
    expect(tokenizer?.encode(sample)).toEqual(decoded?.encode(sample));
    await checkpoint.close();
  });

  it("marks special what the published file does, though the converter types fim, repo and file_sep as control", async () => {
    const json = qwen25Json() as TokenizerJson;
    const published = qwen25();
    const tokens: string[] = [];
    const types: number[] = [];
    for (const [token, id] of Object.entries(json.model.vocab)) {
      tokens[id] = token;
      types[id] = 1;
    }
    for (const { id, content, special } of json.added_tokens) {
      tokens[id] = content;
      types[id] = special || content.startsWith("<|") ? 3 : 4;
    }
    tokens.push("[PAD151665]");
    types.push(5);
    const metadata = new Map<string, GgufValue>([
      ["tokenizer.ggml.model", "gpt2"],
      ["tokenizer.ggml.pre", "qwen2"],
      ["tokenizer.ggml.tokens", tokens],
      ["tokenizer.ggml.token_type", Int32Array.from(types)],
      ["tokenizer.ggml.merges", json.model.merges.map((pair) => pair.join(" "))],
    ]);
    const tokenizer = await loadTokenizer({ checkpoint: { metadata, name: "x.gguf" } });
    expect(tokenizer?.specialIds).toEqual(published.specialIds);
    for (const mode of ["all", "nonspecial", "none"] as const)
      expect(tokenizer?.encode(sample, mode)).toEqual(published.encode(sample, mode));
    expect(tokenizer?.decode([151665])).toBe("");
  });

  it("refuses other kinds of vocabulary", async () => {
    const load = (entries: [string, GgufValue][]) =>
      loadTokenizer({
        checkpoint: { metadata: new Map([["tokenizer.ggml.tokens", ["a"]], ...entries]), name: "x.gguf" },
      });
    await expect(load([["tokenizer.ggml.model", "llama"]])).rejects.toThrow(/tokenizer.ggml.model is "llama"/);
    await expect(load([["tokenizer.ggml.pre", "constructor"]])).rejects.toThrow(/tokenizer.ggml.pre is "constructor"/);
    await expect(load([])).rejects.toThrow(/tokenizer.ggml.merges is missing/);
    await expect(
      load([
        ["tokenizer.ggml.merges", ["ab"]],
        ["tokenizer.ggml.token_type", [1]],
      ]),
    ).rejects.toThrow(/merges\[0\] is "ab"/);
    await expect(load([["tokenizer.ggml.token_type", [1, 2]]])).rejects.toThrow(/2 entries for 1 tokens/);
  });
});

describe("vocab.json and merges.txt", () => {
  const json = JSON.parse(fixtureText("models/qwen3_tied/tokenizer.json")) as TokenizerJson;
  const base = {
    "vocab.json": utf8(JSON.stringify(json.model.vocab)),
    "merges.txt": utf8(`#version: 0.2\n${json.model.merges.map((pair) => pair.join(" ")).join("\n")}\n`),
  };
  const expected = createTokenizer(readTokenizerJson(json, "x"));

  it("takes added tokens from tokenizer_config.json", async () => {
    const decoder = Object.fromEntries(json.added_tokens.map(({ id, content, special }) => [id, { content, special }]));
    const config = utf8(JSON.stringify({ added_tokens_decoder: decoder }));
    const tokenizer = await loadTokenizer({ files: memoryFiles("m", { ...base, "tokenizer_config.json": config }) });
    expect(tokenizer?.specialIds).toEqual(expected.specialIds);
    expect(tokenizer?.encode(sample)).toEqual(expected.encode(sample));
  });

  it("or from added_tokens.json", async () => {
    const added = Object.fromEntries(json.added_tokens.map(({ id, content }) => [content, id]));
    const special = {
      eos_token: { content: "<|im_end|>" },
      pad_token: "<|endoftext|>",
      additional_special_tokens: ["<|im_start|>"],
    };
    const tokenizer = await loadTokenizer({
      files: memoryFiles("m", {
        ...base,
        "added_tokens.json": utf8(JSON.stringify(added)),
        "special_tokens_map.json": utf8(JSON.stringify(special)),
      }),
    });
    expect(tokenizer?.specialIds).toEqual([304, 305, 306]);
    expect(tokenizer?.encode(sample)).toEqual(expected.encode(sample));
  });
});

it("a model without a tokenizer has none", async () => {
  expect(
    await loadTokenizer({ files: memoryFiles("m", { "config.json": utf8("{}"), "x.safetensors": utf8("") }) }),
  ).toBe(undefined);
});
