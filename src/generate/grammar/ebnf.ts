// Grammars in the notation of llama.cpp's GBNF, which xgrammar reads too: `name ::= alternatives`, "texts", [classes], `.` for any
// character, groups, `* + ? {m,n}`, # comments. The answer is what `root` matches.

import { AnyqwenError } from "../../core/errors.ts";
import { ANY, type CodePoints, complement, single, union, utf8 } from "./code-points.ts";
import { type GrammarBuilder, MANY, type NodeId, type RuleId } from "./nodes.ts";

const MOST_DEPTH = 100;
const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const BLANK = /(?:\s|#[^\n]*)*/y;
const SHORT: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", b: "\b", v: "\v", "0": "\0" };

export function ebnfNode(grammar: GrammarBuilder, source: string): NodeId {
  return new Reader(grammar, source).read();
}

class Reader {
  readonly #grammar: GrammarBuilder;
  readonly #source: string;
  readonly #rules = new Map<string, { rule: RuleId; defined: boolean; usedAt: number }>();
  #at = 0;
  #depth = 0;

  constructor(grammar: GrammarBuilder, source: string) {
    this.#grammar = grammar;
    this.#source = source;
  }

  read(): NodeId {
    this.#blank();
    while (this.#at < this.#source.length) this.#definition();
    for (const [name, { defined, usedAt }] of this.#rules) {
      if (!defined) throw this.#wrong(`the rule ${name} is not defined`, usedAt);
    }
    const root = this.#rules.get("root");
    if (!root) throw this.#wrong("there is no rule named root", 0);
    return this.#grammar.rule(root.rule);
  }

  #definition(): void {
    const start = this.#at;
    const name = this.#name();
    if (name === undefined || !this.#skip("::=")) throw this.#wrong("expected a rule, name ::= …", start);
    const entry = this.#rule(name, start);
    if (entry.defined) throw this.#wrong(`the rule ${name} is defined twice`, start);
    entry.defined = true;
    this.#grammar.define(entry.rule, this.#alternatives());
  }

  #rule(name: string, usedAt: number): { rule: RuleId; defined: boolean } {
    let entry = this.#rules.get(name);
    if (!entry) {
      entry = { rule: this.#grammar.declare(), defined: false, usedAt };
      this.#rules.set(name, entry);
    }
    return entry;
  }

  #alternatives(): NodeId {
    if (++this.#depth > MOST_DEPTH) throw this.#wrong(`groups nest more than ${MOST_DEPTH} deep`, this.#at);
    const items = [this.#sequence()];
    while (this.#skip("|")) items.push(this.#sequence());
    this.#depth--;
    return this.#grammar.choice(...items);
  }

  #sequence(): NodeId {
    const items: NodeId[] = [];
    for (let item = this.#item(); item !== undefined; item = this.#item()) items.push(this.#repeated(item));
    return this.#grammar.sequence(...items);
  }

  #repeated(item: NodeId): NodeId {
    const grammar = this.#grammar;
    let node = item;
    for (;;) {
      if (this.#skip("*")) node = grammar.repeat(node, 0);
      else if (this.#skip("+")) node = grammar.repeat(node, 1);
      else if (this.#skip("?")) node = grammar.optional(node);
      else if (this.#source[this.#at] === "{") node = this.#counted(node);
      else return node;
    }
  }

  #counted(node: NodeId): NodeId {
    const counts = /\{\s*(\d{1,9})\s*(?:(,)\s*(\d{0,9})\s*)?\}/y;
    counts.lastIndex = this.#at;
    const found = counts.exec(this.#source);
    if (!found) throw this.#wrong("expected a count, {2}, {2,} or {2,5}", this.#at);
    const least = Number(found[1]);
    const most = !found[2] ? least : found[3] ? Number(found[3]) : MANY;
    if (most < least) throw this.#wrong(`the count ${found[0]} runs backwards`, this.#at);
    this.#at += found[0].length;
    this.#blank();
    return this.#grammar.repeat(node, least, most);
  }

  /** Undefined where the alternative ends. */
  #item(): NodeId | undefined {
    const start = this.#at;
    const next = this.#source[start];
    if (next === '"') return this.#text();
    if (next === "[") return this.#class();
    if (this.#skip(".")) return utf8(this.#grammar, ANY);
    if (this.#skip("(")) {
      const group = this.#alternatives();
      if (!this.#skip(")")) throw this.#wrong('a "(" is not closed', start);
      return group;
    }
    const name = this.#name();
    if (name === undefined) {
      if (next === undefined || next === "|" || next === ")") return undefined;
      throw this.#wrong(`unexpected ${JSON.stringify(next)}`, start);
    }
    // The next rule begins here.
    if (this.#source.startsWith("::=", this.#at)) {
      this.#at = start;
      return undefined;
    }
    return this.#grammar.rule(this.#rule(name, start).rule);
  }

  #text(): NodeId {
    const start = this.#at++;
    let text = "";
    while (this.#source[this.#at] !== '"') text += this.#character(start, "text");
    this.#at++;
    this.#blank();
    return this.#grammar.text(text);
  }

  #class(): NodeId {
    const start = this.#at++;
    const negated = this.#source[this.#at] === "^";
    if (negated) this.#at++;
    const parts: CodePoints[] = [];
    while (this.#source[this.#at] !== "]") {
      const from = this.#character(start, "class");
      if (this.#source[this.#at] !== "-" || this.#source[this.#at + 1] === "]") {
        parts.push(single(from));
        continue;
      }
      this.#at++;
      const to = this.#character(start, "class");
      const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
      if (first > last) throw this.#wrong(`the range ${from}-${to} runs backwards`, start);
      parts.push([[first, last]]);
    }
    this.#at++;
    this.#blank();
    const set = union(...parts);
    return utf8(this.#grammar, negated ? complement(set) : set);
  }

  #character(start: number, what: string): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw this.#wrong(`a ${what} is not closed`, start);
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    if (character !== "\\") return character;
    const escaped = this.#source[this.#at++] ?? "";
    if (Object.hasOwn(SHORT, escaped)) return SHORT[escaped];
    const digits = { x: 2, u: 4, U: 8 }[escaped];
    if (digits === undefined) {
      if (/[A-Za-z0-9]/.test(escaped)) throw this.#wrong(`the escape \\${escaped} is not known`, this.#at - 2);
      return escaped;
    }
    const hex = this.#source.slice(this.#at, this.#at + digits);
    const value = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Infinity;
    if (value > 0x10ffff) throw this.#wrong(`the escape \\${escaped}${hex} is broken`, this.#at - 2);
    this.#at += digits;
    return String.fromCodePoint(value);
  }

  #name(): string | undefined {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#source)?.[0];
    if (name === undefined) return undefined;
    this.#at += name.length;
    this.#blank();
    return name;
  }

  #skip(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    this.#blank();
    return true;
  }

  #blank(): void {
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#source)?.[0].length ?? 0;
  }

  #wrong(what: string, at: number): AnyqwenError {
    const lines = this.#source.slice(0, at).split("\n");
    const where = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    return new AnyqwenError("invalid-argument", `format: grammar, ${where}: ${what}`);
  }
}
