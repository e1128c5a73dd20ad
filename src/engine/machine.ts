// What the machine has: cores and memory, in Node, Bun, Deno and browsers.

interface NodeOs {
  availableParallelism(): number;
  totalmem(): number;
}

async function nodeOs(): Promise<NodeOs | undefined> {
  return globalThis.process?.versions?.node ? import("node:os") : undefined;
}

/** More threads than this gain nothing where memory bandwidth is the limit. */
const MOST_THREADS = 8;

export async function defaultThreads(): Promise<number> {
  const os = await nodeOs();
  const cores = os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
  return Math.max(1, Math.min(cores, MOST_THREADS));
}

/** Whether threads can share memory here; a page needs cross-origin isolation (COOP and COEP headers) for it. */
export function sharesMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined" && globalThis.crossOriginIsolated !== false;
}

/** Bytes of memory that a process here may use, if the platform says so. Browsers do not say it exactly enough. */
export async function machineMemory(): Promise<number | undefined> {
  const os = await nodeOs();
  if (!os) return undefined;
  // A container's limit; absent or enormous where there is none.
  const constrained = process.constrainedMemory?.() ?? 0;
  const total = os.totalmem();
  return constrained > 0 && constrained < total ? constrained : total;
}
