// What commands print: results on stdout, one JSON object a line where a script asks for it; everything else on stderr.

import { stripVTControlCharacters } from "node:util";

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One object, one line. Typed arrays become plain ones. */
export function printJson(value: unknown): void {
  print(toJson(value));
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (ArrayBuffer.isView(item) && !(item instanceof DataView))
      return Array.from(item as unknown as ArrayLike<number>);
    if (item instanceof Map) return Object.fromEntries(item);
    if (typeof item === "bigint") return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
    return item;
  });
}

/** Notes for a person: only where one is looking. */
export function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

/** Said on stderr, also into files and pipes. */
export function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Rows below their titles, two spaces between columns; colour codes take no width. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => width(row[i] ?? ""))));
  return cells
    .map((row) =>
      columns
        .map(({ align }, i) => {
          const text = row[i] ?? "";
          const pad = " ".repeat(widths[i] - width(text));
          return align === "right" ? pad + text : text + pad;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Columns that a terminal gives to a text: CJK and emoji take two. */
function width(text: string): number {
  let columns = 0;
  for (const char of stripVTControlCharacters(text)) {
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** 491400064 -> "468.6 MiB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** 5125 -> "1:25:25", 85 -> "1:25". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "--:--";
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] > 0 ? parts : parts.slice(1))
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0")))
    .join(":");
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
