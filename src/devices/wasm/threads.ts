// The threads of one model. They share all banks' memories; the further ones wait inside WebAssembly for the next plan. Which bank's
// it is comes through the first bank, so that they wait in one place and go from bank to bank without sleeping.

import { AnyqwenError } from "../../core/errors.ts";
import type { ThreadStart } from "./kernel-thread.ts";
import { context } from "./layout.ts";
import type { KernelExports } from "./module.ts";

/** Under a name of its own, so that bundlers for pages do not take Node's worker for a file of the page. */
const here = import.meta.url;

interface Thread {
  terminate(): void;
}

/** What threads must know of a bank. */
interface Workplace {
  readonly memory: { readonly memory: WebAssembly.Memory; readonly view: DataView };
  readonly context: number;
  readonly exports: KernelExports;
}

export class Team {
  private constructor(
    private readonly banks: readonly Workplace[],
    private readonly helpers: readonly Thread[],
  ) {}

  /** Resolves once every thread waits for its first command. `threadUrl`: kernel-thread.js, if a bundler moved it. */
  static async start(
    module: WebAssembly.Module,
    banks: readonly Workplace[],
    threads: number,
    threadUrl?: string | URL,
  ): Promise<Team> {
    const places = banks.map(({ memory, context }) => ({ memory: memory.memory, context }));
    const helpers = Array.from({ length: threads - 1 }, (_, n) =>
      startThread({ module, banks: places, thread: n + 1 }, threadUrl),
    );
    return new Team(banks, await Promise.all(helpers));
  }

  /** Lets all threads replay `length` instructions that lie in a bank from `plan` on. */
  run(bank: number, plan: number, length: number): void {
    const [first] = this.banks;
    const { memory, exports, context: at } = this.banks[bank];
    memory.view.setUint32(at + context.plan, plan, true);
    memory.view.setUint32(at + context.planLength, length, true);
    first.exports.start(first.context, bank);
    exports.replay(at, 0);
  }

  stop(): void {
    this.banks[0].exports.start(this.banks[0].context, -1);
    for (const thread of this.helpers) thread.terminate();
  }
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
