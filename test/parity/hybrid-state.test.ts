// Recurrent state: a sequence that goes back to a checkpoint, forks, is saved, or shares steps with others gives the bits of a straight
// run, at every position.

import { describe, expect, test } from "vitest";
import type { DeviceOptions, Executor, SequenceState } from "../../src/core/device.ts";
import { MOST_DRAFTS } from "../../src/core/device.ts";
import { devices } from "./devices.ts";
import { ids, readExpected } from "./fixtures.ts";
import { decode, load, prefill } from "./harness.ts";

const PATH = "models/qwen3_5_text";
const VOCAB = 320;
const text = ids(readExpected(`${PATH}/expected.safetensors`), "input_ids"); // 150 tokens
const CHECKPOINTS = [32, 33, 100];

const rowOf = (logits: Float32Array, row: number) => logits.slice(row * VOCAB, (row + 1) * VOCAB);

/** Feeds the text up to `end`; the logits of all that was fed. */
function feed(executor: Executor, state: SequenceState, end: number, from = text): Float32Array {
  return prefill(executor, state, from.subarray(state.length, end));
}

/** A sequence that holds the text up to `end`. */
function withCheckpoints(executor: Executor, end: number): SequenceState {
  const state = executor.createState();
  for (const position of CHECKPOINTS.filter((checkpoint) => checkpoint <= end)) {
    feed(executor, state, position);
    state.checkpoint();
  }
  feed(executor, state, end);
  return state;
}

/** A step of the next token and `drafts` more, of which `right` are the text's; those that do not hold are taken back. Its logits. */
function stepWithDrafts(executor: Executor, state: SequenceState, drafts: number, right: number): Float32Array {
  const from = state.length;
  const tokens = Array.from({ length: drafts + 1 }, (_, i) => (text[from + i] + (i > right ? 1 : 0)) % VOCAB);
  executor.step([{ state, tokens, rows: tokens.map((_, i) => i), drafts }]);
  const logits = executor.read("logits").slice(0, (right + 1) * VOCAB);
  expect(state.reachable(from + 1)).toBe(from + 1);
  state.rewind(from + right + 1);
  expect(state.length).toBe(from + right + 1);
  return logits;
}

