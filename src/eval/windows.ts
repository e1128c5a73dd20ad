// How a text is cut for evaluation: windows of equal length, each judged on its second half, where every token has at least
// half a window before it. Same cut as llama.cpp's llama-perplexity, so that figures can be compared.

import { AnyqwenError } from "../core/errors.ts";

export interface EvaluationWindow {
  readonly ids: readonly number[];
  /** Index of the first token that is predicted and counted; the last window's rest is dropped. */
  readonly start: number;
}

/** At most `most` windows of `length` tokens; fails if there is not one. */
export function evaluationWindows(ids: readonly number[], length: number, most = Infinity): EvaluationWindow[] {
  const count = Math.min(Math.floor(ids.length / length), most);
  if (count === 0) {
    throw new AnyqwenError(
      "invalid-argument",
      `the text has ${ids.length} tokens, less than one window of ${length}; give a longer text or a smaller window`,
    );
  }
  // Row length/2 predicts the token after it: the first one counted.
  const start = Math.floor(length / 2) + 1;
  return Array.from({ length: count }, (_, i) => ({ ids: ids.slice(i * length, (i + 1) * length), start }));
}
