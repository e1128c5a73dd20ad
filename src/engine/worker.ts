// The engine's worker, in Node (worker_threads) and in pages (Web Worker): messages in, messages out. The weights live here.

import { EngineHost } from "./host.ts";
import type { Reply, Request } from "./messages.ts";

interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

function serve(port: Port): (request: Request) => void {
  const host = new EngineHost((reply: Reply, transfer = []) => port.postMessage(reply, transfer as Transferable[]));
  return (request) => host.handle(request);
}

if (globalThis.process?.versions?.node) {
  const { parentPort } = await import("node:worker_threads");
  const handle = serve(parentPort as unknown as Port);
  parentPort?.on("message", handle);
} else {
  const handle = serve(globalThis as unknown as Port);
  globalThis.addEventListener("message", ({ data }: MessageEvent<Request>) => handle(data));
}
