// Prefill, decode and loading in headless Chromium on a cross-origin isolated page, beside wllama's (llama.cpp as WebAssembly) in the
// same browser, and as a share of what the same model reaches here in Node. Memory: of all the browser's processes (Pss), less what a
// blank page takes.
// Usage: node bench/browser.mjs [--runs 3] [--model FILE] [--prompt 512] [--generate 128] [--threads 2]
//   PEERS/npm/node_modules/@wllama/wllama is the peer; CHROMIUM names another browser than /usr/bin/chromium.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../test/support/serve.mjs";
import { benchAnyqwen, emit, figure, interleave, models, peer, readOptions, stats } from "./support/common.mjs";

const options = readOptions({ runs: 3, model: process.env.PEERS_MODEL ?? "", prompt: 512, generate: 128, threads: 2 });
const { runs, threads } = options;
const sizes = { prompt: options.prompt, generate: options.generate, threads };
const [model] = models(options.model, "q4_k_m");
const wllama = peer("npm", "node_modules", "@wllama", "wllama", "esm");

const folder = mkdtempSync(join(tmpdir(), "anyqwen-bench-"));
writeFileSync(join(folder, "index.html"), "<!doctype html>\n<title>bench</title>\n");
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const mounts = { "/": folder, "/anyqwen/": dist, "/model.gguf": model, ...(wllama && { "/wllama/": wllama }) };
const server = await serve(mounts, { isolated: true });
const context = await chromium.launchPersistentContext(join(folder, "profile"), {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

try {
  const ours = await pageWith("/anyqwen/index.js");
  const blank = pss(process.pid);
  const loads = [await loadOurs(ours)];
  const answers = [() => runOurs(ours), () => benchAnyqwen(model, sizes)];
  const [own, node] = await interleave(runs, answers);
  const memory = pss(process.pid) - blank;
  for (let run = 1; run < runs; run++) loads.push(await loadOurs(ours));
  await ours.close();
  // Once: it takes minutes, and is too far away for the machine's drift to matter.
  const theirs = wllama ? await runWllama() : undefined;

  const figures = ["prompt", "generate"].map((kind) => {
    const inNode = node.map((round) => round[kind].tokensPerSecond);
    return figure({
      name: `browser ${kind === "prompt" ? `prefill pp${sizes.prompt}` : `decode tg${sizes.generate}`}`,
      model: basename(model),
      unit: "tokens/s",
      better: "more",
      ours: own.map((round) => round[kind]),
      besideName: "wllama",
      beside: theirs && [theirs[kind]],
      more: { node: stats(inNode), shareOfNode: stats(own.map((round, at) => round[kind] / inNode[at])) },
    });
  });
  figures.push(
    figure({ name: "browser load", model: basename(model), unit: "ms", better: "less", ours: loads }),
    figure({ name: "browser memory", model: basename(model), unit: "MB", better: "less", ours: [memory / 1e6] }),
  );
  const { identity, threads: used } = own[0];
  emit("browser", figures, { threads: used, identity, browser: context.browser()?.version() });
} finally {
  await context.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function pageWith(module) {
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await page.addScriptTag({ type: "module", content: `import * as module from "${module}"; window.module = module;` });
  await page.waitForFunction(() => "module" in window);
  if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error("the page is not cross-origin isolated");
  return page;
}

/**
 * Milliseconds until the model can be asked, its download from this machine included. In one download, as a page does that keeps the
 * file: of many small ones the browser that is being watched keeps the bodies, and its memory is no longer the page's.
 */
function loadOurs(page) {
  return page.evaluate(async (threads) => {
    await window.qwen?.close();
    const start = performance.now();
    const file = await (await fetch("/model.gguf")).blob();
    window.qwen = await window.module.load({ "model.gguf": file }, { threads });
    return performance.now() - start;
  }, threads);
}

function runOurs(page) {
  return page.evaluate(async ({ prompt, generate }) => {
    const { promptPerSecond, decodePerSecond } = await window.qwen.bench({ prompt, generate, repeat: 1 });
    const { identity, threads } = window.qwen.info;
    return { prompt: promptPerSecond[0], generate: decodePerSecond[0], identity, threads };
  }, sizes);
}

async function runWllama() {
  const page = await pageWith("/wllama/index.min.js");
  const words =
    "river town house green road light stone water small garden bridge morning people market tree winter".split(" ");
  const text = Array.from({ length: sizes.prompt }, (_, n) => words[(n * n + 7 * n) % 13]).join(" ");
  const timings = await page.evaluate(
    async ({ text, generate, threads }) => {
      const engine = new window.module.Wllama({ default: "/wllama/wasm/wllama.wasm" });
      const limits = { n_threads: threads, n_gpu_layers: 0, n_ctx: 1024, n_batch: 512, n_parallel: 1, warmup: false };
      await engine.loadModelFromUrl("/model.gguf", limits);
      const request = { prompt: text, max_tokens: generate, temperature: 0, stream: true, ignore_eos: true };
      let timings;
      for await (const chunk of await engine.createCompletion({ ...request, cache_prompt: false }))
        timings = chunk.timings ?? timings;
      await engine.exit();
      return timings;
    },
    { text, generate: sizes.generate, threads },
  );
  await page.close();
  return { prompt: timings.prompt_per_second, generate: timings.predicted_per_second };
}

/** Bytes of memory of a process's descendants, each shared page counted once. */
function pss(root) {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const status = read(`/proc/${pid}/status`);
    parents.set(Number(pid), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
  }
  const below = (pid) =>
    [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  const bytes = (pid) => 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  return below(root).reduce((sum, pid) => sum + bytes(pid), 0);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it ended meanwhile
  }
}
