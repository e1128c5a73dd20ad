import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { diskUsage, listModels, pull, removeModel, resolveModel } from "./hub.ts";
import { commit, HubServer, noise, sha256 } from "./testing/hub-server.ts";
import type { HubOptions } from "./types.ts";

let hub: HubServer;
let cache: string;
let options: HubOptions;

beforeEach(async () => {
  hub = await new HubServer().start();
  cache = await mkdtemp(join(tmpdir(), "anyqwen-hub-"));
  const env = {
    HF_ENDPOINT: hub.url,
    HF_HUB_CACHE: cache,
    MODELSCOPE_ENDPOINT: hub.url,
    XDG_CACHE_HOME: join(cache, "xdg"),
  };
  options = { env, retry: { attempts: 1 } };
  hub.add("Qwen/Qwen3-0.6B-GGUF", { "m-Q8_0.gguf": noise(900), "m-Q4_K_M.gguf": noise(500, 2) });
  hub.add("Qwen/Qwen3-Embedding-0.6B-GGUF", { "e-Q8_0.gguf": noise(5000) });
  hub.add("Qwen/Qwen2.5-3B", { "config.json": '{ "model_type": "qwen2" }', "model.safetensors": noise(3000) });
});

afterEach(async () => {
  await hub.stop();
  await rm(cache, { recursive: true, force: true });
});

const names = async () => (await listModels(options)).map(({ name }) => name).sort();
const folder = (repo: string) => join(cache, `models--${repo.replace("/", "--")}`);

test("list: what is whole, by the name that finds it again, the last used first", async () => {
  expect(await listModels(options)).toEqual([]);
  await pull("qwen3:0.6b-q8_0", options);
  await pull("qwen3:0.6b", options);
  await pull("Qwen/Qwen2.5-3B", options);
  await pull("ms:Qwen/Qwen3-0.6B-GGUF", options);
  // Not ours to list: another family, a download cut short, something that is no model.
  hub.add("google/bert", { "config.json": '{"model_type":"bert"}', "model.safetensors": noise(10) });
  await pull("google/bert", options);
  await mkdir(join(folder("Qwen/Half"), "snapshots", commit), { recursive: true });
  await writeFile(join(folder("Qwen/Half"), "snapshots", commit, "h-Q4_0-00001-of-00002.gguf"), "x");
  await mkdir(join(cache, "datasets--x--y"));
  await mkdir(join(cache, "models--.."));
  expect(await names()).toEqual([
    "Qwen/Qwen2.5-3B",
    "modelscope:Qwen/Qwen3-0.6B-GGUF:Q4_K_M",
    "qwen3:0.6b-q4_k_m",
    "qwen3:0.6b-q8_0",
  ]);
  for (const model of await listModels(options)) {
    expect((await resolveModel(model.name, { ...options, offline: true })).path).toBe(model.path);
    await utimes(model.path, new Date(1e12), new Date(1e12));
  }
  const before = await listModels(options);
  expect(before.find((model) => model.name === "qwen3:0.6b-q8_0")).toMatchObject({
    repo: "Qwen/Qwen3-0.6B-GGUF",
    commit,
    quantisation: "Q8_0",
    format: "gguf",
    bytes: 900,
    lastUsed: new Date(1e12),
  });
  await resolveModel("qwen3:0.6b-q8_0", options);
  const after = await listModels(options);
  expect(after.find((model) => model.name === "qwen3:0.6b-q8_0")?.lastUsed.getTime()).toBeGreaterThan(1.5e12);
  const [shared, own] = await diskUsage(options);
  expect([shared.folder, shared.bytes]).toEqual([cache, 900 + 500 + 3000 + 10 + 25 + 21]);
  expect(own.bytes).toBe(500);
});

test("remove: one quantisation, then the rest, then nothing is left", async () => {
  await pull("qwen3:0.6b-q8_0", options);
  await pull("qwen3:0.6b", options);
  const repo = folder("Qwen/Qwen3-0.6B-GGUF");
  await expect(removeModel("qwen3:0.6b", options)).rejects.toThrow(/which one, or all\? Here are .*q4_k_m, .*q8_0/);
  await expect(removeModel("qwen3:0.6b-q5_0", options)).rejects.toThrow(/is not in the cache/);
  await expect(removeModel("./qwen3.gguf", options)).rejects.toThrow(/only pulled models/);
  expect(await removeModel("qwen3:0.6b-q8_0", options)).toEqual({
    repo: "Qwen/Qwen3-0.6B-GGUF",
    files: ["m-Q8_0.gguf"],
    freedBytes: 900,
  });
  expect(await readdir(join(repo, "blobs"))).toEqual([sha256(noise(500, 2))]);
  expect(await names()).toEqual(["qwen3:0.6b-q4_k_m"]);
  await writeFile(join(repo, "blobs", "abc.anyqwen-incomplete"), "half");
  expect((await removeModel("qwen3:0.6b", options)).freedBytes).toBe(500);
  expect(existsSync(repo)).toBe(false);
  expect((await readdir(cache)).filter((name) => name !== ".locks")).toEqual([]);
});

test("remove keeps the content that another snapshot stands on", async () => {
  await pull("Qwen/Qwen2.5-3B", options);
  const second = "9".repeat(40);
  hub.commit = second;
  hub.add("Qwen/Qwen2.5-3B", {
    "config.json": '{ "model_type": "qwen2", "new": 1 }',
    "model.safetensors": noise(3000),
  });
  await pull("Qwen/Qwen2.5-3B", options);
  expect(await names()).toEqual(["Qwen/Qwen2.5-3B", `Qwen/Qwen2.5-3B@${commit}`]);
  expect((await removeModel(`Qwen/Qwen2.5-3B@${commit}`, options)).freedBytes).toBe(25);
  const { path } = await resolveModel("Qwen/Qwen2.5-3B", { ...options, offline: true });
  expect(path).toContain(second);
  expect(await readdir(join(folder("Qwen/Qwen2.5-3B"), "snapshots"))).toEqual([second]);
});

test("default: ANYQWEN_MODEL, else the best that was pulled", async () => {
  await expect(resolveModel("default", options)).rejects.toThrow(/anyqwen pull qwen3:0\.6b/);
  await pull("qwen3-embedding:0.6b", options);
  await expect(resolveModel("default", options)).rejects.toThrow(/none is pulled/);
  await pull("Qwen/Qwen2.5-3B", options);
  expect((await resolveModel("default", options)).repo).toBe("Qwen/Qwen2.5-3B");
  await pull("qwen3:0.6b", options);
  await pull("qwen3:0.6b-q8_0", options);
  expect(await resolveModel("default", options)).toMatchObject({ repo: "Qwen/Qwen3-0.6B-GGUF", quantisation: "Q8_0" });
  const older = await resolveModel("default", { ...options, accepts: ({ format }) => format === "safetensors" });
  expect(older.repo).toBe("Qwen/Qwen2.5-3B");
  const configured = { ...options, env: { ...options.env, ANYQWEN_MODEL: "qwen3:0.6b-q4_k_m" } };
  expect((await resolveModel("default", configured)).quantisation).toBe("Q4_K_M");
});
