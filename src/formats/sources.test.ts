import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../core/bytes.ts";
import { httpSource } from "./http-source.ts";
import { nodeFiles, nodeSource } from "./node-files.ts";
import { blobFiles, blobSource, fileSet, memoryFiles, memorySource, readAll, readJson } from "./sources.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 255);
let folder: string;
let server: Server;
let address: string;

/** A file server that honours ranges; paths choose how it misbehaves. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-sources-"));
  await writeFile(join(folder, "a.bin"), bytes);
  server = createServer((request, response) => {
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
    const [from, to] = [Number(range?.[1]), Number(range?.[2]) + 1];
    const probing = to === 1;
    if (request.url === "/gone") response.writeHead(404).end();
    else if (request.url === "/plain") response.writeHead(200).end(bytes);
    else if (request.url === "/locked") response.writeHead(403).end();
    else if (request.url === "/nosize") response.writeHead(206, { "content-range": "bytes 0-0/*" }).end("x");
    else {
      response.writeHead(206, { "content-range": `bytes ${from}-${to - 1}/${bytes.length}` });
      if (request.url === "/short" && !probing) response.end(bytes.subarray(from, to - 1));
      else if (request.url === "/long" && !probing) response.end(bytes.subarray(from, to + 1));
      else if (request.url === "/drops" && !probing)
        response.write(bytes.subarray(from, from + 5), () => response.destroy());
      else response.end(bytes.subarray(from, to));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

describe("every source", () => {
  const sources: Record<string, () => ByteSource | Promise<ByteSource>> = {
    memory: () => memorySource("a", bytes),
    blob: () => blobSource("a", new Blob([bytes])),
    http: () => httpSource(`${address}/good`),
    node: () => nodeSource(join(folder, "a.bin")),
  };
  test.each(Object.keys(sources))("%s", async (kind) => {
    const source = await sources[kind]();
    expect(source.size).toBe(1000);
    for (const [offset, length] of [
      [0, 1000],
      [10, 20],
      [999, 1],
      [1000, 0],
    ]) {
      const into = new Uint8Array(length);
      await source.read(offset, into);
      expect(into).toEqual(bytes.subarray(offset, offset + length));
    }
    for (const offset of [-1, 991, 2 ** 40, Number.NaN, 0.5]) {
      await expect(source.read(offset, new Uint8Array(10))).rejects.toMatchObject({ code: "format" });
    }
    await source.close();
  });

  test("Node reads into shared memory, which is where weights go", async () => {
    const source = await nodeSource(join(folder, "a.bin"));
    const into = new Uint8Array(new SharedArrayBuffer(100), 10, 50);
    await source.read(5, into);
    expect([...into]).toEqual([...bytes.subarray(5, 55)]);
    await source.close();
  });
});

describe("HTTP that goes wrong", () => {
  test.each([
    ["gone", "not-found", /404/],
    ["plain", "network", /ignores range requests/],
    ["locked", "network", /403/],
    ["nosize", "network", /how long the file is/],
  ])("%s", async (path, code, message) => {
    const opened = httpSource(`${address}/${path}`);
    await expect(opened).rejects.toMatchObject({ code });
    await expect(opened).rejects.toThrow(message);
  });

  test.each([
    ["short", /99 of 100 bytes/],
    ["long", /more than/],
    ["drops", /broke at byte 1[05]/],
  ])("%s", async (path, message) => {
    const source = await httpSource(`${address}/${path}`);
    await expect(source.read(10, new Uint8Array(100))).rejects.toThrow(message);
    await expect(source.read(10, new Uint8Array(100))).rejects.toMatchObject({ code: "network" });
  });

  test("no server, and a caller who gave up", async () => {
    await expect(httpSource("http://127.0.0.1:9/x")).rejects.toMatchObject({ code: "network" });
    const signal = AbortSignal.abort();
    await expect(httpSource(`${address}/good`, { signal })).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("file sets", () => {
  test("memory, blobs and URLs open what they list and nothing else", async () => {
    const sets = [
      memoryFiles("m", { "a.bin": bytes }),
      blobFiles("b", { "a.bin": new Blob([bytes]) }),
      fileSet("h", new Map([["a.bin", `${address}/good`]]), (_file, url) => httpSource(url)),
    ];
    for (const set of sets) {
      expect(set.files).toEqual(["a.bin"]);
      expect(await readAll(set, "a.bin")).toEqual(bytes);
      await expect(set.open("b.bin")).rejects.toMatchObject({ code: "not-found" });
      await expect(readAll(set, "a.bin", 999)).rejects.toThrow(/1000 bytes, expected at most 999/);
    }
  });

  test("bad JSON names the file", async () => {
    const files = memoryFiles("m", { "config.json": new TextEncoder().encode("{") });
    await expect(readJson(files, "config.json")).rejects.toThrow(/config.json is not valid JSON/);
  });

  test("a directory: links into a cache are followed, names that leave it are not", async () => {
    const inner = join(folder, "snapshot");
    await mkdir(join(inner, "1_Pooling"), { recursive: true });
    await writeFile(join(inner, "1_Pooling", "config.json"), "{}");
    await writeFile(join(inner, ".hidden"), "");
    await symlink("../a.bin", join(inner, "model.bin"));
    await symlink("loop", join(inner, "loop"));
    const files = await nodeFiles(inner);
    expect(files.files).toEqual(["1_Pooling/config.json", "loop", "model.bin"]);
    expect(await readAll(files, "model.bin")).toEqual(bytes);
    expect(await readJson(files, "1_Pooling/config.json")).toEqual({});
    for (const name of ["../a.bin", `${inner}/model.bin`, "1_Pooling/../model.bin", ".hidden", "__proto__"]) {
      await expect(files.open(name)).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(files.open("loop")).rejects.toMatchObject({ code: "io" });
  });

  test("one file: a GGUF brings its splits, safetensors their companions", async () => {
    const inner = join(folder, "models");
    await mkdir(inner);
    const names = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "n.gguf", "s.safetensors", "config.json"];
    for (const name of names) await writeFile(join(inner, name), "{}");
    const listed = async (name: string) => (await nodeFiles(join(inner, name))).files;
    expect(await listed("m-00002-of-00002.gguf")).toEqual(["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"]);
    expect(await listed("n.gguf")).toEqual(["n.gguf"]);
    expect(await listed("s.safetensors")).toEqual(["config.json", "s.safetensors"]);
    await expect(nodeFiles(join(inner, "none.gguf"))).rejects.toMatchObject({ code: "not-found" });
    await expect(nodeSource(inner)).rejects.toMatchObject({ code: "io" });
  });
});
