// What the measurements share: options, where peers are, statistics, child processes and their peak memory.
//
// PEERS (a folder) holds what we are compared with; whatever is missing there is left out of the comparison:
//   models/{q4_k_m,q4_0,q8_0}.gguf    one model in three types
//   llama.cpp/build/bin/              llama-bench, llama-server
//   venv/bin/python                   with tiktoken
//   models/hf/tokenizer.json, corpus/ for the tokenizers

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const peers = process.env.PEERS ?? join(tmpdir(), "peers");
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A file or folder of the peers, or undefined where it is not installed. */
export function peer(...path) {
  const at = join(peers, ...path);
  return existsSync(at) ? at : undefined;
}

/** The value given as --runs, --model, …, or the default; numbers where the default is one. */
export function readOptions(defaults) {
  const { values } = parseArgs({
    options: Object.fromEntries(Object.keys(defaults).map((key) => [key, { type: "string" }])),
  });
  const read = ([key, fallback]) => {
    const given = values[key];
    if (given === undefined || typeof fallback !== "number") return [key, given ?? fallback];
    if (!/^\d+$/.test(given)) throw new Error(`--${key} is ${JSON.stringify(given)}; expected a whole number`);
    return [key, Number(given)];
  };
  return Object.fromEntries(Object.entries(defaults).map(read));
}

/** --model FILE, else the peers' model of each name. */
export function models(given, ...names) {
  const found = given ? [given] : names.map((name) => peer("models", `${name}.gguf`)).filter(Boolean);
  if (found.length === 0)
    throw new Error("no model: give --model FILE, or put models/ into the folder that PEERS names");
  return found;
}

const round = (value) => Number(value.toPrecision(4));

export function stats(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median: round(median), min: round(sorted[0]), max: round(sorted.at(-1)), n: sorted.length };
}

/**
 * One figure: ours beside another's. `better` says which side of 1 the ratio should lie on. Values that were not taken stay out.
 */
export function figure({ name, model, unit, better, ours, besideName, beside, more = {} }) {
  const own = stats(ours);
  const other = beside?.length > 0 ? { name: besideName, ...stats(beside) } : undefined;
  return {
    figure: name,
    ...(model && { model }),
    unit,
    better,
    ours: own,
    ...(other && { beside: other, ratio: round(own.median / other.median) }),
    ...more,
  };
}

/** The measurement's last line. */
export function emit(bench, figures, more = {}) {
  console.log(JSON.stringify({ bench, figures, ...more, node: process.version, load: loadavg().map(round) }));
}

/** Calls the measurements in turn, `runs` times, every other round backwards: a machine that drifts does so for all. */
export async function interleave(runs, measurements) {
  const taken = measurements.map(() => []);
  const order = measurements.map((measure, index) => ({ measure, index }));
  for (let run = 0; run < runs; run++) {
    for (const { measure, index } of run % 2 ? order.toReversed() : order) taken[index].push(await measure());
    process.stderr.write(`  run ${run + 1} of ${runs}, load ${loadavg()[0].toFixed(2)}\n`);
  }
  return taken;
}

/**
 * Runs a command to its end. `peakBytes` is the most memory that the process held (VmHWM), `firstMs` the time from its start to the
 * first byte on stdout.
 */
export function run(command, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: env ?? process.env });
    let [stdout, stderr, peakBytes, firstMs] = ["", "", 0, undefined];
    const watch = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid));
    }, 20);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      firstMs ??= performance.now() - start;
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr = (stderr + text).slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ stdout, peakBytes, firstMs });
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}\n${stderr}`));
    });
  });
}

/** The most memory that a living process has held so far, in bytes; 0 where the system does not say. */
function peakOf(pid) {
  try {
    const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The `anyqwen` command as it was built. */
export const anyqwen = (args, { node = process.execPath } = {}) => run(node, [cli, ...args]);

/** One round of our own bench: its JSON, and the peak memory of the process. */
export async function benchAnyqwen(model, { prompt = 0, generate = 0, depth = 0, threads }, how) {
  const sizes = ["--prompt", prompt, "--generate", generate, "--depth", depth, "--threads", threads];
  const { stdout, peakBytes } = await anyqwen(["bench", model, ...sizes.map(String), "--repeat", "1", "--json"], how);
  return { ...JSON.parse(stdout), peakBytes };
}

/** One round of llama-bench; undefined where it is not installed. */
export function llamaBench(model, { prompt = 0, generate = 0, threads }) {
  const command = peer("llama.cpp", "build", "bin", "llama-bench");
  if (!command) return undefined;
  return async () => {
    const sizes = ["-t", threads, "-p", prompt, "-n", generate].map(String);
    const { stdout, peakBytes } = await run(command, ["-m", model, ...sizes, "-r", "1", "-o", "json"]);
    const tests = JSON.parse(stdout);
    return {
      prompt: tests.find((test) => test.n_prompt > 0)?.samples_ts[0],
      generate: tests.find((test) => test.n_gen > 0)?.samples_ts[0],
      peakBytes,
    };
  };
}
