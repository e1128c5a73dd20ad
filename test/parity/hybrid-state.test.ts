// Recurrent state: a sequence that goes back to a checkpoint, forks, is saved, or shares steps with others gives the bits of a straight
// run, at every position.

import { describe, expect, test } from "vitest";
import type { DeviceOptions, Executor, SequenceState } from "../../src/core/device.ts";
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
