// Starts the further kernel threads and ends them. They share the memory and wait inside WebAssembly for the next plan.

import { AnyqwenError } from "../../core/errors.ts";
import type { ThreadStart } from "./kernel-thread.ts";

interface Thread {
  terminate(): void;
}

/** Resolves once every thread waits for its first command. `threadUrl`: kernel-thread.js, if a bundler moved it. */
export async function startThreads(starts: readonly ThreadStart[], threadUrl?: string | URL): Promise<Thread[]> {
  const url = threadUrl ? new URL(threadUrl, import.meta.url) : beside();
  return Promise.all(starts.map((start) => startThread(start, url)));
}

async function startThread(start: ThreadStart, url: URL): Promise<Thread> {
  if (typeof process !== "undefined" && process.versions?.node !== undefined) {
    const { Worker: NodeWorker } = await import("node:worker_threads");
    const worker = new NodeWorker(url, { workerData: start });
    worker.unref();
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", (cause) => reject(failed(url, cause)));
    });
    return { terminate: () => void worker.terminate() };
  }
  const worker = new Worker(url, { type: "module" });
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) => reject(failed(url, event.message));
    worker.postMessage(start);
  });
  return worker;
}

function failed(url: URL, cause: unknown): AnyqwenError {
  return new AnyqwenError("internal", `a kernel thread did not start from ${url.pathname}`, { cause });
}

function beside(): URL {
  const here = import.meta.url;
  return here.endsWith(".ts") ? new URL("../../../dist/kernel-thread.js", here) : new URL("./kernel-thread.js", here);
}
