// Answers to parts: both forms of tool calls, reasoning, slips, and the same parts however the text is cut.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOutputParser, type OutputParserOptions, type OutputPart, promptOpensThinking } from "./output-parser.ts";
import { fixtureText, parseAll, withoutPieces } from "./testing.ts";

const tools = [
  {
    type: "function",
    function: {
      name: "f",
      parameters: {
        type: "object",
        properties: {
          s: { type: "string" },
          n: { type: "integer" },
          b: { type: "boolean" },
          o: { type: "object" },
          l: { type: "array" },
          u: { anyOf: [{ type: "string" }, { type: "null" }] },
          x: {},
        },
      },
    },
  },
];

/** Parts with neighbours of one kind joined, as a user sees them who waits for whole calls. */
function parse(pieces: readonly string[], options: OutputParserOptions = {}): OutputPart[] {
  return withoutPieces(parseAll(pieces, { tools, ...options }));
}

const text = (value: string): OutputPart => ({ type: "text", text: value });
const reasoning = (value: string): OutputPart => ({ type: "reasoning", text: value });
const call = (index: number, name: string, args: string): OutputPart => ({
  type: "tool-call",
  id: `id${index}`,
  name,
  arguments: args,
});
const malformed = (value: string): OutputPart => ({ type: "malformed-tool-call", text: value });

const hermes = '<tool_call>\n{"name": "f", "arguments": {"s": "x", "n": 1}}\n</tool_call>';
const xml =
  "<tool_call>\n<function=f>\n<parameter=s>\nx\n</parameter>\n<parameter=n>\n1\n</parameter>\n</function>\n</tool_call>";
const args = '{"s":"x","n":1}';

const cases: [name: string, answer: string, parts: OutputPart[], options?: OutputParserOptions][] = [
  ["plain text", "Hello\n\n world \n", [text("Hello\n\n world \n")]],
  ["less than", "if a < b and <tool> or <thin", [text("if a < b and <tool> or <thin")]],
  ["reasoning", "<think>\nhm\n\nso\n</think>\n\nYes.", [reasoning("hm\n\nso"), text("Yes.")]],
  ["reasoning opened by the prompt", "hm\n</think>\n\nYes.", [reasoning("hm"), text("Yes.")], { thinking: true }],
  ["reasoning opened twice", "<think>\nhm</think>Yes.", [reasoning("hm"), text("Yes.")], { thinking: true }],
  ["empty reasoning", "<think>\n\n</think>\n\nYes.", [text("Yes.")]],
  ["unfinished reasoning", "<think>\nhm\n</thi", [reasoning("hm\n</thi")]],
  ["a stray end of reasoning", "\n</think>\n\nYes.", [text("Yes.")]],
  [
    "tags that are talked about",
    "The `<think>` tag, `</think>`, and <tool_call> is",
    [text("The `<think>` tag, `</think>`, and <tool_call> is")],
  ],
  ["Hermes", hermes, [call(0, "f", args)]],
  ["Hermes after text", `Let me see.\n${hermes}`, [text("Let me see."), call(0, "f", args)]],
  ["parallel calls", `${hermes}\n${hermes}\n`, [call(0, "f", args), call(1, "f", args)]],
  ["text after a call", `${hermes}\n\nDone.`, [call(0, "f", args), text("Done.")]],
  ["a call without its end", hermes.slice(0, -13), [call(0, "f", args)]],
  ["a call that breaks off", "<tool_call>\n", [malformed("")]],
  ["half a call", '<tool_call>\n{"na', [malformed('{"na')]],
  ["an empty call", "<tool_call>\n</tool_call>ok", [text("ok")]],
  ["nonsense", "<tool_call>\n{oops}\n</tool_call>\nSorry.", [malformed("{oops}"), text("Sorry.")]],
  [
    "markup inside a JSON string",
    '<tool_call>{"name": "f", "arguments": {"s": "a </tool_call> \\" b"}}</tool_call>',
    [call(0, "f", '{"s":"a </tool_call> \\" b"}')],
  ],
  [
    "a string that never ends, and what follows",
    '<tool_call>\n{"name": "f", "arguments": {"s": "x}\n</tool_call>\nSo.',
    [malformed('{"name": "f", "arguments": {"s": "x}'), text("So.")],
  ],
  [
    "slips of JSON",
    '<tool_call>\n{\'name\': \'f\', arguments: {"b": True, "o": None, "l": [1, 2,], "s": "a\nb\\d",}}}\n</tool_call>',
    [call(0, "f", '{"b":true,"o":null,"l":[1,2],"s":"a\\nb\\\\d"}')],
  ],
  ["brackets that are missing", '<tool_call>{"name": "f", "arguments": {"n": 1</tool_call>', [call(0, "f", '{"n":1}')]],
  [
    "numbers keep their digits",
    '<tool_call>{"name": "f", "arguments": {"n": 12345678901234567890, "x": 1.50}}</tool_call>',
    [call(0, "f", '{"n":12345678901234567890,"x":1.50}')],
  ],
  [
    "other spellings",
    '<tool_call>[{"name": "f", "parameters": {}}, {"type": "function", "function": {"name": "g", "arguments": "{\\"a\\": 1}"}}]</tool_call>\n<tool_call>```json\n{"name": "h"}\n```</tool_call>',
    [call(0, "f", "{}"), call(1, "g", '{"a":1}'), call(2, "h", "{}")],
  ],
  ["XML", xml, [call(0, "f", args)]],
  ["XML without the outer tags", `So:\n${xml.slice(12, -13)}\nok`, [text("So:"), call(0, "f", args), text("ok")]],
  ["XML without the opening tag", xml.slice(12), [call(0, "f", args)]],
  ["XML that breaks off", xml.slice(0, -27), [malformed(xml.slice(12, -27))]],
  ["XML that breaks off after its end", xml.slice(0, -5), [call(0, "f", args)]],
  [
    "JSON that breaks off",
    '<tool_call>{"name": "f", "arguments": {"n": 1',
    [malformed('{"name": "f", "arguments": {"n": 1')],
  ],
  [
    "XML types",
    "<tool_call>\n<function=f>\n<parameter=s>\n5\n</parameter>\n<parameter=b>\nTrue\n</parameter>\n<parameter=o>\n{'a': [1]}\n</parameter>\n<parameter=u>\nnull\n</parameter>\n<parameter=x>\n\n7\n\n</parameter>\n<parameter=n>\nseven\n</parameter>\n</function>\n</tool_call>",
    [call(0, "f", '{"s":"5","b":true,"o":{"a":[1]},"u":null,"x":"\\n7\\n","n":"seven"}')],
  ],
  [
    "markup inside a parameter",
    "<tool_call>\n<function=f>\n<parameter=s>\na </parameter> b </function>\n</tool_call> c\n</parameter>\n</function>\n</tool_call>\nEnd",
    [call(0, "f", '{"s":"a </parameter> b </function>\\n</tool_call> c"}'), text("End")],
  ],
  [
    "a parameter without its end",
    "<tool_call>\n<function=f>\n<parameter=s>\nx\n<parameter=n>\n1\n</function>\n</tool_call>",
    [call(0, "f", args)],
  ],
  ["two functions in one call", `${xml.slice(0, -13)}\n${xml.slice(12)}`, [call(0, "f", args), call(1, "f", args)]],
  ["no parameters", "<tool_call>\n<function=g>\n</function>\n</tool_call>", [call(0, "g", "{}")]],
  ["a call inside reasoning", `<think>\nhm\n${xml}\n\nok`, [reasoning("hm"), call(0, "f", args), text("ok")]],
  [
    "reasoning about calls",
    "<think>\nI could use <tool_call>\nor not\n</think>\nNo.",
    [reasoning("I could use <tool_call>\nor not"), text("No.")],
  ],
  [
    "everything",
    `<think>\nhm\n</think>\n\nLet me see.\n\n${hermes}\n${xml}`,
    [reasoning("hm"), text("Let me see."), call(0, "f", args), call(1, "f", args)],
  ],
];

