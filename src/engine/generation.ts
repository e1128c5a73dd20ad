// One answer being made: what to feed next, what to ask of sampling, what a drawn token means. It is driven step by step by the
// scheduler and knows of no other request. Cutting the prompt into chunks, losing its state and speculating change no token.

import { MOST_DRAFTS, type Sampled, type SampleRequest } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { acceptDrafts } from "../generate/accept.ts";
import { DraftPolicy } from "../generate/draft-policy.ts";
import type { Constraint } from "../generate/grammar/constraint.ts";
import type { TokenHistory } from "../generate/history.ts";
import type { PromptLookup } from "../generate/lookup.ts";
import type { SamplingRule } from "../generate/sampling.ts";
import { CheckpointMarks } from "./checkpoints.ts";
import type { Drafting } from "./drafting.ts";
import type { AnswerOutput } from "./output.ts";
import type { Sequence, SequencePool } from "./sequences.ts";
import type { EndPart, Part } from "./types.ts";

/** Tokens for one step, as a segment without its state; drafts at the end are checked by the rows before them. */
export interface Feed {
  readonly tokens: readonly number[];
  readonly rows: readonly number[];
  readonly drafts: readonly number[];
}

export interface GenerationOptions {
  readonly sequence: Sequence;
  readonly prompt: readonly number[];
  /** Whose weights it is computed with. */
  readonly adapter?: string;
  readonly contextTokens: number;
  readonly maxTokens: number;
  readonly chunk: number;
  readonly overflow: "error" | "shift";
  readonly rule: SamplingRule;
  readonly history?: TokenHistory;
  /** Proposes drafts. */
  readonly lookup?: PromptLookup;
  /** The model's MTP layer proposes drafts where lookup has none. */
  readonly mtp?: boolean;
  /** Puts other drafts in the place of those of the MTP layer, for measurements: `at` is how many tokens the sequence has. */
  readonly oracle?: (drafts: readonly number[], at: number) => readonly number[];
  /** What the answer must look like. */
  readonly constraint?: Constraint;
  readonly eosIds: ReadonlySet<number>;
  readonly stopIds: ReadonlySet<number>;
  /** The id that begins a message, if the model has one. */
  readonly messageStart?: number;
  readonly output: Pick<AnswerOutput, "push" | "end">;
  readonly emit: (parts: readonly Part[]) => void;
  readonly signal: AbortSignal;
  readonly arrivedAt: number;
}

/** A few rows cost little more than one. Drafts that hold may grow, those that do not shrink. */
const FIRST_DRAFTS = 3;

/** What may come behind the tokens that a sequence has. */
interface Guess {
  readonly at: number;
  readonly by: "lookup" | "mtp";
  readonly drafts: readonly number[];
}

export class Generation implements Drafting {
  readonly sequence: Sequence;
  ended = false;
  readonly #options: GenerationOptions;
  readonly #tokens: number[] = [];
  readonly #prompt: readonly number[];
  #begun = false;
  #cachedTokens = 0;
  #startedAt = 0;
  #firstAt = 0;
  #drafted = 0;
  #accepted = 0;
  #draftSize = FIRST_DRAFTS;
  #guess: Guess | undefined;
  readonly #policy = new DraftPolicy();

  constructor(options: GenerationOptions) {
    this.#options = options;
    this.sequence = options.sequence;
    this.#prompt = fitPrompt(options.prompt, options);
  }

