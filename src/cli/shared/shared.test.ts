import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decimal, integer, refuseIdle } from "./command.ts";
import { checkOutput, writeAtomically } from "./files.ts";
import { idsField, jsonLines, stringField } from "./input.ts";
import { formatBytes, formatSeconds, table, toJson } from "./output.ts";
import { Rate } from "./progress.ts";
import { floatPieces } from "./tensor.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyqwen-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("option values", () => {
  it("are whole numbers or in range, or refused", () => {
    expect(integer(0)("12")).toBe(12);
    expect(decimal(0, 1)("0.5")).toBe(0.5);
    expect(() => integer(1, 128)("129")).toThrow(/from 1 to 128/);
    for (const bad of ["", "1.5", "-1", "1e3", "x", "99999999999999999999"]) expect(() => integer(0)(bad)).toThrow();
    for (const bad of ["", "-0.1", "1.1", "NaN", "Infinity"]) expect(() => decimal(0, 1)(bad)).toThrow();
  });
});

describe("flags without use", () => {
  it("are refused by the name that was written, and others pass", () => {
    const names = { system: "--system", tools: "--tools" };
    expect(() => refuseIdle({ system: "x", tools: "y" }, "--raw uses no template", names)).toThrow(
      "--raw uses no template, so --system and --tools would do nothing; leave out one or the other",
    );
    expect(() => refuseIdle({ system: undefined, json: true }, "--raw uses no template", names)).not.toThrow();
  });
});

describe("table", () => {
  it("aligns, with wide characters and colour codes counted as they look", () => {
    const text = table(
      [{ title: "A" }, { title: "N", align: "right" }],
      [
        ["模型", "1"],
        ["\u001b[1mab\u001b[0m", "1000"],
      ],
    );
    expect(text.split("\n")).toEqual(["A        N", "模型     1", "\u001b[1mab\u001b[0m    1000"]);
  });
});

describe("formats", () => {
  it("of bytes and seconds", () => {
    expect([0, 1023, 1024, 491400064].map(formatBytes)).toEqual(["0 B", "1023 B", "1.0 KiB", "468.6 MiB"]);
    expect([5, 85, 5125, Number.NaN, Number.POSITIVE_INFINITY].map(formatSeconds)).toEqual([
      "0:05",
      "1:25",
      "1:25:25",
      "--:--",
      "--:--",
    ]);
  });

  it("of JSON: typed arrays, maps and big integers are plain", () => {
    expect(toJson({ a: new Float32Array([0.5]), b: 3n, c: new Map([["x", 1n << 60n]]) })).toBe(
      '{"a":[0.5],"b":3,"c":{"x":"1152921504606846976"}}',
    );
  });
});

describe("Rate", () => {
  it("is the speed of the last seconds, without what was there at the start", () => {
    let now = 0;
    const rate = new Rate(() => now, 5000);
    rate.add(1000);
    expect(rate.perSecond).toBe(0);
    for (now = 1000; now <= 20_000; now += 1000) rate.add(1000 + now / 10);
    expect(rate.perSecond).toBeCloseTo(100, 9);
  });
});

describe("jsonLines", () => {
  async function read(text: string) {
    const file = join(folder, "lines.jsonl");
    await writeFile(file, text);
    const lines = [];
    for await (const line of jsonLines(file)) lines.push(line);
    return lines;
  }

  it("reads objects in order, skipping empty lines", async () => {
    const lines = await read('{"text":"a\\u2028b"}\n\n{"text":"\u2028","ids":[1,2]}\r\n');
    expect(lines.map((line) => stringField(line, "text"))).toEqual(["a\u2028b", "\u2028"]);
    expect(idsField(lines[1], "ids")).toEqual([1, 2]);
    expect(() => idsField(lines[0], "ids")).toThrow(/line 1: "ids" should be a list of token ids, found nothing/);
  });

  it("names the line that is wrong", async () => {
    await expect(read('{"a":1}\n{"a":')).rejects.toThrow(/lines\.jsonl line 2: not valid JSON/);
    await expect(read("[1]\n")).rejects.toThrow(/line 1: expected an object, found \[1\]/);
    await expect(jsonLines(join(folder, "none")).next()).rejects.toThrow(/no such file/);
  });
});

describe("checkOutput", () => {
  it("says before any work what would keep a file from being written", async () => {
    const file = join(folder, "there");
    await writeFile(file, "");
    await expect(checkOutput(file)).resolves.toBeUndefined();
    await expect(checkOutput(join(folder, "new"))).resolves.toBeUndefined();
    await expect(checkOutput(folder)).rejects.toThrow(/cannot be written: it is a folder; name a file in it/);
    await expect(checkOutput(join(folder, "none", "x"))).rejects.toThrow(/there is no such folder/);
    await expect(checkOutput(join(file, "x"))).rejects.toThrow(/there is no such folder/);
  });
});

describe("writeAtomically", () => {
  it("leaves the old file when the source fails", async () => {
    const file = join(folder, "out.bin");
    await writeAtomically(file, [new Uint8Array([1, 2]), new Uint8Array([3])]);
    async function* failing() {
      yield new Uint8Array(5);
      throw new Error("source broke");
    }
    await expect(writeAtomically(file, failing())).rejects.toThrow("source broke");
    expect([...(await readFile(file))]).toEqual([1, 2, 3]);
    expect((await readdir(folder)).filter((name) => name.startsWith("out"))).toEqual(["out.bin"]);
  });
});

describe("floatPieces", () => {
  it("puts act-order columns back", async () => {
    const stored = new Uint8Array(new Float32Array([10, 20, 30, 40, 50, 60]).buffer);
    const tensor = {
      name: "w",
      type: "F32" as const,
      shape: [2, 3],
      byteLength: 24,
      columns: Int32Array.from([2, 0, 1]),
      read: async (offset: number, into: Uint8Array) => into.set(stored.subarray(offset, offset + into.length)),
    };
    const values: number[] = [];
    for await (const piece of floatPieces(tensor)) values.push(...new Float32Array(piece.buffer));
    expect(values).toEqual([20, 30, 10, 50, 60, 40]);
  });
});
