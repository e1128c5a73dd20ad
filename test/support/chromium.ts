// Chromium for the tests that need a browser. Where there is none they are skipped and say so; in CI that is a failure.

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const paths = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = paths.find((path) => path !== "" && existsSync(path));

export const hasChromium = executablePath !== undefined;
const help = "no Chromium was found: install the package chromium, or say where it is with CHROMIUM=/path/to/it";
if (!hasChromium && process.env.CI) throw new Error(help);
if (!hasChromium) console.warn(`browser tests are skipped: ${help}`);

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** What a page of docs/browser.md came to. */
export interface Outcome {
  readonly isolated: boolean;
  readonly answer: string;
  readonly status: string;
}

/** Opens one of the guide's pages and waits until its status line tells of the end; `act` does what its user would. */
export async function visit(
  browser: Browser,
  url: string,
  act?: (page: Awaited<ReturnType<Browser["newPage"]>>) => Promise<void>,
): Promise<Outcome> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    await page.goto(url);
    await act?.(page);
    await page
      .waitForFunction(() => /threads: \d/.test(document.querySelector("p")?.textContent ?? ""), undefined, {
        timeout: 20_000,
      })
      .catch((cause) => {
        throw new Error(`${url} came to no end; it said:\n${said.join("\n")}`, { cause });
      });
    return await page.evaluate(() => ({
      isolated: crossOriginIsolated,
      answer: document.querySelector("pre")?.textContent ?? "",
      status: document.querySelector("p")?.textContent ?? "",
    }));
  } finally {
    await page.close();
  }
}
