// Symbols that a grammar never tells apart share a class, so that an automaton has some dozens of transitions per state and not 260.

import type { GrammarNode } from "./nodes.ts";
import { SYMBOLS } from "./vocabulary.ts";

export interface SymbolClasses {
  /** The class of each symbol. */
  readonly of: Uint16Array;
  /** One symbol of each class. */
  readonly members: readonly number[];
}

export function symbolClasses(nodes: readonly GrammarNode[]): SymbolClasses {
  const single = new Set(nodes.flatMap((node) => (node.kind === "literal" ? node.symbols : [])));
  const of = new Uint16Array(SYMBOLS);
  let count = 1;
  for (const symbol of single) of[symbol] = count++;
  for (const node of nodes) {
    if (node.kind !== "set") continue;
    /** What the members of the set leave their class for, where others stay behind. */
    const moved = new Map<number, number>();
    const outside = new Set<number>();
    for (let symbol = 0; symbol < SYMBOLS; symbol++) if (!has(node.bits, symbol)) outside.add(of[symbol]);
    for (let symbol = 0; symbol < 256; symbol++) {
      if (!has(node.bits, symbol) || !outside.has(of[symbol])) continue;
      const target = moved.get(of[symbol]) ?? count++;
      moved.set(of[symbol], target);
      of[symbol] = target;
    }
  }
  const members: number[] = [];
  const numbers = new Map<number, number>();
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    let own = numbers.get(of[symbol]);
    if (own === undefined) {
      own = members.length;
      numbers.set(of[symbol], own);
      members.push(symbol);
    }
    of[symbol] = own;
  }
  return { of, members };
}

export function has(bits: Uint32Array, symbol: number): boolean {
  return symbol < 256 && ((bits[symbol >>> 5] >>> (symbol & 31)) & 1) === 1;
}
