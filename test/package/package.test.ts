// The package as users get it, from its tarball: how large it is, what it reaches, and that every runtime and bundler gives the
// tokens that Node gives. scripts/pack-test.mjs installs what is needed and says where; without it there is nothing to test.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as api from "../../src/api.ts";
import { hasChromium, openChromium, visit } from "../support/chromium.ts";
import { guideAnswer, guideModel, writeGuide } from "../support/guide.ts";
import { serve } from "../support/serve.mjs";

const folder = process.env.ANYQWEN_PACKAGE_TEST ?? "";
if (!folder) console.warn("the package's tests are skipped: node scripts/pack-test.mjs runs them");
const app = join(folder, "app");
const installed = join(app, "node_modules/anyqwen");
const tool = (path: string) => join(folder, "tools/node_modules", path);
const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const runFile = promisify(execFile);
const runtimes: Record<string, readonly string[]> = {
  "Node 20": [tool("node20/bin/node")],
  "Node 24": [tool("node24/bin/node")],
  Bun: [tool("@oven/bun-linux-x64/bin/bun")],
  Deno: [tool("@deno/linux-x64-glibc/deno"), "run", "--allow-all"],
};

/** What a program prints on a runtime. */
async function output(name: string, program: readonly string[], cwd: string) {
  const [command, ...args] = runtimes[name];
  const { stdout } = await runFile(command, [...args, ...program], { cwd, timeout: 60_000 });
  return JSON.parse(stdout);
}

