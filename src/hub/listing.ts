// What a repository holds: the listing APIs of the Hugging Face Hub and of ModelScope, read into one shape, and the addresses
// of files. Answers are parsed here, at the border: whatever is missing or of a wrong type is left out or refused.
// Sources: huggingface.co/docs/hub/api; modelscope_hub's Python client.

import { AnyqwenError } from "../core/errors.ts";
import { bodyOf, type HttpContext, HttpError, send, shown, type Watchdog, watched } from "./http.ts";
import { withRetries } from "./retry.ts";
import type { HubSource, RepositoryFile, RepositoryListing } from "./types.ts";

export interface Hub {
  readonly source: HubSource;
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly http: HttpContext;
}

const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");

export function fileUrl(hub: Hub, repo: string, commit: string, path: string): string {
  if (hub.source === "huggingface") return `${hub.endpoint}/${repo}/resolve/${commit}/${encodePath(path)}`;
  const query = new URLSearchParams({ Revision: commit, FilePath: path });
  return `${hub.endpoint}/api/v1/models/${repo}/repo?${query}`;
}

export async function listRepository(hub: Hub, repo: string, revision: string): Promise<RepositoryListing> {
  const { commit, files } = await (hub.source === "huggingface" ? huggingFace : modelScope)(hub, repo, revision);
  if (files.length > mostFiles)
    throw new HttpError("format", `${repo}: lists ${files.length} files, more than ${mostFiles}`, false);
  if (files.length === 0) throw new AnyqwenError("not-found", `${repo}@${revision}: the hub lists no files`);
  return { source: hub.source, repo, revision, commit: commit ?? (await listingId(files)), files };
}

type Found = { commit?: string; files: RepositoryFile[] };

async function huggingFace(hub: Hub, repo: string, revision: string): Promise<Found> {
  const base = `${hub.endpoint}/api/models/${repo}`;
  const rev = encodeURIComponent(revision);
  let found: Found;
  try {
    const { value } = await getJson(hub.http, `${base}/revision/${rev}?blobs=true`);
    const info = record(value);
    found = { commit: hex(info.sha, 40), files: list(info.siblings).flatMap((item) => sibling(record(item))) };
  } catch (error) {
    // A mirror may know the tree alone; a hub that knows the repository not says so in a header.
    if (!(error instanceof HttpError) || error.details.status !== 404 || error.details.hubCode) throw error;
    return { files: await tree(hub, `${base}/tree/${rev}`) };
  }
  if (found.files.length > 0 && found.files.every((file) => file.size === undefined)) {
    const files = await tree(hub, `${base}/tree/${found.commit ?? rev}`).catch((error: unknown) => {
      if (error instanceof HttpError && error.code === "not-found") return found.files;
      throw error;
    });
    return { commit: found.commit, files };
  }
  return found;
}

function sibling(item: Record<string, unknown>): RepositoryFile[] {
  const lfs = record(item.lfs);
  return typeof item.rfilename === "string"
    ? [file(item.rfilename, item.size ?? lfs.size, lfs.sha256 ?? lfs.oid, item.blobId)]
    : [];
}

const mostPages = 200;
const mostFiles = 20_000;

async function tree(hub: Hub, address: string): Promise<RepositoryFile[]> {
  const files: RepositoryFile[] = [];
  let url: string | undefined = `${address}?recursive=true`;
  for (let page = 0; url !== undefined; page++) {
    if (page === mostPages)
      throw new HttpError("format", `${address}: a listing of more than ${mostPages} pages`, false);
    const { value, headers }: { value: unknown; headers: Headers } = await getJson(hub.http, url);
    for (const entry of list(value)) {
      const item = record(entry);
      const lfs = record(item.lfs);
      if (item.type === "file" && typeof item.path === "string") {
        files.push(file(item.path, lfs.size ?? item.size, lfs.oid ?? lfs.sha256, item.oid));
      }
    }
    const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get("link") ?? "")?.[1];
    url = next === undefined ? undefined : new URL(next, url).href;
  }
  return files;
}

