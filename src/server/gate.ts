// Lets so many answers run at once, keeps a bounded queue before them, and is fair between clients: those who wait are let in by turns,
// not by how much each of them asked for. Who finds the queue full is told when to come again.

import { ApiError } from "./errors.ts";

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: ApiError) => void;
}

export class Gate {
  readonly slots: number;
  readonly #most: number;
  /** By client, in the order of their next turn. */
  readonly #queues = new Map<string, Waiting[]>();
  #active = 0;
  #waiting = 0;
  #draining = false;
  /** Of how long answers take, smoothed, in seconds. */
  #answerSeconds = 5;
  #idle: (() => void) | undefined;

  constructor(slots: number, mostWaiting: number) {
    this.slots = slots;
    this.#most = mostWaiting;
  }

  /** Answers that are let in or may wait. */
  get capacity(): number {
    return this.slots + this.#most;
  }
  get active(): number {
    return this.#active;
  }
  get waiting(): number {
    return this.#waiting;
  }
  get draining(): boolean {
    return this.#draining;
  }

  /** Waits for a slot; returns what gives it back. Fails with 429 when too many wait, with 503 when the server is stopping. */
  async enter(client: string, signal: AbortSignal): Promise<() => void> {
    if (this.#draining) throw stopping();
    if (signal.aborted) throw givenUp();
    if (this.#active >= this.slots) await this.#wait(client, signal);
    else this.#active++;
    const start = performance.now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#answerSeconds += ((performance.now() - start) / 1000 - this.#answerSeconds) / 8;
      this.#leave();
    };
  }

  /** No one new is let in; settles when the last answer has ended. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const queue of this.#queues.values()) for (const waiting of queue) waiting.refuse(stopping());
    this.#queues.clear();
    this.#waiting = 0;
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #wait(client: string, signal: AbortSignal): Promise<void> {
    if (this.#waiting >= this.#most) {
      const retryAfter = Math.max(1, Math.ceil((this.#answerSeconds * (this.#waiting + 1)) / this.slots));
      throw new ApiError(
        429,
        "rate_limit_error",
        `${this.#waiting} requests wait already; try again in ${retryAfter} s`,
        {
          code: "queue_full",
          retryAfter,
        },
      );
    }
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(client) ?? [];
      // also where the signal has fired: Node keeps a signal made of others, and all that its listeners hold, for as long as it has one
      const settled = () => signal.removeEventListener("abort", give);
      const give = () => {
        settled();
        const at = queue.indexOf(waiting);
        if (at < 0) return;
        queue.splice(at, 1);
        this.#waiting--;
        if (queue.length === 0) this.#queues.delete(client);
        reject(givenUp());
      };
      const waiting: Waiting = {
        enter: () => {
          settled();
          resolve();
        },
        refuse: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener("abort", give);
      queue.push(waiting);
      this.#queues.set(client, queue);
      this.#waiting++;
    });
  }

  #leave(): void {
    const [next] = this.#queues;
    if (!next) {
      this.#active--;
      if (this.#active === 0) this.#idle?.();
      return;
    }
    // whose turn it was goes to the end
    const [client, queue] = next;
    this.#queues.delete(client);
    const first = queue.shift();
    if (queue.length > 0) this.#queues.set(client, queue);
    this.#waiting--;
    first?.enter();
  }
}

function stopping(): ApiError {
  return new ApiError(503, "server_error", "the server is stopping", { code: "stopping", retryAfter: 10 });
}

function givenUp(): ApiError {
  return new ApiError(499, "timeout_error", "the request was given up while it waited", { code: "aborted" });
}
