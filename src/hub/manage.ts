// What is in the cache, and taking things out of it (Node). A file is deleted only once no snapshot stands on it.

import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, rmdir, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AnyqwenError } from "../core/errors.ts";
import {
  blobOf,
  cacheFolder,
  filesBelow,
  makeFolder,
  type RepositoryFolder,
  readRef,
  readRefs,
  repositoryFolder,
  repositoryFolders,
  snapshotFolder,
  snapshots,
} from "./cache.ts";
import { ggufModels, isWhole, safetensorsModel } from "./choose.ts";
import { diskFailure } from "./download.ts";
import { defaultRevision } from "./environment.ts";
import { withLock } from "./lock.ts";
import { parseModelName } from "./names.ts";
import { nameOf, partialSuffix } from "./pull.ts";
import type { HubOptions, HubSource, ListedModel } from "./types.ts";

const sources: readonly HubSource[] = ["huggingface", "modelscope"];

/** Every whole model in the caches, the last used first. Other people's safetensors (BERT and the like) are left out. */
export async function listModels(options: HubOptions = {}): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  for (const source of options.cache === undefined ? sources : sources.slice(0, 1)) {
    for (const folder of await repositoryFolders(cacheFolder(source, options))) {
      models.push(...(await modelsIn(source, folder)));
    }
  }
  return models.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

async function modelsIn(source: HubSource, folder: RepositoryFolder): Promise<ListedModel[]> {
  const models: ListedModel[] = [];
  const named = new Set<string>();
  for (const commit of await snapshots(folder, defaultRevision[source])) {
    const snapshot = snapshotFolder(folder, commit);
    const all = await filesBelow(snapshot);
    const sets = ggufModels(all)
      .filter((model) => model.missing.length === 0)
      .map(({ quantisation, files }) => ({ format: "gguf" as const, quantisation, files }) as const);
    const tensors = safetensorsModel(all);
    const loadable = tensors && isWhole(tensors) && (await isQwen(snapshot)) ? [tensors] : [];
    for (const { format, quantisation, files } of [...sets, ...loadable]) {
      const infos = await Promise.all(files.map((file) => stat(join(snapshot, file))));
      const plain = nameOf(source, folder.repo, quantisation);
      const again = named.has(plain);
      named.add(plain);
      models.push({
        name: again ? nameOf(source, folder.repo, quantisation, commit) : plain,
        source,
        repo: folder.repo,
        commit,
        ...(quantisation !== undefined && { quantisation }),
        format,
        path: format === "gguf" ? join(snapshot, files[0]) : snapshot,
        bytes: infos.reduce((sum, info) => sum + info.size, 0),
        lastUsed: new Date(Math.max(...infos.map((info) => Math.max(info.atimeMs, info.mtimeMs)))),
      });
    }
  }
  return models;
}

async function isQwen(snapshot: string): Promise<boolean> {
  const text = await readFile(join(snapshot, "config.json"), "utf8").catch(() => "");
  return /"model_type"\s*:\s*"qwen/i.test(text);
}

export interface DiskUsage {
  readonly folder: string;
  /** Of all models in it, also those that are not listed. */
  readonly bytes: number;
  readonly freeBytes: number;
}

export async function diskUsage(options: HubOptions = {}): Promise<DiskUsage[]> {
  const usage: DiskUsage[] = [];
  for (const source of options.cache === undefined ? sources : sources.slice(0, 1)) {
    const folder = cacheFolder(source, options);
    const volume = await statfs(folder).catch(() => undefined);
    if (volume === undefined) continue;
    let bytes = 0;
    for (const { path } of await repositoryFolders(folder)) {
      for (const file of await filesBelow(join(path, "blobs"))) bytes += (await stat(join(path, "blobs", file))).size;
    }
    usage.push({ folder, bytes, freeBytes: volume.bavail * volume.bsize });
  }
  return usage;
}

export interface RemoveOptions extends HubOptions {
  /** Every quantisation, where several are here and the name says none. */
  readonly all?: boolean;
}

export interface Removed {
  readonly repo: string;
  /** Names of the files that went from the snapshots. */
  readonly files: readonly string[];
  readonly freedBytes: number;
}

