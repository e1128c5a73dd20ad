// Tokens per second of an answer that copies most of its prompt, with drafts by prompt lookup and without. Both must be the same text.
// Usage: node bench/lookup.mjs [--runs 3] [--model FILE] [--threads 2]

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { anyqwen, emit, figure, interleave, models, readOptions } from "./support/common.mjs";

const { runs, model: given, threads } = readOptions({ runs: 3, model: "", threads: 2 });
const source = readFileSync(fileURLToPath(new URL("support/figures.mjs", import.meta.url)), "utf8").slice(0, 1600);
const prompt = `Repeat this JavaScript file exactly as it is, and change nothing:\n\`\`\`javascript\n${source}\n\`\`\``;
const figures = [];
for (const model of models(given, "q4_k_m")) {
  const answer = (speculate) => async () => {
    const how = ["-t", "0", "--max-tokens", "400", "--threads", String(threads), "--speculate", speculate];
    return JSON.parse((await anyqwen(["run", model, prompt, ...how, "--json"])).stdout);
  };
  const [drafted, plain] = await interleave(runs, [answer("lookup"), answer("none")]);
  const texts = new Set([...drafted, ...plain].map(({ tokens }) => tokens.join()));
  if (texts.size !== 1) throw new Error(`${model}: drafts changed the text`);
  const perSecond = (answers) => answers.map(({ timings }) => timings.decodePerSecond);
  const { speculation, usage } = drafted[0];
  figures.push(
    figure({
      name: "decode of a copy with prompt lookup",
      model: basename(model),
      unit: "tokens/s",
      better: "more",
      ours: perSecond(drafted),
      besideName: "without drafts",
      beside: perSecond(plain),
      more: { ...speculation, tokens: usage.completionTokens },
    }),
  );
}
emit("lookup", figures, { threads });
