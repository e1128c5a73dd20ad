// Drafts from the model's MTP layer. After every step it is fed what the step gave, of all sequences together; those that want drafts get
// one after the other, each from the one before, drawn with the noise that their positions have (numerics.md, l). What is drafted is
// taken back from its cache at once: the model's own outputs take its place if it holds.

import type { Drafter, Executor, SampleRequest, Segment } from "../core/device.ts";
import { AnyqwenError } from "../core/errors.ts";
import { DraftTrack } from "./draft-track.ts";
import type { Sequence } from "./sequences.ts";

/** Who may want drafts. */
export interface Drafting {
  readonly sequence: Sequence;
  /** How many it wants for the next step. */
  wantedDrafts(): number;
  /** How its n-th draft is drawn. */
  draftRequest(n: number, row: number): SampleRequest;
  takeDrafts(drafts: readonly number[]): void;
}

/** What a step fed of a sequence: the position that it began at, and the step's token that this was. */
export interface Noted {
  readonly generation: Drafting;
  readonly from: number;
  readonly token: number;
}

/** Pairs that may wait while nobody drafts. */
const MOST_WAITING = 64;
/** With more sequences in a step its rows are worth more to each other than to drafts. */
const MOST_SEQUENCES = 4;

/** One that is being drafted for. */
interface Run {
  readonly generation: Drafting;
  readonly track: DraftTrack;
  readonly wanted: number;
  readonly drafts: number[];
  hidden: Float32Array;
}

export class MtpDrafting {
  constructor(
    private readonly executor: Executor,
    private readonly drafter: Drafter,
    private readonly maxTokens: number,
    /** Of the model's hidden rows. */
    private readonly width: number,
  ) {}

  /** To be called when what the step drew has been read: it is gone afterwards. */
  after(step: readonly Noted[]): void {
    if (step.length === 0) return;
    const final = this.executor.read("final");
    const { width } = this;
    for (const { generation, from, token } of step) {
      const { sequence } = generation;
      sequence.track ??= DraftTrack.begin(this.drafter);
      const rows = Array.from({ length: Math.max(0, sequence.held - from) }, (_, i) =>
        final.slice((token + i) * width, (token + i + 1) * width),
      );
      sequence.track.note(from, rows, sequence.tokens);
    }
    for (const { generation } of step) this.#draftFor(generation, step.length);
  }

  #draftFor(generation: Drafting, company: number): void {
    const { sequence } = generation;
    const { track } = sequence;
    if (!track) return;
    const wanted = company <= MOST_SEQUENCES ? generation.wantedDrafts() : 0;
    if (wanted === 0 && track.waiting.length < MOST_WAITING) return;
    try {
      const run = this.#catchUp({ generation, track, wanted, drafts: [], hidden: new Float32Array(0) });
      if (run.wanted > 0) this.#chain(run);
    } catch (error) {
      // Without room there are no drafts, and nothing else.
      if (!(error instanceof AnyqwenError && ["context-overflow", "out-of-memory"].includes(error.code))) throw error;
      sequence.dropTrack();
    }
  }

  /** Feeds all pairs that wait; the last one gives the first draft. */
  #catchUp(run: Run): Run {
    const { track, wanted } = run;
    if (track.waiting.length === 0) return { ...run, wanted: 0 };
    while (track.waiting.length > 0) {
      const pairs = track.waiting.slice(0, this.maxTokens);
      const last = pairs.length === track.waiting.length && wanted > 0;
      const width = pairs[0].hidden.length;
      const hidden = new Float32Array(pairs.length * width);
      pairs.forEach((pair, i) => {
        hidden.set(pair.hidden, i * width);
      });
      this.#step(run, {
        state: track.state,
        tokens: pairs.map(({ token }) => token),
        hidden,
        rows: last ? [pairs.length - 1] : [],
      });
      track.fed(pairs.length);
    }
    return run;
  }

  #chain(run: Run): void {
    const { generation, track, wanted, drafts } = run;
    const { length } = track.state;
    while (drafts.length < wanted) {
      this.#step(run, { state: track.state, tokens: [drafts[drafts.length - 1]], hidden: run.hidden, rows: [0] });
    }
    track.state.rewind(length);
    generation.takeDrafts(drafts);
  }

  /** Runs the layer; a wanted row gives a draft, and what the next one is made from. */
  #step(run: Run, segment: Segment): void {
    this.drafter.step([segment]);
    if (segment.rows.length === 0) return;
    run.drafts.push(this.drafter.sample([run.generation.draftRequest(run.drafts.length, 0)])[0].id);
    run.hidden = this.drafter.read("hidden");
  }
}
