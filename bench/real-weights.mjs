// The real Qwen2.5-Coder-0.5B file against the reference implementation's logits of the same weights in float32: greedy tokens step by
// step, each after the published ones before it, and how far the best twenty logits of a prompt's last position lie apart. Integer
// products round activations to 8 bits, so a choice between two tokens that lie close may fall the other way.
// Usage: node bench/real-weights.mjs MODEL [--device wasm|reference] [--threads 2]

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { load } from "../dist/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { device: { type: "string" }, threads: { type: "string", default: "2" } },
});
const [model] = positionals;
if (!model) throw new Error("usage: node bench/real-weights.mjs MODEL [--device wasm|reference]");
const fixture = new URL("../test/fixtures/real/qwen2.5-coder-0.5b.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8"));

/** A step whose two best tokens lie closer than this in the reference may go either way. */
const NEAR_TIE = 0.3;
const qwen = await load(model, { device: values.device, threads: Number(values.threads) });
const { vocab } = qwen.info;
const told = [];
for (const { name, ids, greedy_ids: greedy, greedy_margin: margins, last_position_top20: top } of cases) {
  const { logits } = await qwen.logits([...ids, ...greedy.slice(0, -1)], { start: ids.length - 1 });
  const row = (n) => logits.subarray(n * vocab, (n + 1) * vocab);
  const best = (values) => values.reduce((at, value, id) => (value > values[at] ? id : at), 0);
  const different = greedy.flatMap((id, n) => (best(row(n)) === id ? [] : [{ step: n, margin: margins[n] }]));
  const apart = Math.max(...top.map(([id, logit]) => Math.abs(row(0)[id] - logit)));
  told.push({
    name,
    steps: greedy.length,
    different,
    wrong: different.filter(({ margin }) => margin >= NEAR_TIE).length,
    apart,
  });
}
await qwen.close();
const wrong = told.reduce((sum, entry) => sum + entry.wrong, 0);
console.log(JSON.stringify({ bench: "real-weights", cases: told, wrong }));
process.exit(wrong === 0 ? 0 : 1);
