// Which drafts hold. Every drafted position was sampled with its own noise, so a draft that equals what was drawn there changes
// nothing but the time (numerics.md, l); at the first that does not, what was drawn counts and the rest is void.

export interface Accepted {
  /** How many drafts hold. */
  readonly drafts: number;
  /** The ids to append: the drafts that hold, and what was drawn after them. */
  readonly ids: readonly number[];
}

/** `drawn[i]` was sampled after the first i drafts: one more than there are drafts. */
export function acceptDrafts(drafts: readonly number[], drawn: readonly number[]): Accepted {
  let held = 0;
  while (held < drafts.length && drafts[held] === drawn[held]) held++;
  return { drafts: held, ids: drawn.slice(0, held + 1) };
}
