// The model picker: what is here, a download with its progress, stopped and begun again, and the switch to what was downloaded.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Fault, HubServer } from "../../src/hub/testing/hub-server.ts";
import type { Qwen } from "../../src/index.ts";
import type { Listening, ServerOptions } from "../../src/server/index.ts";
import { fixture } from "../end-to-end/anyqwen.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { again, answers, ask, loadTiny, openTab, startServer, type Tab } from "../support/page.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const gguf = readFileSync(fixture("gguf/qwen2_tied-q8_0.gguf"));

/** Sends a third of a file, and the rest when it is let go. */
function stalled(): { fault: Fault; letGo: () => void } {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const fault: Fault = (request, response, body) => {
    if (request.method === "HEAD") return false;
    response.writeHead(200, { "content-length": body.length, etag: '"x"' });
    response.write(body.subarray(0, body.length / 3));
    void held.then(() => response.end(body.subarray(body.length / 3)));
    return true;
  };
  return { fault, letGo };
}

describe.skipIf(!hasChromium)("the model picker", () => {
  let browser: Browser;
  let hub: HubServer;
  let cache = "";
  let server: Listening;
  const tabs: Tab[] = [];
  const loaded: Qwen[] = [];
  const start = async (options: Partial<ServerOptions> = {}) => {
    const qwen = await loadTiny();
    loaded.push(qwen);
    const models = {
      source: "tiny",
      load: async (path: string) => {
        const next = await loadTiny(path);
        loaded.push(next);
        return next;
      },
      hub: { endpoint: hub.url, cache },
    };
    server = await startServer(qwen, { models, ...options });
  };
  const open = async (options?: Parameters<typeof openTab>[2]) => {
    const tab = await openTab(browser, server.url, options);
    tabs.push(tab);
    return tab;
  };
  const openPicker = async (page: Page) => {
    await page.getByRole("button", { name: "Model: " }).click();
    await page.getByRole("heading", { name: "On this machine" }).waitFor();
    return page.getByRole("dialog", { name: "Models" });
  };

  beforeAll(async () => {
    browser = await openChromium();
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    hub = await new HubServer().start();
    hub.add("Qwen/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q8_0.gguf": gguf });
    cache = mkdtempSync(join(tmpdir(), "anyqwen-picker-"));
    await start();
  });
  afterEach(async () => {
    for (const tab of tabs.splice(0)) await tab.close();
    await server.close();
    for (const qwen of loaded.splice(0)) await qwen.close();
    await hub.stop();
    rmSync(cache, { recursive: true, force: true });
  });

  it("downloads a model, shows how far it is, also after a reload, and serves it", async () => {
    const slow = stalled();
    hub.fault = slow.fault;
    const { page, complaints } = await open({ settings: { maxTokens: 8 } });
    let picker = await openPicker(page);
    await picker.getByText("tiny is in use; it was started from a file of its own.").waitFor();
    await picker.getByRole("button", { name: "Download qwen3:0.6b", exact: true }).click();
    const bar = page.getByRole("progressbar", { name: "Download of qwen3:0.6b" });
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("33");
    await page.reload();
    picker = await openPicker(page);
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("33");
    slow.letGo();
    await picker.getByRole("button", { name: "Use qwen3:0.6b-q8_0" }).click();
    await picker.getByText("In use").waitFor();
    expect(await bar.count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Model: Qwen3-0.6B-Q8_0" }).waitFor();
    await ask(page, "Hello");
    await again(page).waitFor();
    expect(await answers(page).innerText()).toMatch(/\b\d+ tokens/);
    expect(complaints).toEqual([]);
  });

  it("stops a download, tries again, takes a repository by name, and says what is wrong", async () => {
    hub.fault = stalled().fault;
    const { page } = await open();
    const picker = await openPicker(page);
    await picker.getByRole("button", { name: "Download qwen3:0.6b", exact: true }).click();
    await picker.getByRole("button", { name: "Stop the download of qwen3:0.6b" }).click();
    await picker.getByText("Stopped. The next download goes on from there.").waitFor();
    hub.fault = () => false;
    await picker.getByRole("button", { name: "Download qwen3:0.6b again" }).click();
    await picker.getByRole("button", { name: "Use qwen3:0.6b-q8_0" }).waitFor();

    const name = picker.getByLabel("Short name or repository");
    await name.fill("Qwen/Nowhere");
    await name.press("Enter");
    await picker.getByRole("button", { name: "Download Qwen/Nowhere again" }).waitFor();
    expect(await picker.locator(".field-problem").innerText()).toContain("Qwen/Nowhere");
    await name.fill("../../etc/passwd");
    await name.press("Enter");
    await picker.getByRole("alert").getByText("The server refused this").waitFor();
  });

  it("is not there where the server does not let the page change its model", async () => {
    await server.close();
    await start({ models: undefined });
    const { page } = await open();
    expect(await page.getByRole("button", { name: "Model: " }).count()).toBe(0);
  });

  it.each([
    { colorScheme: "light", viewport: { width: 1100, height: 800 } },
    { colorScheme: "dark", viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true },
  ] as const)("fits, and has nothing serious that axe finds, $colorScheme", async (options) => {
    const slow = stalled();
    const { page } = await open({ ...options, bypassCSP: true });
    const picker = await openPicker(page);
    await picker.getByRole("button", { name: "Download qwen3:0.6b", exact: true }).click();
    await picker.getByRole("button", { name: "Use qwen3:0.6b-q8_0" }).click();
    await picker.getByText("In use").waitFor();
    hub.add("Qwen/Qwen3-1.7B-GGUF", { "Qwen3-1.7B-Q8_0.gguf": gguf });
    hub.fault = slow.fault;
    await picker.getByRole("button", { name: "Download qwen3:1.7b", exact: true }).click();
    await page.getByRole("progressbar", { name: "Download of qwen3:1.7b" }).waitFor();
    await page.getByRole("progressbar", { name: "Loading qwen3:0.6b-q8_0" }).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    const overflow = await picker.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBe(0);
    await page.addScriptTag({ path: axePath });
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    slow.letGo();
  });
});