  get adapter(): string | undefined {
    return this.#options.adapter;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** What the sequence holds and is to hold, once this has begun. */
  get tokens(): readonly number[] {
    return this.#begun ? this.sequence.tokens : this.#prompt;
  }

  /** Takes the sequence over. Until then it is as whoever had it before left it, and stays so if this is cancelled. */
  begin(pool: SequencePool): void {
    pool.adapt(this.sequence, this.adapter);
    this.sequence.aim(this.#prompt);
    pool.borrow(this.sequence);
    if (pool.recurrent) this.sequence.marks = new CheckpointMarks(this.#prompt, this.#options.messageStart);
    this.#begun = true;
    this.#cachedTokens = this.sequence.held;
  }

  /** Leaves the sequence to whoever has it next. */
  leave(): void {
    if (this.#begun) this.sequence.settle();
    else this.sequence.busy = false;
  }

  /** Tokens to feed before the next one can be drawn, once this has begun. */
  get remaining(): number {
    return this.sequence.tokens.length - this.sequence.held;
  }

  cancelIfAsked(): boolean {
    if (!this.ended && this.#options.signal.aborted) this.#end("aborted");
    return this.ended;
  }

  feed(budget: { tokens: number; rows: number }): Feed {
    if (this.#startedAt === 0) this.#startedAt = performance.now();
    const { held, tokens } = this.sequence;
    const count = this.sequence.upToMark(Math.min(this.remaining, budget.tokens, this.#options.chunk));
    const next = tokens.slice(held, held + count);
    if (count < this.remaining || count === 0) return { tokens: next, rows: [], drafts: [] };
    // a recurrent state is kept where the sequence is after a step, so that drafts end there too
    const toMark = this.sequence.upToMark(count + MOST_DRAFTS) - count;
    const drafts = this.#draft(Math.min(budget.rows - 1, budget.tokens - count, toMark));
    const rows = Array.from({ length: 1 + drafts.length }, (_, i) => count - 1 + i);
    return { tokens: drafts.length > 0 ? [...next, ...drafts] : next, rows, drafts };
  }

  sampleRequests(feed: Feed, firstRow: number): SampleRequest[] {
    const { rule, history, prompt, constraint } = this.#options;
    // Counts on when the context shifts, so that the same noise does not come again.
    const position = prompt.length + this.#tokens.length;
    const masks = feed.rows.length > 0 ? constraint?.masks(feed.drafts, this.#left) : undefined;
    return feed.rows.map((_, i) => ({
      ...rule,
      row: firstRow + i,
      position: position + i,
      seen: history?.seenWith(feed.drafts.slice(0, i)),
      ...(masks && { mask: masks[i] }),
    }));
  }

  /** What sampling gave for the feed's rows. A draft counts if it is what was drawn anyway. */
  take(feed: Feed, samples: readonly Sampled[]): void {
    if (samples.length === 0) return;
    if (this.#firstAt === 0) this.#firstAt = performance.now();
    const { drafts, ids } = acceptDrafts(
      feed.drafts,
      samples.map(({ id }) => id),
    );
    this.#drafted += feed.drafts.length;
    this.#accepted += drafts;
    if (feed.drafts.length > 0 && this.#guess?.by === "mtp") this.#policy.took(feed.drafts.length, drafts);
    else if (feed.drafts.length > 0) {
      this.#draftSize =
        drafts === feed.drafts.length ? Math.min(MOST_DRAFTS, this.#draftSize + 2) : Math.max(1, drafts);
    }
    for (const sampled of samples.slice(0, ids.length)) if (!this.ended) this.#accept(sampled);
    // The last one drawn is yet to be fed, and drafts that did not hold are no part of the text.
    this.sequence.holdAtMost(this.sequence.tokens.length - 1);
    if (!this.ended) this.#shiftIfFull();
  }

  /** Tokens that can still come. */
  get #left(): number {
    const { maxTokens, contextTokens, overflow } = this.#options;
    const room = overflow === "error" ? contextTokens + 1 - this.sequence.tokens.length : Infinity;
    return Math.min(maxTokens - this.#tokens.length, room);
  }

  #draft(room: number): readonly number[] {
    const { constraint } = this.#options;
    if (this.#guess?.at !== this.sequence.tokens.length) this.#guess = this.#lookUp();
    const drafts = (this.#guess?.drafts ?? []).slice(0, Math.max(0, room));
    return constraint ? constraint.cut(drafts) : drafts;
  }

  /** Tokens that can be drafted: the last one of the answer or the context is drawn, not drafted. */
  get #draftable(): number {
    const { contextTokens, maxTokens } = this.#options;
    const { tokens } = this.sequence;
    return Math.max(0, Math.min(contextTokens - tokens.length, maxTokens - this.#tokens.length - 1));
  }

  #lookUp(): Guess | undefined {
    const { lookup } = this.#options;
    if (!lookup) return undefined;
    const { tokens } = this.sequence;
    lookup.follow(tokens);
    return { at: tokens.length, by: "lookup", drafts: lookup.draft(Math.min(this.#draftSize, this.#draftable)) };
  }

  /** Whether what its steps give is to be noted for the MTP layer. */
  get usesMtp(): boolean {
    return this.#options.mtp === true;
  }

  wantedDrafts(): number {
    if (this.ended || this.remaining !== 1) return 0;
    this.#guess = this.#lookUp();
    if (this.#guess && this.#guess.drafts.length > 0) return 0;
    return Math.min(this.#policy.next(), this.#draftable);
  }

  /** As the token itself will be drawn, but without what its history changes. */
  draftRequest(n: number, row: number): SampleRequest {
    const { rule, prompt } = this.#options;
    const { temperature, topK, topP, minP, seed, choice } = rule;
    const position = prompt.length + this.#tokens.length + n;
    const none = { repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0 };
    return { temperature, topK, topP, minP, seed, choice, ...none, row, position };
  }

  takeDrafts(drafts: readonly number[]): void {
    const at = this.sequence.tokens.length;
    this.#guess = { at, by: "mtp", drafts: this.#options.oracle?.(drafts, at) ?? drafts };
  }

  #accept(sampled: Sampled): void {
    const { output, emit, eosIds, stopIds, history, constraint } = this.#options;
    const { id } = sampled;
    this.#tokens.push(id);
    this.sequence.tokens.push(id);
    history?.push(id);
    if (eosIds.has(id) || stopIds.has(id)) {
      this.#end("stop", id);
      return;
    }
    const { parts, stop } = output.push(id, sampled);
    if (parts.length > 0) emit(parts);
    constraint?.advance(id);
    if (stop !== undefined) this.#end("stop", stop);
    else if (constraint?.mustEnd) this.#end("stop");
    else if (this.#left <= 0) this.#end(constraint?.mayEnd ? "stop" : "length");
  }

  #shiftIfFull(): void {
    const { contextTokens } = this.#options;
    if (this.sequence.tokens.length <= contextTokens) return;
    this.sequence.aim(dropMiddle(this.sequence.tokens, Math.ceil(contextTokens * 0.75)));
  }

  #contextTokens(): number {
    const { held, tokens } = this.sequence;
    if (!this.#begun) return tokens.length;
    // The last token drawn is not fed, so it is not held.
    return Math.min(held, tokens.length - (this.#tokens.length > 0 ? 1 : 0));
  }

  #end(reason: EndPart["reason"], stop?: string | number): void {
    this.ended = true;
    const { output, emit, prompt, rule, arrivedAt, lookup, mtp } = this.#options;
    const { parts, toolCalls } = output.end();
    const now = performance.now();
    const firstAt = this.#firstAt || now;
    const promptMs = firstAt - (this.#startedAt || now);
    const decodeMs = now - firstAt;
    const perSecond = (count: number, ms: number) => (ms > 0 ? (count * 1000) / ms : 0);
    const end: EndPart = {
      type: "end",
      reason: reason === "stop" && toolCalls ? "tool-calls" : reason,
      ...(reason === "stop" && stop !== undefined && { stop }),
      usage: {
        promptTokens: prompt.length,
        cachedTokens: this.#cachedTokens,
        completionTokens: this.#tokens.length,
        contextTokens: this.#contextTokens(),
      },
      timings: {
        promptMs,
        promptPerSecond: perSecond(prompt.length - this.#cachedTokens, promptMs),
        decodeMs,
        decodePerSecond: perSecond(Math.max(0, this.#tokens.length - 1), decodeMs),
        firstTokenMs: firstAt - arrivedAt,
      },
      tokens: this.#tokens,
      seed: rule.seed,
      ...((lookup || mtp) && { speculation: { drafted: this.#drafted, accepted: this.#accepted } }),
    };
    emit([...parts, end]);
  }
}

function fitPrompt(prompt: readonly number[], options: GenerationOptions): readonly number[] {
  const { contextTokens, overflow } = options;
  if (prompt.length === 0) {
    throw new AnyqwenError("invalid-argument", "the prompt has no tokens; give at least one");
  }
  if (prompt.length <= contextTokens) return prompt;
  if (overflow === "shift") return dropMiddle(prompt, Math.ceil(contextTokens * 0.75));
  throw new AnyqwenError(
    "context-overflow",
    `the prompt has ${prompt.length} tokens and the context ${contextTokens}; shorten it, load with more contextTokens, ` +
      'or pass overflow: "shift"',
  );
}

/** Keeps the first quarter, where instructions stand, and the end. */
function dropMiddle(tokens: readonly number[], length: number): number[] {
  const head = Math.floor(length / 4);
  return [...tokens.slice(0, head), ...tokens.slice(tokens.length - (length - head))];
}
