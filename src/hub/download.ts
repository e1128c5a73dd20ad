// One file from a hub onto the disk (Node). Bytes go to a partial file that a later attempt, or a later process, continues by
// range; size and hash are checked, then the file is synced and renamed. A server that lies is refused, not tried again.
//
// Why not @huggingface/hub (2.17.5): its downloadFileToCacheDir starts every file anew, compares neither size nor hash, never
// tries again and locks nothing, and brings two packages and 3 MB; its listing is one request. So we speak the protocol
// ourselves, and share its cache layout.

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { AnyqwenError } from "../core/errors.ts";
import { bodyOf, type HttpContext, HttpError, send, shown, type Watchdog, watched } from "./http.ts";
import { withRetries } from "./retry.ts";
import type { RepositoryFile } from "./types.ts";

export interface Download {
  readonly url: string;
  readonly file: RepositoryFile;
  /** Where the bytes gather, on the same volume as the final file. */
  readonly partial: string;
  /** How many bytes of the file are here by now. */
  readonly onBytes: (bytes: number) => void;
}

/** Downloads into `partial`, verifies, and renames to what `target` answers for the content's SHA-256. */
export async function download(http: HttpContext, job: Download, target: (sha256: string) => string): Promise<string> {
  const handle = await open(job.partial, "a+").catch((cause) => diskFailure(job.partial, cause));
  try {
    const state = new PartialFile(job, handle);
    // Without a hash nothing says that an old partial file belongs to this content.
    if (job.file.sha256 ?? job.file.gitSha1) await state.readBack();
    else await state.restart();
    const resumed = state.length > 0;
    const attempt = () => watched(http, (watchdog) => transfer(http, state, watchdog));
    const step = Math.max(1, Math.min(2 ** 20, (job.file.size ?? 0) * 0.05));
    const run = () => withRetries(http, attempt, () => state.length, step);
    await run();
    let fault = state.fault();
    if (fault !== undefined && resumed) {
      // The bytes found on the disk may have been the wrong ones.
      await state.restart();
      await run();
      fault = state.fault();
    }
    if (fault !== undefined) {
      await rm(job.partial, { force: true });
      throw new HttpError(
        "network",
        `${shown(job.url)}: ${fault}; the bytes were thrown away. Try again, or another mirror`,
        false,
      );
    }
    await handle.sync();
    const final = target(state.sha256());
    await rename(job.partial, final);
    return final;
  } catch (error) {
    throw error instanceof AnyqwenError ? error : diskFailure(job.partial, error as NodeJS.ErrnoException);
  } finally {
    await handle.close();
  }
}

/** The partial file and the hashes of what is in it. */
class PartialFile {
  length = 0;
  /** Of the answer the bytes came from; asked for again when the transfer goes on. */
  etag: string | undefined;
  #content: Hash = createHash("sha256");
  #blob: Hash | undefined;

  constructor(
    readonly job: Download,
    readonly handle: FileHandle,
  ) {
    this.#reset();
  }

  #reset(): void {
    const { gitSha1, size } = this.job.file;
    this.length = 0;
    this.#content = createHash("sha256");
    this.#blob = gitSha1 !== undefined && size !== undefined ? createHash("sha1").update(`blob ${size}\0`) : undefined;
  }

  async readBack(): Promise<void> {
    const { size } = await this.handle.stat();
    if (size > (this.job.file.size ?? Number.POSITIVE_INFINITY)) return this.restart();
    const buffer = new Uint8Array(2 ** 20);
    while (this.length < size) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.length);
      if (bytesRead === 0) break;
      this.#take(buffer.subarray(0, bytesRead));
    }
    this.job.onBytes(this.length);
  }

  async restart(): Promise<void> {
    if ((await this.handle.stat()).size > 0) await this.handle.truncate(0);
    this.#reset();
    this.etag = undefined;
    this.job.onBytes(0);
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.length; ) {
      // The handle is in append mode, so a failed write leaves a valid beginning of the file.
      written += (await this.handle.write(chunk, written, chunk.length - written)).bytesWritten;
    }
    this.#take(chunk);
    this.job.onBytes(this.length);
  }

  #take(chunk: Uint8Array): void {
    this.#content.update(chunk);
    this.#blob?.update(chunk);
    this.length += chunk.length;
  }

  sha256(): string {
    return this.#content.copy().digest("hex");
  }

  /** What is wrong with the whole file, if anything. */
  fault(): string | undefined {
    const { size, sha256, gitSha1 } = this.job.file;
    if (size !== undefined && this.length !== size) return `${this.length} bytes came instead of ${size}`;
    if (sha256 !== undefined && this.sha256() !== sha256)
      return `its SHA-256 is ${this.sha256()}, the hub lists ${sha256}`;
    const blob = this.#blob?.copy().digest("hex");
    if (blob !== undefined && blob !== gitSha1) return `its git hash is ${blob}, the hub lists ${gitSha1}`;
    return undefined;
  }
}

