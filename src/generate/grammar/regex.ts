// Regular expressions as JavaScript and JSON schemas write them, to patterns over characters. What no automaton can follow
// (look-around, back-references, word boundaries) is refused by name.

import { AnyqwenError } from "../../core/errors.ts";
import { ANY, type CodePoints, codePoints, complement, single, union } from "./code-points.ts";
import { MANY } from "./nodes.ts";

export type Pattern =
  | { readonly kind: "characters"; readonly set: CodePoints }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly items: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly body: Pattern; readonly least: number; readonly most: number }
  /** ^ and $; gone after anchoring. */
  | { readonly kind: "start" | "end" };

const MOST_DEPTH = 100;
const EMPTY: Pattern = { kind: "sequence", items: [] };
const ANYTHING: Pattern = { kind: "repeat", body: { kind: "characters", set: ANY }, least: 0, most: MANY };

const DIGITS = codePoints([0x30, 0x39]);
const WORD = codePoints([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const SPACE = codePoints([9, 13], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]); // biome-ignore format: one table
const LINE_ENDS = codePoints([0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]);
const CLASSES: Readonly<Record<string, CodePoints>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", "0": "\0" };

/** The texts that match as a whole. `where` names the expression in messages. */
export function wholePattern(source: string, where: string): Pattern {
  return anchored(new Reader(source, where).read(), where, source, EMPTY);
}

/** The texts in which the expression is found somewhere, as JSON schemas mean it. */
export function foundPattern(source: string, where: string): Pattern {
  return anchored(new Reader(source, where).read(), where, source, ANYTHING);
}

export const literalPattern = (text: string): Pattern => ({
  kind: "sequence",
  items: Array.from(text, (character) => ({ kind: "characters", set: single(character) })),
});

/** Alternatives lose their anchors; where one is missing, `open` may stand. */
function anchored(pattern: Pattern, where: string, source: string, open: Pattern): Pattern {
  if (pattern.kind === "choice") {
    return { kind: "choice", items: pattern.items.map((item) => anchored(item, where, source, open)) };
  }
  const items = pattern.kind === "sequence" ? [...pattern.items] : [pattern];
  if (items.length === 1 && items[0].kind === "choice") return anchored(items[0], where, source, open);
  let [from, to] = [0, items.length];
  while (from < to && items[from].kind === "start") from++;
  while (to > from && items[to - 1].kind === "end") to--;
  const inside = items.slice(from, to);
  if (inside.some(hasAnchor)) throw refused(where, source, "^ or $ inside of it");
  return {
    kind: "sequence",
    items: [...(from > 0 ? [] : [open]), ...inside, ...(to < items.length ? [] : [open])],
  };
}

function hasAnchor(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "start":
    case "end":
      return true;
    case "characters":
      return false;
    case "repeat":
      return hasAnchor(pattern.body);
    default:
      return pattern.items.some(hasAnchor);
  }
}

function refused(where: string, source: string, what: string): AnyqwenError {
  const shown = source.length > 80 ? `${source.slice(0, 80)}…` : source;
  return new AnyqwenError("invalid-argument", `format: ${where}: /${shown}/ has ${what}, which is not supported`);
}

