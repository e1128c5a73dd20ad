// JSON as models write it. Reads strict JSON and mends the slips that occur: raw line breaks in strings, single quotes, Python's
// True, False and None, trailing commas, brackets that are missing or too many at the end. Numbers stay text, so that none loses digits.
// The reader can also follow a text that is still being written, and write what it has read so far as strict JSON.

import { JsonStringWriter } from "./json-string.ts";

export type JsonNode =
  | { readonly kind: "string"; readonly value: string }
  /** A number, true, false or null, as JSON spells it. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonNode])[] };

const mostDepth = 128;
const literals: Readonly<Record<string, string>> = {
  true: "true",
  True: "true",
  false: "false",
  False: "false",
  null: "null",
  None: "null",
};
const shortEscapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class Unreadable extends Error {}

/** A step of reading: it pauses where it needs text that has not come yet. */
export type Reading<T> = Generator<undefined, T, undefined>;

/** Takes strict JSON, piece by piece. */
type Write = (json: string) => void;

/** The values that stand in `text` one after the other, or undefined if it is not JSON even with good will. Brackets may be missing
 *  at its end if `whole`, that is, if the text is known not to break off. */
export function readLenientJson(text: string, whole = true): JsonNode[] | undefined {
  const reading = new LenientReader({ text, ends: whole ? "whole" : "broken" }).readAll();
  try {
    for (;;) {
      const step = reading.next();
      if (step.done) return step.value;
    }
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Reads as far as the text goes; false when there is nothing more to read, or when what is there cannot be read. */
export function readOn(reading: Reading<unknown>): boolean {
  try {
    return !reading.next().done;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case "string":
      return JSON.stringify(node.value);
    case "literal":
      return node.text;
    case "array":
      return `[${node.items.map(writeJson).join(",")}]`;
    case "object":
      return `{${node.entries.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(",")}}`;
  }
}

export function entryOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === "object" ? node.entries.find(([name]) => name === key)?.[1] : undefined;
}

/** What is read. `ends`: how the text stops; "open" when more of it may come. */
interface Input {
  readonly text: string;
  readonly ends: "whole" | "broken" | "open";
}

function fail(): never {
  throw new Unreadable();
}

const isQuote = (unit: string | undefined) => unit === '"' || unit === "'";

export class LenientReader {
  readonly #input: Input;
  #at = 0;

  /** The text of an open input may grow between steps; what was read of it stays. */
  constructor(input: Input) {
    this.#input = input;
  }

  *readAll(): Reading<JsonNode[]> {
    const found: JsonNode[] = [];
    for (;;) {
      yield* this.#take(/[\s,;]*/y);
      if (this.#unit === undefined) return found;
      // What may follow a whole value by mistake: brackets too many.
      if (found.length > 0 && (yield* this.#take(/[\]}\s]+$/y))) return found;
      found.push(yield* this.value(0));
    }
  }

  /** The unit of text after white space, which is left there; undefined at the end. */
  *peek(): Reading<string | undefined> {
    yield* this.#take(/\s*/y);
    return this.#unit;
  }

  *value(depth: number, write: Write = () => {}): Reading<JsonNode> {
    if (depth > mostDepth) fail();
    const first = yield* this.peek();
    if (first === "{") {
      this.open();
      write("{");
      const entries = yield* this.members(depth, write);
      write("}");
      return { kind: "object", entries };
    }
    if (first === "[") return yield* this.#array(depth, write);
    if (isQuote(first)) {
      const writer = new JsonStringWriter(write);
      const value = yield* this.#string((text) => writer.push(text));
      writer.end();
      return { kind: "string", value };
    }
    const text = yield* this.#literal();
    write(text);
    return { kind: "literal", text };
  }

  /** Passes the bracket at which the reader stands. */
  open(): void {
    this.#at++;
  }

  /** What is inside an object, up to its end. The brackets are not written. */
  *members(depth: number, write: Write): Reading<[string, JsonNode][]> {
    const entries: [string, JsonNode][] = [];
    for (;;) {
      const key = yield* this.key();
      if (key === undefined) return entries;
      write(`${entries.length > 0 ? "," : ""}${JSON.stringify(key)}:`);
      entries.push([key, yield* this.value(depth + 1, write)]);
    }
  }

  /** The next key of an object and its colon; undefined at the closing bracket. */
  *key(): Reading<string | undefined> {
    yield* this.#take(/[\s,]*/y);
    if (this.#closes("}")) return undefined;
    const quoted = isQuote(this.#unit);
    const key = quoted ? yield* this.#string() : yield* this.#take(/(?:[A-Za-z_$][\w$-]*)?/y);
    if (key === "" && !quoted) fail();
    if ((yield* this.peek()) !== ":") fail();
    this.#at++;
    return key;
  }

  *#array(depth: number, write: Write): Reading<JsonNode> {
    const items: JsonNode[] = [];
    this.open();
    write("[");
    for (;;) {
      yield* this.#take(/[\s,]*/y);
      if (this.#closes("]")) break;
      if (items.length > 0) write(",");
      items.push(yield* this.value(depth + 1, write));
    }
    write("]");
    return { kind: "array", items };
  }

  /** At the bracket, which is passed, or at the end of the text, where it is missing. */
  #closes(bracket: string): boolean {
    if (this.#unit === undefined) return this.#input.ends === "whole" || fail();
    if (this.#unit !== bracket) return false;
    this.#at++;
    return true;
  }

  *#literal(): Reading<string> {
    const word = yield* this.#take(/[A-Za-z]*/y);
    if (word) return Object.hasOwn(literals, word) ? literals[word] : fail();
    const start = this.#at;
    // "1" may go on as "1.5e3", so it is over when something else follows.
    yield* this.#take(/[-+.\deE]*/y);
    this.#at = start;
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const [text] = number.exec(this.#input.text) ?? fail();
    this.#at += text.length;
    return text;
  }

  /** `tell` is given the text as it comes. */
  *#string(tell: (text: string) => void = () => {}): Reading<string> {
    const quote = this.#unit;
    const parts: string[] = [];
    const add = (part: string) => {
      parts.push(part);
      tell(part);
    };
    let from = ++this.#at;
    for (;;) {
      const unit = this.#unit;
      if (unit !== undefined && unit !== quote && unit !== "\\") {
        this.#at++;
        continue;
      }
      add(this.#input.text.slice(from, this.#at));
      if (unit === undefined) {
        if (!this.#isOpen) fail();
        yield;
      } else {
        this.#at++;
        if (unit === quote) return parts.join("");
        add(yield* this.#escape());
      }
      from = this.#at;
    }
  }

  *#escape(): Reading<string> {
    const escaped = yield* this.#ahead(1);
    this.#at += escaped.length;
    if (Object.hasOwn(shortEscapes, escaped)) return shortEscapes[escaped];
    if (escaped !== "u") return "\"\\/'\n".includes(escaped) ? escaped : `\\${escaped}`; // such as \d of a pattern
    const digits = yield* this.#ahead(4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return "\\u";
    this.#at += digits.length;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  get #unit(): string | undefined {
    return this.#input.text[this.#at];
  }

  get #isOpen(): boolean {
    return this.#input.ends === "open";
  }

  /** So many units of text, fewer at the end. */
  *#ahead(count: number): Reading<string> {
    while (this.#isOpen && this.#input.text.length < this.#at + count) yield;
    return this.#input.text.slice(this.#at, this.#at + count);
  }

  /** What matches here, which is certain only if something else follows. */
  *#take(pattern: RegExp): Reading<string> {
    for (;;) {
      pattern.lastIndex = this.#at;
      const found = pattern.exec(this.#input.text)?.[0] ?? "";
      if (this.#isOpen && this.#at + found.length === this.#input.text.length) {
        yield;
        continue;
      }
      this.#at += found.length;
      return found;
    }
  }
}
