// What to serve when nobody names a model: what "default" finds, and where nothing is pulled yet, an offer to pull a first one.

import { AnyqwenError } from "../../core/errors.ts";
import { bestModel, previewPull, pull } from "../../hub/hub.ts";
import { confirmed } from "./confirm.ts";
import { formatBytes, warn } from "./output.ts";
import { startProgress } from "./progress.ts";

/** Answers on any machine, and is here in a minute or two. */
const firstModel = "qwen3:0.6b";

/** `named`, else "default"; whose error says how to get a model if there is none and nobody to ask. */
export async function modelToServe(named: string | undefined, { offline }: { offline?: true }): Promise<string> {
  if (named !== undefined) return named;
  const nobodyToAsk = !process.stdin.isTTY || !process.stderr.isTTY || offline;
  if (process.env.ANYQWEN_MODEL || nobodyToAsk || (await bestModel())) return "default";
  const { name, repo, bytes } = await previewPull(firstModel);
  warn(`There is no model on this machine yet. ${name} is a small one to begin with (${repo}).`);
  if (!(await confirmed(`Download it, ${formatBytes(bytes)}?`))) return "default";
  return pullShown(firstModel);
}

/** Ctrl-C and SIGTERM stop the download, and only that: afterwards they are the server's again. */
async function pullShown(model: string): Promise<string> {
  const progress = await startProgress("pulling", "bytes");
  const stop = new AbortController();
  const onStop = () => stop.abort(new AnyqwenError("aborted", "interrupted"));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onStop);
  try {
    const pulled = await pull(model, {
      signal: stop.signal,
      onProgress: ({ phase, bytes, totalBytes, detail }) => {
        if (phase === "downloading") progress.update(bytes, totalBytes, detail);
      },
    });
    return pulled.name;
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onStop);
    progress.stop();
  }
}
