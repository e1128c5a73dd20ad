// What kind of character a code point is, as the pre-tokenisers ask: one byte per code point, filled from our own tables so that
// every runtime splits text alike.

import { unicodeRuns } from "./unicode.generated.ts";

export const Kind = { other: 0, letter: 1, number: 2, space: 3, newline: 4 } as const;

export type KindTable = Uint8Array;

const built = new Map<boolean, KindTable>();

/** Kinds by code point. Combining marks count as letters (Qwen3.5) or as other characters (Qwen2 to Qwen3). */
export function kindTable(marksJoinLetters: boolean): KindTable {
  let table = built.get(marksJoinLetters);
  if (!table) {
    table = new Uint8Array(0x110000);
    fill(table, unicodeRuns.letter, Kind.letter);
    if (marksJoinLetters) fill(table, unicodeRuns.mark, Kind.letter);
    fill(table, unicodeRuns.number, Kind.number);
    fill(table, unicodeRuns.space, Kind.space);
    table[0x0a] = Kind.newline;
    table[0x0d] = Kind.newline;
    built.set(marksJoinLetters, table);
  }
  return table;
}

function fill(table: KindTable, runs: string, kind: number): void {
  let code = 0;
  const numbers = runs.split(" ");
  for (let i = 0; i < numbers.length; i += 2) {
    code += Number.parseInt(numbers[i], 36);
    const end = code + Number.parseInt(numbers[i + 1], 36);
    table.fill(kind, code, end);
    code = end;
  }
}
