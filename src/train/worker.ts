// The worker that trains (Node's worker_threads): one run, then it is done. The caller's event loop stays free.

import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { AnyqwenError } from "../core/errors.ts";
import { runTraining } from "./run.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "./types.ts";

export type TrainMessage =
  | { readonly kind: "event"; readonly event: TrainEvent }
  | { readonly kind: "result"; readonly result: TrainResult }
  | { readonly kind: "error"; readonly code: AnyqwenError["code"] | undefined; readonly message: string };

// V8 joins pairs of 128-bit operations to 256-bit ones: f32 products are half again as fast (docs/log.md). Older versions lack it.
if (Number.parseInt(process.versions.v8, 10) >= 12) setFlagsFromString("--experimental-wasm-revectorize");

const send = (message: TrainMessage) => parentPort?.postMessage(message);
const abort = new AbortController();
parentPort?.on("message", () => abort.abort());

try {
  const tell = (event: TrainEvent) => send({ kind: "event", event });
  send({ kind: "result", result: await runTraining(workerData as TrainOptions, { signal: abort.signal, tell }) });
} catch (error) {
  const code = error instanceof AnyqwenError ? error.code : undefined;
  send({ kind: "error", code, message: error instanceof Error ? error.message : String(error) });
}
parentPort?.removeAllListeners("message");
