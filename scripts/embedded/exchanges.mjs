// One exchange of each kind: what the user says and what is right to answer, as messages. README.md has the rules.

import { choose, Draws, fill, fillObject, slotsOf } from "./phrases.mjs";
import { argumentsOf, callMessage, inOrder, spacedJson } from "./tools.mjs";

/**
 * @typedef {object} Scene
 * @property {any} language the default export of a language's index.mjs
 * @property {import("./random.mjs").Random} random
 * @property {readonly string[]} passed names of the tools that the program passes
 * @property {import("./phrases.mjs").Which} which
 */

/** Spans take more practice than choices do. */
const weights = { navigate: 1.4, draft_message: 1.6, search_web: 1.4, play_media: 1.4, find_charging: 1.1 };
const twoCalls = 0.05;
/** The rule's words; a language may have its own. */
const absent = { en: "The passages do not say.", zh: "材料里没有提到。" };

const user = (content) => ({ role: "user", content });
const assistant = (content) => ({ role: "assistant", content });

/** @param {Scene} scene @param {readonly string[]} names */
function pickTool({ random, language }, names) {
  const known = names.filter((name) => language.tools[name]);
  return random.weighted(known.map((name) => [name, weights[name] ?? 1]));
}

/** @param {Scene} scene @param {string} name */
function phrasingOf({ language, random, which }, name) {
  const groups = language.tools[name][which];
  const group = random.weighted(groups.map((item) => [item, item.weight ?? Math.sqrt(item.say.length)]));
  return { phrasing: choose(random, random.pick(group.say)), call: group.call };
}

/** A request for one tool. @param {Scene} scene @param {string} name */
export function request(scene, name) {
  const { language, random, which } = scene;
  const { phrasing, call } = phrasingOf(scene, name);
  const draws = new Draws(language, which, random);
  const say = fill(language.decorate(random, phrasing, which), draws);
  return { say, draws, calls: [{ name, arguments: inOrder(name, fillObject(call, draws)) }] };
}

/** Two requests in one sentence. @param {Scene} scene @param {readonly string[]} names */
export function twoRequests(scene, names) {
  const { language, random, which } = scene;
  const parts = [];
  const calls = [];
  for (let tries = 0; parts.length < 2 && tries < 200; tries++) {
    const name = pickTool(scene, names);
    const { phrasing, call } = phrasingOf(scene, name);
    if (calls.some((other) => other.name === name) || !(language.joinable?.(phrasing) ?? true)) continue;
    const draws = new Draws(language, which, random);
    parts.push({ phrasing, draws });
    calls.push({ name, arguments: inOrder(name, fillObject(call, draws)) });
  }
  if (parts.length < 2) return request(scene, pickTool(scene, names));
  // The slots of both are told apart by what stands before their names.
  const draws = new Draws(language, which, random);
  const [first, second] = parts.map(({ phrasing, draws: own }, i) => {
    for (const slot of slotsOf(phrasing)) draws.set(`${"ab"[i]}:${slot}`, own.get(slot));
    return phrasing.replace(/\{(\w+)\}/g, `{${"ab"[i]}:$1}`).replace(/[.?!。？！]$/u, "");
  });
  const say = fill(language.decorate(random, first + random.pick(language.joiners) + second, which), draws);
  return { say, draws, calls };
}

/** @param {Scene} scene */
function call(scene) {
  const asked =
    scene.passed.length > 1 && scene.random.chance(twoCalls)
      ? twoRequests(scene, scene.passed)
      : request(scene, pickTool(scene, scene.passed));
  return [user(asked.say), callMessage(asked.calls)];
}

/** @param {Scene} scene */
function ask(scene) {
  const { language, random, which, passed } = scene;
  const known = language.asks[which].filter(({ tool }) => passed.includes(tool));
  if (known.length === 0) return call(scene);
  const entry = random.pick(known);
  const draws = new Draws(language, which, random);
  const messages = [user(fill(language.decorate(random, choose(random, random.pick(entry.say)), which), draws))];
  for (let step = entry; step; step = step.next) {
    messages.push(assistant(fill(choose(random, random.pick(step.reply)), draws)));
    messages.push(user(fill(choose(random, random.pick(step.then)), draws)));
  }
  const given = inOrder(entry.tool, fillObject(entry.call, draws));
  return [...messages, callMessage([{ name: entry.tool, arguments: given }])];
}

