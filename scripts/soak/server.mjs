// The server under test: `anyqwen serve` on the tiny checkpoint of the end-to-end tests, in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const cli = path("../../dist/cli.js");
const model = path("../../test/fixtures/models/qwen3_tied");
/** Not an argument of the process: those do not reach the engine's thread. */
const options = `${process.env.NODE_OPTIONS ?? ""} --import=${new URL("collect.mjs", import.meta.url).href}`.trim();

/** Positions of one conversation: prompts beyond them are refused. */
export const contextTokens = 512;

/**
 * Started, and answering; `said` is what it wrote to stderr. `collect` has it throw its garbage away and tells what it then holds:
 * { resident, heaps: [{ thread, bytes }] }, in bytes.
 */
export async function startServer(...flags) {
  const process_ = spawn(
    process.execPath,
    [cli, "serve", model, "--port", "0", "--name", "soak", "--ctx", contextTokens, ...flags].map(String),
    { stdio: ["ignore", "pipe", "pipe", "ipc"], env: { ...process.env, NO_COLOR: "1", NODE_OPTIONS: options } },
  );
  let said = "";
  process_.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = once(process_, "exit").then(([code, signal]) => ({ code, signal }));
  const printed = (async () => {
    let text = "";
    for await (const chunk of process_.stdout.setEncoding("utf8")) {
      text += chunk;
      const address = /at (http:\/\/\S+)\n/.exec(text)?.[1];
      if (address) return address;
    }
    throw new Error(`the server ended before it listened: ${said}`);
  })();
  return {
    url: new URL(await printed),
    ended,
    said: () => said,
    kill: (signal) => process_.kill(signal),
    collect: async () => {
      process_.send("collect");
      const [held] = await once(process_, "message");
      return held;
    },
  };
}
