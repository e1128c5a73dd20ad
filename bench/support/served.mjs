// Servers that are measured: ours and llama-server, each started on a free port of this machine for one round and ended after it.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { peer } from "./common.mjs";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Starts `anyqwen serve` for one round of `measure(address)`. */
export const ours = (model, { threads }) => ({
  command: process.execPath,
  args: (port) => [cli, "serve", model, "--threads", String(threads), "--port", String(port)],
});

/** The same of llama-server, which shares 16,384 tokens of context out to its slots; undefined where it is not installed. */
export function llamaServer(model, { threads, slots }) {
  const command = peer("llama.cpp", "build", "bin", "llama-server");
  if (!command) return undefined;
  const fixed = ["-m", model, "-t", threads, "-tb", threads, "-np", slots, "-c", 16384, "--host", "127.0.0.1"].map(
    String,
  );
  return { command, args: (port) => [...fixed, "--no-webui", "--port", String(port)] };
}

/** Runs a server while `measure(address)` works; what the server says on stderr is shown if it ends too early. */
export async function served({ command, args }, measure) {
  const port = await freePort();
  const child = spawn(command, args(port), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const address = `http://127.0.0.1:${port}`;
  try {
    while (!(await healthy(address))) {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}\n${said}`);
      await sleep(50);
    }
    return await measure(address);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export async function healthy(address) {
  try {
    return (await fetch(`${address}/health`)).ok;
  } catch {
    return false; // not listening yet
  }
}
