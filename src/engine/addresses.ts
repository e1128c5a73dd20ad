// Addresses made whole before they cross to the engine's worker: there, relative ones would mean another place, and address objects
// do not cross at all. In a page relative means to the page, in Node to the working directory.

import type { ModelSource } from "./types.ts";

const onNode = () => Boolean(globalThis.process?.versions?.node);

function base(): string {
  return onNode() ? `file://${process.cwd()}/` : (globalThis.document?.baseURI ?? globalThis.location.href);
}

/** A model as it may cross. In a page "/m.gguf", "./m.gguf" and "../m.gguf" are addresses; in Node they are paths and stay. */
export function wholeSource(source: ModelSource): ModelSource {
  if (source instanceof URL) return source.href;
  if (onNode()) return source;
  if (typeof source === "string") return /^\.{0,2}\//.test(source) ? new URL(source, base()).href : source;
  if (Array.isArray(source) || !isPlain(source)) return source;
  const entries = Object.entries(source as Readonly<Record<string, Blob | Uint8Array | string>>);
  return Object.fromEntries(
    entries.map(([file, entry]) => [file, typeof entry === "string" ? new URL(entry, base()).href : entry]),
  );
}

/** A folder's address, as text that ends in a slash. */
export function wholeFolder(folder: string | URL | undefined): string | undefined {
  return folder === undefined ? undefined : new URL(folder, base()).href.replace(/\/?$/, "/");
}

function isPlain(value: object): boolean {
  return !("open" in value && typeof value.open === "function");
}
