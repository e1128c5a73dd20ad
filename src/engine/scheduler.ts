// Continuous batching: every step feeds all running generations at once, each in its own segment, decodes mixed with a chunk of
// prefill. The bits of a token do not depend on what else is in the step, so all that is decided here (whose turn it is, who waits
// for whose prefix, who gives up its room) changes speed and nothing else.

import type { Executor } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import type { MtpDrafting } from "./drafting.ts";
import type { Feed, Generation } from "./generation.ts";
import { commonLength, type SequencePool } from "./sequences.ts";
import { nextTurn } from "./turns.ts";

/** Tokens of prefill in a step that others wait for with their next token. */
const PREFILL_BESIDE_DECODE = 64;
/** Free positions that a generation needs in order to start, so that it does not lose its place at once. */
const START_SPARE = 64;
/** Tokens that another prompt will have computed soon, from which on a prompt waits for them. */
const LEAST_AWAITED = 64;

interface Job {
  readonly generation: Generation;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** The last step that fed it; 0 before the first, and after it lost its room. */
  fedAt: number;
  /** It waits for what an older prompt is computing. */
  waits: boolean;
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
  readonly #drafting: MtpDrafting | undefined;
  #running = false;
  #steps = 0;

  constructor(executor: Executor, pool: SequencePool, limits: SchedulerLimits, drafting?: MtpDrafting) {
    this.#executor = executor;
    this.#pool = pool;
    this.#limits = limits;
    this.#drafting = drafting;
  }

  /** Runs the generation among the others; settles when it has ended or failed. */
  run(generation: Generation): Promise<void> {
    return new Promise((resolve, reject) => {
      generation.sequence.busy = true;
      this.#jobs.push({ generation, resolve, reject, fedAt: 0, waits: false });
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
    this.#steps++;
    try {
      const batch = this.#plan();
      if (batch.length > 0) this.#run(batch);
    } finally {
      this.#pool.settle();
    }
  }

  #run(batch: readonly Entry[]): void {
    const states = batch.map(({ job }) => job.generation.sequence.state);
    const noted = notes(batch);
    try {
      this.#executor.step(
        batch.map(({ feed: { tokens, rows, drafts } }, i) => ({
          state: states[i],
          tokens,
          rows,
          drafts: drafts.length,
        })),
      );
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
    this.#drafting?.after(noted.filter(({ generation }) => generation.usesMtp && !generation.ended));
  }

  #plan(): Entry[] {
    const batch: Entry[] = [];
    const live = this.#jobs.filter((job) => this.#guarded(job, () => !job.generation.cancelIfAsked()));
    const ready = this.#ready(live);
    const decoders = leastRecentlyFed(ready.filter(decodes), this.#limits.maxRows);
    const [oldest, ...others] = ready.filter((job) => !decodes(job));
    others.sort((a, b) => a.generation.remaining - b.generation.remaining);
    // One token and one row of the step are kept for each that decodes: drafts and newcomers share what is left.
    let tokens = this.#limits.maxTokens - decoders.length;
    let rows = this.#limits.maxRows - decoders.length;
    let prefill = decoders.length > 0 ? Math.min(PREFILL_BESIDE_DECODE, tokens) : tokens;
    // Half of the prefill is the oldest prompt's, so that none waits for ever; the rest is for those that need least.
    const wanted = others.reduce((sum, { generation }) => sum + generation.remaining, 0);
    const share = Math.max(Math.ceil(prefill / 2), prefill - wanted);
    const prompts = oldest ? [oldest, ...others] : [];
    // Whoever is first of all may take room from all others, so it chooses first.
    const order = oldest === live[0] ? [...prompts.slice(0, 1), ...decoders, ...others] : [...decoders, ...prompts];
    for (const job of order) {
      const { generation } = job;
      const own = decodes(job) ? 1 : 0;
      // without a row a prompt may go on, but not to its end
      const end = rows + own > 0 ? generation.remaining : generation.remaining - 1;
      const most = own > 0 ? tokens + 1 : Math.min(end, tokens, prefill, job === oldest ? share : prefill);
      const feed = this.#guarded(job, () => this.#feed(job, { tokens: most, rows: rows + own }, live));
      if (!feed) continue;
      tokens -= feed.tokens.length - own;
      rows -= Math.max(0, feed.rows.length - own);
      if (own === 0) prefill -= feed.tokens.length;
      batch.push({ job, feed });
    }
    return batch.length > 0 ? batch : this.#oldestDecoder(ready, live);
  }

  /** Who waited longest may have no room yet, while those go without a turn that could make some: then the oldest has it. */
  #oldestDecoder(ready: readonly Job[], live: readonly Job[]): Entry[] {
    const job = ready.find(decodes);
    const feed = job && this.#guarded(job, () => this.#feed(job, { tokens: 1, rows: 1 }, live));
    return job && feed ? [{ job, feed }] : [];
  }

