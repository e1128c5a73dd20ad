import { describe, expect, it } from "vitest";
import { Buffer, type Instruction, placeBuffers } from "./instructions.ts";

const step = (reads: Buffer[], writes: Buffer[]): Instruction => ({ op: "add", args: [], reads, writes });
const overlap = (a: Buffer, b: Buffer) => a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;

describe("placeBuffers", () => {
  it("shares memory between buffers that are not alive at the same time", () => {
    const [a, b, c] = [new Buffer(640), new Buffer(320), new Buffer(640)];
    expect(placeBuffers([step([], [a]), step([a], [b]), step([b], [c])])).toBe(960);
    expect(c.offset).toBe(a.offset);
    expect(overlap(a, b) || overlap(b, c)).toBe(false);
  });

  it("keeps what the host reads after the step", () => {
    const [a, b] = [new Buffer(640, "read"), new Buffer(640)];
    placeBuffers([step([], [a]), step([], [b]), step([b], [])]);
    expect(overlap(a, b)).toBe(false);
  });

  it("leaves what the host writes before the step alone, from the first instruction on", () => {
    const [early, table, out] = [new Buffer(640), new Buffer(320, "written"), new Buffer(64)];
    placeBuffers([step([], [early]), step([early], [out]), step([table], [out])]);
    expect(overlap(early, table)).toBe(false);
  });
});
