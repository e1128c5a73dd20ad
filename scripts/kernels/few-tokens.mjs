// Products for one token, and for four at once: each weight vector is unpacked when it is met. Reads row after row of activations.

import { constants } from "./kinds.mjs";

const each = (n, f) => Array.from({ length: n }, (_, t) => f(t));

/** Integer dot products of steps [from, to) into s<t> (i32x4, one lane per row); `first` says whether s<t> starts here. */
function dots(kind, tokens, wide, from, to, out) {
  const lines = [];
  if (wide) {
    for (let s = from; s < to; s++) {
      lines.push(...(kind.load?.(s) ?? []));
      if (kind.raw)
        lines.push(`wl = v128.load_ext<i8>(w, ${kind.raw(s)}); wh = v128.load_ext<i8>(w, ${kind.raw(s) + 8});`);
      else lines.push(`wl = ${kind.step(s)}; wh = i16x8.extend_high_i8x16_s(wl); wl = i16x8.extend_low_i8x16_s(wl);`);
      for (let t = 0; t < tokens; t++) {
        lines.push(`xv = v128.load64_splat(x${t}, ${8 * s});`);
        if (s === from) lines.push(`a${t} = i32x4.dot_i16x8_s(wl, xv); b${t} = i32x4.dot_i16x8_s(wh, xv);`);
        else
          lines.push(
            `a${t} = i32x4.add(a${t}, i32x4.dot_i16x8_s(wl, xv)); b${t} = i32x4.add(b${t}, i32x4.dot_i16x8_s(wh, xv));`,
          );
      }
    }
    for (let t = 0; t < tokens; t++)
      lines.push(
        `${out}${t} = i32x4.add(v128.shuffle<i32>(a${t}, b${t}, 0, 2, 4, 6), v128.shuffle<i32>(a${t}, b${t}, 1, 3, 5, 7));`,
      );
    return lines;
  }
  for (let s = from; s < to; s++) {
    const start = (s - from) % kind.run === 0;
    lines.push(...(kind.load?.(s) ?? []), `wl = ${kind.step(s)};`);
    for (let t = 0; t < tokens; t++) {
      const dot = `dot(v128.load32_splat(x${t}, ${4 * s}), wl)`;
      lines.push(start ? `a${t} = ${dot};` : `a${t} = i16x8.add(a${t}, ${dot});`);
    }
    if (s + 1 === to || (s + 1 - from) % kind.run === 0) {
      const whole = s - from < kind.run;
      for (let t = 0; t < tokens; t++) {
        const sum = `i32x4.extadd_pairwise_i16x8_s(a${t})`;
        lines.push(whole ? `${out}${t} = ${sum};` : `${out}${t} = i32x4.add(${out}${t}, ${sum});`);
      }
    }
  }
  return lines;
}

function body(kind, tokens, wide) {
  const record = wide ? 64 : 32; // the activation block's scale, sum, sum of its first half, scale * sum (kernels/quantise.ts)
  const lines = [...(kind.pre ?? [])];
  const splat = (t, at) => `v128.load32_splat(x${t}, ${record + at})`;
  const second = (t) => `i32x4.sub(${splat(t, 4)}, ${splat(t, 8)})`;
  const less = (sum, t, total) => {
    if (kind.shift) return [`${sum}${t} = i32x4.sub(${sum}${t}, v128.shl<i32>(${total}, ${kind.shift}));`];
    if (kind.times) return [`${sum}${t} = i32x4.sub(${sum}${t}, i32x4.mul(${total}, i32x4.splat(${kind.times})));`];
    if (kind.zero) return [`${sum}${t} = i32x4.sub(${sum}${t}, i32x4.mul(${total}, ${kind.zero}));`];
    return [];
  };
  if (kind.sub16) {
    lines.push(`f = ${kind.factor[0]};`, ...dots(kind, tokens, wide, 0, 4, "s"));
    for (let t = 0; t < tokens; t++) lines.push(...less("s", t, splat(t, 8)), `s${t} = i32x4.mul(s${t}, f);`);
    lines.push(`f = ${kind.factor[1]};`, ...dots(kind, tokens, wide, 4, 8, "r"));
    for (let t = 0; t < tokens; t++)
      lines.push(...less("r", t, second(t)), `s${t} = i32x4.add(s${t}, i32x4.mul(r${t}, f));`);
  } else {
    lines.push(...dots(kind, tokens, wide, 0, 8, "s"));
    for (let t = 0; t < tokens; t++) lines.push(...less("s", t, splat(t, 4)));
  }
  lines.push(`f = ${kind.scale};`);
  for (let t = 0; t < tokens; t++)
    lines.push(`y${t} = f32x4.add(y${t}, f32x4.mul(f32x4.convert_i32x4_s(s${t}), f32x4.mul(f, ${splat(t, 0)})));`);
  if (kind.min) {
    const add = kind.subtract ? "sub" : "add";
    lines.push(`f = ${kind.min};`);
    if (kind.minFactor) lines.push(`wl = ${kind.minFactor[0]}; wh = ${kind.minFactor[1]};`);
    for (let t = 0; t < tokens; t++) {
      if (!kind.minFactor) {
        lines.push(`y${t} = f32x4.${add}(y${t}, f32x4.mul(f, ${splat(t, 12)}));`);
        continue;
      }
      const total = `i32x4.add(i32x4.mul(wl, ${splat(t, 8)}), i32x4.mul(wh, ${second(t)}))`;
      lines.push(
        `y${t} = f32x4.${add}(y${t}, f32x4.mul(f32x4.convert_i32x4_s(${total}), f32x4.mul(f, ${splat(t, 0)})));`,
      );
    }
  }
  const stride = wide ? 80 : 48;
  lines.push(each(tokens, (t) => `x${t} += ${stride};`).join(" "), `w += ${kind.bytes};`);
  return lines;
}