/** Takes a model out of the cache: all of a repository, or one revision or quantisation of it. Never touches a plain path. */
export async function removeModel(text: string, options: RemoveOptions = {}): Promise<Removed> {
  const name = parseModelName(text);
  if (name.kind !== "repository") {
    throw new AnyqwenError(
      "invalid-argument",
      `${text}: only pulled models are removed; delete a file of yours yourself`,
    );
  }
  for (const repo of name.repos) {
    const folder = repositoryFolder(cacheFolder(name.source, options), repo);
    const all = await snapshots(folder, defaultRevision[name.source]);
    const commit = name.revision === undefined ? undefined : await readRef(folder, name.revision);
    const commits = name.revision === undefined ? all : all.filter((other) => other === commit);
    const present = new Set<string>();
    for (const each of commits) for (const file of await filesBelow(snapshotFolder(folder, each))) present.add(file);
    const models = ggufModels([...present]);
    const wanted = models.filter(
      (model) => name.quantisation === undefined || model.quantisation === name.quantisation,
    );
    if (present.size === 0 || (name.quantisation !== undefined && wanted.length === 0)) continue;
    if (name.quantisation === undefined && wanted.length > 1 && !options.all) {
      const names = wanted.map(({ quantisation }) => nameOf(name.source, repo, quantisation, name.revision)).join(", ");
      throw new AnyqwenError("invalid-argument", `${text}: which one, or all? Here are ${names}`);
    }
    const files = name.quantisation === undefined ? undefined : new Set(wanted.flatMap((model) => model.files));
    await makeFolder(dirname(folder.lock));
    return withLock(folder.lock, { wait: options.wait ?? true, signal: options.signal }, () =>
      remove(folder, commits, files),
    );
  }
  throw new AnyqwenError("not-found", `${text}: is not in the cache; anyqwen list shows what is`);
}

/** Pointers first, then the blobs that nothing points to any more; `files` undefined: all of those commits. */
async function remove(
  folder: RepositoryFolder,
  commits: readonly string[],
  files: ReadonlySet<string> | undefined,
): Promise<Removed> {
  const removed: string[] = [];
  const blobs = new Set<string>();
  let freedBytes = 0;
  for (const commit of commits) {
    const snapshot = snapshotFolder(folder, commit);
    for (const file of await filesBelow(snapshot)) {
      if (files && !files.has(file)) continue;
      const pointer = join(snapshot, file);
      const blob = await blobOf(folder, pointer);
      if (blob !== undefined) blobs.add(blob);
      else freedBytes += (await stat(pointer)).size;
      await rm(pointer).catch((cause) => diskFailure(pointer, cause));
      removed.push(file);
    }
    await removeEmpty(snapshot);
  }
  const left = await snapshots(folder, "");
  for (const commit of left) {
    for (const file of await filesBelow(snapshotFolder(folder, commit))) {
      const blob = await blobOf(folder, join(snapshotFolder(folder, commit), file));
      if (blob !== undefined) blobs.delete(blob);
    }
  }
  for (const blob of blobs) {
    freedBytes += (await stat(blob)).size;
    await rm(blob).catch((cause) => diskFailure(blob, cause));
  }
  for (const name of await readdir(join(folder.path, "blobs")).catch(() => [])) {
    if (name.endsWith(partialSuffix)) await rm(join(folder.path, "blobs", name), { force: true });
  }
  for (const [ref, commit] of await readRefs(folder)) {
    if (!left.includes(commit)) await rm(join(folder.path, "refs", ref), { force: true });
  }
  if (left.length === 0) {
    // Out of sight in one step, then at leisure.
    const aside = join(dirname(folder.path), `.removed-${randomUUID()}`);
    await rename(folder.path, aside).catch((cause) => diskFailure(folder.path, cause));
    await rm(aside, { recursive: true, force: true });
  }
  return { repo: folder.repo, files: [...new Set(removed)], freedBytes };
}

/** Removes folders that hold nothing any more, links to nothing included. */
async function removeEmpty(folder: string): Promise<void> {
  if ((await filesBelow(folder)).length === 0) return rm(folder, { recursive: true, force: true });
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const below = join(folder, entry.name);
    await removeEmpty(below);
    await rmdir(below).catch(() => {}); // not empty
  }
}
