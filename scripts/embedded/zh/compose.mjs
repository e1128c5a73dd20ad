// Helpers for the lists of this folder: a long list written as text, and values composed from patterns with inner
// lists. `{name}` in a pattern draws from the inner list of that name, again and again until no brace is left.

/** Words separated by white space. */
export const list = (text) => text.split(/\s+/).filter(Boolean);

/** Entries that stand on a line each (they may hold spaces). */
export const lines = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** A value drawn from patterns; `inner` names the lists (or functions of the random source) that fill them. */
export const composed = (patterns, inner) => (random) => fill(random, random.pick(patterns), inner);

function fill(random, pattern, inner) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => {
    const source = inner[name];
    const drawn = typeof source === "function" ? source : random.pick(source);
    return fill(random, typeof drawn === "function" ? drawn(random) : drawn, inner);
  });
}

/** The same entry `times` over: a simple weight in a list that is drawn from evenly. */
export const often = (entry, times) => Array.from({ length: times }, () => entry);
