// loss.svg: the losses of a run as a picture, in the reader's light or dark colours. Written by hand: lines, points, text.

import { basename, join, resolve } from "node:path";
import { writeAtomically } from "../formats/write-files.ts";
import { type LossCurve, type LossPoint, lossTicks, readCurve } from "./loss-curve.ts";

export const curveFile = "loss.svg";

/** Draws what the log in `folder` has so far; returns the file's name. */
export async function writeCurve(folder: string): Promise<string> {
  const svg = lossSvg(await readCurve(folder), basename(resolve(folder)));
  await writeAtomically(join(folder, curveFile), [new TextEncoder().encode(svg)]);
  return curveFile;
}

const [width, height] = [720, 400];
const plot = { left: 64, right: width - 24, top: 64, bottom: height - 48 };
/** More points than this are drawn as the range of each run of them. */
const mostPoints = 600;

const style = `
  svg { color: #1f2328; background: #ffffff; --line: #2563eb; --held: #c2410c; }
  @media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117; --line: #6ea8fe; --held: #f0a35e; } }
  text { font: 12px system-ui, sans-serif; fill: currentColor; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: currentColor; stroke-opacity: 0.15; }
  .raw { fill: none; stroke: var(--line); stroke-opacity: 0.4; }
  .smooth { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; }
  .held { fill: none; stroke: var(--held); stroke-width: 1.5; stroke-dasharray: 4 3; }
  .point { fill: var(--held); }
  .end { text-anchor: end; } .middle { text-anchor: middle; }`;

/** A picture of 720 x 400, with `name` in its title. */
export function lossSvg(curve: LossCurve, name: string): string {
  const { training, smoothed, span, validation } = curve;
  const losses = [...training, ...validation].map(({ loss }) => loss);
  // not Math.min(...losses): a run may have more updates than a call has room for arguments
  const [least, most] = [Math.min, Math.max].map((best) => losses.reduce((a, b) => best(a, b), losses[0] ?? 0));
  const ticks = lossTicks(least, most, 5);
  const steps = stepTicks(training);
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const x = (step: number) =>
    round(plot.left + ((step - first) / Math.max(1, last - first)) * (plot.right - plot.left));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const y = (loss: number) => round(plot.bottom - ((loss - low) / (high - low)) * (plot.bottom - plot.top));
  const line = (points: readonly LossPoint[]) => points.map(({ step, loss }) => `${x(step)},${y(loss)}`).join(" ");
  const polyline = (kind: string, points: readonly LossPoint[]) =>
    `<polyline class="${kind}" points="${line(points)}"/>`;
  const title = escaped(`Loss of ${name}, ${training.length} ${training.length === 1 ? "update" : "updates"}`);
  const grid = ticks.flatMap((tick) => [
    `<path class="grid" d="M${plot.left} ${y(tick)}H${plot.right}"/>`,
    `<text class="end" x="${plot.left - 8}" y="${y(tick) + 4}">${tick}</text>`,
  ]);
  const below = steps.map((step) => `<text class="middle" x="${x(step)}" y="${plot.bottom + 20}">${step}</text>`);
  const held = validation.map(({ step, loss }) => `<circle class="point" cx="${x(step)}" cy="${y(loss)}" r="3.5"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}\n</style>`,
    `<text class="title" x="${plot.left}" y="26">${title}</text>`,
    ...legend(curve, span),
    ...grid,
    ...below,
    `<text class="middle" x="${(plot.left + plot.right) / 2}" y="${height - 8}">update</text>`,
    ...(training.length === 1
      ? [`<circle class="smooth" cx="${x(training[0].step)}" cy="${y(training[0].loss)}" r="2"/>`]
      : []),
    polyline("raw", thinned(training)),
    ...(span > 1 ? [polyline("smooth", smoothed.length > mostPoints ? sparse(smoothed) : smoothed)] : []),
    ...(validation.length > 0 ? [polyline("held", validation), ...held] : []),
    "</svg>\n",
  ].join("\n");
}

/** Colours and the last figures, below the title. */
function legend({ training, smoothed, validation }: LossCurve, span: number): string[] {
  const [now, held] = [smoothed.at(-1), validation.at(-1)];
  if (!now || training.length === 0) return [`<text x="${plot.left}" y="46">no updates yet</text>`];
  const mean = span > 1 ? `, mean of about ${span}` : "";
  const [kind, second] = [span > 1 ? "smooth" : "raw", plot.left + 300];
  const shown = [
    `<path class="${kind}" d="M${plot.left} 42h22"/>`,
    `<text x="${plot.left + 28}" y="46">training ${now.loss.toFixed(4)}${mean}</text>`,
  ];
  if (!held) return shown;
  return [
    ...shown,
    `<path class="held" d="M${second} 42h22"/><circle class="point" cx="${second + 11}" cy="42" r="3.5"/>`,
    `<text x="${second + 28}" y="46">validation ${held.loss.toFixed(4)}</text>`,
  ];
}

/** The first and the last update, and round numbers between that leave room. */
function stepTicks(points: readonly LossPoint[]): number[] {
  const [first, last] = [points[0]?.step ?? 0, points.at(-1)?.step ?? 1];
  if (first === last) return [first];
  const gap = (last - first) / 12;
  const between = lossTicks(first, last, 6).filter((tick) => tick >= first + gap && tick <= last - gap);
  return [first, ...between.filter(Number.isSafeInteger), last];
}

/** Of each run of points its lowest and its highest. */
function thinned(points: readonly LossPoint[]): LossPoint[] {
  if (points.length <= mostPoints) return [...points];
  const size = Math.ceil((2 * points.length) / mostPoints);
  const runs = Array.from({ length: Math.ceil(points.length / size) }, (_, n) =>
    points.slice(n * size, (n + 1) * size),
  );
  return runs.flatMap((run) => {
    const sorted = [...run].sort((a, b) => a.loss - b.loss);
    return [sorted[0], sorted[sorted.length - 1]].sort((a, b) => a.step - b.step);
  });
}

function sparse(points: readonly LossPoint[]): LossPoint[] {
  const every = Math.ceil(points.length / mostPoints);
  return points.filter((_, n) => n % every === 0 || n === points.length - 1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
