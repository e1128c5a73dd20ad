import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { MessageBuilder, pipedLines } from "./lines.ts";

function build(...lines: string[]): { text: string; open: boolean } {
  const builder = new MessageBuilder();
  for (const line of lines) builder.add(line);
  return { open: builder.open, text: builder.take() };
}

describe("MessageBuilder", () => {
  it("joins lines after a backslash", () => {
    expect(build("one \\")).toEqual({ open: true, text: "one \\" });
    expect(build("one \\", "two\\", "three")).toEqual({ open: false, text: "one \ntwo\nthree" });
  });

  it("takes everything between triple quotes as it is", () => {
    expect(build('"""', "  a\\", "", "b", '"""')).toEqual({ open: false, text: "  a\\\n\nb" });
    expect(build('"""first', 'last"""')).toEqual({ open: false, text: "first\nlast" });
    expect(build('"""whole"""')).toEqual({ open: false, text: "whole" });
    expect(build('"""', "a").open).toBe(true);
  });

  it("keeps pasted lines apart by newlines", () => {
    expect(build("a", "", "b").text).toBe("a\n\nb");
  });
});

describe("pipedLines", () => {
  it("gives a message a line, quoted ones whole, then the end", async () => {
    const lines = pipedLines(Readable.from(["hi\n", '"""\ntwo\nlines\n"""\n', "last"]));
    const typed = [];
    for (let i = 0; i < 4; i++) typed.push(await lines.next(""));
    expect(typed).toEqual([
      { kind: "text", text: "hi" },
      { kind: "text", text: "two\nlines" },
      { kind: "text", text: "last" },
      { kind: "end" },
    ]);
  });
});