function kernel(name, kind, tokens, wide) {
  const zero = "f32x4.splat(0)";
  const declare = (names) => `let ${names.map((n) => `${n} = ${zero}`).join(", ")};`;
  const temporaries = ["wl", "f"];
  if (wide) temporaries.push("wh", "xv", ...each(tokens, (t) => `b${t}`));
  else if (kind.minFactor) temporaries.push("wh");
  if (kind.sub16) temporaries.push(...each(tokens, (t) => `r${t}`));
  const text = body(kind, tokens, wide).join("\n");
  if (/\bn = /.test(text)) temporaries.push("n");
  if (/\bh = /.test(text) && !/const h = /.test(text)) temporaries.push("h");
  temporaries.push(...each(tokens, (t) => `a${t}`), ...each(tokens, (t) => `s${t}`));
  const inner = kind.blocks
    ? [`for (let b = 0; b < ${kind.blocks}; b++) {`, ...body(kind, tokens, wide).map((l) => `  ${l}`), "}"]
    : body(kind, tokens, wide);
  return [
    `function ${name}_${tokens}${wide ? "w" : "n"}(w: usize, units: i32, groups: i32, x: usize, xStride: usize, y: usize, yStride: usize): void {`,
    ...kind.use.map((c) => `  const ${c} = v128.load(${c === "iq4" && kind.table ? kind.table : constants[c]});`),
    `  ${declare(temporaries)}`,
    "  for (let g = 0; g < groups; g++) {",
    `    ${declare(each(tokens, (t) => `y${t}`))}`,
    `    let ${each(tokens, (t) => (t === 0 ? "x0 = x" : `x${t} = x${t - 1} + xStride`)).join(", ")};`,
    "    for (let u = 0; u < units; u++) {",
    ...(kind.unit ?? []).map((l) => `      ${l}`),
    ...(kind.head ? [`      w += ${kind.head};`] : []),
    ...inner.map((l) => `      ${l}`),
    "    }",
    ...each(tokens, (t) => `    v128.store(y${t === 0 ? "" : ` + ${t} * yStride`}, y${t});`),
    "    y += 16;",
    "  }",
    "}",
  ].join("\n");
}

// ---- one token, two row groups -------------------------------------------------------------------------------------------------

const both = [0, 1];
/** A kind's statement for one of the two groups: the names that a block owns get the group's number. */
const numbered = (line, g) => line.replace(/\b(w|n|h|d|dm|z|b)\b/g, `$1${g}`);

