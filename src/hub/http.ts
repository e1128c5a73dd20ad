// One HTTP request as a hub needs it: redirects followed by our own rules, a dead connection noticed, failures sorted into
// those worth another try and those that are not. No Node modules; `fetch` is the caller's.
// Rules: a token goes to the endpoint it belongs to and to no other host; never from https to http; no loops.

import { AnyqwenError, type ErrorCode, throwIfAborted } from "../core/errors.ts";
import type { HubOptions, RetryPolicy } from "./types.ts";

export interface HttpContext {
  readonly fetch: typeof globalThis.fetch;
  readonly signal?: AbortSignal;
  readonly retry: RetryPolicy;
  /** Headers that only `origin` may see. */
  readonly secret?: { readonly origin: string; readonly headers: Readonly<Record<string, string>> };
}

const defaultRetry: RetryPolicy = { attempts: 5, firstDelayMs: 500, longestDelayMs: 60_000, stallMs: 30_000 };

export function httpContext(options: HubOptions, secret?: HttpContext["secret"]): HttpContext {
  return {
    fetch: options.fetch ?? globalThis.fetch,
    signal: options.signal,
    retry: { ...defaultRetry, ...options.retry },
    secret,
  };
}

export class HttpError extends AnyqwenError {
  constructor(
    code: ErrorCode,
    message: string,
    /** Whether the same request may go better a little later. */
    readonly transient: boolean,
    readonly details: { status?: number; retryAfterMs?: number; hubCode?: string; cause?: unknown } = {},
  ) {
    super(code, message, { cause: details.cause });
  }
}

/** A URL for messages: signed addresses carry secrets in their query, addresses of users may carry passwords. */
export function shown(url: string | URL): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Ends a request when nothing has come for a while, or when the caller aborts. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  readonly #milliseconds: number;
  readonly #outer?: AbortSignal;
  readonly #abort = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** True once the silence was too long. */
  stalled = false;

  constructor(milliseconds: number, outer?: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.#outer = outer;
    outer?.addEventListener("abort", this.#abort);
    this.touch();
  }

  /** Something came. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.stalled = true;
      this.#abort();
    }, this.#milliseconds);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
    this.#abort();
  }
}

/** Runs one request, with its body, under a watchdog. */
export async function watched<T>(http: HttpContext, run: (watchdog: Watchdog) => Promise<T>): Promise<T> {
  const watchdog = new Watchdog(http.retry.stallMs, http.signal);
  try {
    return await run(watchdog);
  } finally {
    watchdog.close();
  }
}

export interface Answer {
  readonly response: Response;
  /** Of the endpoint's own last answer, before any other host: it names hash and size. */
  readonly hub: Headers;
}

const mostRedirects = 8;

/** One request, redirects followed; fails with HttpError unless the status is 2xx (or 416, which a resume has to see). */
export async function send(
  http: HttpContext,
  url: string,
  init: { method?: string; headers?: Record<string, string>; watchdog: Watchdog; onlyHub?: boolean },
): Promise<Answer> {
  const seen = new Set<string>();
  let hub: Headers | undefined;
  let target = new URL(url);
  const { origin } = target;
  let trusted = true;
  for (;;) {
    trusted &&= target.origin === http.secret?.origin;
    seen.add(target.href);
    const response = await fetchOnce(
      http,
      target,
      {
        method: init.method ?? "GET",
        redirect: "manual",
        headers: { "accept-encoding": "identity", ...init.headers, ...(trusted ? http.secret?.headers : undefined) },
        signal: init.watchdog.signal,
      },
      init.watchdog,
    );
    if (hub === undefined || target.origin === origin) hub = response.headers;
    const redirect = response.status >= 300 && response.status < 400 && response.headers.get("location");
    if (!redirect) {
      if (response.ok || response.status === 416) return { response, hub };
      throw await refusal(response, target, http);
    }
    await response.body?.cancel();
    target = follow(target, redirect, seen);
    if (init.onlyHub && target.origin !== origin) return { response, hub };
  }
}

function follow(from: URL, location: string, seen: ReadonlySet<string>): URL {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch (cause) {
    throw new HttpError("network", `${shown(from)}: redirects to something that is no address`, false, { cause });
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw new HttpError("network", `${shown(from)}: redirects to ${to.protocol}, which is refused`, false);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new HttpError(
      "network",
      `${shown(from)}: redirects from https to http (${to.host}), which is refused`,
      false,
    );
  }
  if (seen.has(to.href) || seen.size > mostRedirects) {
    throw new HttpError("network", `${shown(from)}: redirects in a circle or more than ${mostRedirects} times`, false);
  }
  return to;
}

async function fetchOnce(http: HttpContext, url: URL, init: RequestInit, watchdog: Watchdog): Promise<Response> {
  throwIfAborted(http.signal);
  try {
    return await http.fetch(url.href, init);
  } catch (cause) {
    throw broken(http, watchdog, `${shown(url)}: no answer`, cause);
  }
}

/** What a failed request or body stands for: the caller's wish, silence, or a broken connection. */
function broken(http: HttpContext, watchdog: Watchdog, what: string, cause: unknown): Error {
  if (cause instanceof AnyqwenError) return cause;
  if (http.signal?.aborted) return new AnyqwenError("aborted", "aborted by the caller", { cause: http.signal.reason });
  if (watchdog.stalled)
    return new HttpError("network", `${what}: silence for ${http.retry.stallMs} ms`, true, { cause });
  return new HttpError(
    "network",
    `${what} (${reason(cause)}); check the network, or set HF_ENDPOINT to a mirror`,
    true,
    {
      cause,
    },
  );
}

function reason(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message || (inner as Error & { code?: string }).code || inner.name;
}

async function refusal(response: Response, url: URL, http: HttpContext): Promise<HttpError> {
  await response.body?.cancel();
  const { status } = response;
  const where = shown(url);
  const hubCode = response.headers.get("x-error-code") ?? undefined;
  const more = { status, hubCode };
  if (status === 401 || status === 403) {
    const why =
      "no such repository, or one that needs permission: check the name, or set HF_TOKEN to a token that may read it";
    return new HttpError(
      hubCode === "GatedRepo" ? "network" : "not-found",
      `${where}: the hub answers ${status}: ${why}`,
      false,
      more,
    );
  }
  if (status === 404 || status === 410) {
    return new HttpError(
      "not-found",
      `${where}: not found (${hubCode ?? status}); check the name and the revision`,
      false,
      more,
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(response.headers.get("retry-after"));
    const tooLong = retryAfterMs !== undefined && retryAfterMs > http.retry.longestDelayMs;
    const wait = tooLong ? ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s; try again then` : "";
    return new HttpError("network", `${where}: the hub answers ${status}${wait}`, !tooLong, { ...more, retryAfterMs });
  }
  return new HttpError("network", `${where}: the hub answers ${status}`, false, more);
}

function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

/** The chunks of a body; a break is an HttpError. */
export async function* bodyOf(
  response: Response,
  http: HttpContext,
  watchdog: Watchdog,
  what: string,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    let next: { done: boolean; value?: Uint8Array };
    try {
      next = await reader.read();
    } catch (cause) {
      throw broken(http, watchdog, `${what}: the connection broke`, cause);
    }
    watchdog.touch();
    if (next.done) return;
    if (next.value) yield next.value;
  }
}
