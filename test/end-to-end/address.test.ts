// A model behind an address: the bits of the same file on disk, in few requests.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type * as api from "../../src/api.ts";

const { load } = (await import(new URL("../../dist/index.js", import.meta.url).href)) as typeof api;
const model = fileURLToPath(new URL("../fixtures/gguf/qwen3_tied-f16.gguf", import.meta.url));
const ids = [1, 5, 9, 13, 17, 2];

it("loads by address in the file's order, so that tensors share requests", async () => {
  const file = readFileSync(model);
  const ranges: [from: number, to: number][] = [];
  const server = createServer((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    ranges.push([Number(from), Number(to) + 1]);
    response.writeHead(206, { "content-range": `bytes ${from}-${to}/${file.length}` });
    response.end(file.subarray(Number(from), Number(to) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await using there = await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/m.gguf`, { threads: 2 });
    await using here = await load(model, { threads: 2 });
    expect((await there.logits(ids)).logits).toEqual((await here.logits(ids)).logits);
    // One for the size, up to 64 bytes of some tensors to know the file by, and for 35 tensors no more than:
    const long = ranges.filter(([from, to]) => to - from > 64);
    expect(long.length).toBeLessThanOrEqual(4);
    expect(ranges.length).toBeLessThanOrEqual(32);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
