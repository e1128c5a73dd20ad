// From a name to files (Node). What lies on this machine comes first: a path, then the cache, without any network; only what
// is found in neither is pulled.

import { realpath, stat, utimes } from "node:fs/promises";
import { homedir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { AnyqwenError } from "../core/errors.ts";
import { nodeFiles } from "../formats/node-files.ts";
import { cacheFolder, filesBelow, readRef, repositoryFolder, sizeOf, snapshotFolder, snapshots } from "./cache.ts";
import { type ChosenFiles, chooseFiles, isWhole } from "./choose.ts";
import { embeddedModel, embeddedName } from "./embedded.ts";
import { defaultRevision, environment } from "./environment.ts";
import { listModels } from "./manage.ts";
import { parseModelName, type RepositoryName } from "./names.ts";
import { previewRepository, pullRepository } from "./pull.ts";
import type { HubOptions, ListedModel, PulledModel, PullPreview, ResolvedModel, ResolveOptions } from "./types.ts";

export async function resolveModel(text: string, options: ResolveOptions = {}): Promise<ResolvedModel> {
  // What is here under this very name comes before what the name may mean elsewhere.
  const local = text === "default" ? undefined : await resolvePath(expandHome(text));
  if (local) return local;
  const embedded = text === embeddedName ? await embeddedModel() : undefined;
  if (embedded) return embedded;
  const name = parseModelName(text);
  if (name.kind === "default") return resolveDefault(options);
  if (name.kind === "path") {
    throw new AnyqwenError(
      "not-found",
      `${text}: no such file or directory; a Hugging Face repository is written org/name`,
    );
  }
  const cached = await findCached(name, options);
  if (cached) return cached;
  if (options.pull === false) {
    throw new AnyqwenError("not-found", `${text}: is not in the cache; pull it first: anyqwen pull ${text}`);
  }
  const { path: pulledPath, repo, commit, quantisation } = await pullRepository(name, options);
  return { name: text, path: pulledPath, files: await nodeFiles(pulledPath), repo, commit, quantisation };
}

/** Fetches a model, or what is missing of it. A path is left where it is: it only has to be there. */
export async function pull(text: string, options: HubOptions = {}): Promise<PulledModel> {
  const local = await resolvePath(expandHome(text));
  if (local) {
    const folder = (await stat(local.path)).isDirectory() ? local.path : dirname(local.path);
    const sizes = await Promise.all(local.files.files.map((file) => sizeOf(join(folder, file))));
    const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    return { name: text, path: local.path, quantisation: local.quantisation, bytes };
  }
  const name = parseModelName(text);
  if (name.kind === "repository") return pullRepository(name, options);
  throw new AnyqwenError("not-found", `${text}: no such file, and no repository (org/name) or short name (qwen3:0.6b)`);
}

/** Fetches a model as `pull` does, but never looks for a path: what strangers name does not reach the file system. */
export async function pullNamed(text: string, options: HubOptions = {}): Promise<PulledModel> {
  return pullRepository(repositoryOf(text), options);
}

/** What a pull of this name would bring. */
export async function previewPull(text: string, options: HubOptions = {}): Promise<PullPreview> {
  return previewRepository(repositoryOf(text), options);
}

function repositoryOf(text: string): RepositoryName {
  const name = parseModelName(text);
  if (name.kind === "repository") return name;
  throw new AnyqwenError("invalid-argument", `${text}: not a short name (qwen3:0.6b) and not a repository (org/name)`);
}

const expandHome = (path: string) => path.replace(/^~(?=$|[/\\])/, homedir());

/** A file as it is; of a directory with GGUF files only, the best of them. */
async function resolvePath(path: string): Promise<ResolvedModel | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return undefined;
  if (!info.isDirectory()) return { name: path, path, files: await nodeFiles(path) };
  let chosen: ChosenFiles | undefined;
  try {
    chosen = chooseFiles(await filesBelow(path), undefined, path);
  } catch (error) {
    // A folder with a tokenizer alone is still something; one with half of a split model is not.
    if (!(error instanceof AnyqwenError) || !/neither/.test(error.message)) throw error;
  }
  if (chosen?.format !== "gguf") return { name: path, path, files: await nodeFiles(path) };
  const file = join(path, chosen.files[0]);
  return { name: path, path: file, files: await nodeFiles(file), quantisation: chosen.quantisation };
}

async function findCached(name: RepositoryName, options: HubOptions): Promise<ResolvedModel | undefined> {
  const cache = cacheFolder(name.source, options);
  for (const repo of name.repos) {
    const folder = repositoryFolder(cache, repo);
    const named = name.revision === undefined ? undefined : await readRef(folder, name.revision);
    const commits =
      name.revision === undefined
        ? await snapshots(folder, defaultRevision[name.source])
        : named === undefined
          ? []
          : [named];
    for (const commit of commits) {
      const snapshot = snapshotFolder(folder, commit);
      const chosen = await chosenIn(snapshot, name.quantisation);
      if (!chosen) continue;
      await touch(chosen.files.map((file) => join(snapshot, file)));
      const path = chosen.format === "gguf" ? join(snapshot, chosen.files[0]) : snapshot;
      return { name: name.text, path, files: await nodeFiles(path), repo, commit, quantisation: chosen.quantisation };
    }
  }
  return undefined;
}

async function chosenIn(snapshot: string, quantisation: string | undefined): Promise<ChosenFiles | undefined> {
  try {
    const chosen = chooseFiles(await filesBelow(snapshot), quantisation, snapshot);
    return isWhole(chosen) ? chosen : undefined;
  } catch {
    return undefined; // not here, or not whole
  }
}

/** Reading times are often not kept by the file system; "last used" rests on them. */
async function touch(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const file = await realpath(path);
    const { mtime } = await stat(file);
    await utimes(file, new Date(), mtime).catch(() => {}); // a read-only cache is fine
  }
}

/** ANYQWEN_MODEL, else the best model that was pulled, else the one that ships in the package. */
async function resolveDefault(options: ResolveOptions): Promise<ResolvedModel> {
  const configured = environment(options).ANYQWEN_MODEL;
  if (configured && configured !== "default") return resolveModel(configured, options);
  const best = await bestModel(options);
  if (best) return resolveModel(best.name, { ...options, pull: false });
  const embedded = await embeddedModel();
  if (embedded) return embedded;
  throw new AnyqwenError(
    "not-found",
    "no model is named and none is pulled; pull one (anyqwen pull qwen3:0.6b; in a clone: node dist/cli.js pull qwen3:0.6b), name one, or set ANYQWEN_MODEL",
  );
}

/** Of the pulled models that can chat and fit in memory: of the newest generation, the largest. */
export async function bestModel(options: ResolveOptions = {}): Promise<ListedModel | undefined> {
  const models = (await listModels(options))
    .filter((model) => /qwen|qwq/i.test(model.repo) && !/embedding|reranker|-base(-|$)/i.test(model.repo))
    .filter((model) => model.bytes < totalmem() * 0.7 && (options.accepts?.(model) ?? true))
    .sort((a, b) => generation(b) - generation(a) || b.bytes - a.bytes);
  return models[0];
}

function generation(model: ListedModel): number {
  return Number(/qwen-?(\d+(?:\.\d+)?)/i.exec(model.repo)?.[1] ?? 0);
}
