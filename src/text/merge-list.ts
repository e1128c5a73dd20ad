// The merges of a BPE as its file lists them. Whether they stand in the order of the tokens that they make, as in every vocabulary
// that was trained and not converted, can be told by comparing them with the tokens; only if they do not are they taken apart.

import { type PackedStrings, Packer, type StringList, unpackString } from "./packed.ts";

export interface MergeList {
  readonly count: number;
  /** What the first merge makes. */
  first(): string;
  /**
   * The length in UTF-16 units of the left part of each merge, if merge r makes token `first` + r; undefined if some merge does not.
   * `first` is the id of what the first merge makes.
   */
  leftLengths(tokens: PackedStrings, first: number): Uint16Array | undefined;
  /** String 2r is the left part of merge r, string 2r+1 the right one, and both lie side by side. Fails if a line is no merge. */
  packed(): PackedStrings;
}

const mostUnits = 0xffff;
const space = 0x20;

export function packedMerges(merges: PackedStrings): MergeList {
  const { units, starts, ends } = merges;
  const count = starts.length >> 1;
  return {
    count,
    first: () => unpackString(merges, 0) + unpackString(merges, 1),
    packed: () => merges,
    leftLengths(tokens, first) {
      if (first + count > tokens.starts.length) return undefined;
      const lefts = new Uint16Array(count);
      for (let rank = 0; rank < count; rank++) {
        const end = tokens.ends[first + rank];
        let at = tokens.starts[first + rank];
        const left = ends[2 * rank] - starts[2 * rank];
        if (ends[2 * rank + 1] - starts[2 * rank] !== end - at || left > mostUnits) return undefined;
        for (let unit = starts[2 * rank]; at < end; unit++, at++)
          if (units[unit] !== tokens.units[at]) return undefined;
        lefts[rank] = left;
      }
      return lefts;
    },
  };
}

/** Lines as GGUF holds them: "left right" in UTF-8, each behind its length in 8 bytes, which is known to be right. */
export function fileMerges(bytes: Uint8Array, lines: StringList, malformed: (rank: number) => Error): MergeList {
  const { count } = lines;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    count,
    first: () => lines.text(0).replace(/(?<=.) /, ""),
    packed() {
      const packed = packMerges(lines);
      if (typeof packed === "number") throw malformed(packed);
      return packed;
    },
    leftLengths({ units, starts, ends }, first) {
      if (first + count > starts.length) return undefined;
      const lefts = new Uint16Array(count);
      for (let rank = 0, at = 0; rank < count; rank++) {
        const lineEnd = at + 8 + view.getUint32(at, true);
        const start = starts[first + rank];
        const end = ends[first + rank];
        let unit = start;
        let left = 0;
        for (at += 8; at < lineEnd; ) {
          let code = bytes[at++];
          if (code === space && left === 0 && unit > start) {
            left = unit - start;
            continue;
          }
          if (code >= 0x80) {
            if (code >= 0xe0 || at === lineEnd) return undefined;
            code = ((code & 0x1f) << 6) | (bytes[at++] & 0x3f);
          }
          if (unit === end || units[unit++] !== code) return undefined;
        }
        if (unit !== end || left === 0 || left === end - start || left > mostUnits) return undefined;
        lefts[rank] = left;
      }
      return lefts;
    },
  };
}

/** Merges as files list them: "left right". Returns the number of a line that is not of that form, if there is one. */
export function packMerges(lines: StringList): PackedStrings | number {
  const packer = new Packer(lines.units);
  for (let rank = 0; rank < lines.count; rank++) if (!lines.packPair(rank, packer)) return rank;
  return packer.finish();
}
