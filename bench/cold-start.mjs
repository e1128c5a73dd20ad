// From the start of a process to the first token of an answer to a short question, the file in the page cache: `anyqwen run` to its
// first byte of text, beside llama-server to the first text of its stream. A first round that does not count warms the cache.
// Usage: node bench/cold-start.mjs [--runs 5] [--model FILE] [--threads 2]

import { spawn } from "node:child_process";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { anyqwen, emit, figure, interleave, models, peer, readOptions } from "./support/common.mjs";
import { freePort, healthy } from "./support/served.mjs";

const { runs, model: given, threads } = readOptions({ runs: 5, model: "", threads: 2 });
const [model] = models(given, "q4_k_m");
const question = "What is the capital of France?";
const server = peer("llama.cpp", "build", "bin", "llama-server");

async function ours() {
  const args = ["run", model, question, "--max-tokens", "1", "--temperature", "0", "--threads", String(threads)];
  const { firstMs, stdout } = await anyqwen(args);
  if (stdout.trim() === "") throw new Error("anyqwen run printed no text");
  return firstMs;
}

async function theirs() {
  const port = await freePort();
  const start = performance.now();
  const small = ["-c", "2048", "-np", "1", "--no-webui", "--no-warmup", "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(server, ["-m", model, "-t", String(threads), ...small], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const base = `http://127.0.0.1:${port}`;
    while (!(await healthy(base))) {
      if (child.exitCode !== null) throw new Error(`llama-server ended with ${child.exitCode}`);
      await sleep(3);
    }
    const answer = await fetch(`${base}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        messages: [{ role: "user", content: question }],
        max_tokens: 1,
        temperature: 0,
        stream: true,
      }),
    });
    let text = "";
    for await (const bytes of answer.body) {
      text += Buffer.from(bytes).toString("utf8");
      if (/"content":"[^"]/.test(text)) return performance.now() - start;
    }
    throw new Error(`llama-server streamed no text: ${text.slice(0, 500)}`);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

const measurements = [ours, ...(server ? [theirs] : [])];
for (const measure of measurements) await measure();
const [own, other] = await interleave(runs, measurements);
const facts = { name: "start to first token", model: basename(model), unit: "ms", better: "less" };
emit("cold-start", [figure({ ...facts, ours: own, besideName: "llama.cpp", beside: other })], { threads });
