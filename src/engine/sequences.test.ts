import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Executor } from "../core/device.ts";
import type { Trace } from "../core/trace.ts";
import { PagePool, ReferenceState } from "../devices/reference/cache.ts";
import { KV_PAGE } from "../models/memory-plan.ts";
import { type Sequence, SequencePool } from "./sequences.ts";

const shape = { heads: 1, kvHeads: 1, headDim: 1, scale: 1 };
const trace: Trace = {
  ops: [],
  inputs: new Map(),
  values: [],
  weights: [],
  outputs: new Map(),
  kv: [{ layer: 0, shape }],
  recurrent: [],
};

/** A pool over the reference device's own cache of `capacity` pages; what is computed into it does not matter here. */
function setUp(capacity: number) {
  const device = new PagePool(trace, "f32", capacity * KV_PAGE);
  const executor: Pick<Executor, "createState"> = { createState: () => new ReferenceState(device) };
  const pool = new SequencePool(executor as Executor, capacity * KV_PAGE);
  /** A step of `count` tokens, of which `wrong` drafts are taken back; says whether there was room. */
  const feed = (sequence: Sequence, count: number, wrong = 0, spare = 0): boolean => {
    const room = pool.reserve(sequence, sequence.held + count, spare);
    if (room) {
      const state = sequence.state as ReferenceState;
      state.reserve(count); // the device throws if it has no page left
      state.commit(count);
      sequence.tokens = Array.from({ length: sequence.held }, (_, i) => i);
      sequence.rewind(sequence.held - wrong);
    }
    pool.settle();
    return room;
  };
  return { pool, feed, realPages: () => device.bytes / (8 * KV_PAGE) };
}

/** What a device's pages come to, said as simply as can be: who holds which page, and that shared pages are copied when written. */
class PageModel {
  readonly of = new Map<Sequence, number[]>();
  #next = 0;

  feed(sequence: Sequence, from: number, to: number): void {
    const pages = this.of.get(sequence) ?? [];
    for (let n = Math.floor(from / KV_PAGE); n * KV_PAGE < to; n++) {
      if (n >= pages.length || this.#holders(pages[n], [...this.of.values()]) > 1) pages[n] = this.#next++;
    }
  }

  /** Pages that `sequence` and those of `others` would need together if it were to hold `to` positions. */
  needed(sequence: Sequence, from: number, to: number, others: readonly Sequence[]): number {
    const lists = [sequence, ...others].map((each) => this.of.get(each) ?? []);
    let needed = new Set(lists.flat()).size;
    for (let n = Math.floor(from / KV_PAGE); n * KV_PAGE < to; n++) {
      if (n >= lists[0].length || this.#holders(lists[0][n], lists) > 1) needed++;
    }
    return needed;
  }

  #holders(page: number, lists: readonly (readonly number[])[]): number {
    return lists.filter((pages) => pages.includes(page)).length;
  }
}

const anyone = fc.nat(40);
const operation = fc.oneof(
  fc.record({ kind: fc.constant("create" as const) }),
  fc.record({ kind: fc.constant("fork" as const), who: anyone }),
  fc.record({
    kind: fc.constant("feed" as const),
    who: anyone,
    count: fc.integer({ min: 1, max: 400 }),
    wrong: fc.nat(8),
    spare: fc.constantFrom(0, 64),
  }),
  fc.record({ kind: fc.constant("rewind" as const), who: anyone, length: fc.nat(1000) }),
  fc.record({
    kind: fc.constantFrom("release" as const, "drop" as const, "busy" as const, "keep" as const),
    who: anyone,
  }),
);

describe("room for sequences", () => {
  it("is counted as the device counts it, whatever is forked, rewound, dropped and reserved", () => {
    const capacity = 6;
    fc.assert(
      fc.property(fc.array(operation, { minLength: 40, maxLength: 80, size: "max" }), (operations) => {
        const { pool, feed, realPages } = setUp(capacity);
        const model = new PageModel();
        model.of.set(pool.create(), []);
        for (const one of operations) {
          const all = [...model.of.keys()];
          const who = "who" in one ? all[one.who % Math.max(1, all.length)] : undefined;
          if (one.kind === "create") model.of.set(pool.create(), []);
          if (!who) continue;
          if (one.kind === "fork") {
            const pages = model.of.get(who) ?? [];
            model.of.set(pool.fork(who), [...pages]);
          } else if (one.kind === "feed") {
            const { held } = who;
            const pinned = all.filter((other) => other !== who && other.busy);
            const needed = model.needed(who, held, held + one.count + one.spare, pinned);
            const before = all.map((other) => other.held);
            const room = feed(who, one.count, Math.min(one.wrong, one.count), one.spare);
            expect(room).toBe(needed <= capacity);
            if (!room) expect(all.map((other) => other.held)).toEqual(before);
            for (const other of all) if (other !== who && other.held === 0) model.of.set(other, []);
            if (room) model.feed(who, held, held + one.count);
          } else if (one.kind === "rewind") who.rewind(Math.min(one.length, who.held));
          else if (one.kind === "drop") pool.drop(who);
          else if (one.kind === "busy") who.busy = !who.busy;
          else if (one.kind === "keep") {
            who.busy = false;
            pool.keep(who);
            model.of.delete(who);
          } else {
            pool.release(who);
            model.of.delete(who);
          }
          for (const [sequence, pages] of model.of) pages.splice(Math.ceil(sequence.held / KV_PAGE));
          expect(pool.usedPages).toBe(realPages());
          if (one.kind !== "keep")
            expect(pool.usedPages).toBeGreaterThanOrEqual(new Set([...model.of.values()].flat()).size);
        }
      }),
      { numRuns: 300 },
    );
  });
});
