// The losses of a run read from its log, smoothed, and drawn.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lossTicks, readCurve } from "./loss-curve.ts";
import { lossSvg, writeCurve } from "./loss-svg.ts";

const folder = await mkdtemp(join(tmpdir(), "anyqwen-curve-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const writeLog = (lines: readonly string[]) => writeFile(join(folder, "train_log.jsonl"), lines.join("\n"));
const line = (step: number, loss: number, held?: number) => JSON.stringify({ step, loss, validation_loss: held });

describe("the curve of a run", () => {
  it("has the log's losses, without a line that is half written", async () => {
    await writeLog([line(1, 4), line(2, 2, 3), '{"step":3,"lo']);
    const { training, validation, smoothed, span } = await readCurve(folder);
    expect(training).toEqual([
      { step: 1, loss: 4 },
      { step: 2, loss: 2 },
    ]);
    expect(validation).toEqual([{ step: 2, loss: 3 }]);
    expect([span, smoothed]).toEqual([1, training]);
    await expect(readCurve(join(folder, "none"))).rejects.toThrow(/none.*cannot be read; name a folder/);
  });

  it("is smoothed without a pull to where it began", async () => {
    await writeLog(Array.from({ length: 200 }, (_, n) => line(n + 1, n % 2 === 0 ? 3 : 1)));
    const { smoothed, span } = await readCurve(folder);
    expect(span).toBe(10);
    expect(smoothed[0].loss).toBeCloseTo(3);
    expect(Math.abs(smoothed[199].loss - 2)).toBeLessThan(0.2);
  });

  it("has round numbers on its axes", () => {
    expect(lossTicks(0.12, 0.47, 4)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(lossTicks(2, 2, 3).length).toBeGreaterThan(1);
    expect(lossTicks(0, 0, 3)[0]).toBe(0);
  });
});

describe("loss.svg", () => {
  it("draws all losses within its frame, names itself, and is written whole", async () => {
    await writeLog(
      Array.from({ length: 5000 }, (_, n) => line(n + 1, 1 + 9 / (n + 1), (n + 1) % 1000 ? undefined : 1.5)),
    );
    expect(await writeCurve(folder)).toBe("loss.svg");
    expect((await readdir(folder)).sort()).toEqual(["loss.svg", "train_log.jsonl"]);
    const svg = await readFile(join(folder, "loss.svg"), "utf8");
    expect(svg).toContain("5000 updates</title>");
    expect(svg).toContain("prefers-color-scheme: dark");
    const lines = [...svg.matchAll(/<polyline class="(\w+)" points="([^"]+)"/g)];
    expect(lines.map(([, kind]) => kind)).toEqual(["raw", "smooth", "held"]);
    for (const [, , points] of lines) {
      const places = points.split(" ").map((place) => place.split(",").map(Number));
      expect(places.length).toBeLessThan(700);
      for (const [x, y] of places) expect([x >= 64, x <= 696, y >= 64, y <= 352]).toEqual([true, true, true, true]);
    }
    const raw = lines[0][2].split(" ").map((place) => place.split(",").map(Number));
    expect(raw[0][0]).toBe(64);
    expect(raw[0][1]).toBeLessThan(Math.min(...raw.slice(5).map(([, y]) => y))); // the first and highest loss is not thinned out
    expect(svg.match(/<circle class="point" cx/g)?.length).toBe(5 + 1); // and one in the legend
  });

  it("of no update, of one, and of a name that is markup", () => {
    const none = { training: [], smoothed: [], span: 1, validation: [] };
    expect(lossSvg(none, "x")).toContain("no updates yet");
    const training = [{ step: 1, loss: 2 }];
    const one = lossSvg({ ...none, training, smoothed: training }, "<a & b>");
    expect(one).toContain("Loss of &lt;a &amp; b&gt;, 1 update</title>");
    expect(one).not.toContain("NaN");
  });
});