describe.skipIf(!folder)("the package", () => {
  it("is at most 5 MB, its entry for pages at most 300 KB, and its parts are all there", () => {
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
    expect(statSync(join(folder, tarball ?? "")).size).toBeLessThan(5e6);
    const entry = closure(join(installed, "dist/index.js"));
    expect(gzipSync([...entry.values()].join("\n")).length).toBeLessThan(300e3);
    const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(Object.keys(exports)).toEqual([".", "./server", "./ai-sdk", "./worker", "./wasm/*", "./package.json"]);
    for (const file of [
      "index.d.ts",
      "ai-sdk.d.ts",
      "worker.js",
      "kernel-thread.js",
      "template-worker.js",
      "web/index.html",
    ]) {
      expect(statSync(join(installed, "dist", file)).size).toBeGreaterThan(0);
    }
    expect(readdirSync(join(installed, "dist")).filter((file) => file.startsWith("."))).toEqual([]);
  });

  it("imports nothing in a page that a page has not", () => {
    for (const entry of ["index.js", "ai-sdk.js", "worker.js", "kernel-thread.js", "template-worker.js"]) {
      for (const [file, code] of closure(join(installed, "dist", entry))) {
        expect(code, file).not.toMatch(/(?:from|import)\s*\(?\s*["'](?!\.)/);
      }
    }
  });
});

describe.skipIf(!folder)("the package on a runtime", () => {
  const program = join(app, "answers.mjs");
  const models = [fixture("models/qwen3_tied"), fixture("gguf/qwen2_tied-q8_0.gguf")];
  beforeAll(() => cpSync(fileURLToPath(new URL("answers.mjs", import.meta.url)), program));

  it.each(Object.keys(runtimes))("%s: same tokens as in this one", async (name) => {
    const { load } = await import(pathToFileURL(join(installed, "dist/index.js")).href);
    const own = await Promise.all(models.map((model) => greedy(load, model)));
    const found = await output(name, [program, ...models], app);
    expect(found).toMatchObject(own.map((generated) => ({ tokens: { generated }, threads: 2 })));
    for (const { tokens } of found) expect(tokens.answered).toHaveLength(16);
  });

  it.each(["Node 20", "Node 24"])("%s: the command", async (name) => {
    const bin = join(app, "node_modules/.bin/anyqwen");
    const args = [bin, "run", models[1], "Hello!", "-t", "0", "-n", "64", "--json"];
    const { stdout } = await runFile(runtimes[name][0], args, { cwd: app, timeout: 60_000 });
    const { load } = await import(pathToFileURL(join(installed, "dist/index.js")).href);
    expect(JSON.parse(stdout).text).toBe((await guideAnswer({ load })).text);
  });
});

describe.skipIf(!folder)("the package's provider with the AI SDK", () => {
  const at = join(folder, "ai-sdk");

  beforeAll(async () => {
    cpSync(fileURLToPath(new URL("ai-sdk.ts", import.meta.url)), join(at, "ai-sdk.ts"));
    const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const options = ["--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable,dom"];
    await runFile(process.execPath, [tsc, ...options, "ai-sdk.ts"], { cwd: at }).catch(({ stdout }) => {
      throw new Error(`types: ${stdout}`);
    });
  }, 60_000);

  it.each(Object.keys(runtimes))("%s: compiles, and answers as the API does", async (name) => {
    const { load } = await import(pathToFileURL(join(at, "node_modules/anyqwen/dist/index.js")).href);
    expect(await output(name, [join(at, "ai-sdk.js"), guideModel], at)).toEqual(await guideAnswer({ load }));
  });
});

describe.skipIf(!folder || !hasChromium)("the package in a page", () => {
  const threads = Math.min(availableParallelism(), 8);
  let browser: Browser;
  let answer: { text: string; tokens: number };

  beforeAll(async () => {
    browser = await openChromium();
    answer = await guideAnswer(await import(pathToFileURL(join(installed, "dist/index.js")).href));
  }, 60_000);
  afterAll(() => browser?.close());

  const check = async (url: string, isolated: boolean) => {
    const seen = await visit(browser, url);
    expect(seen).toMatchObject({ isolated, answer: answer.text });
    expect(seen.status).toMatch(new RegExp(`^${answer.tokens} tokens.* threads: ${isolated ? threads : 1}$`));
  };
  const bothWays = async (mounts: Record<string, string>) => {
    for (const isolated of [true, false]) {
      const server = await serve({ "/model.gguf": guideModel, ...mounts }, { isolated });
      await check(`${server.url}/`, isolated).finally(() => server.close());
    }
  };
  const project = (name: string, ...parts: readonly string[]) => {
    const at = join(folder, name);
    mkdirSync(at);
    writeGuide(at, ...parts);
    writeFileSync(join(at, "package.json"), `{ "private": true, "type": "module" }`);
    mkdirSync(join(at, "node_modules"));
    cpSync(installed, join(at, "node_modules/anyqwen"), { recursive: true });
    for (const name of ["esbuild", "@esbuild"]) symlinkSync(tool(name), join(at, "node_modules", name));
    return at;
  };

  it("that is static", async () => {
    const at = project("static", "", "static");
    await bothWays({ "/": at, "/anyqwen/": join(installed, "dist") });
  });

  it("that esbuild made", async () => {
    const at = project("esbuild", "", "vite", "esbuild");
    await runFile(process.execPath, ["build.mjs"], { cwd: at });
    await bothWays({ "/": join(at, "out"), "/index.html": join(at, "index.html") });
  });

  it("that Vite made, and that its server makes as it goes", async () => {
    const at = project("vite", "", "vite");
    const vite = tool("vite/bin/vite.js");
    mkdirSync(join(at, "public"));
    cpSync(guideModel, join(at, "public/model.gguf"));
    await runFile(process.execPath, [vite, "build"], { cwd: at });
    await bothWays({ "/": join(at, "dist") });
    for (const isolated of [true, false]) {
      if (!isolated) writeFileSync(join(at, "vite.config.js"), "export default {};\n");
      const args = [vite, "--host", "127.0.0.1", "--port", "0", "--clearScreen", "false"];
      const server = spawn(process.execPath, args, { cwd: at, env: { ...process.env, NO_COLOR: "1" } });
      try {
        await check(await addressOf(server), isolated);
      } finally {
        server.kill();
      }
    }
  });
});

/** A module and all that it imports statically, by path; names of packages stay in the code for the reader to find. */
function closure(entry: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(entry)) return found;
  const code = readFileSync(entry, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  found.set(entry, code);
  for (const [, path] of code.matchAll(/^(?:import|export)\b[^"';]*"(\.[^"]+)";?$/gm))
    closure(join(dirname(entry), path), found);
  return found;
}

async function greedy(load: typeof api.load, model: string): Promise<readonly number[]> {
  await using qwen = await load(model, { threads: 1, inProcess: true });
  const options = { temperature: 0, maxTokens: 16, ignoreEos: true };
  for await (const part of qwen.generate([1, 5, 9, 13], options)) if (part.type === "end") return part.tokens;
  throw new Error("no end");
}

/** The address that a development server prints once it serves. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer) => {
      said += text;
      const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (address) resolve(address);
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.on("close", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}
