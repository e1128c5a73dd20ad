// A hub on 127.0.0.1 for tests: the Hugging Face and ModelScope APIs over files in memory, and faults on demand.
// A fault sees each request for a file first; it answers itself (true) or lets the honest answer pass (false).

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Fault = (request: IncomingMessage, response: ServerResponse, body: Uint8Array) => boolean;

export interface TestFile {
  readonly body: Uint8Array;
  /** In LFS: listed with SHA-256; else with git's hash. */
  readonly lfs: boolean;
}

export const commit = "0123456789abcdef0123456789abcdef01234567";
export const sha256 = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
export const gitSha1 = (body: Uint8Array) =>
  createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");

/** Bytes that differ from place to place, so that a wrong offset shows. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export class HubServer {
  readonly #server = createServer((request, response) => this.#handle(request, response));
  /** repo -> files */
  readonly repos = new Map<string, Map<string, TestFile>>();
  readonly requests: IncomingMessage[] = [];
  /** Bytes of file bodies sent. */
  sent = 0;
  commit = commit;
  /** Without the tree API. */
  treeless = false;
  fault: Fault = () => false;
  apiFault: Fault = () => false;
  /** Changes the listing before it is sent. */
  lie: (listing: Record<string, unknown>) => unknown = (listing) => listing;
  url = "";

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A repository; large files and .gguf or .safetensors are in LFS. */
  add(repo: string, files: Readonly<Record<string, Uint8Array | string>>): void {
    const entries = Object.entries(files).map(([path, content]): [string, TestFile] => {
      const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return [path, { body, lfs: /\.(gguf|safetensors)$/.test(path) }];
    });
    this.repos.set(repo, new Map(entries));
  }

  /** Requests for file contents, as "METHOD path range". */
  get downloads(): string[] {
    return this.requests
      .filter((request) => /\/resolve\/|FilePath=/.test(request.url ?? ""))
      .map((request) => `${request.method} ${request.url} ${request.headers.range ?? ""}`.trim());
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    const url = new URL(request.url ?? "/", this.url);
    const path = decodeURIComponent(url.pathname);
    const listing = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(path);
    const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/(.+)$/.exec(path);
    const scope = /^\/api\/v1\/models\/([^/]+\/[^/]+)\/repo(\/files)?$/.exec(path);
    const download = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    if (listing || scope?.[2]) {
      if (this.apiFault(request, response, new Uint8Array())) return;
      const files = this.repos.get((listing ?? scope)?.[1] ?? "");
      if (!files) {
        refuse(response, 404, "RepoNotFound");
        return;
      }
      const answer = listing ? this.#huggingFace(files) : this.#modelScope(files);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.lie(answer)));
      return;
    }
    if (tree && !this.treeless) {
      this.#tree(response, this.repos.get(tree[1]) ?? new Map(), Number(url.searchParams.get("page") ?? 0));
      return;
    }
    const [repo, name] = download ? [download[1], download[3]] : [scope?.[1], url.searchParams.get("FilePath") ?? ""];
    const file = this.repos.get(repo ?? "")?.get(name);
    if (!file) {
      refuse(response, 404, "EntryNotFound");
      return;
    }
    if (this.fault(request, response, file.body)) return;
    this.serve(request, response, file.body);
  }

  /** The honest answer. */
  serve(request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const etag = `"${sha256(body)}"`;
    const honoured = from > 0 && (request.headers["if-range"] ?? etag) === etag;
    response.setHeader("etag", etag);
    response.setHeader("x-repo-commit", this.commit);
    if (honoured && from >= body.length) {
      refuse(response, 416, "");
      return;
    }
    const part = honoured ? body.subarray(from) : body;
    response.setHeader("content-length", part.length);
    if (honoured) response.setHeader("content-range", `bytes ${from}-${body.length - 1}/${body.length}`);
    response.statusCode = honoured ? 206 : 200;
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    this.sent += part.length;
    response.end(part);
  }

  #huggingFace(files: ReadonlyMap<string, TestFile>): Record<string, unknown> {
    const siblings = [...files].map(([rfilename, { body, lfs }]) => ({
      rfilename,
      size: body.length,
      blobId: gitSha1(body),
      ...(lfs && { lfs: { sha256: sha256(body), size: body.length, pointerSize: 134 } }),
    }));
    return { id: "x", sha: this.commit, siblings };
  }

  /** Two entries a page. */
  #tree(response: ServerResponse, files: ReadonlyMap<string, TestFile>, page: number): void {
    const entries = [...files].map(([path, { body, lfs }]) => ({
      type: "file",
      path,
      size: body.length,
      oid: gitSha1(body),
      ...(lfs && { lfs: { oid: sha256(body), size: body.length } }),
    }));
    const rest = entries.slice(2 * page);
    if (rest.length > 2)
      response.setHeader("link", `<${this.url}/api/models/Qwen/Tiny-GGUF/tree/main?page=${page + 1}>; rel="next"`);
    response.end(JSON.stringify([{ type: "directory", path: "sub" }, ...rest.slice(0, 2)]));
  }

  #modelScope(files: ReadonlyMap<string, TestFile>): Record<string, unknown> {
    const Files = [...files].map(([Path, { body }]) => ({
      Path,
      Type: "blob",
      Size: body.length,
      Sha256: sha256(body),
    }));
    return {
      Code: 200,
      Success: true,
      Data: { Files: [{ Path: "sub", Type: "tree" }, ...Files], LatestCommitter: null },
    };
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.statusCode = status;
  if (code) response.setHeader("x-error-code", code);
  response.end();
}
