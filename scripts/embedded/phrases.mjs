// From a phrasing to what a user says: alternatives [a|b] are chosen, slots {name} filled. A slot's value is drawn once for an exchange,
// so that the sentence, the call and the sentence about its result agree.

/** @typedef {"train" | "heldout"} Which */
/** @typedef {{ say: string, is: string | number | boolean }} Value */

const slots = /\{((?:\w+:)?[a-z]\w*)\}/gi;
const oneSlot = /^\{((?:\w+:)?[a-z]\w*)\}$/i;
const alternatives = /\[([^[\]]*\|[^[\]]*)\]/;

/** The values of an exchange's slots, drawn when they are first asked for. */
export class Draws {
  #values = new Map();

  /**
   * @param {{ code: string, values: Record<string, { train: unknown[], heldout?: unknown[] }> }} language
   * @param {Which} which slots without values for the held-out set (numbers, names of an enumeration) have the same ones in both
   * @param {import("./random.mjs").Random} random
   */
  constructor(language, which, random) {
    this.language = language;
    this.which = which;
    this.random = random;
  }

  /** @param {string} slot @param {Value} value */
  set(slot, value) {
    this.#values.set(slot, value);
  }

  /** @param {string} slot */
  has(slot) {
    return this.#values.has(slot);
  }

  /** @param {string} slot @returns {Value} */
  get(slot) {
    let value = this.#values.get(slot);
    if (!value) this.#values.set(slot, (value = this.#draw(slot)));
    return value;
  }

  #draw(slot) {
    const lists = this.language.values[slot.replace(/^\w+:/, "")];
    if (!lists) throw new Error(`${this.language.code}: no values for the slot {${slot}}`);
    let entry = this.random.pick(this.which === "heldout" && lists.heldout?.length ? lists.heldout : lists.train);
    if (typeof entry === "function") entry = entry(this.random);
    return typeof entry === "object" ? entry : { say: String(entry), is: entry };
  }
}

/** @param {import("./random.mjs").Random} random @param {string} phrasing */
export function choose(random, phrasing) {
  let text = phrasing;
  for (let found; (found = alternatives.exec(text)); ) {
    text = text.slice(0, found.index) + random.pick(found[1].split("|")) + text.slice(found.index + found[0].length);
  }
  return text
    .replace(/ {2,}/g, " ")
    .replace(/ ([,.?!])/g, "$1")
    .trim();
}

/** Every text that `choose` can make. @param {string} phrasing @returns {string[]} */
export function allChoices(phrasing) {
  const found = alternatives.exec(phrasing);
  if (!found) return [choose({ pick: () => "" }, phrasing)];
  const [before, after] = [phrasing.slice(0, found.index), phrasing.slice(found.index + found[0].length)];
  return found[1].split("|").flatMap((choice) => allChoices(before + choice + after));
}

/** @param {string} text */
export function slotsOf(text) {
  return [...text.matchAll(slots)].map(([, slot]) => slot);
}

/** @param {string} text @param {Draws} draws */
export function fill(text, draws) {
  return tidy(text.replace(slots, (_, slot) => draws.get(slot).say));
}

/** A value may bring a mark of its own ("are you coming?") to where the phrasing has one. @param {string} text */
function tidy(text) {
  return text.replace(/([?!.？！。])[.?!。？！]+$/u, "$1").replace(/([?!？！])[,，]/gu, "$1");
}

/**
 * A call's arguments, or a result: a text that is one slot takes the slot's value, other texts are filled.
 * @param {unknown} pattern @param {Draws} draws
 */
export function fillObject(pattern, draws) {
  if (typeof pattern === "string") {
    const slot = oneSlot.exec(pattern)?.[1];
    return slot ? draws.get(slot).is : fill(pattern, draws);
  }
  if (Array.isArray(pattern)) return pattern.map((item) => fillObject(item, draws));
  if (pattern === null || typeof pattern !== "object") return pattern;
  return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, fillObject(value, draws)]));
}
