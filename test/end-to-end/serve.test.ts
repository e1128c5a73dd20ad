// `anyqwen serve` as a process: its port before its model, its one line, how it ends, and flags that contradict each other.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { anyqwen, cliPath, fixture, succeed } from "./anyqwen.ts";

const model = fixture("models/qwen3_tied");

interface Serving {
  readonly url: string;
  /** Sends a signal; how the process ends, and after how long. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

async function start(args: readonly string[] = []): Promise<Serving> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, [cliPath, "serve", model, "--threads", "1", ...port, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    void ended.then((code) => reject(new Error(`serve ended with ${code}`)));
  });
  const [url] = /http:\/\/\S+$/.exec(line.trimEnd()) ?? [""];
  return {
    url,
    stop: async (signal) => {
      const from = performance.now();
      child.kill(signal);
      return { code: await ended, ms: performance.now() - from };
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

it("has its port before its model: says that it is loading, and when to come again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "anyqwen-serve-"));
  const hub = await new HubServer().start();
  try {
    hub.add("Qwen/Tiny-GGUF", { "tiny-f16.gguf": await readFile(fixture("gguf/qwen3_tied-f16.gguf")) });
    const downloading = new Promise<void>((resolve) => {
      hub.fault = () => {
        resolve();
        return true; // and never answers
      };
    });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const asked = (async () => {
      await downloading;
      const health = await fetch(`${url}/health`);
      expect([health.status, await health.json()]).toEqual([503, { status: "loading" }]);
      const chat = await fetch(`${url}/v1/chat/completions`, { method: "POST", body: "{}" });
      expect([chat.status, Number(chat.headers.get("retry-after")) > 0]).toEqual([503, true]);
      expect((await chat.json()).error).toMatchObject({ type: "server_error", code: "loading" });
      const messages = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
      expect((await messages.json()).error.type).toBe("overloaded_error");
    })();
    const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: folder };
    const { stdout } = await anyqwen(["serve", "Qwen/Tiny-GGUF", "--port", String(port)], { env, interruptOn: asked });
    await asked;
    expect(stdout).toBe("");
  } finally {
    await hub.stop();
    await rm(folder, { recursive: true });
  }
});

it("ends at once when it has nothing to do, whoever is connected: 130 after Ctrl-C, 0 after SIGTERM", async () => {
  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 0],
  ] as const) {
    const serving = await start();
    expect((await (await fetch(`${serving.url}/health`)).json()).status).toBe("ok"); // and keeps its connection
    const silent = connect(Number(new URL(serving.url).port), "127.0.0.1");
    silent.on("error", () => {});
    await new Promise((resolve) => silent.once("connect", resolve));
    const { code, ms } = await serving.stop(signal);
    silent.destroy();
    expect([signal, code]).toEqual([signal, expected]);
    expect(ms).toBeLessThan(1500);
  }
});

it("lets an answer under way end after SIGTERM, and lets nobody in", async () => {
  const serving = await start(["--device", "reference"]);
  const body = JSON.stringify({ prompt: "a", max_tokens: 400, ignore_eos: true, stream: true });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${serving.url}/v1/completions`, { method: "POST", headers, body });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? "";
  const ended = serving.stop("SIGTERM");
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) text += step.value;
  expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  expect((await ended).code).toBe(0);
  await expect(fetch(`${serving.url}/health`)).rejects.toThrow();
});

interface Config {
  readonly client: string;
  readonly config: string;
}

/** Runs a module from this repository's root, where the clients are installed. */
function runModule(
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  return new Promise((resolve) => child.on("close", (ended) => resolve({ code: ended, stdout })));
}

it("prints configuration that works as it stands, but for the key", async () => {
  const port = await freePort();
  const flags = ["--port", String(port), "--api-key", "s3cret", "--name", "my model's"];
  const lines = (await succeed(["serve", model, ...flags, "--print-config", "--json"])).trimEnd().split("\n");
  const configs = new Map(
    lines.map((line) => JSON.parse(line) as Config).map(({ client, config }) => [client, config]),
  );
  for (const [client, config] of configs)
    expect([client, config]).toEqual([client, expect.stringContaining(`:${port}`)]);
  expect(lines.join("")).not.toContain("s3cret");
  const of = (client: string) => (configs.get(client) ?? "").replaceAll("YOUR_API_KEY", "s3cret");
  const serving = await start(flags);
  try {
    for (const client of ["openai-js", "anthropic-js"]) expect((await runModule(of(client))).code).toBe(0);
    const shell = spawn("sh", ["-c", of("curl")], { stdio: ["ignore", "pipe", "ignore"] });
    let answer = "";
    for await (const text of shell.stdout.setEncoding("utf8")) answer += text;
    expect(JSON.parse(answer).object).toBe("chat.completion");
    const variables = [...of("env").matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    const list = 'import OpenAI from "openai"; console.log((await new OpenAI().models.list()).data[0].id)';
    expect((await runModule(list, Object.fromEntries(variables))).stdout).toBe("my model's\n");
  } finally {
    await serving.stop("SIGTERM");
  }
  const zed = JSON.parse(of("zed")).language_models.openai_compatible.anyqwen;
  expect(zed.available_models).toMatchObject([{ name: "my model's", max_tokens: 8192 }]);
  expect(JSON.parse(of("opencode")).provider.anyqwen.models).toMatchObject({
    "my model's": { limit: { context: 8192 } },
  });
  // TOML's root keys come before its first table
  const [root, provider] = of("codex").split("\n\n[model_providers.anyqwen]\n");
  expect(root.split("\n").slice(0, 3)).toEqual([
    'model = "my model\'s"',
    'model_provider = "anyqwen"',
    "model_context_window = 8192",
  ]);
  expect(provider).toContain('wire_api = "responses"');
  expect(provider).toContain('env_key = "ANYQWEN_API_KEY"');
});

it("prints one client's configuration, by the name that the server would have, and refuses what it does not know", async () => {
  const named = await succeed([
    "serve",
    fixture("gguf/qwen3_tied-f16.gguf"),
    "--host",
    "0.0.0.0",
    "--open-to-all",
    "--print-config",
    "aider",
  ]);
  expect(named).toBe(
    "export OPENAI_API_BASE=http://127.0.0.1:8080/v1\nexport OPENAI_API_KEY=none\naider --model openai/qwen3_tied-f16\n",
  );
  const open = await succeed(["serve", model, "--print-config", "codex"]);
  expect(open).not.toContain("env_key");
  for (const args of [["--print-config", "emacs"], ["--print-config", "--port", "0"], ["--json"]])
    expect([args, (await anyqwen(["serve", model, ...args])).code]).toEqual([args, 2]);
});

it("refuses flags that would change nothing, and says why", async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await anyqwen(["serve", model, ...args], { env: { ANYQWEN_API_KEY: "" } });
    expect([args, code]).toEqual([args, 2]);
    return stderr;
  };
  expect(await refused("--open-to-all")).toContain("at 127.0.0.1 only this machine can ask, so --open-to-all");
  expect(await refused("--host", "0.0.0.0")).toContain("--api-key");
  const open = ["--host", "0.0.0.0", "--open-to-all"];
  expect(await refused(...open, "--api-key", "x")).toMatch(/with --api-key .* so --open-to-all would do nothing/);
  expect(await refused(...open, "--allow-host", "a.example")).toMatch(/--open-to-all answers .* so --allow-host/);
  expect(await refused("--api-key", "x", "--allow-host", "a.example")).toMatch(/so --allow-host would do nothing/);
});
