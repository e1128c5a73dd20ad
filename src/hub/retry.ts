// When to try again: transient failures, with growing pauses or after the time that the server asks for.

import { throwIfAborted } from "../core/errors.ts";
import { type HttpContext, HttpError } from "./http.ts";

/** Repeats `attempt` while it fails transiently. One that made progress (`progress()` grew by a `step`) starts the count anew. */
export async function withRetries<T>(
  http: HttpContext,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
  step = 1,
): Promise<T> {
  let failures = 0;
  let reached = progress();
  for (;;) {
    throwIfAborted(http.signal);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HttpError) || !error.transient) throw error;
      if (progress() >= reached + step) {
        reached = progress();
        failures = 0;
      }
      if (++failures >= http.retry.attempts) throw error;
      const backOff = http.retry.firstDelayMs * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
      await pause(Math.min(error.details.retryAfterMs ?? backOff, http.retry.longestDelayMs), http.signal);
    }
  }
}

export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
  throwIfAborted(signal);
}