  /** Those that go on now. The others wait for what an older prompt, which begins like theirs, is just computing. */
  #ready(live: readonly Job[]): Job[] {
    const ready: Job[] = [];
    for (const job of live) {
      const { generation } = job;
      const fresh = !generation.begun || generation.sequence.held === 0;
      job.waits = fresh && this.#waits(job, ready);
      if (job.waits) continue;
      const start = () => {
        if (!generation.begun) generation.begin(this.#pool);
        else if (fresh) this.#pool.borrow(generation.sequence);
        return true;
      };
      if (this.#guarded(job, start)) ready.push(job);
    }
    return ready;
  }

  #waits({ generation: { tokens, adapter }, waits }: Job, older: readonly Job[]): boolean {
    const computing = older.filter((job) => !decodes(job) && job.generation.adapter === adapter);
    const ahead = computing.map(({ generation }) =>
      generation.sequence.sharable(commonLength(generation.tokens, tokens, tokens.length - 1)),
    );
    // Whoever waits waits for all of it.
    return Math.max(0, ...ahead) - this.#pool.longestHeld(tokens, adapter).length >= (waits ? 1 : LEAST_AWAITED);
  }

  #feed(job: Job, budget: { tokens: number; rows: number }, live: readonly Job[]): Feed | undefined {
    const { generation } = job;
    const feed = generation.feed(budget);
    if (feed.tokens.length === 0) return undefined;
    if (!this.#reserve(job, generation.sequence.held + feed.tokens.length, live)) return undefined;
    job.fedAt = this.#steps;
    return feed;
  }

  /** Room for one sequence; the youngest of those not yet planned for this step gives its own up for an older one. */
  #reserve(job: Job, positions: number, live: readonly Job[]): boolean {
    const { sequence } = job.generation;
    const spare = job.fedAt === 0 && job !== live[0] ? START_SPARE : 0;
    if (this.#pool.reserve(sequence, positions, spare)) return true;
    for (const younger of live.slice(live.indexOf(job) + 1).reverse()) {
      const { sequence: other } = younger.generation;
      if (other.held === 0 || other.reserved > 0) continue;
      this.#pool.drop(other);
      younger.fedAt = 0;
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
    job.generation.leave();
    this.#pool.tellChange();
    job.reject(error);
  }

  #removeEnded(): void {
    for (const job of this.#jobs.filter(({ generation }) => generation.ended)) {
      this.#jobs.splice(this.#jobs.indexOf(job), 1);
      job.generation.leave();
      this.#pool.tellChange();
      job.resolve();
    }
  }
}

/** Where in the step, and in its own sequence, each begins. */
function notes(batch: readonly Entry[]): { generation: Generation; from: number; token: number }[] {
  let next = 0;
  return batch.map(({ job: { generation }, feed }) => {
    const token = next;
    next += feed.tokens.length;
    return { generation, from: generation.sequence.held, token };
  });
}

const decodes = ({ generation }: Job) => generation.remaining === 1;

/** At most `most` of the jobs: those that have waited longest, in the order given. */
function leastRecentlyFed(jobs: readonly Job[], most: number): readonly Job[] {
  if (jobs.length <= most) return jobs;
  const chosen = new Set([...jobs].sort((a, b) => a.fedAt - b.fedAt).slice(0, most));
  return jobs.filter((job) => chosen.has(job));
}
