import { totalmem } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { machineMemory } from "./machine.ts";

afterEach(() => vi.unstubAllGlobals());

describe("machineMemory", () => {
  it("tells no more than there is", async () => {
    const memory = await machineMemory();
    expect(memory?.bytes).toBeGreaterThan(2 ** 26);
    expect(memory?.bytes).toBeLessThanOrEqual(totalmem());
    expect(memory?.what).toMatch(/^(this (machine|process)|are free)/);
  });

  it("believes a page's browser when it tells little, not when it tells its most", async () => {
    const { process } = globalThis;
    for (const [told, expected] of [
      [4, { bytes: 4 * 2 ** 30, what: "this device has" }],
      [8, undefined],
      [undefined, undefined],
    ] as const) {
      vi.stubGlobal("navigator", { deviceMemory: told });
      vi.stubGlobal("process", undefined);
      const memory = machineMemory();
      vi.stubGlobal("process", process);
      expect(await memory).toEqual(expected);
    }
  });
});
