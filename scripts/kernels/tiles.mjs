// Products for many tokens (prefill). A group's blocks are unpacked once into a panel in the first-level cache: eight steps, then the
// scale and what else the type has, as vectors. Then tile after tile of four tokens passes. A tile's activations hold, for each step,
// four k of each of the four tokens; turning that vector by j lanes meets row r with token (r + j) mod 4, so four accumulators cover
// all sixteen pairs without a single broadcast. The operations of each pair are those of few-tokens.mjs, in the same order.

import { constants } from "./kinds.mjs";

const lanes = [0, 1, 2, 3];
/** What follows the steps in a panel's block, 16 bytes each. */
function extras(kind) {
  if (!kind.sub16) return [kind.scale, ...(kind.min ? [kind.min] : []), ...(kind.zero ? [kind.zero] : [])];
  return [kind.scale, ...kind.factor, ...(kind.min ? [kind.min, ...kind.minFactor] : [])];
}

export function panelStride(kind) {
  return 128 + 16 * extras(kind).length;
}

function panel(name, kind) {
  const lines = [...(kind.pre ?? [])];
  for (let s = 0; s < 8; s++) lines.push(...(kind.load?.(s) ?? []), `v128.store(p, ${kind.step(s)}, ${16 * s});`);
  extras(kind).forEach((extra, n) => lines.push(`v128.store(p, ${extra}, ${128 + 16 * n});`));
  lines.push(`p += ${panelStride(kind)};`, `w += ${kind.bytes};`);
  const text = lines.join("\n");
  const declared = [
    ...(/\bn = /.test(text) ? ["n"] : []),
    ...(/\bh = /.test(text) && !/const h = /.test(text) ? ["h"] : []),
  ];
  return [
    `export function ${name}_panel(w: usize, units: i32, p: usize): void {`,
    ...kind.use.map((c) => `  const ${c} = v128.load(${c === "iq4" && kind.table ? kind.table : constants[c]});`),
    ...declared.map((n) => `  let ${n} = f32x4.splat(0);`),
    "  for (let u = 0; u < units; u++) {",
    ...(kind.unit ?? []).map((l) => `    ${l}`),
    ...(kind.head ? [`    w += ${kind.head};`] : []),
    ...(kind.blocks
      ? [`    for (let b = 0; b < ${kind.blocks}; b++) {`, ...lines.map((l) => `      ${l}`), "    }"]
      : lines.map((l) => `    ${l}`)),
    "  }",
    "}",
  ].join("\n");
}

const turn = (v) => `v128.shuffle<i32>(${v}, ${v}, 1, 2, 3, 0)`;
/** The same statement for the four accumulators, `v` turned in between. */
const turning = (v, statement) => lanes.flatMap((j) => [statement(j), ...(j < 3 ? [`${v} = ${turn(v)};`] : [])]);

function steps(kind, from, to, out) {
  const lines = [];
  for (let s = from; s < to; s++) {
    const start = (s - from) % kind.run === 0;
    lines.push(`wl = v128.load(p, ${16 * s});`, `xv = v128.load(x, ${16 * s});`);
    lines.push(...turning("xv", (j) => (start ? `a${j} = dot(xv, wl);` : `a${j} = i16x8.add(a${j}, dot(xv, wl));`)));
    if (s + 1 === to || (s + 1 - from) % kind.run === 0)
      for (const j of lanes) {
        const sum = `i32x4.dot_i16x8_s(a${j}, ones)`;
        lines.push(s - from < kind.run ? `${out}${j} = ${sum};` : `${out}${j} = i32x4.add(${out}${j}, ${sum});`);
      }
  }
  return lines;
}

function less(kind, out, load) {
  if (kind.shift)
    return [
      `xv = v128.shl<i32>(${load}, ${kind.shift});`,
      ...turning("xv", (j) => `${out}${j} = i32x4.sub(${out}${j}, xv);`),
    ];
  if (kind.times)
    return [
      `xv = i32x4.mul(${load}, i32x4.splat(${kind.times}));`,
      ...turning("xv", (j) => `${out}${j} = i32x4.sub(${out}${j}, xv);`),
    ];
  if (kind.zero)
    return [
      `wl = v128.load(p, 144);`,
      `xv = ${load};`,
      ...turning("xv", (j) => `${out}${j} = i32x4.sub(${out}${j}, i32x4.mul(xv, wl));`),
    ];
  return [];
}

function tile(name, kind) {
  const [scale, sum, first, scaled] = [128, 144, 160, 176].map((at) => `v128.load(x, ${at})`);
  const second = `i32x4.sub(${sum}, ${first})`;
  const lines = [];
  if (kind.sub16) {
    lines.push(...steps(kind, 0, 4, "s"), ...less(kind, "s", first), "wl = v128.load(p, 144);");
    for (const j of lanes) lines.push(`s${j} = i32x4.mul(s${j}, wl);`);
    lines.push(...steps(kind, 4, 8, "r"), ...less(kind, "r", second), "wl = v128.load(p, 160);");
    for (const j of lanes) lines.push(`s${j} = i32x4.add(s${j}, i32x4.mul(r${j}, wl));`);
  } else lines.push(...steps(kind, 0, 8, "s"), ...less(kind, "s", sum));
  lines.push("wl = v128.load(p, 128);", `xv = ${scale};`);
  lines.push(
    ...turning("xv", (j) => `y${j} = f32x4.add(y${j}, f32x4.mul(f32x4.convert_i32x4_s(s${j}), f32x4.mul(wl, xv)));`),
  );
  if (kind.min) {
    const add = kind.subtract ? "sub" : "add";
    if (kind.minFactor) {
      // the minimums' integer sum per pair first, in s; then scaled
      lines.push("wl = v128.load(p, 192);", `xv = ${first};`, ...turning("xv", (j) => `s${j} = i32x4.mul(wl, xv);`));
      lines.push(
        "wl = v128.load(p, 208);",
        `xv = ${second};`,
        ...turning("xv", (j) => `s${j} = i32x4.add(s${j}, i32x4.mul(wl, xv));`),
      );
      lines.push("wl = v128.load(p, 176);", `xv = ${scale};`);
      lines.push(
        ...turning(
          "xv",
          (j) => `y${j} = f32x4.${add}(y${j}, f32x4.mul(f32x4.convert_i32x4_s(s${j}), f32x4.mul(wl, xv)));`,
        ),
      );
    } else {
      lines.push("wl = v128.load(p, 144);", `xv = ${scaled};`);
      lines.push(...turning("xv", (j) => `y${j} = f32x4.${add}(y${j}, f32x4.mul(wl, xv));`));
    }
  }
  lines.push(`p += ${panelStride(kind)};`, "x += 192;");
  const names = ["wl", "xv", ...lanes.flatMap((j) => [`a${j}`, `s${j}`, ...(kind.sub16 ? [`r${j}`] : [])])];
  return [
    `export function ${name}_tile(p: usize, blocks: i32, x: usize, y: usize): void {`,
    "  const ones = v128.load(ONES);",
    `  let ${names.map((n) => `${n} = f32x4.splat(0)`).join(", ")};`,
    `  let ${lanes.map((j) => `y${j} = v128.load(y, ${16 * j})`).join(", ")};`,
    "  for (let b = 0; b < blocks; b++) {",
    ...lines.map((l) => `    ${l}`),
    "  }",
    ...lanes.map((j) => `  v128.store(y, y${j}, ${16 * j});`),
    "}",
  ].join("\n");
}

/** The exported functions of a kind that has int8 steps of 0..127. */
export function manyTokens(name, kind) {
  return [panel(name, kind), tile(name, kind)];
}
