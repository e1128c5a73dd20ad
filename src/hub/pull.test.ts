// Pulls from a hub on 127.0.0.1: the honest case, the shared cache, and a server that drops, truncates, throttles, redirects, lies.

import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AnyqwenError } from "../core/errors.ts";
import { pull, resolveModel } from "./hub.ts";
import { commit, gitSha1, HubServer, noise, sha256 } from "./testing/hub-server.ts";
import type { HubOptions } from "./types.ts";

const repo = "Qwen/Tiny-GGUF";
const body = noise(300_000);
const hash = sha256(body);
let hub: HubServer;
let cache: string;
let options: HubOptions;

beforeEach(async () => {
  hub = await new HubServer().start();
  hub.add(repo, { "tiny-Q4_K_M.gguf": body, "tiny-Q8_0.gguf": noise(1000, 2), "README.md": "hello" });
  cache = await mkdtemp(join(tmpdir(), "anyqwen-hub-"));
  const retry = { attempts: 3, firstDelayMs: 1, longestDelayMs: 2000, stallMs: 5000 };
  options = {
    env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, MODELSCOPE_ENDPOINT: hub.url, XDG_CACHE_HOME: cache },
    retry,
  };
});

afterEach(async () => {
  await hub.stop();
  await rm(cache, { recursive: true, force: true });
});

const folder = () => join(cache, "models--Qwen--Tiny-GGUF");
const blobs = async () => (await readdir(join(folder(), "blobs")).catch(() => [])).sort();
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AnyqwenError);
  return error as AnyqwenError;
};
/** Nothing that could pass for the model is in the cache. */
const expectNothing = async () => {
  expect((await blobs()).filter((name) => !name.endsWith(".anyqwen-incomplete"))).toEqual([]);
  expect(existsSync(join(folder(), "snapshots"))).toBe(false);
  expect(existsSync(join(folder(), "refs"))).toBe(false);
};

