// The cache folder (Node), laid out as huggingface_hub lays it out, so that what either pulled the other finds:
//   models--org--name/blobs/<hash>, refs/<revision> (a commit), snapshots/<commit>/<file> -> ../../blobs/<hash>
// Source: huggingface.co/docs/huggingface_hub/guides/manage-cache. ModelScope's files lie in a folder of ours, laid out alike.

import { randomUUID } from "node:crypto";
import {
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { diskFailure } from "./download.ts";
import { environment } from "./environment.ts";
import { checkRepository } from "./names.ts";
import type { HubOptions, HubSource } from "./types.ts";

export function cacheFolder(source: HubSource, options: HubOptions): string {
  const env = environment(options);
  const expand = (path: string) => path.replace(/^~(?=$|[/\\])/, homedir());
  const general = expand(env.XDG_CACHE_HOME || join(homedir(), ".cache"));
  if (options.cache) return expand(options.cache);
  if (source === "modelscope") return join(general, "anyqwen", "modelscope");
  const named = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  return expand(named || join(env.HF_HOME || join(general, "huggingface"), "hub"));
}

export interface RepositoryFolder {
  readonly repo: string;
  readonly path: string;
  readonly lock: string;
}

export function repositoryFolder(cache: string, repo: string): RepositoryFolder {
  checkRepository(repo);
  const name = `models--${repo.replace("/", "--")}`;
  return { repo, path: join(cache, name), lock: join(cache, ".locks", name, "anyqwen.lock") };
}

/** Every model repository in the cache. */
export async function repositoryFolders(cache: string): Promise<RepositoryFolder[]> {
  const names = await readdir(cache).catch(() => []);
  return names.flatMap((name) => {
    const match = /^models--([^/]+?)--([^/]+)$/.exec(name);
    try {
      return match ? [repositoryFolder(cache, `${match[1]}/${match[2]}`)] : [];
    } catch {
      return []; // a folder of this form that no repository could have made
    }
  });
}

/** With its parents, one by one: Node's own way calls a read-only disk "not found", and on some file systems never ends. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeBelow(path);
  } catch (cause) {
    diskFailure(path, cause as NodeJS.ErrnoException);
  }
}

async function makeBelow(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeBelow(parent);
  await mkdir(path).catch(async (cause) => {
    if (!(await isFolder(path))) throw cause; // else another process was quicker
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function readRef(folder: RepositoryFolder, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const text = await readFile(join(folder.path, "refs", revision), "utf8").catch(() => "");
  return /^[0-9a-f]{40}$/.test(text.trim()) ? text.trim() : undefined;
}

/** All branches and tags that were pulled, with what they were then. */
export async function readRefs(folder: RepositoryFolder): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  const root = join(folder.path, "refs");
  for (const name of await filesBelow(root)) {
    const commit = await readRef(folder, name);
    if (commit !== undefined) refs.set(name, commit);
  }
  return refs;
}

export async function writeRef(folder: RepositoryFolder, revision: string, commit: string): Promise<void> {
  if (revision === commit || (await readRef(folder, revision)) === commit) return;
  const path = join(folder.path, "refs", revision);
  await makeFolder(dirname(path));
  await replace(path, (temporary) => writeFile(temporary, commit));
}

export const snapshotFolder = (folder: RepositoryFolder, commit: string) => join(folder.path, "snapshots", commit);
export const blobPath = (folder: RepositoryFolder, hash: string) => join(folder.path, "blobs", hash);

/** Commits in the cache, the one that `revision` was last first, then the youngest first. */
export async function snapshots(folder: RepositoryFolder, revision: string): Promise<string[]> {
  const root = join(folder.path, "snapshots");
  const names = (await readdir(root).catch(() => [])).filter((name) => /^[0-9a-f]{40}$/.test(name));
  const ages = await Promise.all(names.map(async (name) => (await stat(join(root, name))).mtimeMs));
  const current = await readRef(folder, revision);
  const order = names.map((name, i) => ({ name, place: name === current ? Number.POSITIVE_INFINITY : ages[i] }));
  return order.sort((a, b) => b.place - a.place).map(({ name }) => name);
}

const deepest = 8;

/** Relative names of all files that can be read; links to nothing are left out. */
export async function filesBelow(root: string, below = "", depth = 0): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < deepest) found.push(...(await filesBelow(root, name, depth + 1)));
    } else if (
      await stat(join(root, name)).then(
        (info) => info.isFile(),
        () => false,
      )
    ) {
      found.push(name);
    }
  }
  return found;
}

/** Size of the file that `path` names or links to; undefined if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (info) => (info.isFile() ? info.size : undefined),
    () => undefined,
  );
}

/** Makes the snapshot's `name` stand for the blob: a relative link, else a hard link, else a copy. */
export async function pointTo(blob: string, pointer: string): Promise<void> {
  if ((await realpath(pointer).catch(() => "")) === (await realpath(blob))) return;
  await makeFolder(dirname(pointer));
  await replace(pointer, async (temporary) => {
    try {
      await symlink(relative(dirname(pointer), blob), temporary);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== "EPERM" && code !== "ENOSYS" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw cause;
      await link(blob, temporary).catch(() => copyFile(blob, temporary, constants.COPYFILE_FICLONE));
    }
  });
}

/** The file is the old one until it is the new one, whole. */
async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    diskFailure(path, cause as NodeJS.ErrnoException);
  }
}

/** The blob that a snapshot's file stands for: where its link leads, if that is within the repository's folder. */
export async function blobOf(folder: RepositoryFolder, pointer: string): Promise<string | undefined> {
  if (!(await lstat(pointer)).isSymbolicLink()) return undefined;
  const target = await realpath(pointer).catch(() => undefined);
  const blobs = await realpath(join(folder.path, "blobs")).catch(() => undefined);
  return target !== undefined && blobs !== undefined && target.startsWith(blobs + sep) ? target : undefined;
}
