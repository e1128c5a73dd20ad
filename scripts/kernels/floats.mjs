// A packed block back to f32, for training's products: four rows of 32 columns, value by value as the stored type defines it
// (kernels/embed.ts has the same, one element at a time).

import { constants } from "./kinds.mjs";

const rows = [0, 1, 2, 3];
const lane = (vector, r) => `f32x4.splat(f32x4.extract_lane(${vector}, ${r}))`;

/** How a step's small integers become the type's: less a constant, or less a row's zero point. */
function offset(kind, r) {
  if (kind.shift) return (v) => `i32x4.sub(${v}, i32x4.splat(${1 << kind.shift}))`;
  if (kind.times) return (v) => `i32x4.sub(${v}, i32x4.splat(${kind.times}))`;
  if (kind.zero) return (v) => `i32x4.sub(${v}, i32x4.splat(i32x4.extract_lane(${kind.zero}, ${r})))`;
  return (v) => v;
}

/** Scales and minimums of the half of a block that step `s` begins. */
function scalesAt(kind, s) {
  if (s % (kind.sub16 ? 4 : 8) !== 0) return [];
  const half = s / 4;
  const scale = kind.sub16 ? `f32x4.mul(${kind.scale}, f32x4.convert_i32x4_s(${kind.factor[half]}))` : kind.scale;
  const min = kind.minFactor ? `f32x4.mul(${kind.min}, f32x4.convert_i32x4_s(${kind.minFactor[half]}))` : kind.min;
  return [
    `f = ${scale};`,
    ...rows.map((r) => `f${r} = ${lane("f", r)};`),
    ...(min ? [`f = ${min};`, ...rows.map((r) => `z${r} = ${lane("f", r)};`)] : []),
  ];
}

export function floats(name, kind) {
  const lines = [...(kind.pre ?? [])];
  for (let s = 0; s < 8; s++) {
    lines.push(...scalesAt(kind, s), ...(kind.load?.(s) ?? []));
    lines.push(`wl = ${kind.raw ? `v128.load(w, ${kind.raw(s)})` : kind.step(s)};`);
    lines.push("lo = i16x8.extend_low_i8x16_s(wl);", "hi = i16x8.extend_high_i8x16_s(wl);");
    for (const r of rows) {
      const integer = offset(kind, r)(`i32x4.extend_${r % 2 ? "high" : "low"}_i16x8_s(${r < 2 ? "lo" : "hi"})`);
      const scaled = `f32x4.mul(f32x4.convert_i32x4_s(${integer}), f${r})`;
      const value = kind.min ? `f32x4.${kind.subtract ? "sub" : "add"}(${scaled}, z${r})` : scaled;
      lines.push(`v128.store(out, ${value}, ${128 * r + 16 * s});`);
    }
  }
  const text = lines.join("\n");
  const names = ["wl", "lo", "hi", "f", ...rows.map((r) => `f${r}`), ...(kind.min ? rows.map((r) => `z${r}`) : [])];
  if (/\bn = /.test(text)) names.push("n");
  if (/\bh = /.test(text) && !/const h = /.test(text)) names.push("h");
  return [
    `export function ${name}_floats(w: usize, block: usize, out: usize): void {`,
    ...kind.use.map((c) => `  const ${c} = v128.load(${c === "iq4" && kind.table ? kind.table : constants[c]});`),
    ...(kind.unit ?? []).map((line) => `  ${line}`),
    "  w = block;",
    `  let ${names.map((v) => `${v} = f32x4.splat(0)`).join(", ")};`,
    ...lines.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}