/** An unknown revision is answered with 200 and no files. Every file has a SHA-256; commits are not always named. */
async function modelScope(hub: Hub, repo: string, revision: string): Promise<Found> {
  const query = new URLSearchParams({ Revision: revision, Recursive: "true" });
  const { value } = await getJson(hub.http, `${hub.endpoint}/api/v1/models/${repo}/repo/files?${query}`);
  const answer = record(value);
  if (answer.Success === false || (typeof answer.Code === "number" && answer.Code !== 200)) {
    throw new HttpError(
      "not-found",
      `${repo}: ModelScope answers ${String(answer.Code)}: ${String(answer.Message)}`,
      false,
    );
  }
  const data = record(answer.Data);
  const items = list(data.Files).map(record);
  const files = items.flatMap((item) =>
    item.Type !== "tree" && typeof item.Path === "string" ? [file(item.Path, item.Size, item.Sha256, undefined)] : [],
  );
  const latest = record(data.LatestCommitter);
  const commit = hex(latest.Id, 40) ?? hex(latest.Revision, 40) ?? hex(revision, 40);
  return { commit, files };
}

/** What the hub says of a file when it is asked for it: for listings that name no hash. */
export async function describeFile(hub: Hub, url: string, known: RepositoryFile): Promise<RepositoryFile> {
  if (known.size !== undefined && (known.sha256 ?? known.gitSha1) !== undefined) return known;
  const attempt = async (watchdog: Watchdog) => {
    const { response, hub: headers } = await send(hub.http, url, { method: "HEAD", watchdog, onlyHub: true });
    const etag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replace(/^W\//, "").replace(/"/g, "");
    const length = headers.get("x-linked-size") ?? (response.ok ? headers.get("content-length") : null);
    const size = known.size ?? (length === null ? undefined : Number(length));
    return file(known.path, size, known.sha256 ?? etag, known.gitSha1 ?? etag);
  };
  return withRetries(hub.http, () => watched(hub.http, attempt)).catch((error: unknown) => {
    // A server that does not answer HEAD says no more than it listed; the download itself will tell.
    if (error instanceof HttpError && !error.transient) return known;
    throw error;
  });
}

const mostJson = 32 * 2 ** 20;

/** A JSON answer of bounded size, with its headers. */
async function getJson(http: HttpContext, url: string): Promise<{ value: unknown; headers: Headers }> {
  const attempt = async (watchdog: Watchdog) => {
    const { response } = await send(http, url, { headers: { accept: "application/json" }, watchdog });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of bodyOf(response, http, watchdog, shown(url))) {
      length += part.length;
      if (length > mostJson)
        throw new HttpError("format", `${shown(url)}: a listing of more than ${mostJson} bytes`, false);
      parts.push(part);
    }
    const text = await new Blob(parts as BlobPart[]).text();
    try {
      return { value: JSON.parse(text) as unknown, headers: response.headers };
    } catch (cause) {
      const what = /^\s*</.test(text) ? "an HTML page (a log-in or captive portal?)" : "something that is not JSON";
      throw new HttpError("network", `${shown(url)}: answers with ${what}`, false, { cause });
    }
  };
  return withRetries(http, () => watched(http, attempt));
}

function file(path: string, size: unknown, sha256: unknown, gitSha1: unknown): RepositoryFile {
  const content = hex(sha256, 64);
  const blob = hex(gitSha1, 40);
  return {
    path,
    ...(typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && { size }),
    // Of a file in LFS the git blob is the pointer, not the content.
    ...(content !== undefined ? { sha256: content } : blob !== undefined && { gitSha1: blob }),
  };
}

/** Stands in for a commit where the hub names none: the same files give the same name. */
async function listingId(files: readonly RepositoryFile[]): Promise<string> {
  const lines = files.map(({ path, size, sha256, gitSha1 }) => `${path} ${size} ${sha256 ?? gitSha1}\n`).sort();
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(lines.join("")));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function hex(value: unknown, digits: number): string | undefined {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/i.test(value)
    ? value.toLowerCase()
    : undefined;
}
