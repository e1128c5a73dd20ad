import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { GgufValue } from "../../src/formats/checkpoint.ts";
import { memoryFiles } from "../../src/formats/sources.ts";
import { loadTokenizer } from "../../src/text/load-tokenizer.ts";
import { createOutputParser } from "../../src/text/output-parser.ts";
import { encodePrompt, renderTemplate } from "../../src/text/render-template.ts";
import { createTokenizer, type Tokenizer } from "../../src/text/tokenizer.ts";
import { parseTokenizerJson } from "../../src/text/tokenizer-json.ts";
import { fuzz, mutate, mutateJson, pick, type Random } from "../support/fuzz.ts";

// Tokenizer files, chat templates, texts and answers that nobody meant: an AnyqwenError, or a right answer.

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (path: string) => readFileSync(`test/fixtures/${path}`);
const small = read("models/qwen2_tied/tokenizer.json").toString();
const real = createTokenizer(parseTokenizerJson(gunzipSync(read("tokenizer/qwen2.5-tokenizer.json.gz")), "qwen2.5"));
const qwen35 = createTokenizer({
  ...parseTokenizerJson(gunzipSync(read("tokenizer/qwen2.5-tokenizer.json.gz")), "qwen3.5"),
  pretokeniser: "qwen35",
});

const scraps = [
  ..."aZ09 \n\t\r'\"<>|{}[]\\/._-+=!?,;:",
  ...[
    "  ",
    "\r\n",
    "'s",
    "'LL",
    "ſ",
    "é",
    "e\u0301",
    "가",
    "ᄀ",
    "ᅡ",
    "中文",
    "。",
    "の",
    "क्",
    "\u200d",
    "😀",
    "👩‍👩‍👧",
    "\ufeff",
    "\u0000",
  ],
  ...[
    "<|im_end|>",
    "<|im_start|>",
    "<|im_",
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "|im_end|",
    "world",
    "function",
  ],
];

function randomText(random: Random): string {
  let text = "";
  for (let parts = random(60); parts > 0; parts--) {
    const kind = random(10);
    if (kind < 6) text += pick(scraps, random);
    else if (kind < 8) text += String.fromCodePoint(random(0xd800));
    else if (kind < 9) text += String.fromCodePoint(0xe000 + random(0x110000 - 0xe000));
    else text += pick(scraps, random).repeat(random(40));
  }
  return text;
}

/** What must hold of any tokenizer that was accepted, on any well-formed text. */
function checkTokenizer(tokenizer: Tokenizer, text: string, normal: string): void {
  for (const mode of ["all", "nonspecial", "none"] as const) {
    const ids = tokenizer.encode(text, mode);
    const stream = tokenizer.stream();
    const streamed = Array.from(ids, (id) => stream.push(id)).join("") + stream.end();
    expect(streamed).toBe(tokenizer.decode(ids));
    expect(streamed).toBe(normal);
    expect(tokenizer.encode(text, mode)).toEqual(ids); // now from the cache
  }
}

