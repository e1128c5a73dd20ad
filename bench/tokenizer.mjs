// Encoding speed, one thread, in MB of UTF-8 per second: English prose, code and Chinese, each alone and together, and the time from
// the tokenizer's file to ready. The last line of stdout is one JSON object.
// Usage: node bench/tokenizer.mjs [--tokenizer=FILE] [--corpus=FOLDER] [--repeat=3]
//   FILE: a tokenizer.json, a GGUF or a model's folder; FOLDER: english.json, code.json, chinese.json (lists of documents).

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";

const peers = process.env.PEERS ?? join(tmpdir(), "peers");
const options = { tokenizer: join(peers, "models/hf/tokenizer.json"), corpus: join(peers, "corpus"), repeat: "3" };
for (const argument of process.argv.slice(2)) {
  const [, key, value] = /^--(tokenizer|corpus|repeat)=(.+)$/.exec(argument) ?? [];
  if (!key) throw new Error(`unknown argument ${argument}`);
  options[key] = value;
}

const outDir = mkdtempSync(join(tmpdir(), "anyqwen-bench-"));
const entry = { text: "src/text/load-tokenizer.ts", gguf: "src/formats/gguf.ts", files: "src/formats/node-files.ts" };
await build({ entry, outDir, config: false, format: "esm", platform: "node", dts: false, logLevel: "error" });
const module = (name) => import(pathToFileURL(join(outDir, `${name}.mjs`)));
const [{ loadTokenizer }, { openGguf }, { nodeFiles }] = await Promise.all(["text", "gguf", "files"].map(module));
rmSync(outDir, { recursive: true });

const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;
const stats = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { min: round(sorted[0]), median: round(median), max: round(sorted.at(-1)), n: sorted.length };
};

const started = performance.now();
const files = await nodeFiles(options.tokenizer);
const checkpoint = options.tokenizer.endsWith(".gguf") ? await openGguf(files) : undefined;
const tokenizer = await loadTokenizer({ files, checkpoint });
const out = { bench: "tokenise", what: "anyqwen", threads: 1, load_ms: round(performance.now() - started, 0) };
await checkpoint?.close();

let bytes = 0;
const totals = new Array(Number(options.repeat)).fill(0);
for (const kind of ["english", "code", "chinese"]) {
  const documents = JSON.parse(readFileSync(join(options.corpus, `${kind}.json`), "utf8"));
  const size = documents.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  for (const text of documents.slice(0, 20)) tokenizer.encode(text);
  let tokens = 0;
  const seconds = totals.map(() => {
    const start = performance.now();
    tokens = 0;
    for (const text of documents) tokens += tokenizer.encode(text).length;
    return (performance.now() - start) / 1000;
  });
  out[kind] = { mb_s: stats(seconds.map((s) => size / s / 1e6)), first_pass: round(size / seconds[0] / 1e6), tokens };
  bytes += size;
  for (const [i, s] of seconds.entries()) totals[i] += s;
}
out.first_pass = round(bytes / totals[0] / 1e6);
out.all = stats(totals.map((s) => bytes / s / 1e6));
out.node = process.version;
out.load = loadavg().map((value) => round(value));
console.log(JSON.stringify(out));
