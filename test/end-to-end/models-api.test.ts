// Pulling and switching models through the server, from a hub on this machine that is slow, lies or has what was asked for.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HubServer } from "../../src/hub/testing/hub-server.ts";
import { AnyqwenError, load, type Qwen } from "../../src/index.ts";
import { createServer, type Listening, listen, type Server, type ServerOptions } from "../../src/server/index.ts";
import { fixture } from "./anyqwen.ts";

const gguf = readFileSync(fixture("gguf/qwen2_tied-q8_0.gguf"));
const first = fixture("models/qwen3_tied");
const small = { inProcess: true, device: "reference", contextTokens: 256, poolTokens: 4096 } as const;

interface PullState {
  readonly model: string;
  readonly state: string;
  readonly bytes: number;
  readonly message?: string;
}

let hub: HubServer;
let cache = "";
let closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  hub = await new HubServer().start();
  hub.add("Qwen/Qwen3-0.6B-GGUF", { "Qwen3-0.6B-Q8_0.gguf": gguf });
  cache = mkdtempSync(join(tmpdir(), "anyqwen-models-api-"));
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await hub.stop();
  rmSync(cache, { recursive: true, force: true });
});

interface Started {
  readonly url: string;
  readonly server: Server;
  readonly listening: Listening;
}

async function start(
  options: ServerOptions = {},
  loadNext: (path: string) => Promise<Qwen> = (path) => load(path, small),
) {
  const models = { source: first, load: loadNext, hub: { endpoint: hub.url, cache } };
  const server = createServer(await load(first, small), { name: "tiny", log: () => {}, models, ...options });
  const listening = await listen(server);
  closing.push(
    () => server.close(),
    () => listening.close(),
  );
  return { url: listening.url, server, listening } satisfies Started;
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const list = async (url: string) => (await fetch(`${url}/api/models`)).json();
const pulls = async (url: string): Promise<PullState[]> => (await list(url)).pulls;
const ended = (url: string) =>
  expect.poll(async () => (await pulls(url)).every(({ state }) => !/waiting|downloading/.test(state))).toBe(true);
const ask = (url: string, more: object = {}) =>
  post(`${url}/v1/chat/completions`, { messages: [{ role: "user", content: "Hi" }], max_tokens: 4, seed: 1, ...more });

/** All states that the stream of events tells until `until` says that it was enough. */
async function watch(
  url: string,
  until: (state: { pulls: PullState[] }) => boolean,
): Promise<{ pulls: PullState[] }[]> {
  const leave = new AbortController();
  const { body } = await fetch(`${url}/api/models/events`, { signal: leave.signal });
  const states: { pulls: PullState[] }[] = [];
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    states.push(...events.map((event) => JSON.parse(event.slice(event.indexOf("data: ") + 6))));
    if (states.some(until)) break;
  }
  leave.abort();
  return states;
}

