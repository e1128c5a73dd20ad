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
        const sum = `i32x4.dot_i16x8_s(a${t}, ones)`;
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
    ...(wide ? [] : ["  const ones = v128.load(ONES);"]),
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

/** The exported functions of a kind: 1 and 4 tokens; int16 activations where there is no relaxed SIMD. */
export function fewTokens(name, kind) {
  const output = [];
  for (const tokens of [1, 4]) {
    for (const wide of kind.wide ? [true] : [false, true]) output.push(kernel(name, kind, tokens, wide));
    const args = "w, units, groups, x, xStride, y, yStride";
    const call = kind.wide
      ? `  ${name}_${tokens}w(${args});`
      : `  if (ASC_FEATURE_RELAXED_SIMD) ${name}_${tokens}n(${args});\n  else ${name}_${tokens}w(${args});`;
    const head = `export function ${name}_${tokens}(w: usize, units: i32, groups: i32, x: usize, xStride: usize, y: usize, yStride: usize): void`;
    output.push(`${head} {\n${call}\n}`);
  }
  return output;
}
