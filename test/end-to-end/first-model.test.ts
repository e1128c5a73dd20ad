// `anyqwen serve` where no model is yet: an offer to a person, an error to a script. The hub is one on this machine.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { anyqwen, cliPath, fixture } from "./anyqwen.ts";

/** Gives a command a terminal; part of util-linux. */
const terminal = "/usr/bin/script";

describe("serve without a model", () => {
  let hub: HubServer;
  let home = "";
  beforeEach(async () => {
    hub = await new HubServer().start();
    hub.add("Qwen/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q8_0.gguf": readFileSync(fixture("gguf/qwen3_tied-f16.gguf")) });
    home = mkdtempSync(join(tmpdir(), "anyqwen-first-"));
  });
  afterEach(async () => {
    await hub.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const environment = () => ({ HF_ENDPOINT: hub.url, HF_HOME: home, ANYQWEN_MODEL: "" });

  it("names the command to pull one where there is nobody to ask", async () => {
    const { code, stderr } = await anyqwen(["serve", "--port", "0"], { env: environment() });
    expect([code, stderr]).toEqual([1, expect.stringContaining("anyqwen pull qwen3:0.6b")]);
    expect(hub.requests).toHaveLength(0);
  });

  /** Answers the question on a terminal; what it showed until it was served, or had ended. */
  function onTerminal(answer: string): Promise<string> {
    const command = `${process.execPath} ${cliPath} serve --port 0`;
    const env = { ...process.env, NO_COLOR: "1", ...environment() };
    const child = spawn(terminal, ["-qefc", command, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
    let shown = "";
    return new Promise((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const before = shown;
        shown += text;
        const appears = (pattern: RegExp) => pattern.test(shown) && !pattern.test(before);
        if (appears(/\[y\/N\]/)) child.stdin.write(`${answer}\r`);
        if (appears(/is served at http\S+\s/)) child.stdin.write("\x03"); // Ctrl-C
      });
      child.on("close", (code) => resolve(`${shown}exit ${code}`));
    });
  }

  it.skipIf(!existsSync(terminal))("offers one to a person, with its size, pulls it and serves it", async () => {
    const shown = await onTerminal("y");
    expect(shown).toContain("no model on this machine yet");
    expect(shown).toMatch(/Download it, \d+\.\d KiB\? \[y\/N\]/);
    expect(shown).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions/);
    expect(shown).toMatch(/Qwen3-0\.6B-Q8_0 is served at http:\/\/127\.0\.0\.1:\d+/);
    expect(shown).toMatch(/exit 130$/);
  });

  it.skipIf(!existsSync(terminal))("downloads nothing for a no", async () => {
    const shown = await onTerminal("n");
    expect(shown).toContain("no model is named and none is pulled");
    expect(shown).toMatch(/exit 1$/);
    expect(hub.downloads.filter((line) => line.startsWith("GET"))).toEqual([]);
  });
});
