// Figures that are kept: bench/results.json, and the README's table that is rendered from it.
// Usage: node bench/support/figures.mjs renders the table anew.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const results = new URL("../results.json", import.meta.url);
const readme = new URL("../../README.md", import.meta.url);
const [begin, end] = ["<!-- figures: npm run bench -- --save -->", "<!-- end of figures -->"];

const read = () => (existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {});

/** Replaces what is kept of one measurement. */
export function saveFigures(bench, figures, machine) {
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(results, `${JSON.stringify({ ...read(), [bench]: { date, ...machine, figures } }, undefined, 2)}\n`);
}

/** A figure's numbers as they are shown. */
export function cell({ unit, ours, beside, ratio, shareOfLimit, shareOfNode }) {
  const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
  const share = (of, what) => (of ? `, ${(of.median * 100).toFixed(0)}% of ${what}` : "");
  const shares = share(shareOfLimit, "the limit") + share(shareOfNode, "that in Node");
  return {
    ours: `${number(ours.median)} ${unit}${shares}`,
    beside: beside && `${number(beside.median)} ${unit}`,
    ratio: ratio && `${ratio.toFixed(2)}x`,
  };
}

/** Writes the table between the README's markers. */
export function renderReadme() {
  const text = readFileSync(readme, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("README.md: the markers of the figures are missing");
  writeFileSync(readme, `${text.slice(0, from + begin.length)}\n${table()}\n${text.slice(to)}`);
}

function table() {
  const kept = Object.values(read());
  const rows = kept.flatMap(({ figures }) => figures.map(row));
  if (rows.length === 0) return "No figures are kept yet: `npm run bench -- --save` takes them.";
  const of = (values) => [...new Set(values)].join(", ");
  const where = `${of(kept.map(({ cpu }) => cpu))}; Node ${of(kept.map(({ node }) => node.slice(1)))}; ${of(kept.map(({ date }) => date))}`;
  const head = ["| | anyqwen | beside | ratio |", "|---|---|---|---|"];
  return [...head, ...rows, "", `Medians, taken in turns on two threads (${where}).`].join("\n");
}

function row(figure) {
  const { ours, beside, ratio } = cell(figure);
  const name = [figure.figure, figure.model].filter(Boolean).join(", ");
  return `| ${name} | ${ours} | ${beside ? `${figure.beside.name}: ${beside}` : ""} | ${ratio ?? ""} |`;
}

if (argv[1] === fileURLToPath(import.meta.url)) renderReadme();
