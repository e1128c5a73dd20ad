// Patterns over characters to grammar nodes: each character as plain UTF-8, or as a JSON string spells it.

import { type CodePoints, codePoints, difference, intersection, PLAIN, single, union, utf8 } from "./code-points.ts";
import type { GrammarBuilder, NodeId } from "./nodes.ts";
import type { Pattern } from "./regex.ts";

/** How one character of a set is written. */
export type Encode = (set: CodePoints) => NodeId;

export const asText =
  (grammar: GrammarBuilder): Encode =>
  (set) =>
    utf8(grammar, set);

const SHORT: readonly (readonly [string, string])[] = [
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
];
const CONTROL = codePoints([0, 0x1f]);

/** As JSON.stringify writes it: only what must be escaped is, and those of `escaped` that need not be. */
export const asJson =
  (grammar: GrammarBuilder, escaped: CodePoints = []): Encode =>
  (set) => {
    const escapes = SHORT.filter(([character]) => intersection(set, single(character)).length > 0);
    const shorts = new Set(SHORT.map(([character]) => character.codePointAt(0)));
    const controls: string[] = [];
    for (const [from, to] of intersection(set, union(CONTROL, escaped)))
      for (let code = from; code <= to; code++)
        if (!shorts.has(code)) controls.push(`\\u${code.toString(16).padStart(4, "0")}`);
    const plain = utf8(grammar, difference(intersection(set, PLAIN), escaped));
    const all = grammar.choice(
      plain,
      ...[...escapes.map(([, text]) => text), ...controls].map((text) => grammar.text(text)),
    );
    return grammar.isPlain(plain) ? grammar.plain(all) : all;
  };

export function patternNode(grammar: GrammarBuilder, pattern: Pattern, encode: Encode): NodeId {
  switch (pattern.kind) {
    case "characters":
      return encode(pattern.set);
    case "sequence":
      return grammar.sequence(...pattern.items.map((item) => patternNode(grammar, item, encode)));
    case "choice":
      return grammar.choice(...pattern.items.map((item) => patternNode(grammar, item, encode)));
    case "repeat":
      return grammar.repeat(patternNode(grammar, pattern.body, encode), pattern.least, pattern.most);
    default:
      return grammar.never;
  }
}