describe("the models of a server", () => {
  it("lists what is here and what could be, with sizes", async () => {
    const { url } = await start();
    const { serving, pulled, catalogue } = await list(url);
    expect([serving, pulled]).toEqual(["tiny", []]);
    const entry = catalogue.find(({ name }: { name: string }) => name === "qwen2.5:7b");
    expect(entry).toMatchObject({ pulled: false });
    expect(entry.about_bytes).toBeGreaterThan(4e9);
    expect(entry.about_bytes).toBeLessThan(5e9);
  });

  it("pulls one, tells how far it is, and serves it; who was being answered is answered by the model before", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    hub.fault = (request, response, body) => {
      if (request.method === "HEAD") return false;
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 1000));
      void held.then(() => response.end(body.subarray(1000)));
      return true;
    };
    const { url } = await start();
    expect((await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" })).status).toBe(202);
    const partly = await watch(url, ({ pulls }) =>
      pulls.some(({ state, bytes }) => state === "downloading" && bytes > 0),
    );
    expect(partly.at(-1)).toMatchObject({
      serving: "tiny",
      pulls: [{ model: "qwen3:0.6b", total_bytes: gguf.length }],
    });
    release();
    await watch(url, ({ pulls }) => pulls.some(({ state }) => state === "done"));
    const { pulled, catalogue } = await list(url);
    expect(pulled).toMatchObject([{ name: "qwen3:0.6b-q8_0", bytes: gguf.length, serving: false }]);
    expect(catalogue.find(({ name }: { name: string }) => name === "qwen3:0.6b").pulled).toBe(true);

    const before = await ask(url, { stream: true, max_tokens: 100, ignore_eos: true });
    const switched = await post(`${url}/api/models/serve`, { model: "qwen3:0.6b-q8_0" });
    expect([switched.status, (await switched.json()).serving]).toEqual([200, "Qwen3-0.6B-Q8_0"]);
    const text = await before.text();
    expect(text).toContain('"model":"tiny"');
    expect(text).toMatch(/"finish_reason":"length".*\[DONE\]/s);
    expect((await (await ask(url)).json()).model).toBe("Qwen3-0.6B-Q8_0");
    expect((await ask(url, { model: "tiny" })).status).toBe(404);
    expect((await list(url)).pulled[0].serving).toBe(true);
    expect((await (await fetch(`${url}/v1/models`)).json()).data[0].id).toBe("Qwen3-0.6B-Q8_0");
  });

  it("takes no path for a name, and serves only what was pulled", async () => {
    const { url } = await start();
    for (const model of [first, "./x.gguf", "../../etc/passwd", "~/m.gguf", "default", "a/b/c", "no such", "Qwen/../x"])
      expect([model, (await post(`${url}/api/models/pull`, { model })).status]).toEqual([model, 400]);
    for (const model of [first, "default", "qwen3:0.6b", "../x"])
      expect([model, (await post(`${url}/api/models/serve`, { model })).status]).toEqual([model, 404]);
    expect((await post(`${url}/api/models/cancel`, { model: "qwen3:0.6b" })).status).toBe(404);
    expect((await post(`${url}/api/models/pull`, { model: 7 })).status).toBe(400);
    expect(hub.requests).toHaveLength(0);
    expect((await list(url)).pulls).toEqual([]);
  });

  it("stops a download when asked, and goes on from there the next time", async () => {
    hub.fault = (request, response, body) => {
      if (request.method === "HEAD" || request.headers.range) return false;
      response.writeHead(200, { "content-length": body.length, etag: '"x"' });
      response.write(body.subarray(0, 50_000));
      return true;
    };
    const { url } = await start();
    await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" });
    await watch(url, ({ pulls }) => pulls.some(({ bytes }) => bytes > 0));
    expect((await post(`${url}/api/models/cancel`, { model: "qwen3:0.6b" })).status).toBe(200);
    await ended(url);
    expect(await pulls(url)).toMatchObject([{ state: "cancelled" }]);
    expect((await list(url)).pulled).toEqual([]);
    hub.fault = () => false;
    await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" });
    await ended(url);
    expect(await pulls(url)).toMatchObject([{ state: "done" }]);
    expect(hub.downloads.at(-1)).toMatch(/bytes=\d+-/);
  });

  it("tells what is wrong with a download, and keeps nothing of it", async () => {
    hub.fault = (request, response, body) => {
      if (request.method === "HEAD") return false;
      hub.serve(request, response, new Uint8Array(body.length));
      return true;
    };
    const { url } = await start();
    await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" });
    await ended(url);
    expect(await pulls(url)).toMatchObject([{ state: "failed", message: expect.stringMatching(/sha-?256/i) }]);
    await post(`${url}/api/models/pull`, { model: "Qwen/Nowhere" });
    await ended(url);
    expect((await pulls(url)).at(-1)).toMatchObject({ model: "Qwen/Nowhere", state: "failed" });
    expect((await list(url)).pulled).toEqual([]);
  });
});

