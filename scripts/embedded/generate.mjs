// Writes what the embedded model learns from and a set that is held out; the same bytes for the same options on every machine.
// Usage: node scripts/embedded/generate.mjs --out DIR [--examples 100000] [--heldout 4000] [--seed 1] [--languages en,zh]
//   DIR/train.jsonl     conversations as `anyqwen train` reads them
//   DIR/heldout.jsonl   single requests and what is right: { say, language, kind, calls?, answer?, tools? }

import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Apart, checkModules } from "./apart.mjs";
import { conversation } from "./conversations.mjs";
import { heldOut } from "./held-out.mjs";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    examples: { type: "string", default: "100000" },
    heldout: { type: "string", default: "4000" },
    seed: { type: "string", default: "1" },
    languages: { type: "string", default: "en,zh" },
  },
});
if (!values.out) throw new Error("--out DIR is missing: where the files go");
const examples = whole("--examples", values.examples);
const seed = whole("--seed", values.seed);

/** More than this share of conversations with something held out is no chance. */
const MEETINGS = 0.002;
/** Of one write: fewer calls of the file system. */
const LINES = 2_000;

function whole(flag, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${flag} is ${JSON.stringify(text)}; expected a whole number`);
}

async function loadLanguages(codes) {
  const modules = [];
  for (const code of codes) modules.push((await import(`./${code}/index.mjs`)).default);
  return modules;
}

/** @param {string} name @param {Iterable<unknown>} records */
async function writeLines(name, records) {
  const file = await open(join(values.out, name), "w");
  try {
    let lines = [];
    for (const record of records) {
      lines.push(`${JSON.stringify(record)}\n`);
      if (lines.length < LINES) continue;
      await file.write(lines.join(""));
      lines = [];
    }
    await file.write(lines.join(""));
  } finally {
    await file.close();
  }
}

/** Short conversations come again, and values meet held-out ones by chance; those are left out, and others made in their place. */
function* conversations(languages, apart) {
  const seen = new Set();
  const met = [];
  for (let index = 0; seen.size < examples; index++) {
    if (index > examples * 3 + 1_000)
      throw new Error(`only ${seen.size} different conversations; ask for fewer --examples`);
    const record = conversation(languages, seed, index);
    const key = JSON.stringify(record.messages);
    if (seen.has(key)) continue;
    const held = apart.meets(record);
    if (held !== undefined) {
      met.push(held);
      if (met.length > 100 + index * MEETINGS)
        throw new Error(`too much that is held out is trained on: ${JSON.stringify([...new Set(met)].slice(0, 10))}`);
      continue;
    }
    seen.add(key);
    yield record;
  }
}

const languages = await loadLanguages(values.languages.split(","));
for (const language of languages) checkModules(language);
await mkdir(values.out, { recursive: true });
const held = heldOut(languages, seed, whole("--heldout", values.heldout));
await writeLines("heldout.jsonl", held);
await writeLines("train.jsonl", conversations(languages, new Apart(held, languages)));
console.log(`${examples} conversations and ${held.length} held-out requests in ${values.out}`);
