// Every measurement in order, each figure beside its peer's (npm run bench). A measurement is a file of this folder that takes --runs
// and --model and ends with one line of JSON: { bench, figures: [{ figure, unit, better, ours, beside?, ratio? }] }.
// Usage: node bench/all.mjs [--only decode,prefill,…] [--runs N] [--model FILE] [--save]
//   --save keeps the figures in bench/results.json and renders them into the README. Only a quiet machine's are worth keeping.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cell, renderReadme, saveFigures } from "./support/figures.mjs";

const order = [
  "decode",
  "prefill",
  "cold-start",
  "memory",
  "tokenizer-peers",
  "browser",
  "depth",
  "lookup",
  "node-versions",
  "server",
];
const file = (name) => fileURLToPath(new URL(`${name}.mjs`, import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string" },
    model: { type: "string" },
    save: { type: "boolean" },
  },
});
const wanted = values.only?.split(",") ?? order.filter((name) => existsSync(file(name)));
const unknown = wanted.find((name) => !order.includes(name) || !existsSync(file(name)));
if (unknown !== undefined) throw new Error(`--only: there is no ${unknown}; there are ${order.join(", ")}`);

const [busy] = loadavg();
if (busy > 0.5)
  console.error(`load average ${busy.toFixed(2)}: others are computing, and these figures will be too low`);
for (const name of wanted) {
  console.error(`${name}:`);
  const passed = ["runs", "model"].flatMap((key) => (values[key] ? [`--${key}=${values[key]}`] : []));
  const result = await lastLine(file(name), passed);
  if (!result) {
    process.exitCode = 1;
    continue;
  }
  // A measurement that does not tell figures in the common form is shown as it is, and not kept.
  const figures = result.figures ?? [];
  if (figures.length === 0) console.log(JSON.stringify(result));
  for (const figure of figures) console.log(line(figure));
  if (values.save) {
    saveFigures(name, figures, { node: result.node ?? process.version, load: result.load, cpu: cpus()[0]?.model });
  }
}
if (values.save) renderReadme();

function line(figure) {
  const { ours, beside, ratio } = cell(figure);
  const parts = [figure.figure, figure.model ?? "", ours, beside && `${figure.beside.name} ${beside}`, ratio];
  const load = `load ${loadavg()
    .map((value) => value.toFixed(2))
    .join(" ")}`;
  return [...parts, load].filter(Boolean).join("  |  ");
}

/** The last line of a measurement's stdout; undefined, with a word on stderr, where it failed. */
function lastLine(script, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.on("close", (code) => {
      if (code === 0) return resolve(JSON.parse(stdout.trim().split("\n").at(-1)));
      console.error(`  failed with ${code}`);
      resolve(undefined);
    });
  });
}
