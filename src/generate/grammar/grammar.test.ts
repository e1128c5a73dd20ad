import { describe, expect, it } from "vitest";
import { compileAnswer } from "./answer.ts";
import { Constraint } from "./constraint.ts";
import { formatNode, type OutputFormat } from "./format.ts";
import { integerBetween, numberBetween } from "./number-range.ts";
import { accepts, compile, draw, generator, idsOf, tokenizer, vocabulary } from "./testing.ts";

const format = (wanted: OutputFormat) => compile((grammar) => formatNode(grammar, wanted));
const regex = (pattern: string) => format({ type: "regex", pattern });
const ebnf = (source: string) => format({ type: "grammar", ebnf: source });
const schema = (given: unknown) => format({ type: "json-schema", schema: given });

describe("regular expressions", () => {
  it.each([
    ["^a|b$", ["a", "b"], ["ab", ""]],
    ["(?:ab){2,3}?c*", ["abab", "abababcc"], ["ab", "ababababc"]],
    ["[^\\d\\s-]+", ["xü😀", "-".replace("-", "_")], ["a1", "a b", "-", ""]],
    ["\\u{1F600}\\x41[\\]\\-a]", ["😀A]", "😀A-"], ["😀Ab"]],
    ["(?<year>\\d{4})-(0[1-9]|1[0-2])", ["2026-12"], ["2026-13", "226-01"]],
    ["\\p{Lu}\\P{Lu}", ["Éa"], ["ÉÉ", "aa"]],
    [".", ["x", "\t"], ["\n", ""]],
    ["(a|b|)*", ["", "abba"], ["c"]],
    ["((a?){3}){2}", ["", "aaaaaa"], ["aaaaaaa"]],
  ])("%s", (pattern, good, bad) => {
    const grammar = regex(pattern);
    expect(good.filter((text) => !accepts(grammar, text))).toEqual([]);
    expect(bad.filter((text) => accepts(grammar, text))).toEqual([]);
    for (let seed = 0; seed < 20; seed++) {
      const { text, whole } = draw(grammar, seed, 40);
      expect(whole && new RegExp(`^(?:${pattern})$`, "u").test(text) ? "" : text).toBe("");
    }
  });

  it.each(["a(?!b)", "(?<=a)b", "\\bword", "(a)\\1", "a**", "(", "[b-a]", "a{2,1}", "x^y", "\\p{Nothing}", "[a"])(
    "%s is refused",
    (pattern) => {
      expect(() => regex(pattern)).toThrow(/^format: pattern: \//);
    },
  );
});

describe("grammars", () => {
  it("are followed across rules, groups, counts and comments", () => {
    const grammar = ebnf(`
      root  ::= "<" name (" " pair){0,2} ">"   # a tag
      pair  ::= name "=" ( "\\"" [^"<>]* "\\"" | [0-9]+ )
      name  ::= [a-zà-ü_]
              | "\\x41" "\\u00e9"? .
    `);
    for (const text of ["<a>", "<é>", "<AéZ>", "<a b=1>", '<a b="x=y" c=12>'])
      expect(accepts(grammar, text)).toBe(true);
    for (const text of ["<>", "<A>", "<a b>", '<a b="<">', "<a b=1 c=2 d=3>"])
      expect(accepts(grammar, text)).toBe(false);
  });

  it.each([
    ["root ::= a", "line 1, column 10: the rule a is not defined"],
    ['x ::= "a"', "there is no rule named root"],
    ['root ::= "a', "line 1, column 10: a text is not closed"],
    ['root ::= ("a"', 'line 1, column 10: a "(" is not closed'],
    ['root ::= "a"\nroot ::= "b"', "line 2, column 1: the rule root is defined twice"],
    ['root ::= a "x"\na ::= b?\nb ::= root', "left recursion"],
    ['root ::= "\\q"', "the escape \\q is not known"],
    ['root ::= "a"{3,2}', "runs backwards"],
    ["root ::= root2\nroot2 ::= root2", "left recursion"],
  ])("%s is refused", (source, why) => {
    expect(() => ebnf(source)).toThrow(why);
  });

  it("may call themselves at the end without growing, and in the middle", () => {
    const grammar = ebnf('root ::= "(" root ")" | list\nlist ::= "a" list | "b"');
    expect(accepts(grammar, `${"(".repeat(40)}${"a".repeat(300)}b${")".repeat(40)}`)).toBe(true);
    expect(accepts(grammar, "((ab)")).toBe(false);
    for (let seed = 0; seed < 20; seed++) expect(draw(grammar, seed, 60).whole).toBe(true);
  });
});

describe("numbers between bounds", () => {
  it("are all those, and no others", () => {
    const random = generator(1);
    const bound = () => (random(2001) - 1000) / 10 ** random(4);
    for (let round = 0; round < 150; round++) {
      const [least, most] = [bound(), bound()].sort((a, b) => a - b);
      const bounds = { least, most, above: random(2) > 0, below: random(2) > 0 };
      const inside = (value: number) =>
        (bounds.above ? value > least : value >= least) && (bounds.below ? value < most : value <= most);
      for (const make of [integerBetween, numberBetween]) {
        let grammar: ReturnType<typeof compile>;
        try {
          grammar = compile((builder) => make(builder, bounds));
        } catch {
          // Nothing lies between: no whole number, or the bounds are one and left out.
          const whole = make === integerBetween;
          const any = whole ? inside(Math.ceil(least)) || inside(Math.ceil(least) + 1) : least < most || inside(least);
          expect([bounds, any]).toEqual([bounds, false]);
          continue;
        }
        for (let seed = 0; seed < 4; seed++) {
          const { text } = draw(grammar, seed, 30);
          expect([text, inside(Number(text))]).toEqual([text, true]);
        }
        for (const value of [least, most, Math.round(least), (least + most) / 2, Math.ceil(most)]) {
          const text = String(Math.round(value * 1000) / 1000 + 0);
          if (text.includes("e") || (make === integerBetween && text.includes("."))) continue;
          expect([bounds, text, accepts(grammar, text)]).toEqual([bounds, text, inside(Number(text))]);
        }
      }
    }
  });
});

describe("masks", () => {
  const documents = schema({
    type: "object",
    properties: { a: { type: "string", minLength: 2, maxLength: 30 }, b: { type: "array", items: { type: "string" } } },
    required: ["a"],
  });

  it("allow exactly the tokens after which the text can go on", () => {
    for (let seed = 0; seed < 12; seed++) {
      const { ids } = draw(documents, seed, 60);
      const constraint = new Constraint(documents, []);
      for (const id of ids) {
        const allowed = new Set(idsOf(constraint.masks([], 1e6)[0]));
        for (let other = 0; other < 320; other++) {
          if (allowed.has(other) !== constraint.cut([other]).length > 0)
            throw new Error(`${JSON.stringify(tokenizer.decode(ids))}: token ${other} of ${constraint.cut([other])}`);
        }
        constraint.advance(id);
      }
    }
  });

  it("leave a whole text within any number of tokens that is enough", () => {
    const least = Math.min(...Array.from({ length: 30 }, (_, seed) => draw(documents, seed, 14).ids.length));
    for (let most = least; most < 40; most++)
      for (let seed = 0; seed < 10; seed++) {
        const { whole, ids } = draw(documents, seed, most);
        expect([most, whole, ids.length <= most]).toEqual([most, true, true]);
      }
  });

  it("stay the same when the automaton begins anew", () => {
    const grammar = schema({ type: "array", items: { type: "string", maxLength: 400 }, maxItems: 400 });
    const before = [1, 2, 3].map((seed) => draw(grammar, seed, 150).text);
    const first = grammar.automaton();
    for (let seed = 10; seed < 40 && grammar.automaton() === first; seed++) draw(grammar, seed, 400);
    expect(grammar.automaton()).not.toBe(first);
    expect([1, 2, 3].map((seed) => draw(grammar, seed, 150).text)).toEqual(before);
  });
});

describe("an answer", () => {
  it("closes its thoughts in time for what comes after", () => {
    const shape = { thinking: "open", format: { type: "choice", choices: ["yes", "no"] } } as const;
    const grammar = compileAnswer(shape, vocabulary);
    for (let seed = 0; seed < 20; seed++) {
      const { text, whole } = draw(grammar, seed, 25);
      expect([text, whole, /<\/think>\n{0,2}(yes|no)$/.test(text)]).toEqual([text, true, true]);
    }
  });
});
