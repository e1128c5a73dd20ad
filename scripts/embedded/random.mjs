// Random numbers that are the same on every machine: a counter mixed to 32 bits (the finaliser of MurmurHash3, as splitmix uses it), so
// that every record has a source of its own and does not depend on how many numbers the records before it drew.

const GOLDEN = 0x9e3779b9;

/** @param {number} value */
function mix(value) {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

export class Random {
  #state;
  #key;

  /**
   * @param {number} seed
   * @param {number} stream which of the seed's independent sequences
   */
  constructor(seed, stream = 0) {
    this.#key = mix(mix(seed + GOLDEN) ^ Math.imul(stream + 1, GOLDEN));
    this.#state = 0;
  }

  /** In [0, 1), a multiple of 2^-32. */
  uniform() {
    this.#state = (this.#state + GOLDEN) | 0;
    return mix(mix(this.#state ^ this.#key) + this.#key) / 2 ** 32;
  }

  /** @param {number} lo @param {number} hi both can come */
  integer(lo, hi) {
    return lo + Math.floor(this.uniform() * (hi - lo + 1));
  }

  /** @param {number} probability */
  chance(probability) {
    return this.uniform() < probability;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    if (list.length === 0) throw new Error("a list to pick from is empty");
    return list[Math.floor(this.uniform() * list.length)];
  }

  /** @template T @param {readonly (readonly [T, number])[]} weighted */
  weighted(weighted) {
    const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.uniform() * total;
    for (const [item, weight] of weighted) if ((left -= weight) < 0) return item;
    return weighted[weighted.length - 1][0];
  }

  /** @template T @param {readonly T[]} list @returns {T[]} */
  shuffled(list) {
    const items = [...list];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}
