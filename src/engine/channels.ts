// The two ways to an engine: a worker of its own (Node's worker_threads, or a Web Worker), or this thread.

import { AnyqwenError } from "../core/errors.ts";
import { type Channel, errorReply, isEnd, type Reply } from "./messages.ts";

/** Runs the engine here, one turn of the event queue apart, so that replies never come before the call returns. */
export function inProcessChannel(): Channel {
  const host = import("./host.ts").then(({ EngineHost }) => new EngineHost((reply) => channel.onReply(reply)));
  const channel: Channel = {
    post: (request) => void host.then((engine) => engine.handle(request)),
    onReply() {},
    onFailure() {},
    close: async () => (await host).close(),
  };
  return channel;
}

export function workerChannel(workerUrl?: string | URL): Channel {
  return globalThis.process?.versions?.node ? nodeWorkerChannel(workerUrl) : webWorkerChannel(workerUrl);
}

/** Under a name of its own, so that bundlers for pages do not take Node's worker for a file of the page. */
const here = import.meta.url;

function nodeWorkerChannel(workerUrl?: string | URL): Channel {
  // All built files lie in one folder.
  const url = workerUrl === undefined ? new URL("./worker.js", here) : new URL(workerUrl, `file://${process.cwd()}/`);
  const underWay = new Set<number>();
  const started = import("node:worker_threads").then(({ Worker }) => {
    // Node hands its own arguments on, and some of them (--input-type) a worker refuses.
    const worker = new Worker(url, { execArgv: [] });
    worker.on("message", (reply: Reply) => {
      if (isLast(reply)) underWay.delete(reply.id);
      // A program that has nothing else to do may end; a request under way keeps it.
      if (underWay.size === 0) worker.unref();
      channel.onReply(reply);
    });
    worker.on("error", (cause) => channel.onFailure(died(String(cause), cause)));
    worker.on("exit", (code) => channel.onFailure(died(`it ended with code ${code}`)));
    return worker;
  });
  const channel: Channel = {
    post(request) {
      if (request.kind === "call" || request.kind === "stream") underWay.add(request.id);
      void started
        .then((worker) => {
          if (underWay.size > 0) worker.ref();
          try {
            worker.postMessage(request);
          } catch (cause) {
            underWay.delete(request.id);
            if (underWay.size === 0) worker.unref();
            throw cause;
          }
        })
        .catch((cause) => channel.onReply(errorReply(request.id, unsendable(cause))));
    },
    onReply() {},
    onFailure() {},
    close: async () => {
      await (await started).terminate();
    },
  };
  return channel;
}

function webWorkerChannel(workerUrl?: string | URL): Channel {
  // Bundlers find workers by exactly this form.
  const worker =
    workerUrl === undefined
      ? new Worker(new URL("./worker.js", import.meta.url), { type: "module" })
      : new Worker(workerUrl, { type: "module" });
  const channel: Channel = {
    post(request) {
      try {
        worker.postMessage(request);
      } catch (cause) {
        channel.onReply(errorReply(request.id, unsendable(cause)));
      }
    },
    onReply() {},
    onFailure() {},
    close: async () => worker.terminate(),
  };
  worker.onmessage = ({ data }: MessageEvent<Reply>) => channel.onReply(data);
  worker.onerror = (event) => channel.onFailure(died(event.message || "it could not be loaded", event));
  return channel;
}

function isLast(reply: Reply): boolean {
  return reply.kind === "result" || reply.kind === "error" || (reply.kind === "parts" && reply.parts.some(isEnd));
}

function unsendable(cause: unknown): AnyqwenError {
  if (cause instanceof RangeError)
    return new AnyqwenError("invalid-argument", "the request nests too deeply to be sent to the engine", { cause });
  return new AnyqwenError(
    "invalid-argument",
    `the request cannot be sent to the engine's worker (${cause}); pass plain data, Blobs or addresses, or inProcess: true`,
    { cause },
  );
}

function died(why: string, cause?: unknown): AnyqwenError {
  return new AnyqwenError(
    "internal",
    `the engine's worker failed: ${why}; if its file was not found, pass workerUrl with the address of anyqwen/worker`,
    { cause },
  );
}
