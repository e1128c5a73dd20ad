// Answers that must look like something, from models with random weights at temperature 2: whatever the grammar allows comes.

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { schemas } from "../../test/support/schemas.ts";
import { stringFormats } from "../../test/support/string-formats.ts";
import { generate, openFixture } from "./testing.ts";
import type { GenerateOptions, OutputFormat } from "./types.ts";

const wild = { temperature: 2, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, maxTokens: 150 } as const;
const ajv = new Ajv2020({ strict: false, formats: stringFormats });
const prompt = [5, 6, 7, 8];

function broken(schema: unknown, text: string): string | undefined {
  const validate = ajv.compile(schema as object);
  try {
    return validate(JSON.parse(text)) ? undefined : `${text}: ${ajv.errorsText(validate.errors)}`;
  } catch (error) {
    return `${text}: ${error}`;
  }
}

const json = (schema: unknown) => ({ type: "json-schema", schema }) as const;

describe("a format", () => {
  it("of JSON schemas is met", async () => {
    await using model = await openFixture("models/qwen3_tied", { poolTokens: 8192, maxRequests: 100 });
    const answers = await Promise.all(
      Object.values(schemas).map((schema, seed) => generate(model, prompt, { ...wild, seed, format: json(schema) })),
    );
    const failures = Object.values(schemas).map((schema, i) => broken(schema, answers[i].text));
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
    expect(new Set(answers.map(({ end }) => end.reason))).toEqual(new Set(["stop"]));
  });

  it("of any other kind is met", async () => {
    await using model = await openFixture("models/qwen2_tied");
    const whole = async (format: OutputFormat, seed: number) => {
      const { text, end } = await generate(model, prompt, { ...wild, seed, format });
      expect(end.reason).toBe("stop");
      return text;
    };
    for (const seed of [1, 2, 3]) {
      expect(Array.isArray(JSON.parse(await whole({ type: "json" }, seed)))).toBe(false);
      expect(await whole({ type: "regex", pattern: "[a-c]+(ü|\\d{2})?" }, seed)).toMatch(/^[a-c]+(ü|\d{2})?$/);
      expect(["yes", "no", "maybe 🙂"]).toContain(
        await whole({ type: "choice", choices: ["yes", "no", "maybe 🙂"] }, seed),
      );
      const ebnf = 'root ::= item ("," item)*\nitem ::= [0-9]{1,3} | "(" root ")" # nested';
      expect(await whole({ type: "grammar", ebnf }, seed)).toMatch(/^[\d(][\d(),]*$/);
    }
  });

  it("takes the shortest ending near the limit of tokens, and of the context", async () => {
    await using model = await openFixture("models/qwen3_tied", { contextTokens: 64 });
    const list = json({ type: "array", items: { type: "string" }, minItems: 3 });
    for (let maxTokens = 10; maxTokens < 24; maxTokens++) {
      const { text, end } = await generate(model, prompt, { ...wild, seed: maxTokens, maxTokens, format: list });
      expect([end.reason, broken(list.schema, text)]).toEqual(["stop", undefined]);
      expect(end.usage.completionTokens).toBeLessThanOrEqual(maxTokens);
    }
    const { text, end } = await generate(model, prompt, { ...wild, maxTokens: undefined, seed: 1, format: list });
    expect([end.reason, broken(list.schema, text)]).toEqual(["stop", undefined]);
    const cut = await generate(model, prompt, { ...wild, seed: 1, maxTokens: 9, format: list });
    expect(cut.end.reason).toBe("length");
  });

  it("gives the same text with drafts as without", async () => {
    await using model = await openFixture("models/qwen3_tied");
    let drafted = 0;
    const pairs = json({ type: "array", items: { enum: ["abcabc", "abcabd"] }, minItems: 12, maxItems: 40 });
    for (const seed of [1, 2, 3, 4]) {
      const ask = { ...wild, seed, temperature: seed === 1 ? 0 : 1, maxTokens: 200, format: pairs };
      const plain = await generate(model, prompt, ask);
      const fast = await generate(model, prompt, { ...ask, speculate: true });
      expect(fast.end.tokens).toEqual(plain.end.tokens);
      drafted += fast.end.speculation?.accepted ?? 0;
    }
    expect(drafted).toBeGreaterThan(20);
  });

  it("is refused where it cannot be followed, by name and place", async () => {
    await using model = await openFixture("models/qwen3_tied");
    const refusal = (options: GenerateOptions) =>
      generate(model, prompt, options).then(
        () => "",
        (error) => error.message,
      );
    const schema = (inside: object) => ({ format: json({ type: "object", properties: { a: inside } }) });
    expect(await refusal(schema({ uniqueItems: true }))).toContain("#/properties/a: uniqueItems is not supported");
    expect(await refusal(schema({ not: {} }))).toContain("#/properties/a: not is not supported");
    expect(await refusal(schema({ type: "string", format: "iri" }))).toContain('#/properties/a: format "iri"');
    expect(await refusal(schema({ required: ["__proto__"] }))).toContain('"__proto__" is not supported');
    expect(await refusal(schema({ const: [Infinity] }))).toContain("that JSON cannot write");
    expect(await refusal(schema({ $ref: "#/nowhere" }))).toContain("points to nothing");
    expect(await refusal({ format: { type: "regex", pattern: "a(?=b)" } })).toContain("look-ahead");
    expect(await refusal({ format: { type: "grammar", ebnf: 'root ::= root | "a"' } })).toContain("left recursion");
    expect(await refusal({ format: { type: "grammar", ebnf: "root ::= x" } })).toContain(
      "line 1, column 10: the rule x",
    );
    expect(await refusal({ format: { type: "choice", choices: [] } })).toContain("choices");
    expect(await refusal({ format: json({ type: "integer", minimum: 3, maximum: 2 }) })).toContain("no text matches");
    expect(await refusal({ format: json({}), ignoreEos: true })).toContain("ignoreEos");
  });
});
