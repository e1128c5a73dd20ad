// Sets of characters, as ascending ranges of code points that do not touch; and the bytes that UTF-8 spells them with.

import type { GrammarBuilder, NodeId } from "./nodes.ts";

/** From and to, both included. */
export type Range = readonly [number, number];
export type CodePoints = readonly Range[];

const LAST = 0x10ffff;

export function codePoints(...ranges: readonly Range[]): CodePoints {
  const sorted = ranges.filter(([from, to]) => from <= to).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export const single = (character: string): CodePoints => {
  const code = character.codePointAt(0) ?? 0;
  return [[code, code]];
};

export const union = (...sets: readonly CodePoints[]): CodePoints => codePoints(...sets.flat());

export function complement(set: CodePoints): CodePoints {
  const rest: Range[] = [];
  let from = 0;
  for (const [first, last] of set) {
    if (first > from) rest.push([from, first - 1]);
    from = last + 1;
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}

export function intersection(a: CodePoints, b: CodePoints): CodePoints {
  const common: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [from, to] = [Math.max(a[i][0], b[j][0]), Math.min(a[i][1], b[j][1])];
    if (from <= to) common.push([from, to]);
    if (a[i][1] < b[j][1]) i++;
    else j++;
  }
  return common;
}

export const difference = (a: CodePoints, b: CodePoints): CodePoints => intersection(a, complement(b));

export const ANY: CodePoints = [[0, LAST]];

export const contains = (set: CodePoints, code: number): boolean =>
  set.some(([from, to]) => code >= from && code <= to);

/** What UTF-8 can spell, by number of bytes: surrogates are no characters. */
const LENGTHS: readonly { readonly set: CodePoints; readonly bytes: number; readonly lead: number }[] = [
  { set: [[0, 0x7f]], bytes: 1, lead: 0 },
  { set: [[0x80, 0x7ff]], bytes: 2, lead: 0xc0 },
  {
    set: [
      [0x800, 0xd7ff],
      [0xe000, 0xffff],
    ],
    bytes: 3,
    lead: 0xe0,
  },
  { set: [[0x10000, LAST]], bytes: 4, lead: 0xf0 },
];

/** Characters that need no escape in JSON (vocabulary.ts). */
export const PLAIN: CodePoints = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0xd7ff],
  [0xe000, LAST],
];

/** One character of the set, as UTF-8. */
export function utf8(grammar: GrammarBuilder, set: CodePoints): NodeId {
  const node = grammar.choice(
    ...LENGTHS.map(({ set: spelled, bytes, lead }) => {
      const part = intersection(set, spelled);
      return part.length === 0 ? grammar.never : spell(grammar, part, bytes - 1, lead);
    }),
  );
  return difference(PLAIN, set).length === 0 ? grammar.plain(node) : node;
}

/** Numbers of `rest` further bytes of six bits each, of which the first byte's lead is `lead`; first bytes with the same rests are one set. */
function spell(grammar: GrammarBuilder, set: CodePoints, rest: number, lead: number): NodeId {
  if (rest === 0) return grammar.set(set.map(([from, to]) => [lead + from, lead + to]));
  const size = 64 ** rest;
  const byRest = new Map<NodeId, [number, number][]>();
  const add = (first: number, last: number, inside: CodePoints) => {
    const node = spell(grammar, inside, rest - 1, 0x80);
    const firsts = byRest.get(node);
    if (firsts) firsts.push([lead + first, lead + last]);
    else byRest.set(node, [[lead + first, lead + last]]);
  };
  const whole: CodePoints = [[0, size - 1]];
  /** Parts of the first byte that is being collected. */
  let open: { byte: number; ranges: Range[] } | undefined;
  const close = () => {
    if (open) add(open.byte, open.byte, codePoints(...open.ranges));
    open = undefined;
  };
  for (const [from, to] of set) {
    let at = from;
    while (at <= to) {
      const byte = Math.floor(at / size);
      if (at % size === 0 && to >= at + size - 1) {
        close();
        const last = Math.floor((to + 1) / size) - 1;
        add(byte, last, whole);
        at = (last + 1) * size;
        continue;
      }
      const end = Math.min(to, (byte + 1) * size - 1);
      if (open && open.byte !== byte) close();
      open ??= { byte, ranges: [] };
      open.ranges.push([at - byte * size, end - byte * size]);
      at = end + 1;
    }
  }
  close();
  return grammar.choice(...[...byRest].map(([node, firsts]) => grammar.sequence(grammar.set(firsts), node)));
}
