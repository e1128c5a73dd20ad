// What is held out must not be trained on: phrasings as they are written, requests as they are said, and the words that are copied.

import { allChoices } from "./phrases.mjs";
import { spanArguments } from "./tools.mjs";

/** Case and punctuation do not make a text another one. @param {string} text */
function bare(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}{}]+/gu, " ")
    .trim();
}

/** @param {string} what @param {string[]} found */
function fail(what, found) {
  if (found.length === 0) return;
  const some = found.slice(0, 10).map((text) => JSON.stringify(text));
  throw new Error(`${found.length} ${what}: ${some.join(", ")}; take them out of one of the two`);
}

/** Throws if a language's modules have a phrasing or a listed value on both sides. @param {any} language */
export function checkModules(language) {
  const pairs = [
    ...Object.values(language.tools).map((tool) => [sayings(tool.train), sayings(tool.heldout)]),
    [sayings(language.asks.train), sayings(language.asks.heldout)],
    [language.refusals.train, language.refusals.heldout],
    ...language.about.map(({ say }) => [say.train, say.heldout]),
    [language.passages.train, language.passages.heldout].map((list) => list.map(({ passage }) => passage)),
  ];
  const shared = pairs.flatMap(([train, heldout]) => {
    const known = new Set(train.flatMap(allChoices).map(bare));
    return heldout.flatMap(allChoices).filter((text) => known.has(bare(text)));
  });
  fail(`${language.code} phrasings are held out and trained on`, shared);
  const values = Object.values(language.values).flatMap(({ train, heldout = [] }) => {
    const known = new Set(train.filter((entry) => typeof entry !== "function").map((entry) => bare(said(entry))));
    return heldout.filter((entry) => typeof entry !== "function" && known.has(bare(said(entry)))).map(said);
  });
  fail(`${language.code} values are held out and trained on`, values);
}

const sayings = (groups) => groups.flatMap(({ say }) => say);
const said = (entry) => (typeof entry === "object" ? entry.say : String(entry));

/** Collects what the held-out records say, and finds the conversations that have any of it. */
export class Apart {
  #says = new Set();
  #spans = new Set();

  /** @param {readonly any[]} records @param {readonly any[]} languages */
  constructor(records, languages) {
    for (const { say, calls = [] } of records) {
      this.#says.add(bare(say));
      for (const call of calls) for (const span of spansOf(call.arguments)) this.#spans.add(span);
    }
    // What phrasings of both sides name without a slot (home) is no value that could be held out.
    for (const { tools } of languages)
      for (const { train } of Object.values(tools))
        for (const { call } of train) for (const span of spansOf(call)) this.#spans.delete(span);
  }

  /** What a conversation has of the held-out set, if anything: composed values can meet by chance. @param {{ messages: readonly any[] }} record */
  meets({ messages }) {
    for (const { role, content, tool_calls: calls = [] } of messages) {
      if (role === "user" && this.#says.has(bare(content))) return content;
      for (const call of calls) {
        const span = spansOf(JSON.parse(call.function.arguments)).find((text) => this.#spans.has(text));
        if (span !== undefined) return span;
      }
    }
    return undefined;
  }
}

/** @param {Record<string, unknown>} given */
function spansOf(given) {
  return Object.entries(given).flatMap(([key, value]) =>
    spanArguments.has(key) ? [`${key}: ${bare(String(value))}`] : [],
  );
}
