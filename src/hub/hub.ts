// The hub's door: names to files. What works with files and processes is loaded when it is first called, in Node, Bun or Deno;
// names.ts, catalogue.ts, choose.ts and listing.ts work in a page too.

import type { DiskUsage, Removed, RemoveOptions } from "./manage.ts";
import type { HubOptions, ListedModel, PulledModel, PullPreview, ResolvedModel, ResolveOptions } from "./types.ts";

export { aboutBytes, catalogue } from "./catalogue.ts";
export type { DiskUsage, Removed, RemoveOptions } from "./manage.ts";
export { parseModelName } from "./names.ts";
export type * from "./types.ts";

/** Finds a model's files: a path, the cache, else a pull. Fails with not-found, network, io, invalid-argument or aborted. */
export async function resolveModel(name: string, options: ResolveOptions = {}): Promise<ResolvedModel> {
  return (await import("./resolve.ts")).resolveModel(name, options);
}

/** Fetches a model from its hub, or what is missing of it, and makes the cache's newest snapshot current. */
export async function pull(name: string, options: HubOptions = {}): Promise<PulledModel> {
  return (await import("./resolve.ts")).pull(name, options);
}

/** Fetches a model by short name or repository; what the name says is never taken for a path. */
export async function pullNamed(name: string, options: HubOptions = {}): Promise<PulledModel> {
  return (await import("./resolve.ts")).pullNamed(name, options);
}

/** What a pull would bring, asked of the hub: its size, above all. */
export async function previewPull(name: string, options: HubOptions = {}): Promise<PullPreview> {
  return (await import("./resolve.ts")).previewPull(name, options);
}

/** What "default" stands for when ANYQWEN_MODEL says nothing: the best pulled model, if there is one. */
export async function bestModel(options: ResolveOptions = {}): Promise<ListedModel | undefined> {
  return (await import("./resolve.ts")).bestModel(options);
}

/** The models in the cache, the last used first. */
export async function listModels(options: HubOptions = {}): Promise<ListedModel[]> {
  return (await import("./manage.ts")).listModels(options);
}

/** Takes a pulled model out of the cache. */
export async function removeModel(name: string, options: RemoveOptions = {}): Promise<Removed> {
  return (await import("./manage.ts")).removeModel(name, options);
}

/** What the caches hold in bytes, and what is free beside them. */
export async function diskUsage(options: HubOptions = {}): Promise<DiskUsage[]> {
  return (await import("./manage.ts")).diskUsage(options);
}
