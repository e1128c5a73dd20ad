// A web server for tests and measurements: folders and files at addresses, byte ranges, and on request cross-origin isolation.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export async function serve(mounts, { isolated = false } = {}) {
  const server = createServer((request, response) => {
    const headers = isolated ? { ...isolation } : {};
    const path = find(mounts, decodeURIComponent(new URL(request.url ?? "/", "http://page").pathname));
    const size = path && statSync(path, { throwIfNoEntry: false })?.size;
    if (path === undefined || size === undefined) return response.writeHead(404, headers).end();
    headers["content-type"] = types[extname(path)] ?? "application/octet-stream";
    headers["cache-control"] = "no-store";
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    headers["content-length"] = end - start + 1;
    if (range) headers["content-range"] = `bytes ${start}-${end}/${size}`;
    response.writeHead(range ? 206 : 200, headers);
    createReadStream(path, { start, end, highWaterMark: 1 << 20 }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The longest mount that the address begins with; nothing outside of its folder. */
function find(mounts, address) {
  const path = address.endsWith("/") ? `${address}index.html` : address;
  for (const mount of Object.keys(mounts).sort((a, b) => b.length - a.length)) {
    if (mount === path) return mounts[mount];
    if (mount.endsWith("/") && path.startsWith(mount))
      return join(mounts[mount], normalize(path.slice(mount.length - 1)));
  }
  return undefined;
}
