// Sixty-four connections that ask without pause, each one thing after another; what comes of each is counted by kind.

import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Broken } from "./http.mjs";

const CONNECTIONS = 64;
/** A request this old when the server is told to stop has arrived; a younger one may meet a closed door. */
const ARRIVED_MS = 500;

/** A server may answer while it is still being sent to, and close: its connection then fails after the answer, which says nothing. */
class PatientAgent extends Agent {
  createConnection(...how) {
    return super.createConnection(...how).on("error", () => {});
  }
}

/** mulberry32: the same requests for the same seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws kinds by their weight. */
function drawer(kinds) {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  return (random) => {
    let at = random() * total;
    return kinds.find(({ weight }) => (at -= weight) < 0) ?? kinds[0];
  };
}

export class Load {
  /** kind -> outcome -> how often */
  counts = {};
  /** What should not have been, in words; the first ones. */
  wrong = [];
  requests = 0;
  #running = true;
  #stoppedAt = Number.POSITIVE_INFINITY;
  #workers;
  #agent = new PatientAgent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor({ url, key, kinds, seed }) {
    const draw = drawer(kinds);
    const target = { url, agent: this.#agent, ...(key && { headers: { authorization: `Bearer ${key}` } }) };
    this.#workers = Array.from({ length: CONNECTIONS }, (_, n) =>
      this.#work(target, draw, randomFrom(seed * 1000 + n)),
    );
  }

  /** From now on a refused connection is what is to be expected. */
  serverStops() {
    this.#stoppedAt = performance.now();
  }

  /** Lets every connection end what it is at. */
  async end() {
    this.#running = false;
    await Promise.all(this.#workers);
    this.#agent.destroy();
  }

  async #work(target, draw, random) {
    while (this.#running) {
      const { name, ask } = draw(random);
      const start = performance.now();
      this.requests++;
      let outcome;
      try {
        outcome = await ask(target, random);
      } catch (error) {
        outcome = this.#explain(error, name, start);
      }
      const outcomes = (this.counts[name] ??= {});
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === "no server") return;
      await sleep(random() < 0.2 ? 200 * random() : 0);
    }
  }

  #explain(error, name, start) {
    const late = start > this.#stoppedAt - ARRIVED_MS;
    if (error instanceof Broken && !error.begun && late) return "no server";
    if (this.wrong.length < 20) this.wrong.push(`${name}: ${error.message}`);
    return "wrong";
  }
}