/** @param {Scene} scene */
function result(scene) {
  const { language, random, passed } = scene;
  const name = pickTool(
    scene,
    passed.filter((tool) => language.results[tool]),
  );
  const { say, draws, calls } = request(scene, name);
  const given = calls[0].arguments;
  const own = argumentsOf(name);
  for (const [key, is] of Object.entries(given)) if (!draws.has(key)) draws.set(key, { say: String(is), is });
  const fitting = language.results[name].filter(
    (entry) =>
      Object.entries(entry.when ?? {}).every(([key, is]) => given[key] === is) &&
      slotsOf(JSON.stringify(entry)).every((slot) => !own.includes(slot) || given[slot] !== undefined),
  );
  const entry = random.pick(fitting);
  const content = spacedJson(fillObject(entry.result, draws));
  const reply = fill(choose(random, random.pick(entry.reply)), draws);
  return [user(say), callMessage(calls), { role: "tool", content }, assistant(reply)];
}

/** @param {Scene} scene */
function refusal({ language, random, which }) {
  const { replies, [which]: says } = language.refusals;
  const draws = new Draws(language, which, random);
  const say = fill(language.decorate(random, choose(random, random.pick(says)), which), draws);
  return [user(say), assistant(fill(random.pick(replies), draws))];
}

/** @param {Scene} scene */
function about({ language, random, which }) {
  const entry = random.pick(language.about);
  const phrasing = choose(random, random.pick(entry.say[which]));
  const said = random.chance(0.4) ? language.decorate(random, phrasing, which) : phrasing;
  const draws = new Draws(language, which, random);
  return [user(fill(said, draws)), assistant(choose(random, random.pick(entry.reply)))];
}

/** Every tenth phrasing of a kind is held out. @param {Scene} scene */
function outside({ language, random, which }) {
  const kind = random.pick(Object.keys(language.outside.train));
  const phrasings = language.outside.train[kind].filter((_, i) => (i % 10 === 9) === (which === "heldout"));
  const draws = new Draws(language, which, random);
  const say = fill(language.decorate(random, choose(random, random.pick(phrasings)), which), draws);
  return [user(say), assistant(language.outside.reply)];
}

/** Some of the passages' questions have no answer in them. `apart` puts the passages into a message of the system. */
function passage({ language, random, which }, apart = false) {
  const count = random.integer(1, 4);
  const [wanted, ...others] = random.shuffled(language.passages[which]).slice(0, count + 1);
  const there = random.chance(0.8);
  const chosen = random.shuffled(
    (there ? [wanted, ...others.slice(0, count - 1)] : others).map((entry) => ({ entry })),
  );
  for (const item of chosen) item.draws = new Draws(language, which, random);
  const text = chosen.map(({ entry, draws }, i) => `[${i + 1}] ${fill(choose(random, entry.passage), draws)}`);
  const at = chosen.findIndex(({ entry }) => entry === wanted);
  const draws = chosen[at]?.draws ?? new Draws(language, which, random);
  const question = fill(choose(random, random.pick(wanted.question)), draws);
  const answer = there ? `${fill(wanted.answer, draws)} [${at + 1}]` : (language.absent ?? absent[language.code]);
  const block = text.join("\n");
  if (apart) return [{ role: "system", content: block }, user(question), assistant(answer)];
  const gap = random.pick(["\n", "\n\n"]);
  return [user(random.chance(0.8) ? block + gap + question : question + gap + block), assistant(answer)];
}

/** A request for a tool that the program has not passed. @param {Scene} scene */
function missing(scene) {
  const names = Object.keys(scene.language.tools).filter((name) => !scene.passed.includes(name));
  const name = pickTool(scene, names);
  return [user(request(scene, name).say), assistant(scene.language.missing(name))];
}

export const kinds = { call, ask, result, refusal, about, outside, passage, missing };
