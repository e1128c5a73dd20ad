// Training conversations: one to six independent exchanges of mixed kinds, in one language (rarely two), with some of the tools passed.
// Beside them, drills: words to repeat, since copying is what a small model learns last.

import { kinds } from "./exchanges.mjs";
import { Draws, fill } from "./phrases.mjs";
import { Random } from "./random.mjs";
import { dashboard, glasses, toolNames } from "./tools.mjs";

/** Shares of all exchanges, in percent. */
const shares = { call: 60, ask: 7, result: 8, refusal: 3, about: 3, outside: 12, passage: 5, missing: 2 };
/** Only conversations with fewer tools than all can miss one: their share of all conversations. */
const fewer = 0.3;
const lengths = [
  [1, 20],
  [2, 15],
  [3, 15],
  [4, 15],
  [5, 15],
  [6, 20],
];
const switching = 0.05;
const withSystem = 0.05;
const passagesApart = 0.2;

/** @param {Random} random @returns {readonly string[]} */
function passedTools(random) {
  const drawn = random.uniform();
  if (drawn < 0.7) return toolNames;
  if (drawn < 0.9) return random.chance(0.5) ? glasses : dashboard;
  if (drawn < 0.95) {
    const count = random.integer(1, toolNames.length - 1);
    return random.shuffled(toolNames).slice(0, count);
  }
  return [];
}

/** @param {readonly string[]} passed @param {any} language */
function kindsFor(passed, language) {
  const usable = passed.length > 0;
  const results = passed.some((name) => language.results[name]);
  return Object.entries(shares)
    .filter(([kind]) => usable || (kind !== "call" && kind !== "ask"))
    .filter(([kind]) => kind !== "result" || results)
    .filter(([kind]) => kind !== "missing" || passed.length < toolNames.length)
    .map(([kind, share]) => [kind, kind === "missing" ? share / fewer : share]);
}

/** What drills repeat: slots whose values are words of the user's own. */
const drilled = ["destination", "recipient", "text", "query", "near", "media"];
const drillShare = { first: 0.5, later: 0.06, until: 12_000 };

/** @param {readonly any[]} languages @param {Random} random */
function drill(languages, random) {
  const messages = [{ role: "system", content: "Repeat." }];
  for (let turn = random.integer(3, 8); turn > 0; turn--) {
    const language = random.pick(languages);
    const slots = drilled.filter((slot) => language.values[slot]);
    const parts = Array.from({ length: random.integer(1, 3) }, () => {
      return fill(`{${random.pick(slots)}}`, new Draws(language, "train", random));
    });
    const content = parts.join(language.code === "zh" ? "，" : " ");
    messages.push({ role: "user", content }, { role: "assistant", content });
  }
  return { messages, tools: [] };
}

/**
 * @param {readonly any[]} languages
 * @param {number} seed
 * @param {number} index of the conversation: each has random numbers of its own
 */
export function conversation(languages, seed, index) {
  const random = new Random(seed, index);
  const drills = index < drillShare.until ? drillShare.first : drillShare.later;
  if (random.chance(drills)) return drill(languages, random);
  let language = random.pick(languages);
  const passed = passedTools(random);
  const messages = [];
  const count = random.weighted(lengths);
  const switchAt = random.chance(switching) ? random.integer(1, 3) : -1;
  for (let turn = 0; turn < count; turn++) {
    if (turn === switchAt) language = random.pick(languages.filter((other) => other !== language).concat(language));
    const kind = random.weighted(kindsFor(passed, language));
    const scene = { language, random, passed, which: "train" };
    const apart = kind === "passage" && turn === 0 && random.chance(passagesApart);
    messages.push(...kinds[kind](scene, apart));
  }
  if (messages[0].role !== "system" && random.chance(withSystem)) {
    const known = languages.filter(({ systems }) => systems);
    if (known.length > 0)
      messages.unshift({ role: "system", content: random.pick((language.systems ? language : known[0]).systems) });
  }
  return { messages, tools: passed.map((name) => ({ type: "function", function: { name } })) };
}
