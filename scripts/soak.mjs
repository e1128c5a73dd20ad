// The server under abuse: 64 connections that stream, leave, doze, send nonsense and half a body, then a stop in the middle of it.
// Checks that memory comes back, that no slot stays taken, that every request is answered or ends with a reason, and how it stops.
// Usage: npm run soak -- [--seconds 60] [--seed 1]   The last line is one JSON object; exit code 1 if anything does not hold.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { send } from "./soak/http.mjs";
import { keyless, kinds, strangers } from "./soak/kinds.mjs";
import { Load } from "./soak/load.mjs";
import { contextTokens, startServer } from "./soak/server.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seconds = whole("--seconds", values.seconds ?? "60", 5);
const seed = whole("--seed", values.seed ?? String(Date.now() % 1_000_000), 0);

/** Memory of the process that may be more after the load than after the same load before it. */
const MOST_GROWTH = 0.05;
/** Bytes by which all heaps together may grow with each request: V8 still compiles, and grammars' masks are still met first. */
const MOST_HEAP_GROWTH = seconds >= 300 ? 128 : 512;
/** How long answers under way may take once the server is told to stop; docs/server.md. */
const GRACE_S = 30;
const KEY = "soak-key";

const failures = [];
const say = (text) => console.log(`${elapsed()}  ${text}`);
const began = performance.now();
const elapsed = () => `${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s`;

function whole(flag, text, least) {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${flag} is ${JSON.stringify(text)}; expected a whole number of at least ${least}`);
}

const inMiB = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function expect(holds, text) {
  say(`${holds ? "ok  " : "FAIL"}  ${text}`);
  if (!holds) failures.push(text);
}

/** Asks /health all the time, on a connection of its own, and keeps how long each answer took. */
class HealthWatch {
  milliseconds = [];
  #running = true;
  #loop;

  constructor(url) {
    this.#loop = this.#watch(url);
  }

  async #watch(url) {
    while (this.#running) {
      const start = performance.now();
      const { status } = await send(url, { method: "GET", path: "/health" });
      this.milliseconds.push(performance.now() - start);
      if (status !== 200) failures.push(`/health: ${status} under load`);
      await sleep(20);
    }
  }

  /** The time in milliseconds below which 99 of 100 answers came. */
  async end() {
    this.#running = false;
    await this.#loop;
    const sorted = this.milliseconds.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.99) - 1];
  }
}

/** Load for that long, with its progress said. */
async function press(target, name, duration) {
  const load = new Load(target);
  const end = performance.now() + duration * 1000;
  while (performance.now() < end) {
    await sleep(Math.min(5000, end - performance.now()));
    say(`${name}: ${load.requests} requests, ${load.wrong.length} wrong`);
  }
  return load;
}

async function gauges(server) {
  const { text } = await send(server.url, { method: "GET", path: "/metrics" });
  return Object.fromEntries(
    [...text.matchAll(/^anyqwen_(\w+) ([\d.e+]+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
}

/** What is held when nothing is asked and nothing waits to be thrown away: the least of several looks, of heaps that of each thread. */
async function atRest(server) {
  const looks = [];
  for (let look = 0; look < 4; look++) looks.push(await server.collect());
  const heaps = new Map();
  for (const { thread, bytes } of looks.flatMap((look) => look.heaps))
    heaps.set(thread, Math.min(heaps.get(thread) ?? bytes, bytes));
  const heap = [...heaps.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { resident: Math.min(...looks.map(({ resident }) => resident)), heap, threads: heaps.size };
}

/** Of what is held: nothing may be left of the requests that have ended. */
function judgeMemory(before, after, requests) {
  const growth = after.resident / before.resident - 1;
  const perRequest = (after.heap - before.heap) / requests;
  expect(
    growth <= MOST_GROWTH,
    `memory at rest: ${inMiB(before.resident)} before, ${inMiB(after.resident)} after (${(growth * 100).toFixed(1)}%, limit ${MOST_GROWTH * 100}%)`,
  );
  expect(
    perRequest <= MOST_HEAP_GROWTH && before.threads >= 2 && after.threads === before.threads,
    `heaps of ${after.threads} threads at rest: ${inMiB(before.heap)} before, ${inMiB(after.heap)} after ${requests} requests (${perRequest.toFixed(0)} bytes each, limit ${MOST_HEAP_GROWTH})`,
  );
  return { before, after, growth, heapPerRequest: perRequest };
}

function report(load, name) {
  for (const [kind, outcomes] of Object.entries(load.counts)) {
    const told = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${count}`);
    say(`      ${kind.padEnd(14)} ${told.join(", ")}`);
  }
  for (const wrong of load.wrong) say(`      wrong: ${wrong}`);
  expect(load.wrong.length === 0, `${name}: every request was answered, or ended with a reason`);
}

