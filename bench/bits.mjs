// The numerics contract on a real file: one hash per numerics identity, whatever the chunks, the threads, the company and the runtime.
// Exits with 1 when two runs differ.
// Usage: node bench/bits.mjs MODEL [--tokens 700] [--node PATH]… [--browser]
//   --node names further Nodes (20 beside 24), --browser adds headless Chromium (CHROMIUM names another than /usr/bin/chromium).

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { takeBits } from "./support/take-bits.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tokens: { type: "string", default: "700" },
    node: { type: "string", multiple: true, default: [] },
    browser: { type: "boolean" },
  },
});
const [model] = positionals;
if (!model) throw new Error("usage: node bench/bits.mjs MODEL [--tokens 700] [--node PATH]… [--browser]");
const sizes = { tokens: Number(values.tokens), threads: [1, 2] };
const self = fileURLToPath(import.meta.url);

const runs = [{ runtime: `Node ${process.version}`, ...(await here()) }];
for (const node of values.node) runs.push(await elsewhere(node));
if (values.browser) runs.push(await inChromium());

const seen = new Map();
for (const { runtime, identity, prints } of runs)
  for (const { what, kind, print } of prints) {
    if (runs.length > 1 || values.browser) console.log(`${runtime}, ${what}: ${kind} ${print}`);
    const key = `${identity} ${kind}`;
    seen.set(key, (seen.get(key) ?? new Set()).add(print));
  }
const same = [...seen.values()].every((different) => different.size === 1);
const hashes = Object.fromEntries([...seen].map(([key, different]) => [key, [...different].join(" ")]));
const runtimes = runs.map(({ runtime }) => runtime);
console.log(
  JSON.stringify({
    bench: "bits",
    runtimes,
    tokens: sizes.tokens,
    same,
    hashes,
    runs: runs.length === 1 ? runs : undefined,
  }),
);
process.exit(same ? 0 : 1);

async function here() {
  const { load } = await import("../dist/index.js");
  return takeBits(load, model, sizes);
}

/** The same script on another Node, whose last line tells its run. */
async function elsewhere(node) {
  const { stdout } = await promisify(execFile)(node, [self, model, "--tokens", values.tokens]);
  return JSON.parse(stdout.trim().split("\n").at(-1)).runs[0];
}

async function inChromium() {
  const [{ chromium }, { serve }] = await Promise.all([import("playwright-core"), import("../test/support/serve.mjs")]);
  const folder = mkdtempSync(join(tmpdir(), "anyqwen-bits-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>\n<title>bits</title>\n");
  const at = (path) => fileURLToPath(new URL(path, import.meta.url));
  const mounts = { "/": folder, "/anyqwen/": at("../dist"), "/support/": at("support"), "/model.gguf": model };
  const server = await serve(mounts, { isolated: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/`);
    const modules = ["/anyqwen/index.js", "/support/take-bits.mjs"];
    const bits = await page.evaluate(
      async (asked) => {
        const [{ load }, support] = await Promise.all(asked.modules.map((module) => import(module)));
        const file = await (await fetch("/model.gguf")).blob();
        return support.takeBits(load, { "model.gguf": file }, asked);
      },
      { ...sizes, modules },
    );
    return { runtime: `Chromium ${browser.version()}`, ...bits };
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
