import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { GgufValue } from "../../src/formats/checkpoint.ts";
import { memoryFiles } from "../../src/formats/sources.ts";
import { loadTokenizer } from "../../src/text/load-tokenizer.ts";
import { encodePrompt, renderTemplate } from "../../src/text/render-template.ts";
import { checkPieces, parseAll } from "../../src/text/testing.ts";
import { createTokenizer, type Tokenizer } from "../../src/text/tokenizer.ts";
import { parseTokenizerJson } from "../../src/text/tokenizer-json.ts";
import { fuzz, fuzzRuns, mutate, mutateJson, pick, type Random } from "../support/fuzz.ts";

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

/** Vitest's expect takes longer than what it is asked about here. */
function same(found: string, expected: string): void {
  if (found !== expected) expect(found).toBe(expected);
}

/** What must hold of any tokenizer that was accepted, on any well-formed text. `normal`: the text as it comes back. */
function checkTokenizer(tokenizer: Tokenizer, text: string, normal?: string): void {
  for (const mode of ["all", "nonspecial", "none"] as const) {
    const ids = tokenizer.encode(text, mode);
    const stream = tokenizer.stream();
    const streamed = Array.from(ids, (id) => stream.push(id)).join("") + stream.end();
    same(streamed, tokenizer.decode(ids));
    if (normal !== undefined) same(streamed, normal);
    for (const id of ids) if (id >= tokenizer.vocabSize) throw new Error(`id ${id} is beyond the vocabulary`);
    same(tokenizer.encode(text, mode).join(), ids.join()); // now from the cache
  }
}

interface TokenizerJson {
  readonly added_tokens: { id: number; content: string; special: boolean }[];
  normalizer: unknown;
  readonly model: { vocab: Record<string, number>; merges: [string, string][] };
}

/** Another tokenizer of the same kind, most often a sound one: ids, merges and added tokens changed, none of them left dangling. */
function another(random: Random): TokenizerJson {
  const json: TokenizerJson = JSON.parse(small);
  const { vocab, merges } = json.model;
  const words = Object.keys(vocab);
  const place = () => random(merges.length + 1);
  for (let changes = random(6); changes > 0; changes--) {
    const [one, other] = [pick(words, random), pick(words, random)];
    switch (random(8)) {
      case 0:
        [vocab[one], vocab[other]] = [vocab[other], vocab[one]];
        break;
      case 1:
        merges.splice(place(), 1);
        break;
      case 2:
        merges.splice(place(), 0, ...merges.splice(place(), 1 + random(3)));
        break;
      case 3:
        if (merges.length > 0) merges.splice(place(), 0, pick(merges, random));
        break;
      case 4:
        vocab[one + other] ??= 400 + random(random(20) === 0 ? 2 ** 21 : 500);
        merges.splice(place(), 0, [one, other]);
        break;
      case 5:
        json.added_tokens.push({ id: 1000 + random(500), content: pick(scraps, random), special: random(2) === 0 });
        break;
      case 6:
        json.added_tokens.splice(random(12), 1 + random(3));
        break;
      default:
        json.normalizer = null;
    }
  }
  return json;
}

/** The share of inputs that must be good enough to get past the reader; a run of one input may be refused. */
const enough = (share: number) => Math.floor(fuzzRuns * share);

/** In mode "none" every byte of the text comes back, composed if the tokenizer composes. */
function checkLossless(tokenizer: Tokenizer, text: string): void {
  const back = tokenizer.decode(tokenizer.encode(text, "none"));
  if (back !== text) same(back, text.normalize("NFC"));
}

