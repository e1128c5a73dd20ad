// What a user may call a model: a path, a repository on Hugging Face or ModelScope with an optional quantisation or revision,
// a short name, or "default". Pure text; whether something exists is decided in resolve.ts.

import { AnyqwenError } from "../core/errors.ts";
import { catalogue, nearestNames } from "./catalogue.ts";
import { normaliseQuantisation } from "./choose.ts";
import type { HubSource } from "./types.ts";

export interface RepositoryName {
  readonly kind: "repository";
  /** As the user wrote it. */
  readonly text: string;
  readonly source: HubSource;
  /** "org/name", in order of preference; several only for short names. */
  readonly repos: readonly string[];
  readonly revision?: string;
  readonly quantisation?: string;
}

export type ModelName =
  | { readonly kind: "default" }
  | { readonly kind: "path"; readonly path: string }
  | RepositoryName;

const schemes: readonly { readonly pattern: RegExp; readonly source: HubSource }[] = [
  { pattern: /^(?:hf|huggingface):(?:\/\/)?/i, source: "huggingface" },
  { pattern: /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\//i, source: "huggingface" },
  { pattern: /^(?:ms|modelscope):(?:\/\/)?/i, source: "modelscope" },
  { pattern: /^(?:https?:\/\/)?(?:www\.)?modelscope\.(?:cn|ai)\/(?:models\/)?/i, source: "modelscope" },
];

export function parseModelName(text: string): ModelName {
  const name = text.trim();
  if (name === "")
    throw new AnyqwenError("invalid-argument", "the model's name is empty; give a name, a directory or a file");
  if (/\p{Cc}/u.test(name)) {
    throw new AnyqwenError("invalid-argument", `${JSON.stringify(name)}: a model's name has no control characters`);
  }
  if (name === "default") return { kind: "default" };
  for (const { pattern, source } of schemes) {
    const match = pattern.exec(name);
    if (match) return repository(name, name.slice(match[0].length), source);
  }
  if (/^(?:[./~]|[A-Za-z]:[\\/])|\\|[/\\]$|\.(?:gguf|safetensors|json|jinja)$/i.test(name))
    return { kind: "path", path: name };
  if (name.includes("/")) {
    // More than one slash cannot be a repository, so it is a path that may be missing.
    const [bare] = name.split(/[:@]/);
    return bare.split("/").length === 2 ? repository(name, name, "huggingface") : { kind: "path", path: name };
  }
  return shortName(name);
}

/** "org/name", "org/name:Q4_K_M", "org/name@revision", or both in either order. */
function repository(text: string, rest: string, source: HubSource): RepositoryName {
  const browsed = rest.replace(/\/(?:tree|blob|resolve)\/([^/:@]+)\/?$/, "@$1").replace(/\/$/, "");
  const match = /^([^:@]+)(?:@([^:@]+))?(?::([^:@]+))?(?:@([^:@]+))?$/.exec(browsed);
  if (!match || (match[2] && match[4])) {
    throw new AnyqwenError(
      "invalid-argument",
      `${text}: not a repository; write org/name, org/name:Q4_K_M or org/name@revision`,
    );
  }
  const revision = match[2] ?? match[4];
  checkRepository(match[1], text);
  if (revision !== undefined) checkRevision(revision, text);
  return {
    kind: "repository",
    text,
    source,
    repos: [match[1]],
    ...(revision !== undefined && { revision }),
    ...(match[3] !== undefined && { quantisation: normaliseQuantisation(match[3]) }),
  };
}

function shortName(text: string): RepositoryName {
  const wanted = text.toLowerCase();
  const found = [...catalogue.keys()]
    .filter((name) => wanted === name || (wanted.startsWith(name) && /[-:]/.test(wanted[name.length])))
    .sort((a, b) => b.length - a.length)[0];
  const entry = found === undefined ? undefined : catalogue.get(found);
  const suffix = found === undefined ? "" : wanted.slice(found.length + 1);
  if (!entry || (suffix !== "" && !/^(?:ud-)?(?:i?q|bf?16|f|fp|mxfp|tq)[0-9a-z_-]*$/.test(suffix))) {
    const sizes = [...catalogue.keys()].filter((name) => name.startsWith(`${wanted}:`));
    const hint =
      sizes.length > 0 ? `choose a size: ${sizes.join(", ")}` : `did you mean ${nearestNames(text).join(", ")}?`;
    throw new AnyqwenError(
      "not-found",
      `${text}: no file or directory of this name here, and no such short name; ${hint} ` +
        "A Hugging Face repository is written org/name, a file by its path.",
    );
  }
  return {
    kind: "repository",
    text,
    source: "huggingface",
    repos: entry.repos,
    ...(suffix !== "" && { quantisation: normaliseQuantisation(suffix) }),
  };
}

/** Repository names become folder names, so nothing may pass that could leave the cache. Rules as in huggingface_hub. */
export function checkRepository(repo: string, text = repo): void {
  const parts = repo.split("/");
  const ok =
    parts.length === 2 && parts.every((part) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/.test(part));
  if (ok && !repo.includes("--") && !repo.includes("..")) return;
  throw new AnyqwenError(
    "invalid-argument",
    `${text}: ${JSON.stringify(repo)} is not a repository; it is written org/name, with letters, digits, ".", "_" and "-"`,
  );
}

/** A branch, tag or commit; also a file name below refs/. */
function checkRevision(revision: string, text = revision): void {
  const ok = revision.length <= 200 && revision.split("/").every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
  if (ok && !revision.includes("..") && !revision.endsWith(".lock")) return;
  throw new AnyqwenError("invalid-argument", `${text}: ${JSON.stringify(revision)} is not a branch, tag or commit`);
}

/** File names come from a server; those that could land outside the snapshot's folder are refused. */
export function checkFileName(path: string, where: string): void {
  const parts = path.split("/");
  const plain = (part: string) => part !== "" && part !== "." && part !== ".." && !/[\p{Cc}\\:*?"<>|]/u.test(part);
  if (path.length <= 512 && parts.length <= 8 && parts.every(plain)) return;
  throw new AnyqwenError(
    "format",
    `${where}: lists a file ${JSON.stringify(path.slice(0, 200))}, which is not a safe relative name`,
  );
}
