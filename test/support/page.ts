// The server's page in Chromium, as its tests use it: a server on a tiny model, a tab that fails on anything the browser complains of.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type * as api from "../../src/index.ts";
import type * as server from "../../src/server/index.ts";
import { fixture } from "../end-to-end/anyqwen.ts";

const built = (file: string) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const { load } = (await built("index.js")) as typeof api;
const { createServer, listen } = (await built("server.js")) as typeof server;

export function loadTiny(path = fixture("models/qwen3_tied")): Promise<api.Qwen> {
  return load(path, { threads: 1, contextTokens: 256, poolTokens: 1024 });
}

export function startServer(qwen: api.Qwen, options: server.ServerOptions = {}): Promise<server.Listening> {
  return listen(createServer(qwen, { name: "tiny", log: () => {}, ...options }));
}

/** The same model, only with time to watch it: `ms` before each part of an answer, which goes on until it is ended. */
export function slowed(qwen: api.Qwen, ms: number): api.Qwen {
  const chat: api.Qwen["chat"] = async function* (messages, options) {
    for await (const part of qwen.chat(messages, { ...options, ignoreEos: true })) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      yield part;
    }
  };
  return new Proxy(qwen, { get: (target, name) => (name === "chat" ? chat : Reflect.get(target, name, target)) });
}

export interface Tab {
  readonly page: Page;
  /** What the browser complained of: errors, and whatever the page's policy kept out. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openTab(
  browser: Browser,
  url: string,
  { settings = {}, ...options }: BrowserContextOptions & { readonly settings?: object } = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.addInitScript((text) => {
    localStorage.getItem("anyqwen.settings") ?? localStorage.setItem("anyqwen.settings", text);
  }, JSON.stringify(settings));
  await page.goto(url);
  await page.getByText("tiny", { exact: true }).waitFor();
  return { page, complaints, close: () => context.close() };
}

export const field = (page: Page) => page.getByLabel("Message", { exact: true });
export const answers = (page: Page) => page.locator(".answer");
export const again = (page: Page) => page.getByRole("button", { name: "Answer again" });

export async function ask(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
  await page.locator(".user").last().getByText(text, { exact: true }).waitFor();
}

/** Answers chat requests with chunks of the test's own, for what a model with random weights never says. */
export async function answerWith(page: Page, ...deltas: readonly object[]): Promise<void> {
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    {
      choices: [],
      usage: { prompt_tokens: 20, completion_tokens: 12, prompt_tokens_details: { cached_tokens: 4 } },
      timings: { predicted_per_second: 12.34 },
    },
  ];
  const body = `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
  await page.route("**/v1/chat/completions", (route) =>
    route.fulfill({ status: 200, contentType: "text/event-stream", body }),
  );
}
