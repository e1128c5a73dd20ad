// Short ways to write the lists of the language's data, and to hold a part of each list out.

/** Items between commas. @param {string} text */
export function list(text) {
  return text
    .split(",")
    .map((item) => item.trim().replace(/\s+/g, " "))
    .filter(Boolean);
}

/** One item a line. @param {string} text */
export function lines(text) {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Every seventh item is held out. @template T @param {readonly T[]} items */
export function split(items) {
  return {
    train: items.filter((_, i) => i % 7 !== 6),
    heldout: items.filter((_, i) => i % 7 === 6),
  };
}

/**
 * The values of a slot, made of lists of which a part is held out.
 * @param {(which: "train" | "heldout") => unknown[]} make
 */
export function both(make) {
  return { train: make("train"), heldout: make("heldout") };
}

/**
 * Fills a pattern's {names} from lists, or from functions of the random source.
 * @param {any} random @param {string} pattern @param {Record<string, any>} parts
 */
export function expand(random, pattern, parts) {
  const text = pattern.replace(/\{(\w+)\}/g, (_, name) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`no list {${name}} for ${JSON.stringify(pattern)}`);
    return typeof part === "function" ? part(random) : random.pick(part);
  });
  return text.replace(/\ba (?=[aeiou])(?!uni|use|one|eu)/g, "an ");
}

/** How people type: some of the words without capitals, now and then with a slip. @param {any} random @param {string} text */
export function typed(random, text) {
  const cased = random.chance(0.25) ? text.toLowerCase() : text;
  if (cased.length < 8 || !random.chance(0.03)) return cased;
  const at = random.integer(1, cased.length - 3);
  if (!/^[a-z]{2}$/.test(cased.slice(at, at + 2))) return cased;
  return random.chance(0.5)
    ? cased.slice(0, at) + cased[at + 1] + cased[at] + cased.slice(at + 2)
    : cased.slice(0, at) + cased.slice(at + 1);
}
