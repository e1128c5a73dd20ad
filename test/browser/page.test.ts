// The built package in headless Chromium: static pages, with and without cross-origin isolation, against this runtime's results.

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as api from "../../src/api.ts";
import { hasChromium, openChromium, visit } from "../support/chromium.ts";
import { guideAnswer, guideModel, writeGuide } from "../support/guide.ts";
import { type Served, serve } from "../support/serve.mjs";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const here = (await import(new URL("../../dist/index.js", import.meta.url).href)) as typeof api;
/** In pages, what `withPage` puts there. */
declare const anyqwen: typeof api;
const threads = Math.min(availableParallelism(), 8);

describe.skipIf(!hasChromium)("a page in Chromium", () => {
  let folder = "";
  const servers: Served[] = [];
  let browser: Browser;

  const open = async (isolated: boolean, ...parts: readonly string[]) => {
    const pages = mkdtempSync(join(folder, "page-"));
    writeGuide(pages, ...parts);
    const mounts = { "/": pages, "/anyqwen/": dist, "/model.gguf": guideModel, "/models/m.gguf": guideModel };
    const server = await serve(mounts, { isolated });
    servers.push(server);
    return server.url;
  };
  const withPage = async <T>(url: string, work: (page: Page) => Promise<T>): Promise<T> => {
    const page = await browser.newPage();
    try {
      await page.goto(url);
      const content = `import * as anyqwen from "/anyqwen/index.js"; window.anyqwen = anyqwen;`;
      await page.addScriptTag({ type: "module", content });
      await page.waitForFunction(() => "anyqwen" in window);
      return await work(page);
    } finally {
      await page.close();
    }
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "anyqwen-pages-"));
    browser = await openChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    { isolated: true, count: threads },
    { isolated: false, count: 1 },
  ])("answers as Node does, isolated: $isolated", async ({ isolated, count }) => {
    const { text, tokens } = await guideAnswer(here);
    const seen = await visit(browser, await open(isolated, "", "static"));
    expect(seen).toMatchObject({ isolated, answer: text });
    expect(seen.status).toMatch(new RegExp(`^${tokens} tokens, .* threads: ${count}$`));
  });

  it("answers from kept files and from files that its user picked", async () => {
    const { text } = await guideAnswer(here);
    const kept = await open(false, "static", "kept");
    expect(await visit(browser, kept)).toMatchObject({ answer: text });
    expect(await visit(browser, kept)).toMatchObject({ answer: text });
    const picked = await visit(browser, await open(false, "file"), (page) => page.setInputFiles("input", [guideModel]));
    expect(picked).toMatchObject({ answer: text });
  });

  it("gives the ids and the logits of Node", async () => {
    const ids = [1, 5, 9, 13];
    const options = { temperature: 0, maxTokens: 24, ignoreEos: true };
    await using qwen = await here.load(guideModel, { threads: 1 });
    let tokens: readonly number[] = [];
    for await (const part of qwen.generate(ids, options)) if (part.type === "end") tokens = part.tokens;
    const { logits } = await qwen.logits(ids);
    for (const isolated of [true, false]) {
      const seen = await withPage(await open(isolated, "static"), (page) =>
        page.evaluate(
          async ({ ids, options }) => {
            const qwen = await anyqwen.load({ "m.gguf": "models/m.gguf" });
            const tokens: number[] = [];
            for await (const part of qwen.generate(ids, options)) if (part.type === "end") tokens.push(...part.tokens);
            const { logits } = await qwen.logits(ids);
            const { identity } = qwen.info;
            await qwen.close();
            return { tokens, logits: [...logits], identity };
          },
          { ids, options },
        ),
      );
      expect(seen.tokens).toEqual(tokens);
      // The engines of the machine's two runtimes may fuse multiply and add or not; where they agree, so do all bits.
      if (seen.identity === qwen.info.identity) expect(new Float32Array(seen.logits)).toEqual(logits);
      else seen.logits.forEach((value, i) => expect(Math.abs(value - logits[i])).toBeLessThan(0.01));
    }
  });

  it("says what is wrong, and goes on", async () => {
    const found = await withPage(await open(false, "static"), (page) =>
      page.evaluate(async () => {
        const { load, inspect } = anyqwen;
        const failure = (work: Promise<unknown>) =>
          work.then(
            () => "none",
            ({ code, message }) => `${code}: ${message}`,
          );
        const abort = new AbortController();
        const qwen = await load("./models/m.gguf", { wasmUrl: "/anyqwen/wasm", inProcess: true });
        let reason = "none";
        for await (const part of qwen.generate([1], { ignoreEos: true, signal: abort.signal })) {
          abort.abort();
          if (part.type === "end") reason = part.reason;
        }
        return {
          missing: await failure(load("/nowhere.gguf")),
          named: await failure(load("qwen3:0.6b")),
          worker: await failure(load("/model.gguf", { workerUrl: "/nowhere.js" })),
          kernels: await failure(load("/model.gguf", { wasmUrl: "/nowhere" })),
          reason,
          layers: (await inspect("/model.gguf")).layers,
        };
      }),
    );
    expect(found.missing).toMatch(/^not-found: .*nowhere\.gguf: the server says 404/);
    expect(found.named).toMatch(/^unsupported: qwen3:0.6b: a page has no disk/);
    expect(found.worker).toMatch(/^internal: .*pass workerUrl/);
    expect(found.kernels).toMatch(/^not-found: .*\/nowhere\/kernels-\S+\.wasm: HTTP 404/);
    expect(found.reason).toBe("aborted");
    expect(found.layers).toBe((await here.inspect(guideModel)).layers);
  });
});
