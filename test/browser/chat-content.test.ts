// What the page makes of what models say, of what goes wrong, and whether everybody can use it.

import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Qwen } from "../../src/index.ts";
import type { Listening, ServerOptions } from "../../src/server/index.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { again, answers, answerWith, ask, loadTiny, openTab, slowed, startServer, type Tab } from "../support/page.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const markdown = [
  "# Title\n\nSome **bold** text and `code`.\n\n",
  "```python\ndef double(n):\n    return 2 * n\n```\n\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n   - [x] nested\n\n",
  "![pixel](https://example.com/pixel.png) [bad](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>",
];
const toolCall = {
  index: 0,
  id: "call-1",
  type: "function",
  function: { name: "weather", arguments: '{"city":"Paris"}' },
};

describe.skipIf(!hasChromium)("the page", () => {
  let browser: Browser;
  let qwen: Qwen;
  let plain: Listening;
  const servers: Listening[] = [];
  const tabs: Tab[] = [];
  const start = async (options?: ServerOptions, model = qwen) => {
    const listening = await startServer(model, options);
    servers.push(listening);
    return listening;
  };
  const open = async (url: string, options: Parameters<typeof openTab>[2] = {}) => {
    const tab = await openTab(browser, url, options);
    tabs.push(tab);
    return tab;
  };

  beforeAll(async () => {
    [browser, qwen] = await Promise.all([openChromium(), loadTiny()]);
    plain = await start();
  }, 60_000);
  afterAll(async () => {
    for (const tab of tabs) await tab.close();
    await browser?.close();
    for (const server of servers) await server.close();
    await qwen?.close();
  });

  it("shows Markdown, code in colours to copy, thoughts folded; HTML, images and scripts of a model do nothing", async () => {
    const { page, complaints } = await open(plain.url, { permissions: ["clipboard-read", "clipboard-write"] });
    await answerWith(page, { reasoning_content: "Let me think." }, ...markdown.map((content) => ({ content })));
    await ask(page, "Show me");
    await again(page).waitFor();
    const answer = answers(page);
    await answer.getByRole("heading", { name: "Title", level: 3 }).waitFor();
    expect(await answer.locator("strong").innerText()).toBe("bold");
    expect(await answer.locator("pre .hljs-keyword").allInnerTexts()).toEqual(["def", "return"]);
    await answer.getByRole("button", { name: "Copy", exact: true }).click();
    await answer.getByRole("button", { name: "Copied", exact: true }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("def double(n):\n    return 2 * n");
    expect(await answer.locator("td").allInnerTexts()).toEqual(["1", "2"]);
    expect(await answer.locator("li li.task").innerText()).toBe("☑ nested");
    expect(await answer.locator("img, script, [onerror]").count()).toBe(0);
    expect(await answer.getByText("<script>alert(1)</script>").count()).toBe(1);
    expect(
      await answer.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
    ).toEqual(["https://example.com/pixel.png"]);
    const thoughts = answer.getByText("Let me think.");
    expect(await thoughts.isVisible()).toBe(false);
    await answer.locator("summary").press("Enter");
    expect(await thoughts.isVisible()).toBe(true);
    expect(await answer.innerText()).toContain("12 tokens · 12.3 tokens/s");
    const log = await page.getByRole("log").innerText();
    expect(log).toMatch(/The model answers\..*Some bold text and code\..*Code, python\..*End of the answer\./s);
    expect(complaints).toEqual([]);
  });

  it("shows calls of tools and sends their results back", async () => {
    const { page } = await open(plain.url, {
      settings: { tools: '[{"type":"function","function":{"name":"weather"}}]' },
    });
    await answerWith(page, { tool_calls: [toolCall] });
    await ask(page, "How is the weather?");
    const call = page.getByRole("region", { name: "Call of weather" });
    expect(await call.locator("pre").innerText()).toBe('{\n  "city": "Paris"\n}');
    await page.unroute("**/v1/chat/completions");
    await answerWith(page, { content: "It is sunny." });
    await call.getByLabel("What weather gives back").fill("sunny, 20 °C");
    const asked = page.waitForRequest("**/v1/chat/completions");
    await call.getByRole("button", { name: "Send the result" }).click();
    const { messages, tools } = (await asked).postDataJSON();
    expect(tools).toHaveLength(1);
    expect(messages.slice(1)).toMatchObject([
      {
        role: "assistant",
        tool_calls: [{ id: "call-1", function: { name: "weather", arguments: '{"city":"Paris"}' } }],
      },
      { role: "tool", tool_call_id: "call-1", content: "sunny, 20 °C" },
    ]);
    await page.getByText("It is sunny.").first().waitFor();
    expect(await call.innerText()).toContain("sunny, 20 °C");
  });

  it("says in words that the server is gone, busy, or that the conversation is too long, and tries again", async () => {
    const busy = await start({ slots: 1, queue: 0 }, slowed(qwen, 30));
    const { page } = await open(busy.url, { settings: { maxTokens: 8 } });
    const leaving = new AbortController();
    const taken = fetch(`${busy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }], max_tokens: 200, stream: true }),
      signal: leaving.signal,
    });
    await taken;
    await ask(page, "Hello");
    const alert = page.getByRole("alert");
    await alert.getByText("The server is busy").waitFor();
    expect(await alert.innerText()).toMatch(/Try again in \d+ seconds\./);
    leaving.abort();
    await expect.poll(async () => (await (await fetch(`${busy.url}/health`)).json()).active).toBe(0);
    await alert.getByRole("button", { name: "Try again" }).click();
    await again(page).waitFor();
    expect(await alert.count()).toBe(0);

    await ask(page, "word ".repeat(300).trim());
    await alert.getByText("This conversation is too long for the model").waitFor();
    await alert.getByRole("button", { name: "New conversation" }).click();

    await page.route("**/v1/chat/completions", (route) => route.abort("connectionrefused"));
    await ask(page, "Anybody there?");
    await alert.getByText("The server does not answer").waitFor();
    await page.unroute("**/v1/chat/completions");
    await page.reload();
    await page.getByRole("button", { name: "Answer this" }).click();
    await again(page).waitFor();
    expect(await page.locator(".bubble").allInnerTexts()).toEqual(["Anybody there?"]);
  });

  it("asks for the key that the server wants", async () => {
    const locked = await start({ apiKey: "secret" });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(locked.url);
    await page.getByText("This server wants an API key.").first().waitFor();
    await ask(page, "Hello");
    const alert = page.getByRole("alert");
    await alert.getByRole("button", { name: "Open settings" }).click();
    await page.getByLabel("API key").fill("secret");
    await page.getByLabel("Token limit").fill("8");
    await page.getByRole("radio", { name: "Dark" }).press("Space");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("tiny", { exact: true }).waitFor();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await alert.getByRole("button", { name: "Try again" }).click();
    await again(page).waitFor();
    expect(await answers(page).innerText()).toMatch(/\b[1-8] tokens/);
    await context.close();
  });

  it.each(["light", "dark"] as const)("has nothing serious that axe finds, %s", async (colorScheme) => {
    const { page } = await open(plain.url, { colorScheme, bypassCSP: true });
    await page.addScriptTag({ path: axePath });
    expect(await findings(page)).toEqual([]);
    await answerWith(page, { reasoning_content: "Let me think." }, ...markdown.map((content) => ({ content })), {
      tool_calls: [toolCall],
    });
    await ask(page, "Show me");
    await again(page).waitFor();
    await page.locator("summary").click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Edit your message" }).click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More for Show me" }).click();
    await page.getByRole("menu").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.unroute("**/v1/chat/completions");
    await page.route("**/v1/chat/completions", (route) => route.abort("connectionrefused"));
    await again(page).click();
    await page.getByRole("alert").waitFor();
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Conversations" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await findings(page)).toEqual([]);
  });
});

async function findings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
}
