// Starts the further kernel threads and ends them. They share the memory and wait inside WebAssembly for the next plan.

import { AnyqwenError } from "../../core/errors.ts";
import type { ThreadStart } from "./kernel-thread.ts";

/** Under a name of its own, so that bundlers for pages do not take Node's worker for a file of the page. */
const here = import.meta.url;

interface Thread {
  terminate(): void;
}

/** Resolves once every thread waits for its first command. `threadUrl`: kernel-thread.js, if a bundler moved it. */
export async function startThreads(starts: readonly ThreadStart[], threadUrl?: string | URL): Promise<Thread[]> {
  return Promise.all(starts.map((start) => startThread(start, threadUrl)));
}

async function startThread(start: ThreadStart, threadUrl: string | URL | undefined): Promise<Thread> {
  if (typeof process !== "undefined" && process.versions?.node !== undefined) {
    const { Worker: NodeWorker } = await import("node:worker_threads");
    const url = threadUrl ? new URL(threadUrl, here) : beside();
    const worker = new NodeWorker(url, { workerData: start, execArgv: [] });
    worker.unref();
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", (cause) => reject(failed(url, cause)));
    });
    return { terminate: () => void worker.terminate() };
  }
  // Bundlers find workers by exactly this form.
  const worker = threadUrl
    ? new Worker(threadUrl, { type: "module" })
    : new Worker(new URL("./kernel-thread.js", import.meta.url), { type: "module" });
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) =>
      reject(failed(threadUrl ?? "kernel-thread.js", event.message || "it could not be loaded"));
    worker.postMessage(start);
  });
  return worker;
}

function failed(url: string | URL, cause: unknown): AnyqwenError {
  return new AnyqwenError("internal", `a kernel thread did not start from ${url}: ${cause}`, { cause });
}

/** The built file lies in dist/; from the sources (tests) that is three folders up. */
function beside(): URL {
  return here.endsWith(".ts") ? new URL("../../../dist/kernel-thread.js", here) : new URL("./kernel-thread.js", here);
}