describe("text", () => {
  test("any text comes back, in NFC", async () => {
    const accepted = await fuzz(async (random) => {
      const text = randomText(random);
      // Added tokens part the text before it is normalised; none of the scraps composes with one.
      for (const tokenizer of [real, qwen35]) checkTokenizer(tokenizer, text, tokenizer.decode(tokenizer.encode(text)));
      same(real.decode(real.encode(text, "none")), text.normalize("NFC"));
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("tokenizer.json", async () => {
    const accepted = await fuzz(async (random) => {
      const kind = random(4);
      const bytes =
        kind < 2
          ? utf8(JSON.stringify(another(random), undefined, kind))
          : kind === 2
            ? utf8(mutateJson(small, random))
            : mutate(utf8(small), random);
      const tokenizer = await loadTokenizer({ files: memoryFiles("fuzz", { "tokenizer.json": bytes }) });
      if (!tokenizer) return;
      const text = randomText(random);
      checkTokenizer(tokenizer, text);
      if (kind < 2) checkLossless(tokenizer, text);
    });
    expect(accepted).toBeGreaterThanOrEqual(enough(0.2));
  });

  test("vocab.json, merges.txt and their companions", async () => {
    const filesOf = ({ model }: TokenizerJson) => ({
      "vocab.json": JSON.stringify(model.vocab),
      "merges.txt": model.merges.map((pair) => pair.join(" ")).join("\n"),
      "tokenizer_config.json": read("models/qwen2_tied/tokenizer_config.json").toString(),
      "added_tokens.json": JSON.stringify({ "<|im_end|>": 306 }),
      "special_tokens_map.json": JSON.stringify({ eos_token: { content: "<|im_end|>" } }),
    });
    const accepted = await fuzz(async (random) => {
      const kind = random(3);
      const files = filesOf(kind === 0 ? another(random) : JSON.parse(small));
      const all: Record<string, Uint8Array> = {};
      for (const [name, value] of Object.entries(files)) all[name] = utf8(value);
      const broken = pick(Object.keys(files), random) as keyof typeof files;
      if (kind === 1) all[broken] = mutate(all[broken], random);
      if (kind === 2) all[broken] = utf8(mutateJson(files[broken], random));
      const tokenizer = await loadTokenizer({ files: memoryFiles("fuzz", all) });
      if (!tokenizer) return;
      const text = randomText(random);
      checkTokenizer(tokenizer, text);
      if (kind === 0) checkLossless(tokenizer, text);
    });
    expect(accepted).toBeGreaterThanOrEqual(enough(0.2));
  });

  test("GGUF metadata", async () => {
    const odd: GgufValue[] = [0, "", true, [], ["a"], [1, 2], Int32Array.of(3, 4, 5), 2n ** 63n, [["x"]]];
    const accepted = await fuzz(async (random) => {
      const sound = random(2) === 0;
      const { added_tokens: added, model } = another(random);
      const some: string[] = [];
      for (const [token, id] of Object.entries(model.vocab)) if (id < 1000) some[id] = token;
      for (const { id, content } of added) some[id] = content;
      for (let id = 0; id < some.length; id++) some[id] ??= `[PAD${id}]`;
      const types = Int32Array.from(some, () => 1);
      for (const { id, special } of added) types[id] = special ? 3 : 4;
      if (!sound) {
        for (let changes = random(4); changes > 0; changes--) some[random(some.length)] = pick(scraps, random);
        for (let changes = random(4); changes > 0; changes--) types[random(types.length)] = random(8);
      }
      const metadata = new Map<string, GgufValue>([
        ["tokenizer.ggml.model", "gpt2"],
        ["tokenizer.ggml.pre", pick(["qwen2", "qwen35"], random)],
        ["tokenizer.ggml.tokens", some],
        ["tokenizer.ggml.merges", model.merges.map((pair) => pair.join(" "))],
        ["tokenizer.ggml.token_type", types],
      ]);
      if (!sound && random(4) === 0) metadata.set(pick([...metadata.keys()], random), pick(odd, random));
      const tokenizer = await loadTokenizer({ checkpoint: { name: "fuzz", metadata } });
      if (!tokenizer) return;
      const text = randomText(random);
      checkTokenizer(tokenizer, text);
      if (sound) checkLossless(tokenizer, text);
    });
    expect(accepted).toBeGreaterThanOrEqual(enough(0.2));
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
      same(prompt.pieces.map((piece) => piece.text).join(""), prompt.text);
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
      const whole = parseAll([answer]);
      checkPieces(whole);
      const cut = random(answer.length + 1);
      expect(parseAll([answer.slice(0, cut), answer.slice(cut)])).toEqual(whole);
    });
  });
});
