import { describe, expect, it } from "vitest";
import { inFlags } from "./flag-names.ts";

describe("the API's errors in the words of the command line", () => {
  it("name flags, and leave everything else as it was", () => {
    expect(inFlags("contextTokens is 9; m.gguf was made for 8 positions")).toBe(
      "--ctx is 9; m.gguf was made for 8 positions",
    );
    expect(inFlags("m: needs 9 MiB; fewer contextTokens than 8, or kv: q8")).toBe(
      "m: needs 9 MiB; a smaller --ctx than 8, or --kv q8",
    );
    expect(inFlags('kv is "q3"; expected f16')).toBe('--kv is "q3"; expected f16');
    expect(inFlags("repetitionPenalty is 0; expected a number")).toBe("--repetition-penalty is 0; expected a number");
    expect(inFlags("f:2: 9 tokens, more than 8; take a greater length, or cut them (long: cut)")).toBe(
      "f:2: 9 tokens, more than 8; take a greater --length, or --cut-long",
    );
    expect(inFlags("length is 1; expected from 2 to 8")).toBe("--length is 1; expected from 2 to 8");
    for (const other of ["myModel.gguf: no such file", "a seed is drawn; the temperature is 1", "toString"]) {
      expect(inFlags(other)).toBe(other);
    }
  });
});
