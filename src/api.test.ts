import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspect, load, openAsGguf, Qwen, type Session } from "./api.ts";
import { AnyqwenError } from "./core/errors.ts";
import { fixture, type Opened, openFixture } from "./engine/testing.ts";

// What callers without types may hand over: each is refused with what was found and what is expected. `as never` gets past
// the types.

const path = fixture("models/qwen3_tied");

let opened: Opened;
let qwen: Qwen;
let session: Session;
beforeAll(async () => {
  opened = await openFixture("models/qwen3_tied");
  qwen = new Qwen(opened.client, opened.info);
  session = await qwen.session();
});
afterAll(() => opened.client.close());

/** How a promise or a stream fails: "code | message". */
async function failure(call: () => unknown): Promise<string> {
  try {
    const given = call();
    if (typeof given === "object" && given !== null && Symbol.asyncIterator in given) {
      for await (const _ of given as AsyncIterable<unknown>);
    } else await given;
  } catch (error) {
    if (error instanceof AnyqwenError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return "accepted";
}

const hello = [{ role: "user", content: "hi" }];

describe("arguments", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["load()", () => load(undefined as never), /load: the model is missing; expected a name/],
    ["load('')", () => load(""), /load: the model is ""; expected a name/],
    ["load(5)", () => load(5 as never), /load: the model is 5; expected a name/],
    ["load([path])", () => load([path] as never), /load: the model is \[".*\]; expected a name/],
    ["load({ file: 5 })", () => load({ "m.gguf": 5 } as never), /load: the model is an object; expected/],
    ["load options", () => load(path, "q4" as never), /load: options is "q4"; expected an object/],
    [
      "load option",
      () => load(path, { context: 5 } as never),
      /load: there is no option context; there are .*contextTok/,
    ],
    ["load signal", () => load(path, { signal: true } as never), /load: signal is true; expected an AbortSignal/],
    ["load progress", () => load(path, { onProgress: 1 } as never), /load: onProgress is 1; expected a function/],
    ["load offline", () => load(path, { offline: "no" } as never), /load: offline is "no"; expected true or false/],
    ["load context", () => inspect(path, { contextTokens: -1 }), /contextTokens is -1; expected a whole number/],
    [
      "load context",
      () => inspect(path, { contextTokens: Number.NaN }),
      /contextTokens is NaN; expected a whole number/,
    ],
    ["load chunk", () => inspect(path, { chunk: 1.5 }), /chunk is 1.5; expected a whole number/],
    ["inspect()", () => inspect(undefined as never), /inspect: the model is missing/],
    ["openAsGguf()", () => openAsGguf(undefined as never), /openAsGguf: the model is missing/],

    ["chat('hi')", () => qwen.chat("hi" as never), /chat: messages is "hi"; expected a list of messages, each/],
    ["chat([])", () => qwen.chat([]), /chat: messages is \[\]; expected a list of messages/],
    ["chat([5])", () => qwen.chat([5] as never), /chat: messages is \[5\]; expected a list of messages/],
    ["chat without a role", () => qwen.chat([{ content: "x" }] as never), /chat: messages is \[an object\]; expected/],
    ["chat options", () => qwen.chat(hello, 5 as never), /chat: options is 5; expected an object/],
    ["chat options", () => qwen.chat(hello, null as never), /chat: options is null; expected an object/],
    [
      "chat option",
      () => qwen.chat(hello, { temprature: 0 } as never),
      /chat: there is no option temprature; there are/,
    ],
    ["chat tools", () => qwen.chat(hello, { tools: "f" } as never), /chat: tools is "f"; expected a list of tools/],
    ["chat thinking", () => qwen.chat(hello, { thinking: "no" } as never), /chat: thinking is "no"; expected true or/],
    [
      "generate()",
      () => qwen.generate(undefined as never),
      /generate: the prompt is missing; expected a text or a list/,
    ],
    [
      "generate ids",
      () => qwen.generate([-1]),
      /generate: the prompt is \[-1\]; expected a text or a list of token ids/,
    ],
    ["generate ids", () => qwen.generate([320]), /token id 320: this model has ids 0 to 319/],
    [
      "temperature",
      () => qwen.generate("x", { temperature: Number.NaN }),
      /temperature is NaN; expected a number from 0/,
    ],
    ["topK", () => qwen.generate("x", { topK: -1 }), /topK is -1; expected a whole number from 0/],
    ["seed", () => qwen.generate("x", { seed: "1" as never }), /seed is "1"; expected a whole number from 0/],
    ["maxTokens", () => qwen.generate("x", { maxTokens: 0 }), /maxTokens is 0; expected a whole number from 1/],
    ["stop", () => qwen.generate("x", { stop: [true] as never }), /stop is \[true\]; expected/],
    ["logitBias", () => qwen.generate("x", { logitBias: [1] as never }), /logitBias is \[1\]; expected an object/],
    ["signal", () => qwen.generate("x", { signal: 5 as never }), /generate: signal is 5; expected an AbortSignal/],

    ["tokenize(5)", () => qwen.tokenize(5 as never), /tokenize: text is 5; expected a text/],
    ["tokenize special", () => qwen.tokenize("x", { special: "some" as never }), /special is "some"; expected "all"/],
    ["detokenize('x')", () => qwen.detokenize("x" as never), /detokenize: ids is "x"; expected a list of token ids/],
    ["detokenize([1.5])", () => qwen.detokenize([1.5]), /detokenize: ids is \[1.5\]; expected a list of token ids/],
    ["template()", () => qwen.template(undefined as never), /template: options is missing; expected an object/],
    ["template({})", () => qwen.template({} as never), /template: messages is missing; expected a list of messages/],
    ["logits()", () => qwen.logits(undefined as never), /logits: ids is missing; expected a list of token ids/],
    ["logits([])", () => qwen.logits([]), /no token ids; give at least one/],
    ["logits hidden", () => qwen.logits([1], { hidden: 1 as never }), /logits: hidden is 1; expected true or false/],
    ["logits chunk", () => qwen.logits([1], { chunk: 0 }), /chunk is 0; expected a whole number/],
    ["score start", () => qwen.score([1, 2], -1), /score: start is -1; expected a whole number from 1 on/],
    ["embed('abc')", () => qwen.embed("abc" as never), /embed: texts is "abc"; expected a list of texts, or of lists/],
    ["embed([5])", () => qwen.embed([5] as never), /embed: texts is \[5\]; expected a list of texts/],
    [
      "embed dimensions",
      () => qwen.embed(["a"], { dimensions: -1 }),
      /embed: dimensions is -1; this model has 1 to 64/,
    ],
    ["embed(texts, 256)", () => qwen.embed(["a"], 256 as never), /embed: options is 256; expected an object/],
    [
      "embed option",
      () => qwen.embed(["a"], { dim: 5 } as never),
      /embed: there is no option dim; there are texts, dim/,
    ],
    ["rerank(5)", () => qwen.rerank(5 as never, ["a"]), /rerank: query is 5; expected a text/],
    ["rerank documents", () => qwen.rerank("q", "a" as never), /rerank: documents is "a"; expected a list of texts/],
    ["bench", () => qwen.bench({ repeat: 0 }), /bench: repeat is 0; expected a whole number from 1 on/],

    ["session.chat(5)", () => session.chat(5 as never), /chat: messages is 5; expected a list of messages/],
    ["session.chat options", () => session.chat("hi", 5 as never), /chat: options is 5; expected an object/],
    ["session.rewind('a')", () => session.rewind("a" as never), /rewind: length is a; the session holds 0 tokens/],
    ["session.restore(5)", () => session.restore(5 as never), /restore: bytes is 5; expected the bytes that save/],
  ])("%s", async (_, call, expected) => {
    expect(await failure(call)).toMatch(new RegExp(`^invalid-argument \\| .*${expected.source}`));
  });

  it("of the right kind are taken", async () => {
    expect(await qwen.detokenize(Int32Array.of(5, 6) as never)).toEqual(await qwen.detokenize([5, 6]));
    expect(await qwen.tokenize("x", { special: undefined })).toEqual(await qwen.tokenize("x"));
    expect(await failure(() => qwen.generate("x", { maxTokens: 1, seed: undefined }))).toBe("accepted");
    expect(await failure(() => qwen.chat(hello, { maxTokens: 1, tools: [], thinking: true }))).toBe("accepted");
  });
});