/** Two groups share every broadcast of the activation: a sixth fewer instructions per weight than one by one. */
function pairKernel(name, kind) {
  const lines = (kind.pre ?? []).flatMap((line) => both.map((g) => numbered(line, g)));
  const splat = (at) => `v128.load32_splat(x, ${32 + at})`;
  const dotSteps = (from, to, out) => {
    for (let s = from; s < to; s++) {
      const place = (s - from) % kind.run;
      lines.push(`xv = v128.load32_splat(x, ${4 * s});`);
      for (const g of both) {
        const dot = `dot(xv, ${numbered(kind.step(s), g)})`;
        lines.push(...(kind.load?.(s) ?? []).map((line) => numbered(line, g)));
        lines.push(place === 0 ? `a${g} = ${dot};` : `a${g} = i16x8.add(a${g}, ${dot});`);
      }
      if (s + 1 !== to && place + 1 !== kind.run) continue;
      for (const g of both) {
        const sum = `i32x4.dot_i16x8_s(a${g}, ones)`;
        lines.push(s - from < kind.run ? `${out}${g} = ${sum};` : `${out}${g} = i32x4.add(${out}${g}, ${sum});`);
      }
    }
  };
  const less = (out, total) => {
    if (kind.shift) lines.push(`xv = v128.shl<i32>(${total}, ${kind.shift});`);
    else if (kind.times) lines.push(`xv = i32x4.mul(${total}, i32x4.splat(${kind.times}));`);
    else if (kind.zero) lines.push(`xv = ${total};`);
    else return;
    const part = (g) => (kind.zero ? `i32x4.mul(xv, ${numbered(kind.zero, g)})` : "xv");
    lines.push(...both.map((g) => `${out}${g} = i32x4.sub(${out}${g}, ${part(g)});`));
  };
  const second = `i32x4.sub(${splat(4)}, ${splat(8)})`;
  if (kind.sub16) {
    dotSteps(0, 4, "s");
    less("s", splat(8));
    lines.push(...both.map((g) => `s${g} = i32x4.mul(s${g}, ${numbered(kind.factor[0], g)});`));
    dotSteps(4, 8, "r");
    less("r", second);
    lines.push(...both.map((g) => `s${g} = i32x4.add(s${g}, i32x4.mul(r${g}, ${numbered(kind.factor[1], g)}));`));
  } else {
    dotSteps(0, 8, "s");
    less("s", splat(4));
  }
  const scaled = (sum, factor) => `f32x4.mul(f32x4.convert_i32x4_s(${sum}), f32x4.mul(${factor}, xv))`;
  lines.push(`xv = ${splat(0)};`);
  lines.push(...both.map((g) => `y${g} = f32x4.add(y${g}, ${scaled(`s${g}`, numbered(kind.scale, g))});`));
  const add = kind.subtract ? "sub" : "add";
  if (kind.minFactor) {
    const total = (g) =>
      `i32x4.add(i32x4.mul(${numbered(kind.minFactor[0], g)}, ${splat(8)}), i32x4.mul(${numbered(kind.minFactor[1], g)}, ${second}))`;
    lines.push(...both.map((g) => `y${g} = f32x4.${add}(y${g}, ${scaled(total(g), numbered(kind.min, g))});`));
  } else if (kind.min) {
    lines.push(`xv = ${splat(12)};`);
    lines.push(...both.map((g) => `y${g} = f32x4.${add}(y${g}, f32x4.mul(${numbered(kind.min, g)}, xv));`));
  }
  lines.push("x += 48;", ...both.map((g) => `w${g} += ${kind.bytes};`));
  const text = lines.join("\n");
  const owned = ["n", "h", "a", "s", "r"].flatMap((v) => both.map((g) => `${v}${g}`));
  const declared = owned.filter((v) => new RegExp(`^${v} = `, "m").test(text));
  return [
    `function ${name}_pair(w: usize, units: i32, pairs: i32, from: usize, groupBytes: usize, y: usize): void {`,
    ...kind.use.map((c) => `  const ${c} = v128.load(${c === "iq4" && kind.table ? kind.table : constants[c]});`),
    "  const ones = v128.load(ONES);",
    `  let xv = ones, ${declared.map((v) => `${v} = ones`).join(", ")};`,
    "  for (let p = 0; p < pairs; p++, w += groupBytes << 1, y += 32) {",
    "    let y0 = f32x4.splat(0), y1 = y0, x = from, w0 = w, w1 = w + groupBytes;",
    "    for (let u = 0; u < units; u++) {",
    ...(kind.unit ?? []).flatMap((line) => both.map((g) => `      ${numbered(line, g)}`)),
    ...(kind.head ? both.map((g) => `      w${g} += ${kind.head};`) : []),
    ...(kind.blocks
      ? [`      for (let j = 0; j < ${kind.blocks}; j++) {`, ...lines.map((line) => `        ${line}`), "      }"]
      : lines.map((line) => `      ${line}`)),
    "    }",
    "    v128.store(y, y0);",
    "    v128.store(y, y1, 16);",
    "  }",
    "}",
  ].join("\n");
}

/** The exported functions of a kind: 1 and 4 tokens; int16 activations where there is no relaxed SIMD. */
export function fewTokens(name, kind) {
  const output = kind.wide ? [] : [pairKernel(name, kind)];
  for (const tokens of [1, 4]) {
    for (const wide of kind.wide ? [true] : [false, true]) output.push(kernel(name, kind, tokens, wide));
    const args = "w, units, groups, x, xStride, y, yStride";
    const narrow =
      tokens === 4
        ? [`${name}_4n(${args});`]
        : [
            `const groupBytes = <usize>units * ${unitBytes(kind)}, pairs = groups >> 1;`,
            `${name}_pair(w, units, pairs, x, groupBytes, y);`,
            `if (groups & 1) ${name}_1n(w + <usize>(pairs << 1) * groupBytes, units, 1, x, xStride, y + (<usize>pairs << 5), yStride);`,
          ];
    const call = kind.wide
      ? [`  ${name}_${tokens}w(${args});`]
      : [
          "  if (ASC_FEATURE_RELAXED_SIMD) {",
          ...narrow.map((line) => `    ${line}`),
          `  } else ${name}_${tokens}w(${args});`,
        ];
    const head = `export function ${name}_${tokens}(w: usize, units: i32, groups: i32, x: usize, xStride: usize, y: usize, yStride: usize): void`;
    output.push([`${head} {`, ...call, "}"].join("\n"));
  }
  return output;
}

const unitBytes = (kind) => (kind.head ?? 0) + (kind.blocks ?? 1) * kind.bytes;
