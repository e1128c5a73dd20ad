// Brings a model's files from its hub into the cache (Node): list, choose, lock, fetch what is missing, then let the snapshot
// point at it, weights last. Killed at any moment it leaves whole files under their names and partial ones under their own.

import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AnyqwenError } from "../core/errors.ts";
import {
  blobPath,
  cacheFolder,
  makeFolder,
  pointTo,
  type RepositoryFolder,
  repositoryFolder,
  sizeOf,
  snapshotFolder,
  writeRef,
} from "./cache.ts";
import { shortNameOf } from "./catalogue.ts";
import { type ChosenFiles, chooseFiles, isWhole } from "./choose.ts";
import { download, holds } from "./download.ts";
import { defaultRevision, hubOf, isOffline } from "./environment.ts";
import { describeFile, fileUrl, type Hub, listRepository } from "./listing.ts";
import { withLock } from "./lock.ts";
import { checkFileName, type RepositoryName } from "./names.ts";
import type {
  HubOptions,
  HubSource,
  PulledModel,
  PullPreview,
  PullProgress,
  RepositoryFile,
  RepositoryListing,
} from "./types.ts";

/** Ends the names of partial files; not the ".incomplete" of huggingface_hub, which may be writing its own. */
export const partialSuffix = ".anyqwen-incomplete";

interface Found {
  readonly hub: Hub;
  readonly listing: RepositoryListing;
  readonly chosen: ChosenFiles;
}

export async function pullRepository(name: RepositoryName, options: HubOptions): Promise<PulledModel> {
  const { hub, listing, chosen } = await findOnHub(name, options);
  return pullChosen(hub, listing, chosen, options);
}

/** What a pull would bring, asked of the hub: nothing is written. */
export async function previewRepository(name: RepositoryName, options: HubOptions): Promise<PullPreview> {
  const { hub, listing, chosen } = await findOnHub(name, options);
  const files = await describeChosen(hub, listing, chosen);
  return {
    name: nameOf(hub.source, listing.repo, chosen.quantisation, listing.revision),
    repo: listing.repo,
    bytes: files.reduce((sum, { file }) => sum + (file.size ?? 0), 0),
  };
}

async function findOnHub(name: RepositoryName, options: HubOptions): Promise<Found> {
  if (isOffline(options)) {
    throw new AnyqwenError(
      "network",
      `${name.text}: is not in the cache, and the network is off (offline, HF_HUB_OFFLINE)`,
    );
  }
  const hub = hubOf(name.source, options);
  const revision = name.revision ?? defaultRevision[name.source];
  let lacking: unknown;
  for (const repo of name.repos) {
    report(options, { phase: "listing", detail: repo, bytes: 0, totalBytes: 0 });
    const listing = await listRepository(hub, repo, revision);
    let chosen: ChosenFiles;
    try {
      chosen = chooseFiles(
        listing.files.map((file) => file.path),
        name.quantisation,
        repo,
      );
    } catch (error) {
      // The next repository may have this quantisation.
      lacking ??= error;
      continue;
    }
    if (!isWhole(chosen))
      throw new AnyqwenError("not-found", `${repo}@${revision}: the hub lists the model in part only`);
    for (const path of chosen.files) checkFileName(path, listing.repo);
    return { hub, listing, chosen };
  }
  throw lacking;
}

async function describeChosen(hub: Hub, listing: RepositoryListing, { files }: ChosenFiles): Promise<Wanted[]> {
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  const wanted: Wanted[] = [];
  for (const path of files) {
    const url = fileUrl(hub, listing.repo, hub.source === "modelscope" ? listing.revision : listing.commit, path);
    wanted.push({ url, file: await describeFile(hub, url, byPath.get(path) ?? { path }) });
  }
  return wanted;
}

async function pullChosen(
  hub: Hub,
  listing: RepositoryListing,
  chosen: ChosenFiles,
  options: HubOptions,
): Promise<PulledModel> {
  const folder = repositoryFolder(cacheFolder(hub.source, options), listing.repo);
  const files = await describeChosen(hub, listing, chosen);
  const missing = await notHere(folder, listing.commit, files, options);
  if (missing.length > 0) {
    await makeFolder(dirname(folder.lock));
    const onWait = (who: string) => report(options, { phase: "waiting", detail: who, bytes: 0, totalBytes: 0 });
    await withLock(folder.lock, { wait: options.wait ?? true, signal: options.signal, onWait }, () =>
      fetchMissing(hub, folder, listing.commit, files, options),
    );
  }
  // What is here already may stay unnamed where the cache cannot be written.
  const named = writeRef(folder, listing.revision, listing.commit);
  await (missing.length > 0 ? named : named.catch(() => {}));
  const snapshot = snapshotFolder(folder, listing.commit);
  const sizes = await Promise.all(chosen.files.map((path) => sizeOf(join(snapshot, path))));
  return {
    name: nameOf(hub.source, listing.repo, chosen.quantisation, listing.revision),
    source: hub.source,
    repo: listing.repo,
    commit: listing.commit,
    ...(chosen.quantisation !== undefined && { quantisation: chosen.quantisation }),
    path: chosen.format === "gguf" ? join(snapshot, chosen.files[0]) : snapshot,
    bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  };
}

