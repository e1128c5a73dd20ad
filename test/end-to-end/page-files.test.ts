// The page's files over HTTP: what the build made and nothing else, with a policy that lets nothing of strangers in.

import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as api from "../../src/index.ts";
import type * as server from "../../src/server/index.ts";
import { fixture } from "./anyqwen.ts";

const built = (file: string) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const { load } = (await built("index.js")) as typeof api;
const { createServer, listen } = (await built("server.js")) as typeof server;

let qwen: api.Qwen;
let listening: server.Listening;
beforeAll(async () => {
  qwen = await load(fixture("models/qwen3_tied"), { inProcess: true, device: "reference", contextTokens: 256 });
  listening = await listen(createServer(qwen, { apiKey: "secret" }));
});
afterAll(async () => {
  await listening?.close();
  await qwen?.close();
});

/** fetch would tidy a path with dots before it asks. */
function statusOf(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(listening.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the page's files", () => {
  it("come without a key, under a policy that allows this server alone", async () => {
    const response = await fetch(`${listening.url}/`);
    expect(response.status).toBe(200);
    const header = (name: string) => response.headers.get(name);
    expect(header("content-type")).toBe("text/html; charset=utf-8");
    expect(header("cache-control")).toBe("no-cache");
    expect(header("x-content-type-options")).toBe("nosniff");
    const policy = header("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    const again = await fetch(`${listening.url}/`, { headers: { "if-none-match": header("etag") ?? "" } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await fetch(`${listening.url}/v1/models`)).status).toBe(401);
  });

  it("are kept by browsers for good where the name says what is in them, and are small", async () => {
    const html = await (await fetch(`${listening.url}/`)).text();
    const names = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThanOrEqual(3);
    let bytes = 0;
    for (const name of names) {
      const response = await fetch(`${listening.url}${name}`);
      expect(response.status, name).toBe(200);
      if (name.startsWith("/assets/")) expect(response.headers.get("cache-control"), name).toContain("immutable");
      bytes += gzipSync(await response.text()).length;
    }
    expect(bytes).toBeLessThan(250e3);
    expect(html).not.toMatch(/https?:\/\//);
  });

  it("are counted as the page", async () => {
    const headers = { "x-api-key": "secret" };
    const metrics = await (await fetch(`${listening.url}/metrics`, { headers })).text();
    const routes = [...metrics.matchAll(/^anyqwen_requests_total\{route="([^"]+)",status="(200|304)"/gm)];
    expect(new Set(routes.map(([, route]) => route))).toEqual(new Set(["page"]));
  });

  it("are all that there is: other paths, also crooked ones, find nothing", async () => {
    const paths = [
      "/../package.json",
      "/assets/../../cli.js",
      "/%2e%2e/cli.js",
      "/..%2fcli.js",
      "/index.html/../../index.js",
    ];
    for (const path of [...paths, "/assets/", "/assets", "//etc/passwd", "/cli.js"])
      expect([path, await statusOf(path)]).toEqual([path, 401]);
  });
});
