// Byte-pair encoding, learnt (Sennrich et al. 2016, algorithm 1): the pair of neighbouring symbols that occurs most often becomes a
// symbol, again and again. Counts of pairs are kept up to date instead of taken anew, piece by piece of those where the pair occurs.

/** Ids below 256 are bytes; merge r makes the id 256 + r of its two. */
export type LearntMerge = readonly [left: number, right: number];

interface Piece {
  symbols: number[];
  readonly count: number;
}

interface PairCount {
  count: number;
  readonly pieces: Set<number>;
}

/**
 * At most `most` merges, fewer when no pair occurs twice. `pieces`: how often each piece of text occurs; no merge reaches across
 * two. Of pairs that occur equally often, the one with the smaller ids is taken, so that the result depends on the counts alone.
 */
export function learnMerges(pieces: ReadonlyMap<string, number>, most: number): LearntMerge[] {
  const encoder = new TextEncoder();
  const words: Piece[] = [...pieces].map(([text, count]) => ({ symbols: [...encoder.encode(text)], count }));
  const pairs = new Map<number, PairCount>();
  words.forEach((_, index) => countPiece(words, pairs, index, 1));
  const merges: LearntMerge[] = [];
  while (merges.length < most) {
    const best = mostFrequent(pairs);
    if (best === undefined) break;
    const merge = [Math.floor(best / idLimit), best % idLimit] as const;
    for (const index of [...(pairs.get(best)?.pieces ?? [])]) {
      countPiece(words, pairs, index, -1);
      words[index].symbols = joined(words[index].symbols, merge, 256 + merges.length);
      countPiece(words, pairs, index, 1);
    }
    merges.push(merge);
  }
  return merges;
}

/** Pairs are kept under left * idLimit + right. */
const idLimit = 2 ** 21;

function countPiece(words: readonly Piece[], pairs: Map<number, PairCount>, index: number, sign: 1 | -1): void {
  const { symbols, count } = words[index];
  for (let i = 1; i < symbols.length; i++) {
    const key = symbols[i - 1] * idLimit + symbols[i];
    let pair = pairs.get(key);
    if (!pair) pairs.set(key, (pair = { count: 0, pieces: new Set() }));
    pair.count += sign * count;
    if (sign > 0) pair.pieces.add(index);
    else pair.pieces.delete(index);
    if (pair.count === 0) pairs.delete(key);
  }
}

function mostFrequent(pairs: ReadonlyMap<number, PairCount>): number | undefined {
  let best: number | undefined;
  let most = 1; // what occurs once is not worth a token
  for (const [key, { count }] of pairs) {
    if (count > most || (count === most && best !== undefined && key < best)) {
      best = key;
      most = count;
    }
  }
  return best;
}

function joined(symbols: readonly number[], [left, right]: LearntMerge, id: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      out.push(id);
      i++;
    } else out.push(symbols[i]);
  }
  return out;
}
