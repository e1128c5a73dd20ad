// The held-out set: single requests of phrasings and values that training does not have, balanced over languages, kinds and tools.

import { kinds, request, twoRequests } from "./exchanges.mjs";
import { Random } from "./random.mjs";
import { dashboard, glasses, toolNames } from "./tools.mjs";

/** Shares in percent. */
const shares = { call: 70, ask: 8, refuse: 4, outside: 8, about: 4, passage: 6 };
const twoCalls = 0.05;
const fewerTools = 0.1;
const single = { ask: "ask", refuse: "refusal", outside: "outside", about: "about", passage: "passage" };
/** What the answer to these has to be, word for word. */
const exact = new Set(["outside", "passage"]);

/** @param {readonly any[]} languages @param {number} seed @param {number} count */
export function heldOut(languages, seed, count) {
  const records = new Map();
  const plan = Object.entries(shares).flatMap(([kind, share]) => Array(share).fill(kind));
  const order = new Random(seed, -2).shuffled(plan);
  const calls = new Map(languages.map(({ code }) => [code, 0]));
  for (let slot = 0; slot < count; slot++) {
    const language = languages[slot % languages.length];
    const kind = order[Math.floor(slot / languages.length) % order.length];
    const turn = kind === "call" ? calls.get(language.code) : 0;
    if (kind === "call") calls.set(language.code, turn + 1);
    // A request that is there already is drawn again; short ones run out, then there are fewer.
    for (let attempt = 0; attempt < 30; attempt++) {
      const random = new Random(seed ^ 0x5bd1e995, slot * 30 + attempt);
      const record = one({ language, random, which: "heldout", passed: toolNames }, kind, turn);
      if (records.has(record.say)) continue;
      records.set(record.say, record);
      break;
    }
  }
  return [...records.values()];
}

function one(scene, kind, turn) {
  const { language, random } = scene;
  const head = (say) => ({ say, language: language.code, kind });
  if (kind !== "call") {
    const [said, answered] = kinds[single[kind]](scene);
    return { ...head(said.content), ...(exact.has(kind) && { answer: answered.content }) };
  }
  const known = toolNames.filter((name) => language.tools[name]);
  const asked = random.chance(twoCalls) ? twoRequests(scene, known) : request(scene, known[turn % known.length]);
  const names = asked.calls.map(({ name }) => name);
  const parts = [glasses, dashboard].filter((part) => names.every((name) => part.includes(name)));
  const tools = parts.length > 0 && random.chance(fewerTools) ? { tools: random.pick(parts) } : {};
  return { ...head(asked.say), calls: asked.calls, ...tools };
}
