// Calls while they are written: the pieces of their arguments are the whole ones, however the answer is cut, and come as early as they
// can be known.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOutputParser, type OutputPart } from "./output-parser.ts";
import { checkPieces, parseAll, withoutPieces } from "./testing.ts";

const properties = { s: { type: "string" }, n: { type: "integer" }, u: { type: ["string", "null"] } };
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties } } }];

const hermes = (inside: string) => `<tool_call>${inside}</tool_call>`;
const xml = (inside: string) => `<tool_call>\n<function=f>\n${inside}</function>\n</tool_call>`;
const parameter = (key: string, value: string) => `<parameter=${key}>\n${value}\n</parameter>\n`;

/** Short, since every pair of cuts is tried. */
const corpus: Readonly<Record<string, string>> = {
  "a call": hermes('\n{"name": "f", "arguments": {"s": "a\\nb\\u00e9", "n": -1.5e3}}\n'),
  "slips of JSON": hermes("{'name': 'f', arguments: {'s': 'a\nb\\d', l: [1, True,],}}}"),
  "brackets that are missing": hermes('{"name": "f", "arguments": {"n": [1, {"a": 2'),
  "arguments before the name": hermes('{"arguments": {"s": "x"}, "name": "f"}'),
  "arguments as a text, and none": hermes('{"name": "f", "arguments": "{\\"n\\": 1}"}{"name": "g"}'),
  "a name within": hermes('{"function": {"name": "f", "arguments": {"n": 1}}}'),
  "a name beside a function": hermes('{"name": "f", "arguments": {"n": 1}, "function": {"name": "g"}}'),
  "a second call in the block": hermes('{"name": "f", "arguments": {"n": 1}}\n{"name": "g", "arguments": {}}'),
  "a second call that is none": hermes('{"name": "f", "arguments": {"n": 1}}{"n": 1}'),
  "markup in a string": hermes('{"name": "f", "arguments": {"s": "a </tool_call> \\" <b"}}'),
  "a string that never ends": '<tool_call>{"name": "f", "arguments": {"s": "x}\n</tool_call>\nSo </tool_c',
  "characters of two units": hermes('{"name": "f", "arguments": {"😀": "a😀\\ud83d\\ude00\\ud83d b"}}'),
  "nonsense in the arguments": `${hermes('{"name": "f", "arguments": {"s": "x", "n": what}}')}So.`,
  "a code block": hermes('```json\n{"name": "f", "arguments": {"s": "`"}}\n```'),
  "what breaks off": '<tool_call>{"name": "f", "arguments": {"s": "ls -l </to',
  "no arguments": hermes('{"name": "f", "arguments": {}}'),
  parameters: xml(parameter("s", ' say "a"\n\n b 😀 ') + parameter("n", "7") + parameter("u", "null")),
  "no parameters": xml(""),
  "no outer tags": `a\n<function=f>\n${parameter("s", "x")}</function>\nb`,
  "markup in a parameter": xml(parameter("s", "a </parameter> b </function>\n<parameter=q> </tool_call> c")),
  "parameters that are not closed": xml("<parameter=s>\nx  \n<parameter=n>\n1\n"),
  "a parameter that is not closed, and text": `${xml("<parameter=s>\nx  \n")} x </parameter> y`,
  "two functions": `<tool_call><function=f>\n${parameter("s", "x")}</function><function=g></function></tool_call>`,
  "a function that breaks off": `<tool_call><function=f>\n${parameter("s", "x")}<parameter=s>\nls </para`,
  "a name that is none": `<tool_call><function=f>${parameter("s", "x")}</function><function=a b></function></tool_call>`,
};

const read = (pieces: readonly string[]) => JSON.stringify(parseAll(pieces, { tools }));

