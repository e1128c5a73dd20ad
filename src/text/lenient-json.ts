// JSON as models write it. Reads strict JSON and mends the slips that occur: raw line breaks in strings, single quotes, Python's
// True, False and None, trailing commas, brackets that are missing or too many at the end. Numbers stay text, so that none loses digits.

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

/** The values that stand in `text` one after the other, or undefined if it is not JSON even with good will. Brackets may be missing
 *  at its end if `whole`, that is, if the text is known not to break off. */
export function readLenientJson(text: string, whole = true): JsonNode[] | undefined {
  const reader = new Reader(text, whole);
  try {
    return reader.readAll();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
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

function fail(): never {
  throw new Unreadable();
}

class Reader {
  readonly #text: string;
  readonly #whole: boolean;
  #at = 0;

  constructor(text: string, whole: boolean) {
    this.#text = text;
    this.#whole = whole;
  }

  readAll(): JsonNode[] {
    const found: JsonNode[] = [];
    for (;;) {
      this.#skip(/[\s,;]*/y);
      if (this.#at === this.#text.length) return found;
      // What may follow a whole value by mistake: brackets too many.
      if (found.length > 0 && this.#skip(/[\]}\s]+$/y)) return found;
      found.push(this.#value(0));
    }
  }

  #value(depth: number): JsonNode {
    if (depth > mostDepth) throw new Unreadable();
    this.#space();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"' || first === "'") return { kind: "string", value: this.#string(first) };
    const word = this.#skip(/[A-Za-z]+/y);
    if (word) {
      if (!Object.hasOwn(literals, word)) throw new Unreadable();
      return { kind: "literal", text: literals[word] };
    }
    const number = this.#skip(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (!number) throw new Unreadable();
    return { kind: "literal", text: number };
  }

  #object(depth: number): JsonNode {
    const entries: [string, JsonNode][] = [];
    this.#at++;
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (this.#closes("}")) return { kind: "object", entries };
      const quote = this.#text[this.#at];
      const key = quote === '"' || quote === "'" ? this.#string(quote) : this.#skip(/[A-Za-z_$][\w$-]*/y);
      if (key === "" && quote !== '"' && quote !== "'") throw new Unreadable();
      this.#space();
      if (this.#text[this.#at] !== ":") throw new Unreadable();
      this.#at++;
      entries.push([key, this.#value(depth + 1)]);
    }
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at++;
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (this.#closes("]")) return { kind: "array", items };
      items.push(this.#value(depth + 1));
    }
  }

  /** At the bracket, which is passed, or at the end of the text, where it is missing. */
  #closes(bracket: string): boolean {
    if (this.#at === this.#text.length) return this.#whole || fail();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #string(quote: string): string {
    const parts: string[] = [];
    let from = ++this.#at;
    for (;;) {
      if (this.#at >= this.#text.length) throw new Unreadable();
      const unit = this.#text[this.#at];
      if (unit === quote || unit === "\\") {
        parts.push(this.#text.slice(from, this.#at++));
        if (unit === quote) return parts.join("");
        parts.push(this.#escape());
        from = this.#at;
      } else this.#at++;
    }
  }

  #escape(): string {
    const escaped = this.#text[this.#at++] ?? "";
    if (Object.hasOwn(shortEscapes, escaped)) return shortEscapes[escaped];
    if (escaped !== "u") return "\"\\/'\n".includes(escaped) ? escaped : `\\${escaped}`; // such as \d of a pattern
    const digits = this.#skip(/[0-9a-fA-F]{4}/y);
    return digits ? String.fromCharCode(Number.parseInt(digits, 16)) : "\\u";
  }

  #space(): void {
    this.#skip(/\s*/y);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}
