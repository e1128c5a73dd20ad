import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { httpSource } from "./http-source.ts";

const MIB = 2 ** 20;
const file = Uint8Array.from({ length: 20 * MIB }, (_, i) => (i * 31 + (i >> 13)) & 255);

let server: Server;
let address: string;
/** Ranges that were asked for, without the first one, which asks for the size. */
let ranges: [from: number, to: number][] = [];

/** Paths choose how it serves: whole, cut to a megabyte each time, or broken off after a megabyte. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
    const [from, to] = [Number(range?.[1]), Number(range?.[2]) + 1];
    if (to > 1) ranges.push([from, to]);
    response.writeHead(206, { "content-range": `bytes ${from}-${to - 1}/${file.length}` });
    if (request.url === "/cut") response.end(file.subarray(from, Math.min(to, from + MIB)));
    else if (request.url === "/breaks" && to - from > MIB)
      response.write(file.subarray(from, from + MIB), () => response.destroy());
    else response.end(file.subarray(from, to));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  ranges = [];
});

/** Where pieces of a load begin and how long they are: sizes of all kinds, padding between them. */
function pieces(): [offset: number, length: number][] {
  const all: [number, number][] = [];
  for (let offset = 500, n = 0; offset < file.length; n++) {
    const length = Math.min(n % 3 === 0 ? 3584 : 100_000 + 7 * n, file.length - offset);
    all.push([offset, length]);
    offset += length + (n % 32);
  }
  return all;
}

async function read(source: Awaited<ReturnType<typeof httpSource>>, offset: number, length: number): Promise<void> {
  const into = new Uint8Array(length);
  await source.read(offset, into);
  expect(Buffer.compare(into, file.subarray(offset, offset + length))).toBe(0);
}

describe("reads over HTTP", () => {
  it("that follow each other share few requests, and ask for nothing twice", async () => {
    const source = await httpSource(`${address}/`);
    const all = pieces();
    expect(all.length).toBeGreaterThan(200);
    for (const [offset, length] of all) await read(source, offset, length);
    await source.close();
    expect(ranges.length).toBeLessThanOrEqual(4);
    const asked = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(asked).toBeLessThanOrEqual(file.length);
  });

  it("here and there ask for what they need", async () => {
    const source = await httpSource(`${address}/`);
    const places = [900_000, 5 * MIB, 17, 12 * MIB, 3 * MIB];
    for (const offset of places) await read(source, offset, 64);
    await Promise.all(places.map((offset) => read(source, offset + 20_000, 64)));
    await source.close();
    expect(ranges.map(([from, to]) => to - from)).toEqual(places.flatMap(() => [64, 64]));
  });

  it("in order are not disturbed by others in between", async () => {
    const source = await httpSource(`${address}/`);
    for (const [i, [offset, length]] of pieces().entries()) {
      const others = i % 20 === 0 ? [read(source, ((i * 7919) % 19) * MIB, 64)] : [];
      await Promise.all([read(source, offset, length), ...others]);
    }
    await source.close();
    expect(ranges.filter(([from, to]) => to - from !== 64).length).toBeLessThanOrEqual(4);
  });

  it.each(["cut", "breaks"])("go on when a shared request ends early (%s)", async (path) => {
    const source = await httpSource(`${address}/${path}`);
    for (const [offset, length] of pieces()) await read(source, offset, length);
    await source.close();
    expect(ranges.length).toBeLessThanOrEqual(60);
  });

  it("go on after a pause in which the shared request was given up", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const source = await httpSource(`${address}/`);
      for (const [offset, length] of pieces().slice(0, 10)) await read(source, offset, length);
      vi.advanceTimersByTime(60_000);
      expect(ranges).toHaveLength(2);
      for (const [offset, length] of pieces().slice(10, 20)) await read(source, offset, length);
      expect(ranges).toHaveLength(3);
      await source.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("end when the caller gives up", async () => {
    const abort = new AbortController();
    const source = await httpSource(`${address}/`, { signal: abort.signal });
    const [first, second, third] = pieces();
    await read(source, ...first);
    await read(source, ...second);
    abort.abort();
    await expect(read(source, ...third).then(() => read(source, 15 * MIB, 64))).rejects.toMatchObject({
      code: "aborted",
    });
  });
});
