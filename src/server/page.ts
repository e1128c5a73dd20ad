// The page at /: the files that the build left in dist/web, each under its own name. They are read once; a request's path is looked up
// among their names and never reaches the file system. Run from sources, where nothing is built, there is no page.

import type { Context, MiddlewareHandler } from "hono";

interface PageFile {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly cacheControl: string;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** The page runs its own files and asks its own server; what a model writes can load nothing, and send nothing anywhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function servePage(): MiddlewareHandler {
  let reading: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return async (c, next) => {
    if (c.req.method !== "GET" && c.req.method !== "HEAD") return next();
    reading ??= readPage(new URL("./web/", import.meta.url));
    const file = (await reading).get(c.req.path);
    if (!file) return next();
    c.set("isPage", true); // for the metrics
    return answer(c, file);
  };
}

function answer(c: Context, { type, plain, gzipped, etag, cacheControl }: PageFile): Response {
  c.header("Cache-Control", cacheControl);
  c.header("ETag", etag);
  c.header("Vary", "Accept-Encoding");
  if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  c.header("Content-Type", type);
  c.header("Content-Security-Policy", contentSecurityPolicy);
  c.header("Cross-Origin-Opener-Policy", "same-origin");
  c.header("Cross-Origin-Resource-Policy", "same-origin");
  c.header("Referrer-Policy", "no-referrer");
  c.header("X-Content-Type-Options", "nosniff");
  if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return c.body(plain);
  c.header("Content-Encoding", "gzip");
  return c.body(gzipped);
}

async function readPage(folder: URL): Promise<ReadonlyMap<string, PageFile>> {
  const { readdir } = await import("node:fs/promises");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const { relative, join } = await import("node:path");
  const { fileURLToPath } = await import("node:url");
  const root = fileURLToPath(folder);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const at = join(entry.parentPath, entry.name);
    const name = relative(root, at).replaceAll("\\", "/");
    files.set(name === "index.html" ? "/" : `/${name}`, await readPageFile(at, name));
  }
  return files;
}

async function readPageFile(at: string, name: string): Promise<PageFile> {
  const { readFile } = await import("node:fs/promises");
  const { gzip } = await import("node:zlib");
  const type = types[name.slice(name.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`dist/web/${name}: src/server/page.ts knows no content type for it`);
  const plain = new Uint8Array(await readFile(at));
  const gzipped = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) =>
    gzip(plain, { level: 9 }, (error, bytes) => (error ? reject(error) : resolve(new Uint8Array(bytes)))),
  );
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
  return {
    type,
    plain,
    gzipped,
    etag: `W/"${Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}"`,
    // names in assets/ carry a hash of their content
    cacheControl: name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  };
}
