// The numerics contract on a real file: the bits of 700 tokens' logits in chunks of 1, 7 and 512, on 1 and 2 threads, and of a
// continuation alone and among fifteen others. Prints one hash per numerics identity; exits with 1 when two runs differ.
// Usage: node bench/bits.mjs MODEL [--tokens 700]
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { load } from "../dist/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tokens: { type: "string", default: "700" } },
});
const count = Number(values.tokens);
const [model] = positionals;
if (!model) throw new Error("usage: node bench/bits.mjs MODEL [--tokens 700]");

const hash = (...parts) => {
  const all = createHash("sha256");
  for (const part of parts) all.update(part);
  return all.digest("hex").slice(0, 16);
};
const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Ids and log-probabilities of 24 sampled tokens after `prompt`. */
async function answer(qwen, prompt, seed) {
  const ids = [];
  const logprobs = [];
  const options = { maxTokens: 24, temperature: 0.8, seed, logprobs: 1, ignoreEos: true };
  for await (const part of qwen.generate(prompt, options))
    if (part.type === "text") {
      ids.push(...part.ids);
      logprobs.push(...(part.logprobs ?? []).map(({ logprob }) => logprob));
    }
  return hash(bytes(Int32Array.from(ids)), bytes(Float64Array.from(logprobs)));
}

const seen = new Map();
const note = (what, kind, print) => {
  console.log(`${what}: ${print}`);
  seen.set(kind, (seen.get(kind) ?? new Set()).add(print));
};
let identity = "";
for (const threads of [1, 2]) {
  const qwen = await load(model, { threads, rows: 512, chunk: 512, contextTokens: 16384 });
  identity = qwen.info.identity;
  const ids = Array.from({ length: count }, (_, i) => (i * 7919 + 13) % Math.min(qwen.info.vocab, 150000));
  for (const chunk of [512, 7, 1]) {
    const { logits } = await qwen.logits(ids, { chunk });
    note(`${threads} threads, chunks of ${chunk}`, "logits", hash(bytes(logits)));
  }
  const prompt = ids.slice(0, 100);
  note(`${threads} threads, an answer alone`, "answer", await answer(qwen, prompt, 7));
  const others = Array.from({ length: 15 }, (_, n) => answer(qwen, ids.slice(n, 60 + 9 * n), n));
  note(`${threads} threads, among fifteen others`, "answer", await answer(qwen, prompt, 7));
  await Promise.all(others);
  await qwen.close();
}
const same = [...seen.values()].every((prints) => prints.size === 1);
const [logits] = seen.get("logits");
const [sampled] = seen.get("answer");
console.log(
  JSON.stringify({ bench: "bits", node: process.version, identity, tokens: count, same, logits, answer: sampled }),
);
process.exit(same ? 0 : 1);
