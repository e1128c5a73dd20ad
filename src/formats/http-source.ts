// A file behind a server that answers range requests. Reads that follow each other, as those of a load do, share one request: it asks
// for more than the read needs, and what comes is handed on as it is read. Nothing is kept but the rest of the last network chunk.

import type { ByteSource } from "../core/bytes.ts";
import { AnyqwenError } from "../core/errors.ts";
import { checkRange } from "./sources.ts";

export interface HttpOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Bytes that the first shared request asks for, and the most that later ones grow to while reads go on. */
const [FIRST_SHARED, LONGEST_SHARED] = [4 * 2 ** 20, 64 * 2 ** 20];
/** A read follows another if it begins at most so far behind its end: tensors are padded. */
const MOST_PADDING = 4096;
/** What is skipped in a request that goes on, rather than making another. */
const MOST_SKIPPED = 2 ** 18;
/** Ends of reads that the next one may follow: several readers take turns. */
const REMEMBERED = 4;
/** A shared request that nobody reads on is given up after this. */
const IDLE_MS = 10_000;

/** Asks for the file's size first. */
export async function httpSource(url: string, options: HttpOptions = {}): Promise<ByteSource> {
  const probe = await requestRange(url, 0, 1, options);
  await probe.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(probe.headers.get("content-range") ?? "")?.[1]);
  if (!Number.isSafeInteger(size)) {
    throw new AnyqwenError("network", `${url}: the server does not say how long the file is (Content-Range)`);
  }
  return new HttpSource(url, size, options);
}