describe("pieces of a call", () => {
  for (const [name, answer] of Object.entries(corpus))
    it(`${name}: the same for every two cuts, and unit by unit`, () => {
      const whole = parseAll([answer], { tools });
      checkPieces(whole);
      const expected = JSON.stringify(whole);
      expect(read(answer.split(""))).toBe(expected);
      for (let a = 1; a < answer.length; a++)
        for (let b = a; b < answer.length; b++) {
          const pieces = [answer.slice(0, a), answer.slice(a, b), answer.slice(b)];
          if (read(pieces) !== expected) expect([pieces, read(pieces)]).toEqual([pieces, expected]);
        }
    });

  const scraps = {
    hermes: [
      ...['{"name": "f", "arguments": {', '"s": ', "'k': ", "k: ", '"name": "g"', '"arguments": ', '"function": {'],
      ...["{", "}", "}}", "[", "]", ",", '"', "'", "\\", '\\"', "\\u00e", "\\ud83d", "\\ude00", "\ud83d", "\ude00"],
      ...["1", "-", ".5", "e3", "true", "None", "x", " ", "\n", "```", "<", "</tool", "</tool_call>", "<tool_call>"],
    ],
    xml: [
      ...["<function=f>\n", "<function=", "</function>", "</func", "<parameter=s>\n", "<parameter=n>", "<parameter="],
      ...["</parameter>\n", "</parameter>", "</para", ">", "x", "7", "null", '"', "\\", "\n", " ", "\ud83d", "\ude00"],
      ...["{", "}", "```", "<", "</tool", "</tool_call>", "<tool_call>", "</think>"],
    ],
  };
  const starts = {
    hermes: '<tool_call>{"name": "f", "arguments": {',
    xml: "<tool_call>\n<function=f>\n<parameter=s>\n",
  };
  for (const form of ["hermes", "xml"] as const)
    it(`${form}: hold for any answer and any cuts`, () => {
      const body = fc.array(fc.constantFrom(...scraps[form]), { maxLength: 16 });
      const cuts = fc.array(fc.nat(300), { maxLength: 8 });
      fc.assert(
        fc.property(body, cuts, fc.constantFrom("", " a", "</tool_call>b"), (found, cut, rest) => {
          const answer = starts[form] + found.join("") + rest;
          const at = [...new Set(cut.map((n) => n % (answer.length + 1)))].sort((a, b) => a - b);
          const pieces = [0, ...at].map((start, i) => answer.slice(start, at[i] ?? answer.length));
          const whole = parseAll([answer], { tools });
          checkPieces(whole);
          expect(read(pieces)).toBe(JSON.stringify(whole));
        }),
        { numRuns: 3000 },
      );
    });
});

/** What each push of one more piece gives. */
function follow(pieces: readonly string[]): OutputPart[][] {
  const parser = createOutputParser({ tools, newId: () => "id" });
  return pieces.map((piece) => parser.push(piece));
}

const start: OutputPart = { type: "tool-call-start", id: "id", name: "f" };
const delta = (piece: string): OutputPart => ({ type: "tool-call-delta", id: "id", arguments: piece });

describe("a call is told as soon as it is known", () => {
  it("in JSON", () => {
    const pieces = [
      '<tool_call>{"name": "f", "arguments":',
      " {",
      '"s": "a',
      "b\\",
      'n"',
      ', "n": 1',
      "2, ",
      '"x": [tr',
      "ue",
    ];
    expect(follow(pieces)).toEqual([
      [],
      [start, delta("{")],
      [delta('"s":"a')],
      [delta("b")],
      [delta('\\n"')],
      [delta(',"n":')],
      [delta("12")],
      [delta(',"x":[')],
      [],
    ]);
  });

  it("in XML", () => {
    const pieces = ["<tool_call><function=", "f>", "<parameter=s>\n", 'say "', "a\n", "b <", "c", "\n</parameter>\n<"];
    const more = ["parameter=n>1", "</parameter></", "function></tool_call>"];
    const whole = '{"s":"say \\"a\\nb <c","n":1}';
    expect(follow([...pieces, ...more])).toEqual([
      [],
      [start, delta("{")],
      [delta('"s":"')],
      [delta('say \\"')],
      [delta("a")],
      [delta("\\nb")],
      [delta(" <c")],
      [],
      [delta('","n":')],
      [],
      [delta("1}"), { type: "tool-call", id: "id", name: "f", arguments: whole }],
    ]);
  });

  it("and given up where it breaks off", () => {
    const answer = '<tool_call>{"name": "f", "arguments": {"s": "rm -r';
    const parts = parseAll([answer]);
    expect(parts).toEqual([
      { type: "tool-call-start", id: "id0", name: "f" },
      { type: "tool-call-delta", id: "id0", arguments: '{"s":"rm -r' },
      { type: "malformed-tool-call", id: "id0", text: answer.slice("<tool_call>".length) },
    ]);
    expect(withoutPieces(parts)).toEqual([{ type: "malformed-tool-call", text: answer.slice("<tool_call>".length) }]);
  });
});
