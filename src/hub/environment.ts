// What the environment says: which hub, which cache, which token, whether the network may be used. The variables and their
// order are those of huggingface_hub, so that a machine set up for its tools is set up for us.

import { AnyqwenError } from "../core/errors.ts";
import { httpContext } from "./http.ts";
import type { Hub } from "./listing.ts";
import type { HubOptions, HubSource } from "./types.ts";

export function environment(options: HubOptions): Readonly<Record<string, string | undefined>> {
  return options.env ?? globalThis.process?.env ?? {};
}

const isTrue = (value: string | undefined) => value !== undefined && /^(1|on|yes|true)$/i.test(value);

export function isOffline(options: HubOptions): boolean {
  const env = environment(options);
  return options.offline ?? (isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE));
}

export const defaultRevision: Readonly<Record<HubSource, string>> = { huggingface: "main", modelscope: "master" };

/** The hub to ask, with the token that it alone may see. */
export function hubOf(source: HubSource, options: HubOptions): Hub {
  const env = environment(options);
  const publicOne = source === "huggingface" ? "https://huggingface.co" : "https://modelscope.cn";
  const variable = source === "huggingface" ? "HF_ENDPOINT" : "MODELSCOPE_ENDPOINT";
  const from = options.endpoint ? "endpoint is " : `${variable}=`;
  const endpoint = (options.endpoint || env[variable] || publicOne).replace(/\/+$/, "");
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch (cause) {
    throw new AnyqwenError("invalid-argument", `${from}${endpoint}: not an address; write https://host`, {
      cause,
    });
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new AnyqwenError("invalid-argument", `${from}${endpoint}: the address has to start with https:// or http://`);
  }
  const headers: Record<string, string> = {};
  if (source === "huggingface") {
    const token = env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN;
    if (token) headers.authorization = `Bearer ${checked(token, "HF_TOKEN")}`;
  } else if (env.MODELSCOPE_API_TOKEN) {
    headers.cookie = `m_session_id=${checked(env.MODELSCOPE_API_TOKEN, "MODELSCOPE_API_TOKEN")}`;
  }
  return { source, endpoint, http: httpContext(options, { origin: url.origin, headers }) };
}

/** A header value; the message never shows the token. */
function checked(token: string, variable: string): string {
  const value = token.trim();
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new AnyqwenError("invalid-argument", `${variable} holds characters that no token has; check how it is set`);
}