describe("an honest hub", () => {
  test("the cache is the one of huggingface_hub; afterwards there is no network", async () => {
    const seen: number[] = [];
    const model = await pull(repo, { ...options, onProgress: ({ bytes }) => seen.push(bytes) });
    const path = join(folder(), "snapshots", commit, "tiny-Q4_K_M.gguf");
    expect(model).toEqual({
      name: `${repo}:Q4_K_M`,
      source: "huggingface",
      repo,
      commit,
      quantisation: "Q4_K_M",
      path,
      bytes: body.length,
    });
    expect(await readlink(path)).toBe(`../../blobs/${hash}`);
    expect(await readFile(join(folder(), "refs", "main"), "utf8")).toBe(commit);
    expect(await blobs()).toEqual([hash]);
    expect(sha256(await readFile(path))).toBe(hash);
    expect(seen.at(-1)).toBe(body.length);
    expect(await readdir(join(cache, ".locks", "models--Qwen--Tiny-GGUF"))).toEqual([]);
    const requests = hub.requests.length;
    for (const name of [repo, `${repo}:Q4_K_M`, `${repo}@main`, `${repo}@${commit}`]) {
      const resolved = await resolveModel(name, options);
      expect([resolved.path, resolved.files.files]).toEqual([path, ["tiny-Q4_K_M.gguf"]]);
    }
    expect(hub.requests.length).toBe(requests);
  });

  test("pulling again fetches only the listing; resolve pulls what is missing", async () => {
    expect((await resolveModel(`${repo}:q8_0`, options)).quantisation).toBe("Q8_0");
    await pull(`${repo}:q8_0`, options);
    expect(hub.downloads).toHaveLength(1);
    expect((await failure(resolveModel(`${repo}:Q4_K_M`, { ...options, pull: false }))).message).toMatch(
      /anyqwen pull/,
    );
    const offline = { ...options, env: { ...options.env, HF_HUB_OFFLINE: "1" } };
    expect((await failure(resolveModel(`${repo}:Q4_K_M`, offline))).message).toMatch(/the network is off/);
    expect((await resolveModel(repo, offline)).quantisation).toBe("Q8_0");
    expect((await failure(pull(`${repo}:Q2_K`, options))).message).toMatch(
      /has no quantisation Q2_K; it has Q4_K_M, Q8_0/,
    );
  });

  test("what huggingface_hub pulled is found offline", async () => {
    const snapshot = join(folder(), "snapshots", "f".repeat(40));
    await mkdir(join(folder(), "blobs"), { recursive: true });
    await mkdir(snapshot, { recursive: true });
    await mkdir(join(folder(), "refs"));
    await writeFile(join(folder(), "blobs", hash), body);
    await symlink(`../../blobs/${hash}`, join(snapshot, "tiny-Q4_K_M.gguf"));
    await writeFile(join(folder(), "refs", "main"), "f".repeat(40));
    const resolved = await resolveModel(repo, { ...options, offline: true });
    expect(resolved.path).toBe(join(snapshot, "tiny-Q4_K_M.gguf"));
    const source = await resolved.files.open("tiny-Q4_K_M.gguf");
    expect(source.size).toBe(body.length);
    await source.close();
    // A newer commit with the same content is linked, not fetched.
    await pull(repo, options);
    expect(hub.downloads).toEqual([]);
    expect(await readFile(join(folder(), "refs", "main"), "utf8")).toBe(commit);
  });

  test("safetensors: configuration, tokenizer and shards, each by its own hash", async () => {
    const files = {
      "config.json": '{"model_type":"qwen3"}',
      "tokenizer.json": "{}",
      "model.safetensors": noise(5000, 3),
      "x.bin": "no",
    };
    hub.add("Qwen/Tiny", files);
    const model = await pull("Qwen/Tiny", options);
    expect((await readdir(model.path)).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
    expect(await readlink(join(model.path, "tokenizer.json"))).toBe(
      `../../blobs/${gitSha1(new TextEncoder().encode("{}"))}`,
    );
    expect((await resolveModel("Qwen/Tiny", { ...options, offline: true })).path).toBe(model.path);
    // Half of it is not it.
    await rm(join(model.path, "model.safetensors"));
    expect((await failure(resolveModel("Qwen/Tiny", { ...options, offline: true }))).code).toBe("network");
  });

  test("split files in a folder of the repository", async () => {
    hub.add("Qwen/Split-GGUF", {
      "Q8_0/s-Q8_0-00001-of-00002.gguf": noise(100),
      "Q8_0/s-Q8_0-00002-of-00002.gguf": noise(90, 4),
    });
    const model = await resolveModel("Qwen/Split-GGUF", options);
    expect(model.files.files).toEqual(["s-Q8_0-00001-of-00002.gguf", "s-Q8_0-00002-of-00002.gguf"]);
    expect(await readlink(model.path)).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\//);
  });

  test("a short name asks its second repository for what the first lacks", async () => {
    hub.add("Qwen/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q8_0.gguf": noise(80) });
    hub.add("unsloth/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q4_K_M.gguf": noise(40) });
    expect(await pull("qwen3:0.6b", options)).toMatchObject({ repo: "Qwen/Qwen3-0.6B-GGUF", name: "qwen3:0.6b-q8_0" });
    const small = await pull("qwen3:0.6b-q4_k_m", options);
    expect(small).toMatchObject({ repo: "unsloth/Qwen3-0.6B-GGUF", name: "qwen3:0.6b-q4_k_m" });
    expect((await resolveModel("qwen3:0.6b-q4_k_m", { ...options, offline: true })).path).toBe(small.path);
  });

  test("ModelScope, in a folder of our own", async () => {
    const model = await pull("ms://Qwen/Tiny-GGUF", options);
    expect(model.path).toContain(join(cache, "anyqwen", "modelscope", "models--Qwen--Tiny-GGUF", "snapshots"));
    expect(model).toMatchObject({ source: "modelscope", name: "modelscope:Qwen/Tiny-GGUF:Q4_K_M" });
    expect((await resolveModel("modelscope:Qwen/Tiny-GGUF", { ...options, offline: true })).path).toBe(model.path);
    expect((await failure(resolveModel(repo, { ...options, offline: true }))).code).toBe("network");
  });

  test("a mirror that lists names alone: size and hash are asked for with HEAD", async () => {
    hub.lie = () => ({ sha: commit, siblings: [{ rfilename: "tiny-Q4_K_M.gguf" }] });
    hub.treeless = true;
    await pull(repo, options);
    expect(await blobs()).toEqual([hash]);
    expect(hub.downloads.map((line) => line.split(" ")[0])).toEqual(["HEAD", "GET"]);
    // Nor HEAD: the content names itself, and a hash that the hub gave is still the blob's name.
    await rm(folder(), { recursive: true });
    hub.fault = (request, response) => request.method === "HEAD" && !!response.writeHead(405).end();
    await pull(repo, options);
    expect(await blobs()).toEqual([hash]);
  });

  test("a mirror that knows the tree alone, in pages", async () => {
    hub.apiFault = (_, response) => !!response.writeHead(404).end();
    const model = await pull(`${repo}:Q8_0`, options);
    expect(model.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await blobs()).toEqual([sha256(noise(1000, 2))]);
    hub.apiFault = () => false;
    hub.lie = ({ sha }) => ({ sha, siblings: [{ rfilename: "tiny-Q4_K_M.gguf" }] });
    expect(await pull(repo, options)).toMatchObject({ commit });
    expect(hub.downloads.map((line) => line.split(" ")[0])).toEqual(["GET", "GET"]);
  });

  test("a path is not copied", async () => {
    const path = join(cache, "mine.gguf");
    await writeFile(path, body);
    expect(await pull(path, options)).toMatchObject({ path, bytes: body.length });
    expect((await resolveModel(cache, options)).path).toBe(path);
    expect((await failure(pull(join(cache, "none.gguf"), options))).code).toBe("not-found");
  });

  test("unknown repository, revision, name", async () => {
    expect(await failure(pull("Qwen/None", options))).toMatchObject({ code: "not-found" });
    expect((await failure(pull("qwen3:9b", options))).message).toMatch(/did you mean/);
  });
});

