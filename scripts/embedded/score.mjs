// How often the embedded model (or any) is right: node scripts/embedded/score.mjs [MODEL] [--heldout FILE] [--wrong N] [--json]
// Requests written by hand, prompts of kinds that training never saw, and with --heldout a file that generate.mjs wrote. Every request
// is asked alone, with all tools, at temperature 0. A call counts where tool and all arguments are exactly right.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { load } from "../../dist/index.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    heldout: { type: "string" },
    wrong: { type: "string", default: "0" },
    most: { type: "string", default: "100000" },
    json: { type: "boolean", default: false },
  },
});
const catalogue = JSON.parse(readFileSync(here("../../assets/embedded/tools.json"), "utf8"));
const readLines = (path, more) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .slice(0, Number(flags.most))
    .map((line) => ({ ...more, ...JSON.parse(line) }));

const requests = [
  ...["en", "zh"].flatMap((language) => readLines(here(`./tests/${language}.jsonl`), { set: "by hand", language })),
  ...readLines(here("./tests/outside.jsonl"), { set: "outside", expected: "outside" }),
  ...(flags.heldout ? readLines(flags.heldout, { set: "held out" }) : []),
];

const qwen = await load(positionals[0] ?? here("../../assets/embedded/anyqwen-embedded.gguf"), {
  contextTokens: 1024,
  poolTokens: 16_384,
});

async function ask({ say, messages, tools }) {
  const passed = tools ? catalogue.filter(({ function: { name } }) => tools.includes(name)) : catalogue;
  const answer = { text: "", calls: [] };
  const asked = messages ?? [{ role: "user", content: say }];
  for await (const part of qwen.chat(asked, { tools: passed, temperature: 0, maxTokens: 160 })) {
    if (part.type === "text") answer.text += part.text;
    if (part.type === "tool-call") answer.calls.push({ name: part.name, arguments: read(part.arguments) });
  }
  return answer;
}

function read(json) {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

const abstains = ({ text, calls }) => calls.length === 0 && text.includes("anyqwen pull");

function isRight(request, answer) {
  const kind = request.expected ?? request.kind ?? "call";
  if (kind === "call") return isDeepStrictEqual(answer.calls, request.calls);
  if (kind === "outside") return abstains(answer);
  if (answer.calls.length > 0 || abstains(answer)) return false;
  if (kind === "ask") return /[?？]\s*$/.test(answer.text);
  if (kind === "refuse") return /^(I can't do that|这个我不能做)/.test(answer.text);
  if (kind === "passage") return answer.text === request.answer;
  return answer.text !== ""; // about: any sentence that is neither a call nor an abstention
}

const scores = new Map();
const wrong = [];
const count = (key, field) => {
  if (!scores.has(key)) scores.set(key, { of: 0, right: 0, abstained: 0 });
  scores.get(key)[field]++;
};
let next = 0;
async function worker() {
  while (next < requests.length) {
    const request = requests[next++];
    const answer = await ask(request);
    const right = isRight(request, answer);
    const kind = request.expected ?? request.kind ?? "call";
    for (const key of [`${request.set}, ${request.language}`, `${request.set}, ${request.language}, ${kind}`]) {
      count(key, "of");
      if (right) count(key, "right");
      if (abstains(answer)) count(key, "abstained");
    }
    if (!right) wrong.push({ set: request.set, say: request.say, expected: request.calls ?? kind, answer });
  }
}
await Promise.all(Array.from({ length: 16 }, worker));
await qwen.close();

const table = Object.fromEntries(
  [...scores]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { of, right, abstained }]) => {
      return [key, { of, right: right / of, abstained: abstained / of }];
    }),
);
if (flags.json) console.log(JSON.stringify({ scores: table }));
else {
  for (const [key, { of, right, abstained }] of Object.entries(table))
    console.log(`${key.padEnd(32)} ${percent(right)} right, ${percent(abstained)} abstained, of ${of}`);
}
for (const one of wrong.slice(0, Number(flags.wrong))) console.error(JSON.stringify(one));

function percent(share) {
  return `${(100 * share).toFixed(1)}%`.padStart(6);
}