describe("text", () => {
  test("any text comes back, in NFC", async () => {
    const accepted = await fuzz(async (random) => {
      const text = randomText(random);
      // Added tokens part the text before it is normalised; none of the scraps composes with one.
      for (const tokenizer of [real, qwen35]) checkTokenizer(tokenizer, text, tokenizer.decode(tokenizer.encode(text)));
      expect(real.decode(real.encode(text, "none"))).toBe(text.normalize("NFC"));
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("tokenizer.json", async () => {
    const accepted = await fuzz(async (random) => {
      const bytes = random(2) === 0 ? utf8(mutateJson(small, random)) : mutate(utf8(small), random);
      const tokenizer = await loadTokenizer({ files: memoryFiles("fuzz", { "tokenizer.json": bytes }) });
      const ids = tokenizer?.encode(randomText(random)) ?? [];
      tokenizer?.decode(ids);
      for (const id of ids) expect(id).toBeLessThan(tokenizer?.vocabSize ?? 0);
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("vocab.json, merges.txt and their companions", async () => {
    const json = JSON.parse(small);
    const files = {
      "vocab.json": JSON.stringify(json.model.vocab),
      "merges.txt": json.model.merges.map((pair: string[]) => pair.join(" ")).join("\n"),
      "tokenizer_config.json": read("models/qwen2_tied/tokenizer_config.json").toString(),
      "added_tokens.json": JSON.stringify({ "<|im_end|>": 306 }),
      "special_tokens_map.json": JSON.stringify({ eos_token: { content: "<|im_end|>" } }),
    };
    const accepted = await fuzz(async (random) => {
      const broken = pick(Object.keys(files), random) as keyof typeof files;
      const text = random(2) === 0 ? mutate(utf8(files[broken]), random) : utf8(mutateJson(files[broken], random));
      const all = {
        ...Object.fromEntries(Object.entries(files).map(([name, value]) => [name, utf8(value)])),
        [broken]: text,
      };
      const tokenizer = await loadTokenizer({ files: memoryFiles("fuzz", all) });
      tokenizer?.decode(tokenizer.encode(randomText(random)));
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("GGUF metadata", async () => {
    const json = JSON.parse(small);
    const tokens: string[] = [];
    for (const [token, id] of Object.entries<number>(json.model.vocab)) tokens[id] = token;
    const odd: GgufValue[] = [0, "", true, [], ["a"], [1, 2], Int32Array.of(3, 4, 5), 2n ** 63n, [["x"]]];
    const accepted = await fuzz(async (random) => {
      const some = [...tokens];
      for (let changes = random(4); changes > 0; changes--) some[random(some.length)] = pick(scraps, random);
      const metadata = new Map<string, GgufValue>([
        ["tokenizer.ggml.model", "gpt2"],
        ["tokenizer.ggml.pre", pick(["qwen2", "qwen35"], random)],
        ["tokenizer.ggml.tokens", some],
        ["tokenizer.ggml.merges", json.model.merges.map((pair: string[]) => pair.join(" "))],
        ["tokenizer.ggml.token_type", Int32Array.from(some, () => (random(50) === 0 ? random(8) : 1))],
      ]);
      if (random(4) === 0) metadata.set(pick([...metadata.keys()], random), pick(odd, random));
      const tokenizer = await loadTokenizer({ checkpoint: { name: "fuzz", metadata } });
      tokenizer?.decode(tokenizer.encode(randomText(random)));
    });
    expect(accepted).toBeGreaterThan(0);
  });

  const templates = ["qwen2.5", "qwen3-0.6b", "qwen3-coder", "qwen3.5-4b", "qwq-32b"].map((name) =>
    read(`templates/${name}.jinja`).toString(),
  );
  const { conversations } = JSON.parse(read("templates/renders.json").toString());

  test("chat templates", async () => {
    const accepted = await fuzz(async (random) => {
      const source = pick(templates, random);
      const broken =
        random(2) === 0 ? mutateJson(source, random) : new TextDecoder().decode(mutate(utf8(source), random));
      const input = pick(Object.values<{ messages: unknown[] }>(conversations), random);
      const prompt = renderTemplate(broken, input, { addedTokens: real.addedTokens });
      expect(prompt.pieces.map((piece) => piece.text).join("")).toBe(prompt.text);
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("messages never become special tokens", async () => {
    await fuzz(async (random) => {
      const source = pick(templates, random);
      const special = real.addedTokens.filter((token) => token.special);
      const conversation = (text: () => string) => ({
        messages: [
          { role: "system", content: text() },
          { role: "user", content: `a${text()}` },
          { role: "assistant", content: text(), tool_calls: [{ function: { name: "f", arguments: { a: text() } } }] },
          { role: "tool", content: text() },
          { role: "user", content: `${text()}b` },
        ],
      });
      const count = (text: () => string) => {
        const ids = encodePrompt(real, renderTemplate(source, conversation(text), { addedTokens: real.addedTokens }));
        return special.map((token) => ids.filter((id) => id === token.id).length);
      };
      expect(count(() => randomText(random))).toEqual(count(() => "x"));
    });
  });

  test("answers", async () => {
    const tags = [
      "<think>",
      "</think>",
      "<tool_call>",
      "</tool_call>",
      "<function=f>",
      "</function>",
      "<parameter=a>",
      "</parameter>",
    ];
    await fuzz(async (random) => {
      const answer = Array.from({ length: random(30) }, () => pick(random(2) === 0 ? tags : scraps, random)).join("");
      const parse = (pieces: string[]) => {
        const parser = createOutputParser({ newId: () => "id" });
        const parts = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
        const joined = ["text", "reasoning"].map((type) =>
          parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join(""),
        );
        return [...joined, parts.filter((part) => part.type !== "text" && part.type !== "reasoning")];
      };
      const cut = random(answer.length + 1);
      expect(parse([answer.slice(0, cut), answer.slice(cut)])).toEqual(parse([answer]));
      for (const part of createOutputParser().push(answer))
        if (part.type === "tool-call") expect(typeof JSON.parse(part.arguments)).toBe("object");
    });
  });
});