/** One request for what is missing. */
async function transfer(http: HttpContext, state: PartialFile, watchdog: Watchdog): Promise<void> {
  const { url, file } = state.job;
  const from = state.length;
  if (from > 0 && from === file.size) return;
  if (file.size === 0) return;
  const headers: Record<string, string> = {};
  if (from > 0) headers.range = `bytes=${from}-`;
  if (from > 0 && state.etag !== undefined) headers["if-range"] = state.etag;
  const { response } = await send(http, url, { headers, watchdog });
  // The watchdog ends the rest of the body.
  const refuse = (what: string): never => {
    throw new HttpError("network", `${shown(url)}: ${what}; refused`, false);
  };

  if (response.status === 416) {
    await response.body?.cancel();
    await state.restart();
    throw new HttpError("network", `${shown(url)}: the server does not go on from byte ${from}`, true);
  }
  if (/^\s*text\/html/i.test(response.headers.get("content-type") ?? "") && !/\.html?$/i.test(file.path)) {
    refuse("an HTML page came instead of the file (a log-in or captive portal?)");
  }
  let total = file.size;
  if (response.status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    if (!range || Number(range[1]) !== from) {
      refuse(`bytes from ${from} on were asked for, the server sends ${response.headers.get("content-range")}`);
    } else if (range[3] !== "*") {
      total ??= Number(range[3]);
      if (Number(range[3]) !== total) refuse(`the server says it has ${range[3]} bytes, the hub lists ${total}`);
    }
  } else if (from > 0) {
    // The server ignores ranges, or the file changed: from the start.
    await state.restart();
  }
  const encoded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
  const length = response.headers.get("content-length");
  if (length !== null && !encoded) {
    total ??= state.length + Number(length);
    const partial = response.status === 206 && state.length + Number(length) < total;
    if (state.length + Number(length) !== total && !partial) {
      refuse(`${state.length + Number(length)} bytes are announced, ${total} are expected`);
    }
  }
  const etag = response.headers.get("etag");
  state.etag = etag?.startsWith('"') ? etag : undefined;

  for await (const chunk of bodyOf(response, http, watchdog, shown(url))) {
    if (total !== undefined && state.length + chunk.length > total)
      refuse(`more than the ${total} bytes come that it has`);
    await state.append(chunk);
  }
  if (total !== undefined && state.length < total) {
    throw new HttpError("network", `${shown(url)}: the connection ended at byte ${state.length} of ${total}`, true);
  }
}

/** Whether the file at `path` holds what the hub lists. */
export async function holds(path: string, file: RepositoryFile): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const state = new PartialFile({ url: "", partial: path, file, onBytes: () => {} }, handle);
    await state.readBack();
    return state.fault() === undefined;
  } finally {
    await handle.close();
  }
}

/** EEXIST: a file is where a folder should be. */
const unwritable = new Set(["EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST", "ENOENT"]);

/** What the file system's refusal means to a user. */
export function diskFailure(path: string, cause: NodeJS.ErrnoException): never {
  if (cause instanceof AnyqwenError) throw cause;
  const why =
    cause.code === "ENOSPC" || cause.code === "EDQUOT"
      ? "the disk is full; free some space and pull again: it goes on where it stopped"
      : unwritable.has(cause.code ?? "")
        ? `cannot be written (${cause.code}); make it writable, or set HF_HOME to a folder that is`
        : cause.message;
  throw new AnyqwenError("io", `${path}: ${why}`, { cause });
}
