// A kernel thread: one instance of the kernels on each bank's shared memory. It replays the plans of whichever bank it is told to,
// until it is told to end.

import type { KernelExports } from "./module.ts";

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  /** Commands come through the first one. */
  readonly banks: readonly { readonly memory: WebAssembly.Memory; readonly context: number }[];
  readonly thread: number;
}

function serve({ module, banks, thread }: ThreadStart, ready: () => void): void {
  // Not module.ts's: this file has to stand alone when it is built.
  const kernels = banks.map(({ memory }) => {
    const imports = { env: { memory, abort: () => undefined } };
    return new WebAssembly.Instance(module, imports).exports as unknown as KernelExports;
  });
  ready();
  const { context } = banks[0];
  for (let seen = 0; ; ) {
    seen = kernels[0].awaitCommand(context, seen);
    const bank = kernels[0].command(context);
    if (bank < 0) return;
    kernels[bank].replay(banks[bank].context, thread);
  }
}

if (typeof process !== "undefined" && process.versions?.node !== undefined) {
  const { parentPort, workerData } = await import("node:worker_threads");
  serve(workerData as ThreadStart, () => parentPort?.postMessage("ready"));
} else {
  addEventListener("message", (event: MessageEvent<ThreadStart>) => serve(event.data, () => postMessage("ready")), {
    once: true,
  });
}