describe.each(devices)("$name", (device) => {
  async function start(more: Partial<DeviceOptions> = {}) {
    const { executor } = await load(device, PATH, more);
    const straight = prefill(executor, executor.createState(), text);
    return { executor, state: withCheckpoints(executor, text.length), straight };
  }

  test("forked and taken back to every position, by way of the last checkpoint before it", async () => {
    const { executor, state, straight } = await start();
    for (let position = text.length - 1; position >= 0; position--) {
      const fork = state.fork();
      const reached = CHECKPOINTS.findLast((checkpoint) => checkpoint <= position) ?? 0;
      expect(fork.reachable(position)).toBe(reached);
      fork.rewind(position);
      expect(fork.length).toBe(reached);
      expect(feed(executor, fork, position + 1).slice(-VOCAB)).toEqual(rowOf(straight, position));
      fork.release();
    }
    expect(state.length).toBe(text.length);
    state.rewind(32);
    expect(feed(executor, state, text.length)).toEqual(straight.slice(32 * VOCAB));
  });

  test("forked at every position while it runs: neither sees what the other goes on with", async () => {
    const { executor, straight } = await start();
    const state = executor.createState();
    const other = Int32Array.from(text, (id) => (id * 7 + 1) % VOCAB);
    for (let position = 0; position < text.length; position++) {
      const fork = state.fork();
      const theirs = prefill(executor, fork, other.subarray(position, position + 2));
      expect(decode(executor, state, text[position])).toEqual(rowOf(straight, position));
      if (position % 30 === 11) {
        const alone = executor.createState();
        feed(executor, alone, position);
        expect(prefill(executor, alone, other.subarray(position, position + 2))).toEqual(theirs);
        alone.release();
      }
      fork.release();
    }
  });

  test("any number of drafts, of which any number holds: the next step goes on as in a straight run", async () => {
    const { executor, straight } = await start();
    const state = executor.createState();
    const check = (from: number, logits: Float32Array) =>
      expect(logits).toEqual(straight.slice(from * VOCAB, from * VOCAB + logits.length));
    feed(executor, state, 2); // fewer than the convolution keeps
    for (let drafts = 1; drafts <= MOST_DRAFTS; drafts++) {
      for (let right = drafts; right >= 0; right--) {
        const [from, again] = [state.length, state.fork()];
        if (from + drafts + MOST_DRAFTS + 2 > text.length) state.rewind(0);
        if (state.length === 0) feed(executor, state, 1 + right);
        else check(from, stepWithDrafts(executor, state, drafts, right));
        const at = state.length;
        // what the next step is: one with drafts, one without, or a prompt's
        if (right % 3 === 0) check(at, stepWithDrafts(executor, state, MOST_DRAFTS, drafts % MOST_DRAFTS));
        else check(at, feed(executor, state, at + (right % 3 === 1 ? 1 : 5)));
        again.release();
      }
    }
  });

  test("drafts that hold, then forked, kept, saved or gone back from, and beside others", async () => {
    const { executor, straight } = await start();
    const next = (state: SequenceState) => {
      const at = state.length;
      expect(decode(executor, state, text[at])).toEqual(rowOf(straight, at));
    };
    const drafted = (right = 2) => {
      const state = withCheckpoints(executor, 40);
      stepWithDrafts(executor, state, 4, right);
      return state;
    };
    const forked = drafted();
    const fork = forked.fork();
    next(fork);
    next(forked);
    const kept = drafted();
    kept.checkpoint();
    feed(executor, kept, 60);
    expect(kept.reachable(50)).toBe(43);
    kept.rewind(50);
    next(kept);
    const back = drafted();
    for (const at of [42, 41]) {
      expect(back.reachable(at)).toBe(at);
      back.rewind(at);
    }
    expect(back.reachable(40)).toBe(33);
    next(back);
    const saved = drafted().save();
    const restored = executor.createState();
    restored.restore(saved, 43);
    next(restored);
    const gone = drafted();
    gone.rewind(39);
    expect(gone.length).toBe(33);
    next(gone);

    const [a, b] = [drafted(3), drafted(0)];
    const plain = executor.createState();
    executor.step([
      { state: a, tokens: text.subarray(44, 47), rows: [0, 1, 2], drafts: 2 },
      { state: plain, tokens: text.subarray(0, 30), rows: [29] },
      { state: b, tokens: text.subarray(41, 43), rows: [0, 1], drafts: 1 },
    ]);
    const logits = executor.read("logits");
    [44, 45, 46, 29, 41, 42].forEach((position, row) => {
      expect(rowOf(logits, row)).toEqual(rowOf(straight, position));
    });
    a.rewind(46);
    b.rewind(42);
    for (const state of [a, b, plain]) next(state);
  });

  test("more sequences with drafts than there are logs: the oldest log is applied and lent; too many in a step are refused", async () => {
    const { executor, straight } = await start({ maxRows: 160, states: 3 });
    const small = await load(device, PATH, { maxRows: 4, states: 8 });
    const states = [0, 1, 2].map(() => {
      const state = small.executor.createState();
      small.executor.step([{ state, tokens: text.subarray(0, 10), rows: [] }]);
      return state;
    });
    for (const right of [1, 0, 1]) {
      for (const state of states) {
        const from = state.length;
        small.executor.step([{ state, tokens: text.subarray(from, from + 2), rows: [0, 1], drafts: 1 }]);
        expect(small.executor.read("logits")).toEqual(straight.slice(from * VOCAB, (from + 2) * VOCAB));
        state.rewind(from + 1 + right);
      }
    }
    const lengths = states.map(({ length }) => length);
    const step = states.map((state) => ({ state, tokens: [1, 2], rows: [], drafts: 1 }));
    expect(() => small.executor.step(step)).toThrow("drafts of more than 2 sequences");
    expect(states.map(({ length }) => length)).toEqual(lengths);
    for (const state of states) {
      expect(decode(small.executor, state, text[state.length])).toEqual(rowOf(straight, lengths[0]));
    }
    executor.dispose();
  });

  test("in steps with others, prompts and single tokens mixed, in any chunks", async () => {
    const { executor, straight } = await start();
    const [a, b, c] = [executor.createState(), executor.createState(), executor.createState()];
    feed(executor, a, 140);
    feed(executor, b, 2);
    executor.step([
      { state: b, tokens: text.subarray(2, 60), rows: [0, 57] },
      { state: a, tokens: [text[140]], rows: [0] },
      { state: c, tokens: text.subarray(0, 5), rows: [4] },
    ]);
    const logits = executor.read("logits");
    [2, 59, 140, 4].forEach((position, row) => {
      expect(rowOf(logits, row)).toEqual(rowOf(straight, position));
    });
  });

  test("saved with its last checkpoint, and restored by another executor", async () => {
    const { executor, straight } = await start();
    for (const end of [150, 100, 90, 20]) {
      const state = withCheckpoints(executor, end);
      const saved = state.save();
      const { executor: other } = await load(device, PATH);
      const restored = other.createState();
      prefill(other, restored, text.subarray(7, 30)); // what it held does not matter
      restored.restore(saved, end);
      expect(restored.length).toBe(end);
      expect(decode(other, restored, text[end % 150])).toEqual(decode(executor, state, text[end % 150]));
      const reached = CHECKPOINTS.findLast((checkpoint) => checkpoint <= end) ?? 0;
      restored.rewind(end);
      expect(restored.length).toBe(reached);
      if (reached < end) expect(feed(other, restored, end).slice(-VOCAB)).toEqual(rowOf(straight, end - 1));
      for (const wrong of [saved.subarray(1), saved.subarray(0, -1), saved.subarray(0, 100)])
        expect(() => restored.restore(wrong, end)).toThrow(expect.objectContaining({ code: "format" }));
      state.release();
    }
  });

  test("checkpoints give way to sequences, least recently used first; too many sequences are refused", async () => {
    const { executor } = await load(device, PATH, { states: 4 });
    const first = executor.createState();
    for (const position of [10, 20, 30, 40]) {
      feed(executor, first, position);
      first.checkpoint();
    }
    feed(executor, first, 50);
    expect([15, 25, 35, 45].map((position) => first.reachable(position))).toEqual([0, 20, 30, 40]);
    const fork = first.fork();
    fork.rewind(20); // used: now 30 is the oldest
    expect(feed(executor, fork, 25).length).toBe(5 * VOCAB);
    expect([25, 35, 45].map((position) => first.reachable(position))).toEqual([20, 20, 40]);
    const more = [executor.createState(), executor.createState()];
    for (const state of more) feed(executor, state, 5);
    expect(first.reachable(45)).toBe(0);
    const refused = executor.createState();
    expect(() => feed(executor, refused, 5)).toThrow(expect.objectContaining({ code: "context-overflow" }));
    expect([refused.length, first.length]).toEqual([0, 50]);
    more[0].release();
    const logits = feed(executor, refused, 5);
    more[1].release();
    expect(feed(executor, executor.createState(), 5)).toEqual(logits);
  });
});
