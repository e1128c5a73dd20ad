// Files on disk, for Node, Bun and Deno; imported dynamically so that the main entry stays free of node: modules.
// A directory, or one file (a GGUF brings its splits, a safetensors index or shard its directory).

import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ByteSource, FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { splitFiles } from "./gguf-splits.ts";
import { checkRange, fileSet } from "./sources.ts";

/** Node reads at most 2^31 - 1 bytes at once. */
const mostAtOnce = 2 ** 30;

export async function nodeSource(path: string): Promise<ByteSource> {
  const handle = await open(path, "r").catch((cause) => fail(path, cause));
  const info = await handle.stat();
  if (!info.isFile()) {
    await handle.close();
    throw new AnyqwenError("io", `${path}: not a regular file`);
  }
  const size = info.size;
  return {
    name: path,
    size,
    async read(offset, into) {
      checkRange({ name: path, size }, offset, into.length);
      let filled = 0;
      while (filled < into.length) {
        const length = Math.min(into.length - filled, mostAtOnce);
        const { bytesRead } = await handle
          .read(into, filled, length, offset + filled)
          .catch((cause) => fail(path, cause));
        if (bytesRead === 0) throw new AnyqwenError("io", `${path}: became shorter while it was read`);
        filled += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}

/** The files of a model at `path`. Only what the directory listing holds can be opened, so no name escapes it. */
export async function nodeFiles(path: string): Promise<FileSet> {
  const info = await stat(path).catch((cause) => fail(path, cause));
  if (info.isDirectory()) return setOf(path, path, await list(path));
  const [folder, file] = [dirname(path), basename(path)];
  if (file.endsWith(".gguf")) {
    const names = new Set(await readdir(folder));
    return setOf(
      path,
      folder,
      splitFiles(file).filter((name) => names.has(name)),
    );
  }
  if (file.endsWith(".safetensors.index.json")) return setOf(folder, folder, await list(folder));
  if (file.endsWith(".safetensors")) {
    const others = (await list(folder)).filter((name) => !/\.(safetensors|safetensors\.index\.json|gguf)$/.test(name));
    return setOf(path, folder, [...others, file]);
  }
  return setOf(path, folder, [file]);
}

function setOf(name: string, folder: string, files: readonly string[]): FileSet {
  return fileSet(name, new Map(files.map((file) => [file, join(folder, file)])), (_file, path) => nodeSource(path));
}

/** Names in `folder` and one level below it (1_Pooling/config.json and the like). */
async function list(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    if (!entry.isDirectory()) names.push(entry.name);
    else {
      const below = await readdir(join(folder, entry.name), { withFileTypes: true }).catch(() => []);
      names.push(...below.filter((file) => !file.isDirectory()).map((file) => `${entry.name}/${file.name}`));
    }
  }
  return names;
}

function fail(path: string, cause: NodeJS.ErrnoException): never {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") {
    throw new AnyqwenError("not-found", `${path}: no such file or directory`, { cause });
  }
  throw new AnyqwenError("io", `${path}: ${cause.message}`, { cause });
}