describe("an answer", () => {
  for (const [name, answer, parts, options] of cases)
    it(name, () => {
      expect(parse([answer], options)).toEqual(parts);
      expect(parse(Array.from(answer), options)).toEqual(parts);
      for (let cut = 1; cut < answer.length; cut++)
        expect([cut, parse([answer.slice(0, cut), answer.slice(cut)], options)]).toEqual([cut, parts]);
    });

  it("gives the same parts however it is cut", () => {
    const scraps = [
      "<think>",
      "</think>",
      "<tool_call>",
      "</tool_call>",
      "<function=f>",
      "</function>",
      "<parameter=s>",
      "</parameter>",
    ];
    const scrap = fc.constantFrom(
      ...scraps,
      hermes,
      xml,
      "\n",
      " ",
      "text",
      "<",
      "{",
      "}",
      '"',
      "\\",
      "</tool",
      "<func",
      '{"name": "f"}',
    );
    fc.assert(
      fc.property(
        fc.array(scrap, { maxLength: 14 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        fc.boolean(),
        (found, cuts, thinking) => {
          const answer = found.join("");
          const at = [...new Set(cuts.map((cut) => cut % (answer.length + 1)))].sort((a, b) => a - b);
          const pieces = [0, ...at].map((start, i) => answer.slice(start, at[i] ?? answer.length));
          expect(parse(pieces, { thinking })).toEqual(parse([answer], { thinking }));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("never shows the markup of a call that can be read", () => {
    const good = fc.constantFrom(hermes, xml, xml.slice(12, -13), "text", "more text\n", "\n");
    fc.assert(
      fc.property(fc.array(good, { maxLength: 8 }), (found) => {
        for (const part of parse([found.join("\n")])) if (part.type === "text") expect(part.text).not.toMatch(/[<>]/);
      }),
      { numRuns: 300 },
    );
  });

  it("shows text at once, but for what may be markup", () => {
    const parser = createOutputParser();
    expect(parser.push("Hel")).toEqual([text("Hel")]);
    expect(parser.push("lo <")).toEqual([text("lo")]);
    expect(parser.push("b")).toEqual([text(" <b")]);
    expect(parser.push("<tool")).toEqual([]);
    expect(parser.push("box>")).toEqual([text("<toolbox>")]);
  });

  it("gives every call another id", () => {
    const parts = withoutPieces(createOutputParser().push(`${hermes}${hermes}`));
    const ids = parts.map((part) => part.type === "tool-call" && part.id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^call_[0-9a-f]{24}$/);
  });
});

it("sees whether a prompt opens the reasoning", () => {
  const { renders } = JSON.parse(fixtureText("templates/renders.json")) as {
    renders: {
      template: string;
      add_generation_prompt: boolean;
      kwargs: { enable_thinking?: boolean };
      rendered?: string;
    }[];
  };
  for (const { template, add_generation_prompt, kwargs, rendered } of renders) {
    if (rendered === undefined) continue;
    const opens = add_generation_prompt && template === "qwen3.5-4b" && kwargs.enable_thinking !== false;
    expect([template, kwargs, promptOpensThinking(rendered)]).toEqual([template, kwargs, opens]);
  }
});
