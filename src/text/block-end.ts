// Where the block of a tool call ends: at its closing tag, but not at one inside a JSON string or a parameter's value. The search goes on
// where it stopped when more of the block comes.

import { closesParameter, parameterClose, parameterOpen } from "./tool-calls.ts";

export class BlockEnd {
  readonly close: string;
  #searched = 0;
  #inString = false;
  #doubtful: number | undefined;

  constructor(close: string) {
    this.close = close;
  }

  /** The first closing tag that was passed over. If no other comes, it was the end all the same. */
  get doubtful(): number | undefined {
    return this.#doubtful;
  }

  /** Where the closing tag stands in the block, as far as that has come; -1 if it is not there yet. */
  find(block: string): number {
    const json = !block.trimStart().startsWith("<");
    for (;;) {
      const end = block.indexOf(this.close, this.#searched);
      // What may be the beginning of the closing tag is looked at again when more is there.
      const stop = end < 0 ? Math.max(this.#searched, block.length - this.close.length) : end;
      const scanned = json ? this.#scanStrings(block, stop) : stop;
      const inside = json ? this.#inString : end >= 0 && inParameter(block, end);
      this.#searched = end < 0 ? scanned : end + this.close.length;
      if (end < 0 || !inside) return end;
      this.#doubtful ??= end;
    }
  }

  /** Follows quotes from where the search stands to `stop`; returns where it got, which is beyond an escape that begins before. */
  #scanStrings(block: string, stop: number): number {
    let i = this.#searched;
    for (; i < stop; i++) {
      const unit = block[i];
      if (unit === '"') this.#inString = !this.#inString;
      else if (unit === "\\" && this.#inString) i++;
    }
    return i;
  }
}

function inParameter(block: string, end: number): boolean {
  const open = block.lastIndexOf(parameterOpen, end);
  if (open < 0) return false;
  let close = block.lastIndexOf(parameterClose, end);
  while (close > open && !closesParameter(block, close)) close = block.lastIndexOf(parameterClose, close - 1);
  return close < open;
}