class HttpSource implements ByteSource {
  readonly #options: HttpOptions;
  readonly #ends: number[] = [];
  #shared: RangeStream | undefined;
  #sharedBytes = FIRST_SHARED;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly name: string,
    readonly size: number,
    options: HttpOptions,
  ) {
    this.#options = options;
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    checkRange(this, offset, into.length);
    if (into.length === 0) return;
    const follows = this.#ends.some((end) => offset >= end && offset - end <= MOST_PADDING);
    this.#ends.push(offset + into.length);
    if (this.#ends.length > REMEMBERED) this.#ends.shift();
    const filled = await this.#readShared(offset, into, follows);
    // What the shared request could not give, because it broke or is another's just now, has a request of its own.
    if (filled < into.length) await this.#readAlone(offset + filled, into.subarray(filled));
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#shared?.cancel();
  }

  async #readShared(offset: number, into: Uint8Array, follows: boolean): Promise<number> {
    clearTimeout(this.#idle);
    let filled = 0;
    // Where one request ends the next one goes on.
    for (let requests = 0; requests < 2 && filled < into.length; requests++) {
      const from = offset + filled;
      if (!this.#shared?.reaches(from)) {
        if (this.#shared?.busy || !(follows || filled > 0)) break;
        this.#shared = this.#nextShared(from, offset + into.length);
      }
      filled += await this.#shared.fill(from, into.subarray(filled));
    }
    if (this.#shared && !this.#shared.busy) this.#idle = setTimeout(() => void this.#shared?.cancel(), IDLE_MS);
    // Node would wait for it.
    (this.#idle as { unref?: () => void } | undefined)?.unref?.();
    return filled;
  }

  #nextShared(from: number, atLeast: number): RangeStream {
    const goesOn = this.#shared?.usedUp ?? false;
    this.#sharedBytes = goesOn ? Math.min(LONGEST_SHARED, 2 * this.#sharedBytes) : FIRST_SHARED;
    void this.#shared?.cancel();
    const end = Math.min(this.size, Math.max(atLeast, from + this.#sharedBytes));
    return new RangeStream(this.name, from, end, this.#options);
  }

  async #readAlone(offset: number, into: Uint8Array): Promise<void> {
    const stream = new RangeStream(this.name, offset, offset + into.length, this.#options);
    const filled = await stream.fill(offset, into);
    await stream.finish();
    if (stream.failure) throw stream.failure;
    if (filled === into.length) return;
    throw new AnyqwenError("network", `${this.name}: the server sent ${filled} of ${into.length} bytes from ${offset}`);
  }
}

/** The answer to one request, read front to back. */
class RangeStream {
  readonly #url: string;
  readonly #start: number;
  readonly #end: number;
  readonly #options: HttpOptions;
  #reader: Promise<ReadableStreamDefaultReader<Uint8Array> | undefined> | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  /** Where #rest begins. */
  #position: number;
  #over = false;
  busy = false;
  failure: AnyqwenError | undefined;

  constructor(url: string, start: number, end: number, options: HttpOptions) {
    this.#url = url;
    this.#start = start;
    this.#end = end;
    this.#position = start;
    this.#options = options;
  }

  get usedUp(): boolean {
    return this.#position === this.#end;
  }

  reaches(offset: number): boolean {
    const ahead = offset - this.#position;
    return !this.busy && !this.#over && ahead >= 0 && ahead <= MOST_SKIPPED && offset < this.#end;
  }

  /** Reads from `offset` on until `into` is full or nothing more comes; says how much came. */
  async fill(offset: number, into: Uint8Array): Promise<number> {
    let filled = 0;
    this.busy = true;
    try {
      while (filled < into.length && (this.#rest.length > 0 || (await this.#next()))) {
        const skipped = Math.min(this.#rest.length, Math.max(0, offset - this.#position));
        const piece = this.#rest.subarray(skipped, skipped + into.length - filled);
        into.set(piece, filled);
        filled += piece.length;
        this.#rest = this.#rest.subarray(skipped + piece.length);
        this.#position += skipped + piece.length;
      }
    } catch (cause) {
      await this.cancel();
      this.failure = this.#broken(cause);
    }
    this.busy = false;
    return filled;
  }

  /** Nothing more may come. */
  async finish(): Promise<void> {
    if (!this.#over && (await this.fill(this.#end, new Uint8Array(1))) > 0) await this.cancel();
  }

  async cancel(): Promise<void> {
    this.#over = true;
    this.#rest = new Uint8Array(0);
    await this.#reader?.then((reader) => reader?.cancel()).catch(() => {});
  }

  async #next(): Promise<boolean> {
    this.#reader ??= requestRange(this.#url, this.#start, this.#end, this.#options).then(({ body }) =>
      body?.getReader(),
    );
    const { done, value } = (await (await this.#reader)?.read()) ?? { done: true };
    if (done || !value) {
      this.#over = true;
      return false;
    }
    if (this.#position + value.length > this.#end) {
      throw new AnyqwenError("network", `${this.#url}: the server sent more than bytes ${this.#start} to ${this.#end}`);
    }
    this.#rest = value;
    return true;
  }

  #broken(cause: unknown): AnyqwenError {
    if (cause instanceof AnyqwenError) return cause;
    if (this.#options.signal?.aborted)
      return new AnyqwenError("aborted", `${this.#url}: aborted by the caller`, { cause });
    return new AnyqwenError("network", `${this.#url}: the connection broke at byte ${this.#position} (${cause})`, {
      cause,
    });
  }
}

/** Asks for bytes [start, end). */
async function requestRange(url: string, start: number, end: number, options: HttpOptions): Promise<Response> {
  const { signal } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  let response: Response;
  try {
    response = await fetch(url, { headers: { ...options.headers, range: `bytes=${start}-${end - 1}` }, signal });
  } catch (cause) {
    if (signal?.aborted) throw new AnyqwenError("aborted", `${url}: aborted by the caller`, { cause });
    throw new AnyqwenError("network", `${url}: the request failed (${cause}); check the address and CORS`, { cause });
  }
  if (response.status === 206) return response;
  await response.body?.cancel();
  if (response.status === 404) throw new AnyqwenError("not-found", `${url}: the server says 404`);
  const why = response.status === 200 ? "ignores range requests; download the file instead" : "refuses";
  throw new AnyqwenError("network", `${url}: the server answers ${response.status} to a range request: it ${why}`);
}
