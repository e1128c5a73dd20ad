// How many conversations of a file a model ends exactly as the file does: greedy answers to all but the last message, compared with
// that one. Prints one line of JSON, with the first misses.
// Usage: node exact-match.mjs MODEL FILE.jsonl [--adapter DIR] [--limit N]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { load } from "anyqwen";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { adapter: { type: "string" }, limit: { type: "string" } },
});
const [model, file] = positionals;
if (!model || !file) {
  console.error("usage: node exact-match.mjs MODEL FILE.jsonl [--adapter DIR] [--limit N]");
  process.exit(2);
}
const conversations = readFileSync(file, "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line).messages)
  .slice(0, flags.limit === undefined ? undefined : Number(flags.limit));

const began = performance.now();
const qwen = await load(model, { ...(flags.adapter && { adapters: { tuned: flags.adapter } }) });
const options = { temperature: 0, maxTokens: 64, thinking: false, ...(flags.adapter && { adapter: "tuned" }) };

async function answerTo(messages) {
  let answer = "";
  for await (const part of qwen.chat(messages, options)) if (part.type === "text") answer += part.text;
  return answer.trim();
}

// requests that run together share their steps
const results = [];
for (let at = 0; at < conversations.length; at += 8) {
  const some = conversations.slice(at, at + 8).map(async (messages) => {
    const [asked, expected] = [messages.slice(0, -1), messages.at(-1).content.trim()];
    return { asked: asked.at(-1).content, expected, answer: await answerTo(asked) };
  });
  results.push(...(await Promise.all(some)));
}
await qwen.close();
const misses = results.filter(({ expected, answer }) => expected !== answer);
const exact = results.length - misses.length;
console.log(
  JSON.stringify({
    model,
    adapter: flags.adapter ?? null,
    examples: results.length,
    exact,
    share: exact / results.length,
    seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    misses: misses.slice(0, 3),
  }),
);
