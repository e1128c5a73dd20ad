// What the machine has: cores and memory, in Node, Bun, Deno and browsers.

interface NodeOs {
  availableParallelism(): number;
  totalmem(): number;
  freemem(): number;
  platform(): string;
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

/** Memory that a model may take here, and what that number is: a verb for "the ... bytes that". */
export interface MachineMemory {
  readonly bytes: number;
  readonly what: string;
}

/** The smallest of the limits that the platform tells. */
export async function machineMemory(): Promise<MachineMemory | undefined> {
  const os = await nodeOs();
  if (!os) return pageMemory();
  const limits = [{ bytes: os.totalmem(), what: "this machine has" }];
  // A container's limit; absent or enormous where there is none.
  const constrained = process.constrainedMemory?.() ?? 0;
  if (constrained > 0) limits.push({ bytes: constrained, what: "this process may use" });
  const free = await freeMemory(os);
  if (free) limits.push({ bytes: free, what: "are free on this machine" });
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

/** What could be had without swapping; files that are only cached count as free. macOS tells nothing comparable. */
async function freeMemory(os: NodeOs): Promise<number | undefined> {
  if (os.platform() === "win32") return os.freemem();
  if (os.platform() !== "linux") return undefined;
  // os.freemem() counts cached files as used in some runtimes
  const { readFile } = await import("node:fs/promises");
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  return Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024 || undefined;
}

/** Browsers tell powers of two, and "8 or more" for most desktops. */
function pageMemory(): MachineMemory | undefined {
  const { deviceMemory } = globalThis.navigator as { deviceMemory?: number };
  if (deviceMemory === undefined || deviceMemory >= 8) return undefined;
  return { bytes: deviceMemory * 2 ** 30, what: "this device has" };
}
