// The server's page as somebody uses it: first visit to a streamed answer, stop, edit, a reload, a phone.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Qwen } from "../../src/index.ts";
import type { Listening } from "../../src/server/index.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { again, answers, ask, field, loadTiny, openTab, slowed, startServer, type Tab } from "../support/page.ts";

const fixed = { seed: 7, temperature: 1, maxTokens: 24 };

describe.skipIf(!hasChromium)("the page", () => {
  let browser: Browser;
  let qwen: Qwen;
  let quick: Listening;
  let slow: Listening;
  const tabs: Tab[] = [];
  const open = async (...[url, options]: [string, object?]) => {
    const tab = await openTab(browser, url, options);
    tabs.push(tab);
    return tab;
  };

  beforeAll(async () => {
    [browser, qwen] = await Promise.all([openChromium(), loadTiny()]);
    quick = await startServer(qwen);
    slow = await startServer(slowed(qwen, 60));
  }, 60_000);
  afterAll(async () => {
    for (const tab of tabs) await tab.close();
    await browser?.close();
    await quick?.close();
    await slow?.close();
    await qwen?.close();
  });

  it("answers as the API does, with figures, and keeps the conversation over a reload", async () => {
    const { page, complaints } = await open(quick.url, { settings: fixed });
    await ask(page, "What is the capital of France?");
    await again(page).waitFor();
    const shown = await answers(page).innerText();
    expect(shown).toMatch(/\b\d+ tokens · [\d.]+ tokens\/s · first after [\d.]+ s/);
    expect(await page.locator(".server-figures").innerText()).toMatch(/Memory\s+[\d.]+ [MG]iB/);
    const body = {
      messages: [{ role: "user", content: "What is the capital of France?" }],
      ...{ seed: 7, temperature: 1, max_completion_tokens: 24 },
    };
    const response = await fetch(`${quick.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { choices, usage } = await response.json();
    expect(shown).toContain(`${usage.completion_tokens} tokens`);
    const kept = await page.evaluate(
      () =>
        new Promise<{ messages: { content: string; reasoning: string }[] }[]>((resolve, reject) => {
          const opening = indexedDB.open("anyqwen");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const all = opening.result.transaction("conversations").objectStore("conversations").getAll();
            all.onsuccess = () => resolve(all.result);
          };
        }),
    );
    expect(kept).toHaveLength(1);
    const { content, reasoning_content = "" } = choices[0].message;
    expect(kept[0].messages[1]).toMatchObject({ content, reasoning: reasoning_content });

    await page.reload();
    await again(page).waitFor();
    expect(await answers(page).innerText()).toBe(shown);
    await page.getByRole("button", { name: "New conversation", exact: true }).click();
    expect(await answers(page).count()).toBe(0);
    await page.goBack();
    expect(await answers(page).innerText()).toBe(shown);
    expect(complaints).toEqual([]);
  });

  it("says an earlier message otherwise and goes on from there; answers again", async () => {
    const { page, complaints } = await open(quick.url, { settings: fixed });
    for (const text of ["One", "Two"]) {
      await ask(page, text);
      await again(page).waitFor();
    }
    const first = page.locator(".user").first();
    await first.getByRole("button", { name: "Edit your message" }).click();
    const edited = page.getByLabel("Your message", { exact: true });
    expect(await edited.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    const editButton = first.getByRole("button", { name: "Edit your message" });
    await expect.poll(() => editButton.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await edited.fill("Three");
    await edited.press("Enter");
    await again(page).waitFor();
    expect(await page.locator(".user .bubble").allInnerTexts()).toEqual(["Three"]);
    expect(await answers(page).count()).toBe(1);
    await again(page).click();
    await again(page).waitFor();
    expect(await answers(page).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("streams, stops at Escape, keeps what came, and frees the server", async () => {
    const { page, complaints } = await open(slow.url, { settings: { ...fixed, maxTokens: 200 } });
    await ask(page, "Tell me a long story.");
    const length = () => page.locator(".answer").evaluate((element) => element.textContent?.length ?? 0);
    const early = await length();
    await expect.poll(length).toBeGreaterThan(early + 20);
    await field(page).fill("not yet");
    await field(page).press("Enter");
    expect(await page.locator(".user").count()).toBe(1);
    await page.keyboard.press("Escape");
    await again(page).waitFor();
    expect(await answers(page).innerText()).toContain("stopped");
    expect(await field(page).inputValue()).toBe("not yet");
    await expect.poll(async () => (await (await fetch(`${slow.url}/health`)).json()).active).toBe(0);
    await again(page).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await again(page).waitFor();
    await page.reload();
    await again(page).waitFor();
    expect(complaints).toEqual([]);
  });

  it("is used without a mouse: new lines, another name, delete", async () => {
    const { page } = await open(quick.url, { settings: fixed });
    expect(await field(page).evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type("First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await again(page).waitFor();
    expect(await page.locator(".bubble").innerText()).toBe("First line\nsecond line");
    const more = page.getByRole("button", { name: "More for First line second line" });
    await more.press("Enter");
    await page.getByRole("menuitem", { name: "Rename" }).press("Enter");
    await page.getByRole("dialog").getByLabel("Name").fill("Lines");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Lines" }).waitFor();
    await page.getByRole("button", { name: "More for Lines" }).press("Enter");
    await page.getByRole("menuitem", { name: "Delete" }).press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).press("Enter");
    await page.getByText("What can I help with?").waitFor();
    await page.reload();
    await page.getByText("What can I help with?").waitFor();
    expect(await page.locator(".conversation-item").count()).toBe(0);
  });

  it("fits a phone, with the conversations in a drawer", async () => {
    const phone = { viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true };
    const { page, complaints } = await open(quick.url, { settings: fixed, ...phone });
    await ask(page, "A long word: ".padEnd(200, "x"));
    await again(page).waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    for (const element of [field(page), again(page), page.getByRole("button", { name: "Send", exact: true })]) {
      const box = await element.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 700).toBe(true);
    }
    await page.getByRole("button", { name: "Conversations" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "New conversation" }).tap();
    await page.getByText("What can I help with?").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Conversations" }).tap();
    await page.getByRole("dialog").locator(".conversation-name").tap();
    await again(page).waitFor();
    expect(await overflow()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
