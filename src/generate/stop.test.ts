import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StopMatcher } from "./stop.ts";

function run(stops: readonly string[], pieces: readonly string[]) {
  const matcher = new StopMatcher(stops);
  let text = "";
  for (const piece of pieces) {
    const pushed = matcher.push(piece);
    text += pushed.text;
    if (pushed.stop !== undefined) return { text, stop: pushed.stop };
  }
  return { text: text + matcher.end(), stop: undefined };
}

/** The definition, over the whole text: the first end of any stop text, the longest of those that end there. */
function expected(stops: readonly string[], text: string) {
  for (let end = 1; end <= text.length; end++) {
    const ending = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    const stop = ending.toSorted((a, b) => b.length - a.length)[0];
    if (stop !== undefined) return { text: text.slice(0, end - stop.length), stop };
  }
  return { text, stop: undefined };
}

describe("StopMatcher", () => {
  it("holds back what may become a stop text, and lets go what does not", () => {
    const matcher = new StopMatcher(["</end>"]);
    expect(matcher.push("a</")).toEqual({ text: "a" });
    expect(matcher.push("em></e")).toEqual({ text: "</em>" });
    expect(matcher.push("nd>b")).toEqual({ text: "", stop: "</end>" });
    expect(matcher.push("more")).toEqual({ text: "" });
    expect(matcher.end()).toBe("");
  });
  it("lets what it held go at the end", () => {
    const matcher = new StopMatcher(["\n\nUser:"]);
    expect(matcher.push("x\n\nUse")).toEqual({ text: "x" });
    expect(matcher.end()).toBe("\n\nUse");
    expect(matcher.push("r:")).toEqual({ text: "" });
  });
  it("finds overlapping starts and stop texts within others", () => {
    expect(run(["aab"], ["aa", "ab"])).toEqual({ text: "a", stop: "aab" });
    expect(run(["abcd", "bc"], ["xabcd"])).toEqual({ text: "xa", stop: "bc" });
    expect(run(["c", "abc"], ["xab", "c"])).toEqual({ text: "x", stop: "abc" });
    expect(run([], ["any", "thing"])).toEqual({ text: "anything", stop: undefined });
  });
  it("refuses an empty stop text", () => expect(() => new StopMatcher(["a", ""])).toThrow("a stop text is empty"));

  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "🙂"), maxLength: 40 });
  const stopTexts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c", "🙂"), minLength: 1, maxLength: 5 }), {
    maxLength: 4,
  });
  it("gives the same for every way to cut the text, and never a part of the stop text", () => {
    fc.assert(
      fc.property(stopTexts, fc.array(letters, { maxLength: 6 }), (stops, pieces) => {
        const text = pieces.join("");
        expect(run(stops, pieces)).toEqual(expected(stops, text));
        expect(run(stops, [text])).toEqual(expected(stops, text));
        expect(run(stops, text.split(""))).toEqual(expected(stops, text));
      }),
      { numRuns: 500 },
    );
  });
  it("holds back no more than a stop text needs", () => {
    fc.assert(
      fc.property(stopTexts, letters, (stops, text) => {
        const matcher = new StopMatcher(stops);
        const { text: out, stop } = matcher.push(text);
        if (stop !== undefined) return;
        const held = text.slice(out.length);
        expect(held === "" || stops.some((s) => s.startsWith(held))).toBe(true);
      }),
    );
  });
  it("takes time in proportion to the text", () => {
    const matcher = new StopMatcher([`${"a".repeat(20_000)}b`, `${"a".repeat(10_000)}c`]);
    const started = performance.now();
    for (let i = 0; i < 100; i++) matcher.push("a".repeat(1000));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(matcher.push("c")).toEqual({ text: "a".repeat(10_000), stop: `${"a".repeat(10_000)}c` });
  });
});