async function freshAnswer(server) {
  const body = { messages: [{ role: "user", content: "hello" }], max_tokens: 4 };
  const { status } = await send(server.url, { path: "/v1/chat/completions", body });
  return status;
}

/** SIGTERM under load. */
async function stop(server, load, name) {
  load.serverStops();
  const start = performance.now();
  server.kill("SIGTERM");
  const [ended] = await Promise.all([
    Promise.race([server.ended, sleep((GRACE_S + 10) * 1000, undefined, { ref: false })]),
    load.end(),
  ]);
  const took = (performance.now() - start) / 1000;
  report(load, `${name}, stopped under load`);
  expect(
    ended?.code === 0,
    `${name}: stops with exit code 0 (${ended ? `${ended.code ?? ended.signal}` : "it did not stop"})`,
  );
  expect(took < GRACE_S + 2, `${name}: has stopped after ${took.toFixed(1)} s, of ${GRACE_S} s`);
  if (server.said() !== "") say(`      it said: ${server.said().slice(0, 2000)}`);
  expect(server.said() === "", `${name}: nothing on stderr`);
  return took;
}

async function main() {
  say(`seed ${seed}, ${seconds} s, contexts of ${contextTokens} tokens`);
  const server = await startServer("--slots", 16, "--queue", 44);
  const target = { url: server.url, kinds: [...kinds, ...strangers], seed };

  const warm = await press(target, "warming up", seconds * 0.3);
  await warm.end();
  report(warm, "warming up");
  const before = await atRest(server);

  const watch = new HealthWatch(server.url);
  const load = await press({ ...target, seed: seed + 1 }, "load", seconds * 0.5);
  const healthP99 = await watch.end();
  await load.end();
  report(load, "load");
  const { active, waiting } = await gauges(server);
  expect(active === 0 && waiting === 0, `no slot stays taken: ${active} active, ${waiting} waiting`);
  expect((await freshAnswer(server)) === 200, "a fresh request is answered");
  const memory = judgeMemory(before, await atRest(server), load.requests);
  say(`      /health under load: p99 ${healthP99.toFixed(1)} ms of ${watch.milliseconds.length} requests`);

  const stopping = await press({ ...target, seed: seed + 2 }, "load before the stop", seconds * 0.1);
  const stopSeconds = await stop(server, stopping, "the open server");

  const keyed = await startServer("--slots", 4, "--queue", 64, "--api-key", KEY);
  const locked = await press(
    { url: keyed.url, key: KEY, kinds: [...kinds, ...keyless], seed: seed + 3 },
    "with a key",
    seconds * 0.1,
  );
  await stop(keyed, locked, "the server with a key");

  const requests = [warm, load, stopping, locked].reduce((sum, { requests }) => sum + requests, 0);
  console.log(
    JSON.stringify({
      name: "soak",
      ok: failures.length === 0,
      ...{ seconds, seed, requests, ...memory, healthP99, stopSeconds },
      outcomes: load.counts,
      failures,
    }),
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

await main();