describe("a bad connection", () => {
  const drop = (after: number) => {
    hub.fault = (request, response, content) => {
      const from = Number(/(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (from + after >= content.length) return false;
      response.writeHead(from ? 206 : 200, {
        "content-length": content.length - from,
        ...(from && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
      });
      response.write(content.subarray(from, from + after), () => response.destroy());
      return true;
    };
  };

  test("a dropped download goes on where it stopped, as often as it gets further", async () => {
    drop(60_000);
    const model = await pull(repo, options);
    expect(sha256(await readFile(model.path))).toBe(hash);
    const ranges = hub.downloads.map((line) => line.split(" ")[2]);
    expect(ranges.length).toBeGreaterThan(3);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
  });

  test("what one pull left, the next goes on with; a spoiled rest is found out and thrown away", async () => {
    const partial = join(folder(), "blobs", `${hash}.anyqwen-incomplete`);
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, body.subarray(0, 200_000));
    await pull(repo, options);
    expect(hub.downloads).toEqual([`GET /${repo}/resolve/${commit}/tiny-Q4_K_M.gguf bytes=200000-`]);
    await rm(folder(), { recursive: true });
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, noise(200_000, 9));
    await pull(repo, options);
    expect(await blobs()).toEqual([hash]);
    expect(hub.downloads).toHaveLength(3);
  });

  test("a server without ranges, or whose file changed, starts from the beginning", async () => {
    let calls = 0;
    hub.fault = (request, response, content) => {
      if (calls++ === 0) {
        response.writeHead(200, { etag: '"old"', "content-length": content.length });
        response.write(noise(100_000, 5), () => response.destroy());
        return true;
      }
      expect(request.headers["if-range"]).toBe('"old"');
      return false;
    };
    await pull(repo, options);
    expect(calls).toBe(2);
    expect(await blobs()).toEqual([hash]);
  });

  test("busy servers are asked again when they say; silence ends a request", async () => {
    let calls = 0;
    hub.apiFault = (_, response) => {
      if (calls++ > 0) return false;
      response.writeHead(429, { "retry-after": "0.2" });
      response.end();
      return true;
    };
    hub.fault = (_, response, content) => {
      if (calls++ > 2) return false;
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 1000)); // and no more
      return true;
    };
    const start = performance.now();
    await pull(repo, { ...options, retry: { ...options.retry, stallMs: 400 } });
    expect(performance.now() - start).toBeGreaterThan(580);
    expect(await blobs()).toEqual([hash]);
  });

  test("it gives up in the end, and says what happened", async () => {
    hub.fault = (_, response) => !!response.writeHead(503).end();
    expect((await failure(pull(repo, options))).message).toMatch(/the hub answers 503/);
    expect(hub.downloads).toHaveLength(3);
    hub.apiFault = (_, response) => !!response.writeHead(429, { "retry-after": "3600" }).end();
    expect((await failure(pull(repo, options))).message).toMatch(/asks to wait 3600 s/);
    drop(0);
    hub.apiFault = () => false;
    expect((await failure(pull(repo, options))).message).toMatch(/connection broke|no answer/);
    await expectNothing();
    const nobody = { ...options, env: { ...options.env, HF_ENDPOINT: "http://127.0.0.1:1" } };
    expect((await failure(pull(repo, nobody))).message).toMatch(/127\.0\.0\.1:1.*no answer/);
  });

  test("the caller can abort, and go on later", async () => {
    const abort = new AbortController();
    hub.fault = (_, response, content) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 50_000));
      return true;
    };
    const onProgress = ({ bytes }: { bytes: number }) => bytes >= 50_000 && abort.abort();
    expect((await failure(pull(repo, { ...options, signal: abort.signal, onProgress }))).code).toBe("aborted");
    await expectNothing();
    hub.fault = () => false;
    await pull(repo, options);
    expect(hub.downloads.at(-1)).toMatch(/bytes=50000-$/);
  });
});

