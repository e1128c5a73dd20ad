// Loaded into the server before anything else (--import), in every thread of it: SIGUSR2 collects garbage in all of them, so that what
// is measured afterwards is what is held, not what was not yet thrown away.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const channel = new BroadcastChannel("anyqwen.soak.collect");
channel.onmessage = () => collect();
channel.unref();
if (isMainThread) {
  process.on("SIGUSR2", () => {
    channel.postMessage("");
    collect();
  });
}
