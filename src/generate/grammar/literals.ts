// One of several texts, with what they begin with in common written once: thousands of choices are followed as easily as two.

import type { GrammarBuilder, NodeId } from "./nodes.ts";

export function oneOfTexts(grammar: GrammarBuilder, texts: readonly string[]): NodeId {
  const utf8 = new TextEncoder();
  const spelled = [...new Set(texts)].map((text) => utf8.encode(text)).sort(compare);
  return branch(grammar, spelled, 0, spelled.length, 0);
}

/** The texts [from, to), ascending, which are the same up to `at`. */
function branch(grammar: GrammarBuilder, texts: readonly Uint8Array[], from: number, to: number, at: number): NodeId {
  if (from === to) return grammar.never;
  const first = texts[from];
  const last = texts[to - 1];
  let common = at;
  while (common < first.length && common < last.length && first[common] === last[common]) common++;
  const head = grammar.literal(first.subarray(at, common));
  if (to - from === 1) return head;
  const branches: NodeId[] = [];
  let start = from;
  if (first.length === common) {
    branches.push(grammar.empty);
    start++;
  }
  for (let end = start; start < to; start = end) {
    while (end < to && texts[end][common] === texts[start][common]) end++;
    branches.push(branch(grammar, texts, start, end, common));
  }
  return grammar.sequence(head, grammar.choice(...branches));
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