describe("a server that lies is refused at once", () => {
  const cases: [string, RegExp, typeof hub.fault][] = [
    [
      "length",
      /100 bytes are announced, 300000 are expected/,
      (_, response) => !!response.writeHead(200, { "content-length": 100 }).end(noise(100)),
    ],
    ["too much", /more than the 300000 bytes/, (_, response) => !!response.writeHead(200).end(noise(400_000))],
    [
      "hash",
      /its SHA-256 is [0-9a-f]{64}, the hub lists/,
      (_, response, content) => !!response.end(noise(content.length, 7)),
    ],
    [
      "HTML",
      /an HTML page came/,
      (_, response) => !!response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>"),
    ],
  ];
  test.each(cases)("about %s", async (_, message, fault) => {
    hub.fault = fault;
    expect((await failure(pull(repo, options))).message).toMatch(message);
    expect(hub.downloads).toHaveLength(1);
    await expectNothing();
    if (String(message).includes("SHA-256")) expect(await blobs()).toEqual([]);
  });

  test("about the range", async () => {
    await mkdir(join(folder(), "blobs"), { recursive: true });
    await writeFile(join(folder(), "blobs", `${hash}.anyqwen-incomplete`), body.subarray(0, 1000));
    hub.fault = (_, response) =>
      !!response.writeHead(206, { "content-range": "bytes 500-299999/300000" }).end(body.subarray(500));
    expect((await failure(pull(repo, options))).message).toMatch(
      /from 1000 on were asked for, the server sends bytes 500-/,
    );
    hub.fault = (_, response) =>
      !!response.writeHead(206, { "content-range": "bytes 1000-1999/2000" }).end(noise(1000));
    expect((await failure(pull(repo, options))).message).toMatch(/says it has 2000 bytes, the hub lists 300000/);
    await expectNothing();
  });

  test("about small files, whose git hash is known", async () => {
    hub.add("Qwen/Tiny", { "config.json": '{"a":1}', "model.safetensors": noise(10) });
    hub.fault = (request, response) => !!request.url?.includes("config.json") && !!response.end('{"a":2}');
    expect((await failure(pull("Qwen/Tiny", options))).message).toMatch(/its git hash is/);
  });

  test("in its listing", async () => {
    const list = (...siblings: unknown[]) => {
      hub.lie = () => ({ sha: commit, siblings });
      hub.treeless = true;
      return failure(pull(repo, options));
    };
    const lfs = { sha256: hash, size: body.length };
    expect((await list({ rfilename: "../../../evil.gguf", size: 3, lfs })).message).toMatch(/not a safe relative name/);
    expect((await list({ rfilename: "/etc/evil.gguf", size: 3, lfs })).message).toMatch(/not a safe relative name/);
    expect((await list()).message).toMatch(/lists no files/);
    expect((await list(null, 3, { rfilename: 7 }, { rfilename: "x.txt" })).message).toMatch(/neither a GGUF/);
    expect((await list({ rfilename: "a.gguf", size: 2 ** 52, lfs: { sha256: hash, size: 2 ** 52 } })).message).toMatch(
      /bytes free and \d+ are needed/,
    );
    hub.apiFault = (_, response) => !!response.end("<html>sign in</html>");
    expect((await list()).message).toMatch(/HTML page/);
    hub.apiFault = (_, response) => !!response.end("x".repeat(33 * 2 ** 20));
    expect((await list()).message).toMatch(/a listing of more than/);
    expect(hub.downloads).toEqual([]);
    await expectNothing();
  });
});

