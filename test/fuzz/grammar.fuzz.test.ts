import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { compileAnswer } from "../../src/generate/grammar/answer.ts";
import { checkFormat, type OutputFormat } from "../../src/generate/grammar/format.ts";
import { draw, vocabulary } from "../../src/generate/grammar/testing.ts";
import { fuzz, mutateJson, pick, type Random } from "../support/fuzz.ts";
import { schemas } from "../support/schemas.ts";
import { stringFormats } from "../support/string-formats.ts";

// Formats from strangers: refused with an error, or followed by whatever comes; never a hang, never a text that breaks them.

/** Milliseconds for what a stranger may ask, on a machine that does other things too. */
const LONGEST = 5_000;

function attempt(format: OutputFormat, seed: number): string | undefined {
  const start = performance.now();
  checkFormat(format);
  const { text, whole } = draw(compileAnswer({ format }, vocabulary), seed, 60);
  const took = performance.now() - start;
  if (took > LONGEST) throw new Error(`${JSON.stringify(format).slice(0, 2000)} took ${took} ms`);
  return whole ? text : undefined;
}

function anyOf(fragments: readonly string[], most: number, random: Random): string {
  return Array.from({ length: 1 + random(most) }, () => pick(fragments, random)).join("");
}

const pieces = [
  "a",
  "b",
  "é",
  ".",
  "\\d",
  "[a-f]",
  "[^x]",
  "\\w",
  "\\s",
  "\\p{L}",
  "|",
  "(",
  ")",
  "(?:",
  "*",
  "+",
  "?",
  "{2}",
  "{0,3}",
  "{9,}",
  "{999}",
  "^",
  "$",
  "\\\\",
  '"',
  "(a|b)*",
  "(a?){50}",
  "[",
  "]",
  "-",
];
const rules = [
  "root ::= ",
  "x ::= ",
  "y ::= ",
  "root ",
  "x ",
  "y ",
  '"a" ',
  '"b" ',
  '"" ',
  "[0-9] ",
  "[^a] ",
  ". ",
  "| ",
  "( ",
  ") ",
  "* ",
  "+ ",
  "? ",
  "{3} ",
  "{0,99999} ",
  "\n",
  "# c\n",
];

describe("formats", () => {
  test("mutated schemas", async () => {
    const texts = Object.values(schemas).map((schema) => JSON.stringify(schema));
    const ajv = () => new Ajv2020({ strict: false, validateSchema: false, logger: false, formats: stringFormats });
    let documents = 0;
    await fuzz(async (random) => {
      const given = mutateJson(pick(texts, random), random);
      let schema: unknown;
      try {
        schema = JSON.parse(given);
      } catch {
        return;
      }
      const text = attempt({ type: "json-schema", schema }, random(1000));
      // oneOf is read as anyOf, and ajv passes over patterns of this name.
      if (text === undefined || given.includes("oneOf") || given.includes("__proto__")) return;
      let validate: ReturnType<Ajv2020["compile"]>;
      try {
        validate = ajv().compile(schema as object);
      } catch {
        JSON.parse(text);
        return;
      }
      if (!validate(JSON.parse(text))) throw new Error(`${given} does not allow ${text}`);
      documents++;
    });
    expect(documents).toBeGreaterThan(0);
  });

  test("regular expressions", async () => {
    const accepted = await fuzz(async (random) => {
      const pattern = anyOf(pieces, 14, random);
      const text = attempt({ type: "regex", pattern }, random(1000));
      // What JavaScript reads otherwise, or would search through for too long, is only followed.
      if (text === undefined || /[*+]|\{9|[\]}]/.test(pattern)) return;
      if (!new RegExp(`^(?:${pattern})$`, "u").test(text))
        throw new Error(`/${pattern}/ does not match ${JSON.stringify(text)}`);
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("grammars", async () => {
    const accepted = await fuzz(async (random) => {
      attempt({ type: "grammar", ebnf: `root ::= ${anyOf(rules, 24, random)}` }, random(1000));
    });
    expect(accepted).toBeGreaterThan(0);
  });

  test("schemas that are large, deep or wide", async () => {
    const nested = (depth: number): unknown => (depth === 0 ? {} : { type: "array", items: nested(depth - 1) });
    const wide = Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [`p${i}`, { type: "string", maxLength: 9 }]),
    );
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    const monsters: unknown[] = [
      nested(90),
      nested(5000),
      { type: "object", properties: wide },
      { $ref: "#/$defs/d0", $defs: { ...doubling, d40: { type: "object", properties: { a: {} } } } },
      { $ref: "#" },
      { allOf: [{ $ref: "#" }] },
      {
        anyOf: Array.from({ length: 3000 }, (_, i) => ({ type: "array", minItems: i % 50, items: { type: "number" } })),
      },
      { type: "string", pattern: "(a{0,100}){0,100}b", maxLength: 3000 },
      { type: "string", pattern: "(.*a){12}.*b.*", minLength: 20 },
      { type: "string", maxLength: 2 ** 40 },
      { type: "array", minItems: 1e6, items: { type: "boolean" } },
      { enum: Array.from({ length: 20000 }, (_, i) => "x".repeat(i % 40) + i) },
      {
        allOf: Array.from({ length: 12 }, () => ({
          anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }],
        })),
      },
    ];
    for (const [i, schema] of monsters.entries()) {
      try {
        attempt({ type: "json-schema", schema }, 1);
      } catch (error) {
        expect([i, (error as Error).name]).toEqual([i, "AnyqwenError"]);
      }
    }
  });
});
