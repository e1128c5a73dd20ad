// Loaded into the server before anything else (NODE_OPTIONS), in every thread of it, the engine's too: asked by its parent it collects
// garbage in all of them and tells what is then held. The inspector collects, not gc(): that one keeps the pages of the young
// generation, up to 32 MiB a thread, or does not, as the last seconds were busy or not.

import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { isMainThread, threadId } from "node:worker_threads";

/** Within this time threads that are idle have answered; those that wait inside WebAssembly have no garbage and never do. */
const ANSWER_MS = 400;

async function collect() {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.collectGarbage");
  session.disconnect();
  return { thread: threadId, bytes: getHeapStatistics().used_heap_size };
}

const ask = "collect";
const channel = new BroadcastChannel("anyqwen.soak.collect");
if (isMainThread) {
  let heaps = [];
  channel.onmessage = ({ data }) => heaps.push(data);
  process.on("message", async () => {
    heaps = [];
    channel.postMessage(ask);
    const [own] = await Promise.all([collect(), sleep(ANSWER_MS)]);
    process.send({ resident: process.memoryUsage.rss(), heaps: [own, ...heaps] });
  });
  process.channel.unref();
} else {
  channel.onmessage = async ({ data }) => {
    if (data === ask) channel.postMessage(await collect());
  };
}
channel.unref();
