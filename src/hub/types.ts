// The words of this room: where a model lives, which files it has, and what a pull reports and returns.

import type { FileSet } from "../core/bytes.ts";

export type HubSource = "huggingface" | "modelscope";

/** A file as the hub lists it. What the hub does not say is absent. */
export interface RepositoryFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly size?: number;
  /** SHA-256 of the content, in hex (files in LFS; every file on ModelScope). */
  readonly sha256?: string;
  /** SHA-1 of git's blob object, in hex (files in git itself). */
  readonly gitSha1?: string;
}

export interface RepositoryListing {
  readonly source: HubSource;
  readonly repo: string;
  /** As asked for: a branch, a tag or a commit. */
  readonly revision: string;
  /** What the revision is just now: 40 hex digits. */
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
}

export interface PullProgress {
  readonly phase: "waiting" | "listing" | "downloading";
  /** The file that is being downloaded, or who is waited for. */
  readonly detail: string;
  /** Bytes of all files, and how many of them are here. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** How long to try: a drop or a busy server is tried again, with growing pauses, unless nothing comes at all. */
export interface RetryPolicy {
  /** Attempts in a row without progress. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** Also the longest Retry-After that is waited for. */
  readonly longestDelayMs: number;
  /** Without a byte for this long a connection counts as dead. */
  readonly stallMs: number;
}

export interface HubOptions {
  /** The hub's address; HF_ENDPOINT or MODELSCOPE_ENDPOINT, else the public one. */
  readonly endpoint?: string;
  /** Cache folder; the one of the Hugging Face tools (HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME), for ModelScope our own. */
  readonly cache?: string;
  /** No network; HF_HUB_OFFLINE=1 means the same. */
  readonly offline?: boolean;
  /** Hash files that are here already, and fetch them again if they are damaged. */
  readonly verify?: boolean;
  /** When another process pulls the same repository: wait for it (the default), or fail. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly fetch?: typeof globalThis.fetch;
  readonly retry?: Partial<RetryPolicy>;
  /** Environment variables; process.env by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ResolveOptions extends HubOptions {
  /** Fetch what is not here (the default). */
  readonly pull?: boolean;
  /** For the name "default": which pulled models this build can chat with. */
  readonly accepts?: (model: ListedModel) => boolean;
}

export interface PulledModel {
  /** The name that finds it again. */
  readonly name: string;
  /** Absent, as repo and commit are, for a local path: nothing is copied. */
  readonly source?: HubSource;
  readonly repo?: string;
  readonly commit?: string;
  readonly quantisation?: string;
  /** The (first) GGUF file, or the directory. */
  readonly path: string;
  readonly bytes: number;
}

export interface PullPreview {
  /** The name that the pulled model will have. */
  readonly name: string;
  readonly repo: string;
  /** Of all its files, as far as the hub says. */
  readonly bytes: number;
}

export interface ResolvedModel {
  readonly name: string;
  /** A directory, or a file. */
  readonly path: string;
  readonly files: FileSet;
  readonly repo?: string;
  readonly commit?: string;
  readonly quantisation?: string;
}

export interface ListedModel extends PulledModel {
  readonly source: HubSource;
  readonly repo: string;
  readonly commit: string;
  readonly format: "gguf" | "safetensors";
  readonly lastUsed: Date;
}
