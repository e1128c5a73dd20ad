// Byte sources that need no operating system: memory, Blob (a file picked in a page) and HTTP ranges.
// Each checks every read against its size, so that parsers above may trust what they get.

import type { ByteSource, FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";

/** Fails with code "format" unless [offset, offset + length) lies within the source. */
export function checkRange(source: { name: string; size: number }, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset + length <= source.size) return;
  throw new AnyqwenError(
    "format",
    `${source.name}: bytes ${offset} to ${offset + length} were asked for, but it has ${source.size}; the file is damaged or cut short`,
  );
}

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  const size = bytes.length;
  return {
    name,
    size,
    async read(offset, into) {
      checkRange({ name, size }, offset, into.length);
      into.set(bytes.subarray(offset, offset + into.length));
    },
    async close() {},
  };
}

export function blobSource(name: string, blob: Blob): ByteSource {
  const size = blob.size;
  return {
    name,
    size,
    async read(offset, into) {
      checkRange({ name, size }, offset, into.length);
      into.set(new Uint8Array(await blob.slice(offset, offset + into.length).arrayBuffer()));
    },
    async close() {},
  };
}

export interface HttpOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** A file behind a server that answers range requests. Asks for its size first. */
export async function httpSource(url: string, options: HttpOptions = {}): Promise<ByteSource> {
  const name = url;
  const request = async (range: string) => {
    const fetch = options.fetch ?? globalThis.fetch;
    let response: Response;
    try {
      response = await fetch(url, { headers: { ...options.headers, range }, signal: options.signal });
    } catch (cause) {
      if (options.signal?.aborted) throw new AnyqwenError("aborted", `${name}: aborted by the caller`, { cause });
      throw new AnyqwenError("network", `${name}: the request failed (${cause}); check the address and CORS`, {
        cause,
      });
    }
    if (response.status === 206) return response;
    await response.body?.cancel();
    if (response.status === 404) throw new AnyqwenError("not-found", `${name}: the server says 404`);
    const why = response.status === 200 ? "ignores range requests; download the file instead" : "refuses";
    throw new AnyqwenError("network", `${name}: the server answers ${response.status} to a range request: it ${why}`);
  };

  const probe = await request("bytes=0-0");
  await probe.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(probe.headers.get("content-range") ?? "")?.[1]);
  if (!Number.isSafeInteger(size)) {
    throw new AnyqwenError("network", `${name}: the server does not say how long the file is (Content-Range)`);
  }
  return {
    name,
    size,
    async read(offset, into) {
      checkRange({ name, size }, offset, into.length);
      if (into.length === 0) return;
      const response = await request(`bytes=${offset}-${offset + into.length - 1}`);
      let filled = 0;
      const reader = response.body?.getReader();
      try {
        while (reader) {
          const { done, value } = await reader.read();
          if (done) break;
          if (filled + value.length > into.length) {
            throw new AnyqwenError(
              "network",
              `${name}: the server sent more than bytes ${offset} to ${offset + into.length}`,
            );
          }
          into.set(value, filled);
          filled += value.length;
        }
      } catch (cause) {
        await reader?.cancel().catch(() => {});
        if (cause instanceof AnyqwenError) throw cause;
        throw new AnyqwenError("network", `${name}: the connection broke at byte ${offset + filled} (${cause})`, {
          cause,
        });
      }
      if (filled < into.length) {
        throw new AnyqwenError("network", `${name}: the server sent ${filled} of ${into.length} bytes from ${offset}`);
      }
    },
    async close() {},
  };
}

/** A file set over named things that are opened on demand; nothing outside `entries` can be reached. */
export function fileSet<T>(
  name: string,
  entries: ReadonlyMap<string, T>,
  open: (file: string, entry: T) => ByteSource | Promise<ByteSource>,
): FileSet {
  return {
    name,
    files: [...entries.keys()].sort(),
    async open(file) {
      const entry = entries.get(file);
      if (entry === undefined) throw new AnyqwenError("not-found", `${name}: there is no file ${JSON.stringify(file)}`);
      return open(file, entry);
    },
  };
}

export function memoryFiles(name: string, files: Readonly<Record<string, Uint8Array>>): FileSet {
  return fileSet(name, new Map(Object.entries(files)), (file, bytes) => memorySource(`${name}/${file}`, bytes));
}

/** Files as a page gets them from a file or folder picker, or by dropping. */
export function blobFiles(name: string, blobs: Readonly<Record<string, Blob>>): FileSet {
  return fileSet(name, new Map(Object.entries(blobs)), (file, blob) => blobSource(`${name}/${file}`, blob));
}

/** Files by URL, e.g. `{ "model.gguf": "https://…/model.gguf" }`. */
export function httpFiles(name: string, urls: Readonly<Record<string, string>>, options: HttpOptions = {}): FileSet {
  return fileSet(name, new Map(Object.entries(urls)), (_file, url) => httpSource(url, options));
}

/** A whole file; fails if it is longer than `limit` bytes. */
export async function readAll(files: FileSet, file: string, limit = 256 * 2 ** 20): Promise<Uint8Array> {
  const source = await files.open(file);
  try {
    if (source.size > limit) {
      throw new AnyqwenError("format", `${source.name}: ${source.size} bytes, expected at most ${limit}`);
    }
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    return bytes;
  } finally {
    await source.close();
  }
}

async function readText(files: FileSet, file: string): Promise<string> {
  return new TextDecoder().decode(await readAll(files, file));
}

export async function readJson(files: FileSet, file: string): Promise<unknown> {
  const text = await readText(files, file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnyqwenError("format", `${files.name}: ${file} is not valid JSON (${(cause as Error).message})`, {
      cause,
    });
  }
}