/** The shortest name that finds a model again. */
export function nameOf(source: HubSource, repo: string, quantisation?: string, revision?: string): string {
  const at = revision === undefined || revision === defaultRevision[source] ? "" : `@${revision}`;
  const short = source === "huggingface" && at === "" ? shortNameOf(repo) : undefined;
  if (short !== undefined) return quantisation === undefined ? short : `${short}-${quantisation.toLowerCase()}`;
  const scheme = source === "modelscope" ? "modelscope:" : "";
  return `${scheme}${repo}${quantisation === undefined ? "" : `:${quantisation}`}${at}`;
}

interface Wanted {
  readonly url: string;
  readonly file: RepositoryFile;
}

const hashOf = (file: RepositoryFile) => file.sha256 ?? file.gitSha1;

async function notHere(
  folder: RepositoryFolder,
  commit: string,
  files: readonly Wanted[],
  options: HubOptions,
): Promise<Wanted[]> {
  const missing: Wanted[] = [];
  for (const wanted of files) {
    if (!(await isHere(join(snapshotFolder(folder, commit), wanted.file.path), wanted.file, options)))
      missing.push(wanted);
  }
  return missing;
}

async function isHere(path: string, file: RepositoryFile, options: HubOptions): Promise<boolean> {
  const size = await sizeOf(path);
  if (size === undefined || (file.size !== undefined && size !== file.size)) return false;
  return options.verify ? holds(path, file) : true;
}

async function fetchMissing(
  hub: Hub,
  folder: RepositoryFolder,
  commit: string,
  files: readonly Wanted[],
  options: HubOptions,
): Promise<void> {
  // Again, now alone: whoever held the lock before may have brought them.
  const missing = await notHere(folder, commit, files, options);
  const blobs = blobPath(folder, "");
  await makeFolder(blobs);
  const totalBytes = files.reduce((sum, { file }) => sum + (file.size ?? 0), 0);
  let done = totalBytes - missing.reduce((sum, { file }) => sum + (file.size ?? 0), 0);
  await checkSpace(folder, missing);
  const pointers: { readonly blob: string; readonly pointer: string }[] = [];
  for (const { url, file } of missing) {
    const hash = hashOf(file);
    let blob = hash === undefined ? undefined : blobPath(folder, hash);
    if (blob === undefined || !(await isHere(blob, file, options))) {
      const partial = blobPath(folder, `${hash ?? createHash("sha1").update(url).digest("hex")}${partialSuffix}`);
      const onBytes = (bytes: number) =>
        report(options, { phase: "downloading", detail: file.path, bytes: done + bytes, totalBytes });
      blob = await download(hub.http, { url, file, partial, onBytes }, (sha256) => blobPath(folder, hash ?? sha256));
    }
    done += file.size ?? 0;
    pointers.push({ blob, pointer: join(snapshotFolder(folder, commit), file.path) });
  }
  for (const { blob, pointer } of pointers) await pointTo(blob, pointer);
}

/** Said before the download, not after half of it. */
async function checkSpace(folder: RepositoryFolder, missing: readonly Wanted[]): Promise<void> {
  let needed = 0;
  for (const { file } of missing) {
    const hash = hashOf(file);
    const begun = hash === undefined ? 0 : ((await sizeOf(blobPath(folder, hash + partialSuffix))) ?? 0);
    const whole = hash === undefined ? undefined : await sizeOf(blobPath(folder, hash));
    if (whole === undefined || whole !== file.size) needed += Math.max(0, (file.size ?? 0) - begun);
  }
  const volume = await statfs(folder.path).catch(() => undefined);
  if (volume === undefined) return;
  const free = volume.bavail * volume.bsize;
  if (needed > free) {
    throw new AnyqwenError(
      "io",
      `${folder.path}: the disk has ${free} bytes free and ${needed} are needed; free some space, or set HF_HOME to another disk`,
    );
  }
}

function report(options: HubOptions, progress: PullProgress): void {
  options.onProgress?.(progress);
}
