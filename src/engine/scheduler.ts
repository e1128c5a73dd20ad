// Continuous batching: every step feeds all running generations at once, each in its own segment, decodes mixed with a chunk of
// prefill. The bits of a token do not depend on what else is in the step, so batching changes speed and nothing else.

import type { Executor } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
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

/** What one generation has in a step. */
interface Entry {
  readonly job: Job;
  readonly feed: Feed;
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
    try {
      const batch = this.#plan();
      if (batch.length > 0) this.#run(batch);
    } finally {
      this.#pool.settle();
    }
  }

  #run(batch: readonly Entry[]): void {
    const states = batch.map(({ job }) => job.generation.sequence.state);
    try {
      this.#executor.step(batch.map(({ feed }, i) => ({ ...feed, state: states[i] })));
    } catch (error) {
      // Pages that the step had taken for itself go back.
      for (const state of states) state.rewind(state.length);
      // What a device refuses is one request's fault: alone each shows whether it is its own. After any other error the device
      // itself is in doubt.
      if (batch.length > 1 && error instanceof AnyqwenError) for (const entry of batch) this.#run([entry]);
      else for (const { job } of batch) this.#fail(job, error);
      return;
    }
    this.#sample(batch);
  }

  #plan(): Entry[] {
    const batch: Entry[] = [];
    const live = this.#jobs.filter((job) => this.#guarded(job, () => !job.generation.cancelIfAsked()));
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
      const budget = { tokens: Math.min(most, decodes ? tokens + 1 : prefill), rows: rows + own };
      const feed = this.#guarded(job, () => {
        const wanted = generation.feed(budget);
        const fits = wanted.tokens.length > 0 && this.#reserve(job, sequence.held + wanted.tokens.length, live);
        return fits ? wanted : undefined;
      });
      if (!feed) continue;
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

  #sample(batch: readonly Entry[]): void {
    let first = 0;
    for (const { job, feed } of batch) {
      const { generation } = job;
      const row = first;
      first += feed.rows.length;
      this.#pool.touch(generation.sequence);
      this.#guarded(job, () => {
        const requests = generation.sampleRequests(feed, row);
        generation.take(feed, requests.length > 0 ? this.#executor.sample(requests) : []);
      });
    }
  }

  /** What `work` gives; if it throws, this job fails and no other. */
  #guarded<T>(job: Job, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#fail(job, error);
      return undefined;
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
