// The tokenizer beside tiktoken (Rust) with the same vocabulary on the same texts, one thread each. Ours remembers words, so the first
// pass over a text stands beside the median of three.
// Usage: node bench/tokenizer-peers.mjs [--runs 5] [--tokenizer FILE] [--corpus FOLDER]

import { fileURLToPath } from "node:url";
import { emit, figure, interleave, peer, readOptions, run } from "./support/common.mjs";

const defaults = { tokenizer: peer("models", "hf", "tokenizer.json") ?? "", corpus: peer("corpus") ?? "" };
// --model is accepted, as by all measurements, and means nothing here.
const { runs, tokenizer, corpus } = readOptions({ runs: 5, model: "", ...defaults });
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const lastLine = ({ stdout }) => JSON.parse(stdout.trim().split("\n").at(-1));

const figures = [];
if (tokenizer && corpus) {
  const python = peer("venv", "bin", "python");
  const ours = async () => {
    const args = [`--tokenizer=${tokenizer}`, `--corpus=${corpus}`, "--repeat=3"];
    return lastLine(await run(process.execPath, [file("tokenizer.mjs"), ...args]));
  };
  const theirs = async () => lastLine(await run(python, [file("peers/tiktoken.py"), tokenizer, corpus, "3"]));
  const [own, other] = await interleave(runs, [ours, ...(python ? [theirs] : [])]);
  const speed = { unit: "MB/s", better: "more", besideName: "tiktoken" };
  const pass = (result) => result.first_pass;
  figures.push(
    figure({
      ...speed,
      name: "tokenizer",
      ours: own.map((result) => result.all.median),
      beside: other?.map((result) => result.mb_s),
    }),
    figure({ ...speed, name: "tokenizer, first pass", ours: own.map(pass), beside: other?.map(pass) }),
  );
  const load = { name: "tokenizer loads", unit: "ms", better: "less", ours: own.map((result) => result.load_ms) };
  figures.push(figure({ ...load, besideName: "tiktoken", beside: other?.map((result) => result.load_ms) }));
} else
  console.error(
    "  left out: no texts; give --tokenizer FILE and --corpus FOLDER (english.json, code.json, chinese.json)",
  );
emit("tokenizer-peers", figures);
