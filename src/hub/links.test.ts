// File systems without symbolic links: the snapshot still has the file, and removing it frees it.

import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { pull, removeModel } from "./hub.ts";
import { HubServer, noise, sha256 } from "./testing/hub-server.ts";

const forbidden = vi.hoisted(() => ({ link: false }));
vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  const refuse = () => Promise.reject(Object.assign(new Error("operation not permitted"), { code: "EPERM" }));
  return {
    ...fs,
    symlink: refuse,
    link: (...names: [string, string]) => (forbidden.link ? refuse() : fs.link(...names)),
  };
});

test.each([
  ["a hard link", false, 2],
  ["a copy", true, 1],
])("%s stands in", async (_, noLink, links) => {
  forbidden.link = noLink;
  const hub = await new HubServer().start();
  const cache = await mkdtemp(join(tmpdir(), "anyqwen-hub-"));
  try {
    hub.add("Qwen/T", { "config.json": "{}", "model.safetensors": noise(5000) });
    const options = { env: { HF_ENDPOINT: hub.url }, cache };
    const { path } = await pull("Qwen/T", options);
    expect(sha256(await readFile(join(path, "model.safetensors")))).toBe(sha256(noise(5000)));
    expect((await stat(join(path, "model.safetensors"))).nlink).toBe(links);
    await pull("Qwen/T", options);
    expect(hub.downloads).toHaveLength(2);
    await removeModel("Qwen/T", options);
    expect(await readdir(cache)).toEqual([".locks"]);
  } finally {
    await hub.stop();
    await rm(cache, { recursive: true, force: true });
  }
});
