import { describe, expect, it } from "vitest";
import { CheckpointMarks } from "./checkpoints.ts";

const START = 9;

describe("checkpoint marks", () => {
  it("stand at the ends of the first message and the last four, and every 1,024 tokens", () => {
    const prompt = Array.from({ length: 80 }, (_, i) => (i % 10 === 0 ? START : 1));
    const marks = new CheckpointMarks(prompt, START);
    expect(prompt.flatMap((_, i) => (marks.has(i) ? [i] : []))).toEqual([10, 40, 50, 60, 70]);
    expect([0, 9, 10, 41, 70, 1023, 1024].map((position) => marks.after(position))).toEqual([
      10, 10, 40, 50, 1024, 1024, 2048,
    ]);
    expect([9, 10, 39, 75, 1030].map((position) => marks.upTo(position))).toEqual([0, 10, 10, 70, 1024]);
    expect([1024, 3072, 1025].map((position) => marks.has(position))).toEqual([true, true, false]);
  });

  it("are the regular ones alone where nothing begins a message", () => {
    const marks = new CheckpointMarks([START, 1, START], undefined);
    expect([1, 2].some((position) => marks.has(position))).toBe(false);
    expect(marks.after(0)).toBe(1024);
  });
});
