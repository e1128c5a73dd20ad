// Several processes and one cache: killed in the middle, two at once, locks of the dead.

import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { withLock } from "./lock.ts";
import { pullInChild, transpiledHub } from "./testing/child.ts";
import { commit, HubServer, noise, sha256 } from "./testing/hub-server.ts";

const repo = "Qwen/Tiny-GGUF";
const body = noise(400_000);
const hash = sha256(body);
let code: string;
let hub: HubServer;
let cache: string;
let options: object;

beforeAll(async () => {
  code = await transpiledHub();
});
afterAll(() => rm(code, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await new HubServer().start();
  hub.add(repo, { "tiny-Q4_K_M.gguf": body });
  cache = await mkdtemp(join(tmpdir(), "anyqwen-hub-"));
  options = { env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache }, retry: { firstDelayMs: 1 } };
});
afterEach(async () => {
  await hub.stop();
  await rm(cache, { recursive: true, force: true });
});

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 4000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
};

/** Sends up to byte `end` and then nothing more. */
const upTo = (end: number) => {
  hub.fault = (request, response, content) => {
    const from = Number(/(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(from ? 206 : 200, {
      "content-length": content.length - from,
      ...(from && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    response.write(content.subarray(from, end));
    return true;
  };
};

test("killed at any moment, the model is whole or not there, and the next pull goes on", async () => {
  const blob = join(cache, "models--Qwen--Tiny-GGUF", "blobs", hash);
  const pointer = join(cache, "models--Qwen--Tiny-GGUF", "snapshots", commit, "tiny-Q4_K_M.gguf");
  const partial = `${blob}.anyqwen-incomplete`;
  const ends = [1, 70_000, 70_001, body.length - 1];
  for (const end of ends) {
    upTo(end);
    const child = pullInChild(code, repo, options);
    await until(() => existsSync(partial) && statSync(partial).size === end);
    child.process.kill("SIGKILL");
    expect(await child.result).toBeUndefined();
    expect(existsSync(blob)).toBe(false);
    expect(existsSync(pointer)).toBe(false);
  }
  hub.fault = () => false;
  expect(await pullInChild(code, repo, options).result).toMatchObject({ path: pointer, bytes: body.length });
  expect(sha256(await readFile(pointer))).toBe(hash);
  expect(hub.downloads.map((line) => Number(/bytes=(\d+)-/.exec(line)?.[1] ?? 0))).toEqual([0, ...ends]);
  expect(await readdir(dirname(blob))).toEqual([hash]);
});

test("two at once: one fetches, the other waits and finds it", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  hub.fault = (request, response, content) => {
    gate.then(() => hub.serve(request, response, content));
    return true;
  };
  const first = pullInChild(code, repo, options);
  await until(() => hub.downloads.length > 0);
  const second = pullInChild(code, repo, options);
  const third = pullInChild(code, repo, { ...options, wait: false });
  const { error } = (await third.result) as { error: string };
  expect(error).toContain(`process ${first.process.pid} on `);
  expect(error).toMatch(/is pulling or removing this model/);
  open();
  expect(await first.result).toMatchObject({ bytes: body.length });
  expect(await second.result).toMatchObject({ bytes: body.length });
  expect(hub.downloads).toHaveLength(1);
});

test("the lock of a dead process is taken over, that of another machine only when its heart has stopped", async () => {
  const path = join(cache, ".locks", "x.lock");
  await mkdir(dirname(path));
  const lock = (options = { wait: false }) => withLock(path, options, async () => "done");
  await withLock(path, { wait: false }, async () => {
    const mine = JSON.parse(await readFile(path, "utf8"));
    await expect(lock()).rejects.toThrow(/pulling or removing/);
    // The same machine, a process that cannot be: numbers end at 2^22.
    await writeFile(path, JSON.stringify({ ...mine, id: "gone", pid: 2 ** 22 + 1 }));
  });
  expect(existsSync(path)).toBe(true);
  expect(await lock()).toBe("done");
  await writeFile(path, JSON.stringify({ id: "far", pid: 1, machine: "elsewhere" }));
  await expect(lock()).rejects.toThrow(/process 1 on elsewhere/);
  await utimes(path, new Date(), new Date(Date.now() - 60_000));
  expect(await lock()).toBe("done");
  await writeFile(path, ""); // torn by a kill
  await expect(lock()).rejects.toThrow(/another process/);
  await utimes(path, new Date(), new Date(Date.now() - 60_000));
  expect(await Promise.all(Array.from({ length: 8 }, () => lock({ wait: true })))).toEqual(Array(8).fill("done"));
  expect(await readdir(dirname(path))).toEqual([]);
});