describe("redirects", () => {
  const secret = "hf_secret123";
  const other = async (run: (url: string, seen: Record<string, unknown>[]) => Promise<void>) => {
    const seen: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      hub.serve(request, response, body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/signed?key=s3cr3t`, seen);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  test("to another host work, and the token stays with the hub", () =>
    other(async (url, seen) => {
      hub.fault = (_, response) => !!response.writeHead(302, { location: url }).end();
      await pull(repo, { ...options, env: { ...options.env, HF_TOKEN: secret } });
      expect(hub.requests.every((request) => request.headers.authorization === `Bearer ${secret}`)).toBe(true);
      expect(seen).toHaveLength(1);
      expect(seen[0].authorization).toBeUndefined();
      expect(await blobs()).toEqual([hash]);
    }));

  test("in circles, without end, to other schemes or from https to http are refused", async () => {
    const redirect = (location: string) => {
      hub.fault = (_, response) => !!response.writeHead(302, { location }).end();
      return failure(pull(repo, options));
    };
    expect((await redirect(`/${repo}/resolve/main/tiny-Q4_K_M.gguf`)).message).toMatch(/in a circle/);
    let count = 0;
    hub.fault = (_, response) =>
      !!response.writeHead(302, { location: `/${repo}/resolve/main/tiny-Q4_K_M.gguf?${count++}` }).end();
    expect((await failure(pull(repo, options))).message).toMatch(/more than 8 times/);
    expect(count).toBeLessThan(12);
    expect((await redirect("file:///etc/passwd")).message).toMatch(/redirects to file:/);
    const secure: typeof fetch = async (url, init) => {
      const answer = await fetch(String(url).replace("https://hub.test", hub.url), init);
      return String(url).includes("/resolve/")
        ? new Response(null, { status: 302, headers: { location: "http://evil.test/x" } })
        : answer;
    };
    const from = { ...options, fetch: secure, env: { ...options.env, HF_ENDPOINT: "https://hub.test" } };
    expect((await failure(pull(repo, from))).message).toMatch(/from https to http/);
    await expectNothing();
  });

  test("no message shows a token or a signed address", () =>
    other(async (url) => {
      hub.fault = (_, response) => !!response.writeHead(302, { location: url.replace("/signed", "/nothing") }).end();
      hub.serve = (_, response) => void response.writeHead(403).end();
      const error = await failure(pull(repo, { ...options, env: { ...options.env, HF_TOKEN: secret } }));
      expect(error.message).toMatch(/403/);
      expect(`${error.message} ${error.stack}`).not.toMatch(/s3cr3t|hf_secret/);
      const broken = await failure(pull(repo, { ...options, env: { ...options.env, HF_TOKEN: "hf_secret\n123" } }));
      expect(broken.message).toMatch(/HF_TOKEN holds characters/);
      expect(broken.message).not.toContain("hf_secret");
    }));
});

describe("the disk", () => {
  test("a cache that cannot be written", async () => {
    const file = join(cache, "file");
    await writeFile(file, "");
    const env = { ...options.env, HF_HUB_CACHE: join(file, "hub") };
    const error = await failure(pull(repo, { ...options, env }));
    expect(error).toMatchObject({ code: "io" });
    expect(error.message).toMatch(/cannot be written \((ENOTDIR|EEXIST)\).*HF_HOME/);
    expect(hub.downloads).toEqual([]);
  });

  test.runIf(existsSync("/proc/self"))("one where no folder can be made", async () => {
    const error = await failure(pull(repo, { ...options, env: { ...options.env, HF_HUB_CACHE: "/proc/none/hub" } }));
    expect(error.message).toMatch(/^\/proc\/none\/hub.*cannot be written \(ENOENT\); make it writable, or set HF_HOME/);
  });

  test.runIf(existsSync("/dev/full"))("a full one", async () => {
    await mkdir(join(folder(), "blobs"), { recursive: true });
    await symlink("/dev/full", join(folder(), "blobs", `${hash}.anyqwen-incomplete`));
    const error = await failure(pull(repo, options));
    expect(error).toMatchObject({ code: "io" });
    expect(error.message).toMatch(/the disk is full/);
    await expectNothing();
  });

  test("verify finds and mends a damaged file", async () => {
    const model = await pull(repo, options);
    const spoiled = body.slice();
    spoiled[1234] ^= 1;
    await writeFile(join(folder(), "blobs", hash), spoiled);
    await pull(repo, options);
    expect(hub.downloads).toHaveLength(1);
    await pull(repo, { ...options, verify: true });
    expect(hub.downloads).toHaveLength(2);
    expect(sha256(await readFile(model.path))).toBe(hash);
    expect((await lstat(model.path)).isSymbolicLink()).toBe(true);
  });
});
