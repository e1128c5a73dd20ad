// Byte sources that need no operating system: memory and Blob (a file picked in a page); HTTP ranges are in http-source.ts.
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
