// What Prometheus scrapes at /metrics. Nothing in it tells what anybody asked.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EndPart } from "../api.ts";
import type { Gate } from "./gate.ts";

const seconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<"route" | "status">;
  readonly #tokens: Counter<"kind">;
  readonly #ends: Counter<"reason">;
  readonly #firstToken: Histogram;
  readonly #perToken: Histogram;

  constructor(gate: Gate) {
    const registers = [this.registry];
    const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
      new Counter({ name: `anyqwen_${name}`, help, labelNames, registers });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name: `anyqwen_${name}`, help, buckets, registers });
    this.#requests = counter("requests_total", "Requests by route and status", ["route", "status"]);
    this.#tokens = counter("tokens_total", "Tokens: of prompts computed, of prompts held already, generated", ["kind"]);
    this.#ends = counter("answers_total", "Answers by why they ended", ["reason"]);
    this.#firstToken = histogram("first_token_seconds", "From a request's arrival to its first token", seconds);
    this.#perToken = histogram("token_seconds", "Between one token and the next, mean of an answer", [
      ...[0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64],
    ]);
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name: `anyqwen_${name}`,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge("active", "Answers under way", () => gate.active);
    gauge("waiting", "Requests that wait for a slot", () => gate.waiting);
    gauge("slots", "Answers that may be under way at once", () => gate.slots);
    gauge("resident_bytes", "Memory of the process", () => process.memoryUsage.rss());
  }

  requested(route: string, status: number): void {
    this.#requests.inc({ route, status });
  }

  answered({ reason, usage, timings }: EndPart): void {
    this.#ends.inc({ reason });
    this.#tokens.inc({ kind: "prompt" }, usage.promptTokens - usage.cachedTokens);
    this.#tokens.inc({ kind: "cached" }, usage.cachedTokens);
    this.#tokens.inc({ kind: "generated" }, usage.completionTokens);
    this.#firstToken.observe(timings.firstTokenMs / 1000);
    if (usage.completionTokens > 1) this.#perToken.observe(timings.decodeMs / 1000 / (usage.completionTokens - 1));
  }
}
