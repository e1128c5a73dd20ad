// Continuous batching: every step feeds all running generations at once, each in its own segment, decodes mixed with a chunk of
// prefill. The bits of a token do not depend on what else is in the step, so batching changes speed and nothing else.

import type { Executor, Segment } from "../core/device.ts";
import type { Feed, Generation } from "./generation.ts";
import type { SequencePool } from "./sequences.ts";
import { nextTurn } from "./turns.ts";

/** Tokens of prefill in a step that others wait for with their next token. */
const PREFILL_BESIDE_DECODE = 64;
/** Free positions that a generation needs in order to start, so that it does not lose its place at once. */
const START_SPARE = 64;

interface Job {
  readonly generation: Generation;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface SchedulerLimits {
  readonly maxTokens: number;
  readonly maxRows: number;
}

export class Scheduler {
  readonly #executor: Executor;
  readonly #pool: SequencePool;
  readonly #limits: SchedulerLimits;
  /** In order of arrival. */
  readonly #jobs: Job[] = [];
  #running = false;

  constructor(executor: Executor, pool: SequencePool, limits: SchedulerLimits) {
    this.#executor = executor;
    this.#pool = pool;
    this.#limits = limits;
  }

  /** Runs the generation among the others; settles when it has ended or failed. */
  run(generation: Generation): Promise<void> {
    return new Promise((resolve, reject) => {
      generation.sequence.busy = true;
      this.#jobs.push({ generation, resolve, reject });
      if (!this.#running) void this.#loop();
    });
  }

  async #loop(): Promise<void> {
    this.#running = true;
    try {
      while (this.#jobs.length > 0) {
        this.#step();
        this.#removeEnded();
        await nextTurn();
      }
    } finally {
      this.#running = false;
    }
  }

  #step(): void {
    let batch: { job: Job; feed: Feed }[] = [];
    try {
      batch = this.#plan();
      if (batch.length === 0) return;
      const segments: Segment[] = batch.map(({ job, feed }) => ({ ...feed, state: job.generation.sequence.state }));
      this.#executor.step(segments);
      this.#sample(batch);
    } catch (error) {
      // Without a batch nobody knows whose fault it was; better all fail than all wait.
      for (const job of batch.length > 0 ? batch.map((entry) => entry.job) : [...this.#jobs]) this.#fail(job, error);
    } finally {
      this.#pool.settle();
    }
  }

  #plan(): { job: Job; feed: Feed }[] {
    const batch: { job: Job; feed: Feed }[] = [];
    const live = this.#jobs.filter(({ generation }) => !generation.cancelIfAsked());
    const { maxRows } = this.#limits;
    const decoding = Math.min(maxRows, live.filter(({ generation }) => generation.remaining === 1).length);
    // One token and one row of the step are kept for each of those: drafts and newcomers share what is left.
    let kept = decoding;
    let rows = maxRows - decoding;
    let tokens = this.#limits.maxTokens - decoding;
    let prefill = decoding > 0 ? Math.min(PREFILL_BESIDE_DECODE, tokens) : tokens;
    for (const job of live) {
      const { generation } = job;
      const { sequence } = generation;
      const decodes = generation.remaining === 1;
      const own = decodes && kept > 0 ? 1 : 0;
      kept -= own;
      // without a row a prompt may go on, but not to its end
      const most = rows + own > 0 ? Number.POSITIVE_INFINITY : generation.remaining - 1;
      const feed = generation.feed({ tokens: Math.min(most, decodes ? tokens + 1 : prefill), rows: rows + own });
      if (feed.tokens.length === 0) continue;
      if (!this.#reserve(job, sequence.held + feed.tokens.length, live)) continue;
      if (decodes) tokens -= feed.tokens.length - 1;
      else {
        tokens -= feed.tokens.length;
        prefill -= feed.tokens.length;
      }
      prefill = Math.min(prefill, tokens);
      rows -= Math.max(0, feed.rows.length - own);
      batch.push({ job, feed });
    }
    return batch;
  }

  /** Room for one sequence; the youngest of those not yet planned for this step gives its own up for an older one. */
  #reserve(job: Job, positions: number, live: readonly Job[]): boolean {
    const { sequence } = job.generation;
    const spare = sequence.held === 0 && job !== live[0] ? START_SPARE : 0;
    if (this.#pool.reserve(sequence, positions, spare)) return true;
    for (const { generation } of live.slice(live.indexOf(job) + 1).reverse()) {
      if (generation.sequence.held === 0 || generation.sequence.reserved > 0) continue;
      this.#pool.drop(generation.sequence);
      if (this.#pool.reserve(sequence, positions, spare)) return true;
    }
    return false;
  }

  #sample(batch: readonly { job: Job; feed: Feed }[]): void {
    const requests = [];
    for (const { job, feed } of batch) requests.push(...job.generation.sampleRequests(feed, requests.length));
    const samples = requests.length > 0 ? this.#executor.sample(requests) : [];
    let first = 0;
    for (const { job, feed } of batch) {
      const own = samples.slice(first, (first += feed.rows.length));
      this.#pool.touch(job.generation.sequence);
      try {
        job.generation.take(feed, own);
      } catch (error) {
        this.#fail(job, error);
      }
    }
  }

  #fail(job: Job, error: unknown): void {
    const index = this.#jobs.indexOf(job);
    if (index < 0) return;
    this.#jobs.splice(index, 1);
    job.generation.sequence.settle();
    job.reject(error);
  }

  #removeEnded(): void {
    for (const job of this.#jobs.filter(({ generation }) => generation.ended)) {
      this.#jobs.splice(this.#jobs.indexOf(job), 1);
      job.generation.sequence.settle();
      job.resolve();
    }
  }
}