class Reader {
  readonly #source: string;
  readonly #where: string;
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string, where: string) {
    this.#source = source;
    this.#where = where;
    this.#characters = Array.from(source);
  }

  read(): Pattern {
    const pattern = this.#alternatives();
    if (this.#at < this.#characters.length) throw this.#refuse('a ")" too many');
    return pattern;
  }

  #alternatives(): Pattern {
    if (++this.#depth > MOST_DEPTH) throw this.#refuse(`groups nested more than ${MOST_DEPTH} deep`);
    const items = [this.#sequence()];
    while (this.#skip("|")) items.push(this.#sequence());
    this.#depth--;
    return items.length === 1 ? items[0] : { kind: "choice", items };
  }

  #sequence(): Pattern {
    const items: Pattern[] = [];
    while (this.#at < this.#characters.length && !this.#sees("|") && !this.#sees(")")) items.push(this.#quantified());
    return items.length === 1 ? items[0] : { kind: "sequence", items };
  }

  #quantified(): Pattern {
    const body = this.#atom();
    const count = this.#quantifier();
    if (!count) return body;
    if (body.kind === "start" || body.kind === "end") throw this.#refuse("a repeated ^ or $");
    this.#skip("?"); // lazy or not, the language is the same
    if (this.#sees("*") || this.#sees("+") || this.#sees("{")) throw this.#refuse("two quantifiers in a row");
    return { kind: "repeat", body, ...count };
  }

  #quantifier(): { least: number; most: number } | undefined {
    if (this.#skip("*")) return { least: 0, most: MANY };
    if (this.#skip("+")) return { least: 1, most: MANY };
    if (this.#skip("?")) return { least: 0, most: 1 };
    const counts = /^\{(\d{1,9})(?:(,)(\d{0,9}))?\}/.exec(this.#characters.slice(this.#at, this.#at + 24).join(""));
    if (!counts) return undefined;
    this.#at += counts[0].length;
    const least = Number(counts[1]);
    const most = !counts[2] ? least : counts[3] ? Number(counts[3]) : MANY;
    if (most < least) throw this.#refuse(`the quantifier ${counts[0]}`);
    return { least, most };
  }

  #atom(): Pattern {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "characters", set: this.#class() };
      case ".":
        return { kind: "characters", set: complement(LINE_ENDS) };
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case "\\":
        return { kind: "characters", set: this.#escape(false) };
      case "*":
      case "+":
      case "?":
        throw this.#refuse(`a "${character}" with nothing before it`);
      default:
        return { kind: "characters", set: single(character) };
    }
  }

  #group(): Pattern {
    if (this.#skip("?")) {
      const kind = this.#next();
      if (kind === "=" || kind === "!") throw this.#refuse(`a look-ahead (?${kind}`);
      if (kind === "<") {
        if (this.#sees("=") || this.#sees("!")) throw this.#refuse("a look-behind (?<");
        while (this.#next() !== ">");
      } else if (kind !== ":") throw this.#refuse(`a group (?${kind}`);
    }
    const inside = this.#alternatives();
    if (!this.#skip(")")) throw this.#refuse('a "(" that is not closed');
    return inside;
  }

  #class(): CodePoints {
    const negated = this.#skip("^");
    const parts: CodePoints[] = [];
    while (!this.#skip("]")) {
      const from = this.#classItem();
      const range = this.#sees("-") && this.#characters[this.#at + 1] !== "]";
      if (!range) {
        parts.push(from);
        continue;
      }
      this.#at++;
      const to = this.#classItem();
      const [first, last] = [only(from), only(to)];
      if (first === undefined || last === undefined) parts.push(from, single("-"), to);
      else if (first > last) throw this.#refuse("a range in [] that runs backwards");
      else parts.push([[first, last]]);
    }
    const set = union(...parts);
    return negated ? complement(set) : set;
  }

  #classItem(): CodePoints {
    const character = this.#next();
    return character === "\\" ? this.#escape(true) : single(character);
  }

  #escape(inClass: boolean): CodePoints {
    const character = this.#next();
    if (Object.hasOwn(CLASSES, character)) return CLASSES[character];
    if (character === "0" && /\d/.test(this.#characters[this.#at] ?? "")) throw this.#refuse("an octal escape");
    if (Object.hasOwn(CONTROLS, character)) return single(CONTROLS[character]);
    if (character === "b" && inClass) return single("\b");
    if (character === "x") return this.#hex(2, 2);
    if (character === "u") return this.#skip("{") ? this.#hex(1, 6, "}") : this.#unit();
    if (character === "p" || character === "P") return this.#property(character);
    if (character === "c") return single(String.fromCharCode(this.#next().charCodeAt(0) % 32));
    if (character === "b" || character === "B") throw this.#refuse(`the word boundary \\${character}`);
    if (/[1-9]/.test(character) || character === "k") throw this.#refuse(`the back-reference \\${character}`);
    return single(character);
  }

  /** \uXXXX, or two of them for one character. */
  #unit(): CodePoints {
    const first = this.#hex(4, 4);
    const code = first[0][0];
    if (code < 0xd800 || code > 0xdbff || !this.#sees("\\") || this.#characters[this.#at + 1] !== "u") return first;
    this.#at += 2;
    const second = this.#hex(4, 4)[0][0];
    const whole = 0x10000 + (code - 0xd800) * 0x400 + (second - 0xdc00);
    return [[whole, whole]];
  }

  #hex(least: number, most: number, close = ""): CodePoints {
    let digits = "";
    while (digits.length < most && /^[0-9a-fA-F]$/.test(this.#characters[this.#at] ?? "")) digits += this.#next();
    const code = Number.parseInt(digits, 16);
    if (digits.length < least || (close && !this.#skip(close)) || code > 0x10ffff)
      throw this.#refuse("a broken escape");
    return [[code, code]];
  }

  #property(letter: string): CodePoints {
    let name = "";
    if (!this.#skip("{")) throw this.#refuse(`\\${letter} without {…}`);
    for (let next = this.#next(); next !== "}"; next = this.#next()) name += next;
    const set = propertySet(name);
    if (!set) throw this.#refuse(`\\${letter}{${name}}`);
    return letter === "P" ? complement(set) : set;
  }

  #sees(character: string): boolean {
    return this.#characters[this.#at] === character;
  }

  #skip(character: string): boolean {
    if (!this.#sees(character)) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    if (this.#at >= this.#characters.length) throw this.#refuse("an end where more was expected");
    return this.#characters[this.#at++];
  }

  #refuse(what: string): AnyqwenError {
    return refused(this.#where, this.#source, what);
  }
}

function only(set: CodePoints): number | undefined {
  return set.length === 1 && set[0][0] === set[0][1] ? set[0][0] : undefined;
}

const properties = new Map<string, CodePoints>();
const MOST_PROPERTIES = 32;

/** Ranges between which no run of characters goes on: surrogates are none. */
const BLOCKS: CodePoints = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];

/** By letting JavaScript find its runs among all characters. */
function propertySet(name: string): CodePoints | undefined {
  const known = properties.get(name);
  if (known) return known;
  let runs: RegExp;
  try {
    runs = new RegExp(`\\p{${name.replace(/[^\w=]/g, "?")}}+`, "gu");
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  for (const [first, last] of BLOCKS) {
    const text = textOf(first, last);
    for (const { 0: run, index } of text.matchAll(runs)) {
      const from = text.codePointAt(index) ?? 0;
      ranges.push([from, from + lengthOf(run) - 1]);
    }
  }
  if (properties.size >= MOST_PROPERTIES) properties.clear();
  properties.set(name, ranges);
  return ranges;
}

function textOf(first: number, last: number): string {
  const parts: string[] = [];
  for (let from = first; from <= last; from += 4096) {
    const count = Math.min(4096, last - from + 1);
    parts.push(String.fromCodePoint(...Array.from({ length: count }, (_, i) => from + i)));
  }
  return parts.join("");
}

/** In characters. */
function lengthOf(run: string): number {
  let length = 0;
  for (const _ of run) length++;
  return length;
}
