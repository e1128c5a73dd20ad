// The parts of JSON as grammar nodes: white space, strings, numbers, and any value. Numbers have at most 16 digits on either side of
// the point and two in the exponent, white space a line break and 60 blanks, so that neither goes on for ever.

import { difference, PLAIN, single, utf8 } from "./code-points.ts";
import { type GrammarBuilder, MANY, type NodeId } from "./nodes.ts";
import { asJson, type Encode } from "./pattern-nodes.ts";

const DIGIT = [0x30, 0x39] as const;
const MOST_DIGITS = 16;
const MOST_INDENT = 60;

export class JsonNodes {
  readonly grammar: GrammarBuilder;
  /** Between the parts of an object or array: nothing, a blank, or a line break and blanks. */
  readonly space: NodeId;
  /** One character inside a string, in any spelling but lone surrogates. */
  readonly character: NodeId;
  readonly digits: NodeId;
  /** A point and digits. */
  readonly fraction: NodeId;
  readonly exponent: NodeId;
  /** How characters of a set are written inside a string. */
  readonly encode: Encode;
  readonly #without: string;
  #value: NodeId | undefined;

  /** `without`: a character that is always escaped. */
  constructor(grammar: GrammarBuilder, { without = "" } = {}) {
    this.grammar = grammar;
    this.#without = without;
    const escaped = without === "" ? [] : single(without);
    this.encode = asJson(grammar, escaped);
    const blanks = grammar.set([
      [0x20, 0x20],
      [0x09, 0x09],
    ]);
    this.space = grammar.optional(
      grammar.choice(grammar.text(" "), grammar.sequence(grammar.text("\n"), grammar.repeat(blanks, 0, MOST_INDENT))),
    );
    const character = grammar.choice(utf8(grammar, difference(PLAIN, escaped)), escapes(grammar));
    this.character = without === "" ? grammar.plain(character) : character;
    const digit = grammar.set([DIGIT]);
    this.digits = grammar.repeat(digit, 0, MOST_DIGITS - 1);
    this.fraction = grammar.sequence(grammar.text("."), grammar.repeat(digit, 1, MOST_DIGITS));
    this.exponent = grammar.sequence(
      grammar.set([
        [0x45, 0x45],
        [0x65, 0x65],
      ]),
      grammar.optional(
        grammar.set([
          [0x2b, 0x2b],
          [0x2d, 0x2d],
        ]),
      ),
      grammar.repeat(digit, 1, 2),
    );
  }

  /** Text between quotes. */
  quoted(content: NodeId): NodeId {
    const quote = this.grammar.text('"');
    return this.grammar.shared(this.grammar.sequence(quote, content, quote));
  }

  string(least = 0, most = MANY): NodeId {
    return this.quoted(this.grammar.repeat(this.character, least, most));
  }

  integer(): NodeId {
    const { grammar } = this;
    const positive = grammar.choice(grammar.text("0"), grammar.sequence(grammar.set([[0x31, 0x39]]), this.digits));
    return grammar.shared(grammar.sequence(grammar.optional(grammar.text("-")), positive));
  }

  number(): NodeId {
    const { grammar } = this;
    return grammar.shared(
      grammar.sequence(this.integer(), grammar.optional(this.fraction), grammar.optional(this.exponent)),
    );
  }

  literal(value: unknown): NodeId {
    return this.grammar.text(this.spell(value));
  }

  spell(value: unknown): string {
    const text = JSON.stringify(value);
    const code = this.#without.charCodeAt(0).toString(16).padStart(4, "0");
    return this.#without === "" ? text : text.replaceAll(this.#without, `\\u${code}`);
  }

  comma(): NodeId {
    return this.grammar.sequence(this.grammar.text(","), this.space);
  }

  member(key: NodeId, value: NodeId): NodeId {
    return this.grammar.sequence(key, this.grammar.text(":"), this.grammar.optional(this.grammar.text(" ")), value);
  }

  object(members: NodeId): NodeId {
    return this.#bracketed("{", members, "}");
  }

  array(items: NodeId): NodeId {
    return this.#bracketed("[", items, "]");
  }

  anyObject(least = 0, most = MANY): NodeId {
    const member = this.member(this.string(), this.value());
    return this.object(this.grammar.separated(member, this.comma(), least, most));
  }

  anyArray(least = 0, most = MANY): NodeId {
    return this.array(this.grammar.separated(this.value(), this.comma(), least, most));
  }

  /** Any value, as a rule that refers to itself. */
  value(): NodeId {
    if (this.#value !== undefined) return this.#value;
    const { grammar } = this;
    const rule = grammar.declare();
    this.#value = grammar.rule(rule);
    grammar.define(
      rule,
      grammar.choice(
        this.string(),
        this.number(),
        this.anyObject(),
        this.anyArray(),
        ...[true, false, null].map((literal) => this.literal(literal)),
      ),
    );
    return this.#value;
  }

  #bracketed(open: string, inside: NodeId, close: string): NodeId {
    const { grammar, space } = this;
    return grammar.sequence(grammar.text(open), space, inside, space, grammar.text(close));
  }
}

/** A backslash and what may follow it; \u of a surrogate only as one of a pair. */
function escapes(grammar: GrammarBuilder): NodeId {
  const set = (characters: string) =>
    grammar.set(Array.from(characters, (character) => [character.charCodeAt(0), character.charCodeAt(0)] as const));
  const hex = set("0123456789abcdefABCDEF");
  const unit = grammar.choice(
    grammar.sequence(set("0123456789abcefABCEF"), hex, hex, hex),
    grammar.sequence(set("dD"), set("01234567"), hex, hex),
    grammar.sequence(set("dD"), set("89abAB"), hex, hex, grammar.text("\\u"), set("dD"), set("cdefCDEF"), hex, hex),
  );
  return grammar.sequence(
    grammar.text("\\"),
    grammar.choice(set('"\\/bfnrt'), grammar.sequence(grammar.text("u"), unit)),
  );
}
