// From what a caller named to a set of files: names and paths through the hub (Node), Blobs, addresses and bytes as they are.

import type { FileSet } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { httpSource } from "../formats/http-source.ts";
import { blobSource, fileSet, memorySource } from "../formats/sources.ts";
import { resolveModel } from "../hub/hub.ts";
import type { LoadProgress, ModelSource } from "./types.ts";

export interface FilesOptions {
  readonly offline?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

const isAddress = (text: string) => /^(?:https?|blob|file):/i.test(text);

function isFileSet(source: ModelSource): source is FileSet {
  return typeof source === "object" && "open" in source && typeof source.open === "function";
}

export async function openFiles(source: ModelSource, options: FilesOptions): Promise<FileSet> {
  if (source instanceof URL) return openFiles(source.protocol === "file:" ? filePath(source) : source.href, options);
  if (typeof source === "string") {
    if (/^file:/i.test(source)) return openFiles(filePath(new URL(source)), options);
    const address = isAddress(source) && !(onNode() && isHubPage(source));
    return address ? addressed({ [baseName(source)]: source }, options) : named(source, options);
  }
  if (isFileSet(source)) return source;
  if (Array.isArray(source)) {
    const files = source as readonly File[];
    // A folder picked in a page: paths below the folder itself.
    const nameOf = (file: File) => file.webkitRelativePath?.split("/").slice(1).join("/") || file.name;
    return addressed(Object.fromEntries(files.map((file) => [nameOf(file), file])), options);
  }
  return addressed(source as Readonly<Record<string, Blob | Uint8Array | string>>, options);
}

function addressed(entries: Readonly<Record<string, Blob | Uint8Array | string>>, options: FilesOptions): FileSet {
  const files = new Map(Object.entries(entries));
  const [first] = files.keys();
  if (first === undefined) throw new AnyqwenError("invalid-argument", "load: the set of files is empty");
  const name = files.size === 1 ? first : `${first} and ${files.size - 1} more`;
  return fileSet(name, files, (file, entry) => {
    if (typeof entry === "string") return httpSource(entry, { signal: options.signal });
    return entry instanceof Uint8Array ? memorySource(file, entry) : blobSource(file, entry);
  });
}

async function named(name: string, { offline, signal, onProgress }: FilesOptions): Promise<FileSet> {
  if (!onNode()) {
    throw new AnyqwenError(
      "unsupported",
      `${name}: a page has no disk to look for this model; pass an address, Blobs by file name, or files that the user picked`,
    );
  }
  const resolved = await resolveModel(name, {
    offline,
    signal,
    onProgress: ({ phase, detail, bytes, totalBytes }) => {
      if (phase === "downloading") onProgress?.({ phase: "download", file: detail, bytes, totalBytes });
    },
  });
  return resolved.files;
}

const onNode = () => Boolean(globalThis.process?.versions?.node);

const isHubPage = (address: string) => /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co|modelscope\.)/i.test(address);

function baseName(address: string): string {
  const path = new URL(address).pathname;
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1)) || "model";
}

function filePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
}
