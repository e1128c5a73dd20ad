// What a user's program does with the package: runs unchanged on every runtime, and prints what came out as one line of JSON.
// Usage: RUNTIME answers.mjs MODEL…   (where `anyqwen` is installed)

import { load } from "anyqwen";

const models = [];
for (const path of process.argv.slice(2)) {
  const qwen = await load(path, { threads: 2 });
  const tokens = {};
  const options = { temperature: 0, maxTokens: 16, ignoreEos: true };
  for await (const part of qwen.generate([1, 5, 9, 13], options))
    if (part.type === "end") tokens.generated = part.tokens;
  for await (const part of qwen.chat([{ role: "user", content: "Hello!" }], options)) {
    if (part.type === "end") tokens.answered = part.tokens;
  }
  models.push({ tokens, threads: qwen.info.threads });
  await qwen.close();
}
console.log(JSON.stringify(models));
