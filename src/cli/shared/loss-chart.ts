// The losses of a training run drawn with characters: the training loss as a line of braille dots, validations as points on it.

import pc from "picocolors";
import { type LossCurve, lossTicks } from "../../train/index.ts";
import { formatCount } from "./output.ts";

const rows = 10;
/** Bits of a braille character by row and column of its dots. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** About `columns` wide, at most 100. */
export function lossChart({ training, smoothed, span, validation }: LossCurve, name: string, columns = 80): string {
  const [first, last] = [smoothed[0], smoothed.at(-1)];
  if (!first || !last) return `${name}: no updates yet`;
  const losses = [...smoothed, ...validation].map(({ loss }) => loss);
  const ticks = lossTicks(
    losses.reduce((a, b) => Math.min(a, b)),
    losses.reduce((a, b) => Math.max(a, b)),
    3,
  );
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const margin = Math.max(...ticks.map((tick) => String(tick).length));
  const width = Math.max(20, Math.min(columns, 100) - margin - 3);
  const along = (step: number, size: number) =>
    Math.round(((step - first.step) / Math.max(1, last.step - first.step)) * (size - 1));
  const down = (loss: number, size: number) => Math.round(((high - loss) / (high - low)) * (size - 1));

  const canvas = Array.from({ length: rows }, () => new Uint8Array(width));
  const dot = (x: number, y: number) => (canvas[y >> 2][x >> 1] |= dots[y & 3][x & 1]);
  let [px, py] = [0, down(first.loss, 4 * rows)];
  for (const { step, loss } of smoothed) {
    const [x, y] = [along(step, 2 * width), down(loss, 4 * rows)];
    const length = Math.max(Math.abs(x - px), Math.abs(y - py), 1);
    for (let n = 0; n <= length; n++)
      dot(Math.round(px + ((x - px) * n) / length), Math.round(py + ((y - py) * n) / length));
    [px, py] = [x, y];
  }
  const cells = canvas.map((row) =>
    Array.from(row, (bits) => (bits === 0 ? " " : pc.cyan(String.fromCodePoint(0x2800 + bits)))),
  );
  for (const { step, loss } of validation) cells[down(loss, rows)][along(step, width)] = pc.yellow("●");

  const labels = new Map(ticks.map((tick) => [down(tick, rows), String(tick)]));
  const lines = cells.map((row, n) => {
    const label = labels.get(n);
    return `${(label ?? "").padStart(margin)} ${label === undefined ? "│" : "┤"}${row.join("")}`.trimEnd();
  });
  const ends = [String(first.step), formatCount(last.step)];
  const mean = span > 1 ? `, mean of about ${span}` : "";
  const held = validation.at(-1);
  const figures = held ? `   ${pc.yellow("●")} validation ${held.loss.toFixed(4)}` : "";
  return [
    pc.bold(`loss of ${name}, ${formatCount(training.length)} ${training.length === 1 ? "update" : "updates"}`),
    ...lines,
    `${" ".repeat(margin)} └${"─".repeat(width)}`,
    `${" ".repeat(margin + 2)}${ends[0]}${ends[1].padStart(width - ends[0].length)}`,
    `${" ".repeat(margin + 2)}${pc.cyan("⣀⠤⠒")} training ${last.loss.toFixed(4)}${mean}${figures}`,
  ].join("\n");
}
