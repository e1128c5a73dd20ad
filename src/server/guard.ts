// Who may ask: the Host header against DNS rebinding, an API key compared in constant time, and CORS, off unless origins are named.

import type { HonoRequest, MiddlewareHandler } from "hono";
import { ApiError } from "./errors.ts";

export interface GuardOptions {
  readonly apiKey?: string;
  /** Names under which the server may be asked for, besides addresses of this machine; "*": any. */
  readonly hosts: readonly string[];
  /** Origins of pages that may ask; "*": any. */
  readonly origins: readonly string[];
}

const local = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A page of another site can point its own name at 127.0.0.1, but it cannot change the Host header that the browser sends. */
export function checkHost({ hosts }: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    const name = host.replace(/:\d+$/, "").toLowerCase();
    if (!local.has(name) && !hosts.includes("*") && !hosts.includes(name))
      throw new ApiError(
        403,
        "invalid_request_error",
        `Host ${JSON.stringify(host)} is not served here; start with --allow-host ${name}`,
      );
    await next();
  };
}

export function checkOrigin({ origins }: GuardOptions): MiddlewareHandler {
  const allowed = (origin: string) => origins.includes("*") || origins.includes(origin);
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined && allowed(origin)) {
      c.header("Access-Control-Allow-Origin", origin);
      c.header("Vary", "Origin");
      if (c.req.method === "OPTIONS") {
        c.header("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
        c.header("Access-Control-Allow-Headers", c.req.header("access-control-request-headers") ?? "*");
        c.header("Access-Control-Max-Age", "600");
        return c.body(null, 204);
      }
    } else if (origin !== undefined && c.req.method !== "GET" && !isOwn(origin, c.req.header("host"))) {
      // a page of another site sends a POST without asking first when it calls the body plain text
      throw new ApiError(
        403,
        "invalid_request_error",
        `pages of ${origin} may not ask here; start with --cors ${origin}`,
      );
    }
    await next();
  };
}

function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

type KeyState = "right" | "wrong" | "missing";

/** Says of a request whether it has the key; where none is wanted, all do. */
export function keyReader({ apiKey }: GuardOptions): (request: HonoRequest) => Promise<KeyState> {
  const expected = apiKey === undefined ? undefined : digest(apiKey);
  return async (request) => {
    if (expected === undefined) return "right";
    const bearer = /^Bearer\s+(.+)$/i.exec(request.header("authorization") ?? "")?.[1];
    const given = bearer ?? request.header("x-api-key");
    if (given === undefined) return "missing";
    return sameBytes(await digest(given), await expected) ? "right" : "wrong";
  };
}

export function checkKey(options: GuardOptions): MiddlewareHandler {
  const read = keyReader(options);
  return async (c, next) => {
    const state = await read(c.req);
    if (state === "missing")
      throw new ApiError(401, "authentication_error", "this server wants an API key: Authorization: Bearer KEY", {
        code: "missing_api_key",
      });
    if (state === "wrong")
      throw new ApiError(401, "authentication_error", "this API key is not the server's", { code: "invalid_api_key" });
    await next();
  };
}

/** Digests have one length, so how long the comparison takes tells nothing of the key. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let n = 0; n < a.length; n++) difference |= a[n] ^ b[n];
  return difference === 0;
}
