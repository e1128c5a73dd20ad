// A kernel thread: one instance of the kernels on the shared memory, which replays plans until it is told to end.

import type { KernelExports } from "./module.ts";

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly context: number;
  readonly thread: number;
  readonly seen: number;
}

function serve(start: ThreadStart, ready: () => void): void {
  const imports = { env: { memory: start.memory, abort: () => undefined } };
  const instance = new WebAssembly.Instance(start.module, imports);
  ready();
  (instance.exports as unknown as KernelExports).serve(start.context, start.thread, start.seen);
}

if (typeof process !== "undefined" && process.versions?.node !== undefined) {
  const { parentPort, workerData } = await import("node:worker_threads");
  serve(workerData as ThreadStart, () => parentPort?.postMessage("ready"));
} else {
  addEventListener("message", (event: MessageEvent<ThreadStart>) => serve(event.data, () => postMessage("ready")), {
    once: true,
  });
}