describe("switching", () => {
  const pulled = async (url: string) => {
    await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" });
    await ended(url);
  };
  const switchOver = (url: string) => post(`${url}/api/models/serve`, { model: "qwen3:0.6b-q8_0" });

  it("lets the first model go where both do not fit, once its answers have ended", async () => {
    const asked: string[] = [];
    const { url } = await start({}, async (path) => {
      asked.push(path);
      if (asked.length === 1) throw new AnyqwenError("out-of-memory", "too much at once");
      return load(path, small);
    });
    await pulled(url);
    const before = await ask(url, { stream: true, max_tokens: 60, ignore_eos: true });
    const [switched, text] = await Promise.all([switchOver(url), before.text()]);
    expect(text).toMatch(/"finish_reason":"length".*\[DONE\]/s);
    expect((await switched.json()).serving).toBe("Qwen3-0.6B-Q8_0");
    expect(asked).toHaveLength(2);
  });

  it("leaves a request with more prompts than slots to the model that it came for", async () => {
    const next = await load(fixture("gguf/qwen2_tied-q8_0.gguf"), small);
    const { url } = await start({ slots: 1 }, async () => next);
    await pulled(url);
    const several = { prompt: ["one", "two", "three"], max_tokens: 60, ignore_eos: true, temperature: 0 };
    const complete = async () => (await post(`${url}/v1/completions`, several)).json();
    const texts = ({ choices }: { choices: { text: string }[] }) => choices.map(({ text }) => text);
    const before = await complete();
    const meanwhile = complete();
    await expect.poll(async () => (await (await fetch(`${url}/health`)).json()).active).toBe(1);
    expect((await switchOver(url)).status).toBe(200);
    expect((await (await fetch(`${url}/health`)).json()).active).toBe(1);
    const { model, ...answer } = await meanwhile;
    expect([model, texts(answer)]).toEqual(["tiny", texts(before)]);
    const after = await complete();
    expect(after.model).toBe("qwen2_tied-q8_0");
    expect(texts(after)).not.toEqual(texts(before));
  });

  it("keeps the old model when the new one cannot be loaded; with both gone it comes back", async () => {
    let fails = (_: string): AnyqwenError | undefined => new AnyqwenError("unsupported", "an unknown family");
    const { url } = await start({}, async (path) => {
      const error = fails(path);
      if (error) throw error;
      return load(path, small);
    });
    await pulled(url);
    const refused = await switchOver(url);
    expect([refused.status, (await refused.json()).error.message]).toEqual([409, "an unknown family"]);
    fails = (path) => (path === first ? undefined : new AnyqwenError("out-of-memory", "never fits"));
    expect((await switchOver(url)).status).toBe(409);
    expect((await (await ask(url)).json()).model).toBe("tiny");
  });

  it("is one at a time, and a request that comes while none is loaded is told when to come again", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let tries = 0;
    const { url } = await start({}, async (path) => {
      if (++tries === 1) throw new AnyqwenError("out-of-memory", "too much at once");
      await held;
      return load(path, small);
    });
    await pulled(url);
    const switching = switchOver(url);
    await expect.poll(async () => (await ask(url)).status).toBe(503);
    const refused = await ask(url);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await switchOver(url)).status).toBe(409);
    expect((await list(url)).loading).toMatchObject({ model: "qwen3:0.6b-q8_0" });
    release();
    expect((await switching).status).toBe(200);
    expect((await ask(url)).status).toBe(200);
  });
});

describe("who may do so", () => {
  it("nobody unless the server was told so", async () => {
    const { url } = await start({ models: undefined });
    expect((await fetch(`${url}/api/models`)).status).toBe(404);
    expect((await post(`${url}/api/models/pull`, { model: "qwen3:0.6b" })).status).toBe(404);
    expect((await (await fetch(`${url}/health`)).json()).models_api).toBe(false);
  });

  it("only who has the key, and no page of another site", async () => {
    const { url, server } = await start({ apiKey: "secret" });
    const pull = (headers: Record<string, string>) => post(`${url}/api/models/pull`, { model: "x/y" }, headers);
    expect((await pull({})).status).toBe(401);
    expect((await fetch(`${url}/api/models`)).status).toBe(401);
    expect((await fetch(`${url}/api/models/events`)).status).toBe(401);
    expect((await pull({ "x-api-key": "secret", origin: "https://evil.example" })).status).toBe(403);
    expect((await server.fetch(new Request("http://evil.example/api/models"))).status).toBe(403);
    expect(hub.requests).toHaveLength(0);
  });

  it("whoever watches holds no server that stops", async () => {
    const { url, server } = await start();
    const watching = await fetch(`${url}/api/models/events`);
    await server.drain();
    expect(await watching.text()).toMatch(/^event: models\ndata: \{"serving":"tiny"/);
    expect(existsSync(join(cache, "models--Qwen--Qwen3-0.6B-GGUF"))).toBe(false);
  });
});
