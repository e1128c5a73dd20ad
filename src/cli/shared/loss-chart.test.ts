// The losses of a run as characters.

import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { lossChart } from "./loss-chart.ts";

const falling = Array.from({ length: 40 }, (_, n) => ({ step: n + 1, loss: 4 - n / 10 }));

it("is a line from the upper left to the lower right, with validations and figures", () => {
  const curve = { training: falling, smoothed: falling, span: 1, validation: [{ step: 40, loss: 4 }] };
  const lines = stripVTControlCharacters(lossChart(curve, "run", 40)).split("\n");
  expect(lines[0]).toBe("loss of run, 40 updates");
  const rows = lines.slice(1, 11);
  expect(rows[0].slice(0, 5)).toBe("4 ┤⠑⠢");
  expect(rows[0].endsWith("●")).toBe(true);
  const ink = rows.map((row) => [...row].findIndex((char) => char > "⠀" && char <= "⣿"));
  expect([...ink].sort((a, b) => a - b)).toEqual(ink);
  expect(rows[9].startsWith("0 ┤")).toBe(true);
  for (const row of lines.slice(0, 12)) expect([...row].length).toBeLessThanOrEqual(40);
  expect(lines[12]).toMatch(/^ {3}1 +40$/);
  expect(lines[13]).toBe("   ⣀⠤⠒ training 0.1000   ● validation 4.0000");
});

it("says so where there is nothing, and draws a single update", () => {
  const none = { training: [], smoothed: [], span: 1, validation: [] };
  expect(lossChart(none, "run")).toBe("run: no updates yet");
  const one = [{ step: 1, loss: 2.5 }];
  expect(stripVTControlCharacters(lossChart({ ...none, training: one, smoothed: one }, "run"))).toContain("1 update\n");
});
