// How `anyqwen serve` stops: answers under way end, or are told why not; nobody can hold it open.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { cliPath, fixture } from "./anyqwen.ts";

const running: ChildProcess[] = [];

async function startServer(
  ...flags: string[]
): Promise<{ child: ChildProcess; url: URL; stop: () => Promise<Stopped> }> {
  const args = [cliPath, "serve", fixture("models/qwen3_tied"), "--port", "0", ...flags];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes("\n")) break;
  }
  const stop = async () => {
    const start = performance.now();
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    const [code] = await exit;
    return { code, seconds: (performance.now() - start) / 1000 };
  };
  return { child, url: new URL(printed.trim().split(" ").at(-1) ?? ""), stop };
}

interface Stopped {
  readonly code: number | null;
  readonly seconds: number;
}

const post = (url: URL, path: string, body: object) =>
  fetch(new URL(path, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("SIGTERM", () => {
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });

  it("lets an answer end, and waits for no request that does not come whole", async () => {
    const { url, stop } = await startServer("--grace", "60");
    const half = connect(Number(url.port), url.hostname);
    half.write(`POST /v1/embeddings HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`);
    half.write('Content-Length: 100\r\n\r\n{"input":');
    half.on("error", () => {});
    const answer = await post(url, "/v1/chat/completions", {
      messages: [{ role: "user", content: "Hi" }],
      ...{ stream: true, max_tokens: 400, ignore_eos: true },
    });
    const [stopped, text] = await Promise.all([stop(), answer.text()]);
    expect(text).toMatch(/"finish_reason":"length".*data: \[DONE\]\n\n$/s);
    expect(stopped.code).toBe(0);
    expect(stopped.seconds).toBeLessThan(20);
  });

  it("tells those whose answer takes too long, and goes", async () => {
    const { url, stop } = await startServer("--grace", "1");
    const inputs = Array.from({ length: 2048 }, (_, n) => `${n} `.repeat(80));
    const answer = post(url, "/v1/embeddings", { input: inputs });
    const health = async () => (await (await fetch(new URL("/health", url))).json()).active;
    await expect.poll(health).toBe(1);
    const stopped = await stop();
    const { status } = await answer;
    expect([stopped.code, status]).toEqual([1, 499]);
    expect(stopped.seconds).toBeLessThan(10);
  });
});
