// Emits the integer matrix-product kernels: one function per stored type and number of tokens, fully unrolled over a block of 32.
// AssemblyScript has no macros, and these kernels are fast only when unrolled with their constants in locals (V8 re-creates a
// v128.const at every use). Each kind says how a block unpacks into eight 16-byte steps and how its integers become a float.
// Run by scripts/build.mjs; the output is not committed.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TOKENS = [1, 4];
const target = fileURLToPath(new URL("../src/devices/wasm/kernels/linear-int.generated.ts", import.meta.url));

// Constants live at fixed addresses (kernels/constants.ts) and are loaded once per call.
const constants = {
  m4: "M4",
  m2: "M2",
  m10: "M10",
  m30: "M30",
  h1: "H_BITS",
  h2: "H_SCALE",
  h3: "H_SIGN",
  iq4: "IQ4",
  m04: "M04",
};
const half = (at) => `half(w, ${at}, h1, h2, h3)`;
const HALF = ["h1", "h2", "h3"];
const nibble = (n, s) => (s % 2 === 0 ? `v128.and(${n}, m4)` : `v128.and(v128.shr<u16>(${n}, 4), m4)`);
/** Bit s of each byte of h, moved to bit 4. */
const fifthBit = (s) =>
  `v128.and(${s < 4 ? (s === 4 ? "h" : `v128.shl<i32>(h, ${4 - s})`) : s === 4 ? "h" : `v128.shr<u32>(h, ${s - 4})`}, m10)`;
const nibbleLoads = (at) => (s) => (s % 2 === 0 ? [`n = v128.load(w, ${at + 8 * s});`] : []);
/** Two bits of h (steps 0-3 in one vector, 4-7 in the next), moved to bit `to`. */
const twoBits = (s, to, mask) => {
  const shift = to - 2 * (s % 4);
  return `v128.and(${shift === 0 ? "h" : shift > 0 ? `v128.shl<i32>(h, ${shift})` : `v128.shr<u32>(h, ${-shift})`}, ${mask})`;
};

// at: offset of this 32-block's data from `w`; a unit is a header followed by its blocks.
const kinds = {
  q4_0: {
    bytes: 72,
    use: ["m4", ...HALF],
    run: 8,
    load: nibbleLoads(0),
    step: (s) => nibble("n", s),
    shift: 3,
    scale: half(64),
  },
  q4_1: {
    bytes: 80,
    use: ["m4", ...HALF],
    run: 8,
    load: nibbleLoads(0),
    step: (s) => nibble("n", s),
    scale: half(64),
    min: half(72),
  },
  q5_0: {
    bytes: 88,
    use: ["m4", "m10", ...HALF],
    run: 4,
    pre: ["const h = v128.load(w, 64);"],
    load: nibbleLoads(0),
    step: (s) => `v128.or(${nibble("n", s)}, ${fifthBit(s)})`,
    shift: 4,
    scale: half(80),
  },
  q5_1: {
    bytes: 96,
    use: ["m4", "m10", ...HALF],
    run: 4,
    pre: ["const h = v128.load(w, 64);"],
    load: nibbleLoads(0),
    step: (s) => `v128.or(${nibble("n", s)}, ${fifthBit(s)})`,
    scale: half(80),
    min: half(88),
  },
  q8_0: { bytes: 136, use: HALF, wide: true, raw: (s) => 16 * s, scale: half(128) },
  q4_k: {
    blocks: 8,
    head: 16,
    bytes: 72,
    use: ["m4", ...HALF],
    unit: [`const d = ${half(0)}, dm = ${half(8)};`],
    run: 8,
    load: nibbleLoads(8),
    step: (s) => nibble("n", s),
    factor: "bytes4u(w, 0)",
    scale: "d",
    minFactor: "bytes4u(w, 4)",
    min: "dm",
    subtract: true,
  },
  q5_k: {
    blocks: 8,
    head: 16,
    bytes: 88,
    use: ["m4", "m10", ...HALF],
    unit: [`const d = ${half(0)}, dm = ${half(8)};`],
    run: 4,
    pre: ["const h = v128.load(w, 72);"],
    load: nibbleLoads(8),
    step: (s) => `v128.or(${nibble("n", s)}, ${fifthBit(s)})`,
    factor: "bytes4u(w, 0)",
    scale: "d",
    minFactor: "bytes4u(w, 4)",
    min: "dm",
    subtract: true,
  },
  q6_k: {
    blocks: 8,
    head: 8,
    bytes: 104,
    use: ["m4", "m30", ...HALF],
    unit: [`const d = ${half(0)};`],
    run: 2,
    sub16: true,
    load: (s) => [...nibbleLoads(8)(s), ...(s % 4 === 0 ? [`h = v128.load(w, ${72 + 4 * s});`] : [])],
    step: (s) => `v128.or(${nibble("n", s)}, ${twoBits(s, 4, "m30")})`,
    shift: 5,
    factor: ["bytes4s(w, 0)", "bytes4s(w, 4)"],
    scale: "d",
  },
  q3_k: {
    blocks: 8,
    head: 8,
    bytes: 56,
    use: ["m2", "m04", ...HALF],
    unit: [`const d = ${half(0)};`],
    run: 4,
    sub16: true,
    pre: ["const b = v128.load(w, 40);"],
    load: (s) => (s % 4 === 0 ? [`h = v128.load(w, ${8 + 4 * s});`] : []),
    step: (s) =>
      `v128.or(${twoBits(s, 0, "m2")}, v128.and(${s === 2 ? "b" : s < 2 ? `v128.shl<i32>(b, ${2 - s})` : `v128.shr<u32>(b, ${s - 2})`}, m04))`,
    shift: 2,
    factor: ["bytes4s(w, 0)", "bytes4s(w, 4)"],
    scale: "d",
  },
  q2_k: {
    blocks: 8,
    head: 16,
    bytes: 40,
    use: ["m2", ...HALF],
    unit: [`const d = ${half(0)}, dm = ${half(8)};`],
    run: 4,
    sub16: true,
    load: (s) => (s % 4 === 0 ? [`h = v128.load(w, ${8 + 4 * s});`] : []),
    step: (s) => twoBits(s, 0, "m2"),
    factor: ["lowNibbles4(w, 0)", "lowNibbles4(w, 4)"],
    scale: "d",
    minFactor: ["highNibbles4(w, 0)", "highNibbles4(w, 4)"],
    min: "dm",
    subtract: true,
  },
  iq4_nl: {
    bytes: 72,
    use: ["m4", "iq4", ...HALF],
    wide: true,
    load: nibbleLoads(0),
    step: (s) => `i8x16.swizzle(iq4, ${nibble("n", s)})`,
    scale: half(64),
  },
  iq4_xs: {
    blocks: 8,
    head: 8,
    bytes: 68,
    use: ["m4", "iq4", ...HALF],
    wide: true,
    unit: [`const d = ${half(0)};`],
    load: nibbleLoads(4),
    step: (s) => `i8x16.swizzle(iq4, ${nibble("n", s)})`,
    factor: "bytes4s(w, 0)",
    scale: "d",
  },
  mxfp4: {
    bytes: 68,
    use: ["m4", "iq4"],
    table: "MXFP4",
    run: 4,
    load: nibbleLoads(0),
    step: (s) => `i8x16.swizzle(iq4, ${nibble("n", s)})`,
    times: 12,
    scale: "power2(w, 64)",
  },
};
for (const [name, blocks] of [
  ["g4_32", 1],
  ["g4_64", 2],
  ["g4_128", 4],
])
  kinds[name] = {
    blocks,
    head: 16,
    bytes: 64,
    use: ["m4", ...HALF],
    unit: [`const d = ${half(0)}, z = bytes4u(w, 8);`],
    run: 8,
    load: nibbleLoads(0),
    step: (s) => nibble("n", s),
    zero: "z",
    scale: "d",
  };

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
  const record = wide ? 64 : 32; // the activation block's scale, sum, and two half sums (kernels/quantise.ts)
  const lines = [...(kind.pre ?? [])];
  const less = (sum, t, at) => {
    const total = `v128.load32_splat(x${t}, ${at})`;
    if (kind.shift) return [`${sum}${t} = i32x4.sub(${sum}${t}, v128.shl<i32>(${total}, ${kind.shift}));`];
    if (kind.times) return [`${sum}${t} = i32x4.sub(${sum}${t}, i32x4.mul(${total}, i32x4.splat(${kind.times})));`];
    if (kind.zero) return [`${sum}${t} = i32x4.sub(${sum}${t}, i32x4.mul(${total}, ${kind.zero}));`];
    return [];
  };
  if (kind.sub16) {
    lines.push(`f = ${kind.factor[0]};`, ...dots(kind, tokens, wide, 0, 4, "s"));
    for (let t = 0; t < tokens; t++) lines.push(...less("s", t, record + 8), `s${t} = i32x4.mul(s${t}, f);`);
    lines.push(`f = ${kind.factor[1]};`, ...dots(kind, tokens, wide, 4, 8, "r"));
    for (let t = 0; t < tokens; t++)
      lines.push(...less("r", t, record + 12), `s${t} = i32x4.add(s${t}, i32x4.mul(r${t}, f));`);
  } else {
    lines.push(...dots(kind, tokens, wide, 0, 8, "s"));
    if (kind.factor) lines.push(`f = ${kind.factor};`);
    for (let t = 0; t < tokens; t++)
      lines.push(...less("s", t, record + 4), ...(kind.factor ? [`s${t} = i32x4.mul(s${t}, f);`] : []));
  }
  lines.push(`f = ${kind.scale};`);
  for (let t = 0; t < tokens; t++)
    lines.push(
      `y${t} = f32x4.add(y${t}, f32x4.mul(f32x4.convert_i32x4_s(s${t}), f32x4.mul(f, v128.load32_splat(x${t}, ${record}))));`,
    );
  if (kind.min) {
    const add = kind.subtract ? "sub" : "add";
    lines.push(`f = ${kind.min};`);
    if (Array.isArray(kind.minFactor)) lines.push(`wl = ${kind.minFactor[0]}; wh = ${kind.minFactor[1]};`);
    else if (kind.minFactor) lines.push(`wl = ${kind.minFactor};`);
    for (let t = 0; t < tokens; t++) {
      const sum = (at) => `v128.load32_splat(x${t}, ${record + at})`;
      const total = Array.isArray(kind.minFactor)
        ? `i32x4.add(i32x4.mul(wl, ${sum(8)}), i32x4.mul(wh, ${sum(12)}))`
        : kind.minFactor
          ? `i32x4.mul(wl, ${sum(4)})`
          : sum(4);
      lines.push(`y${t} = f32x4.${add}(y${t}, f32x4.mul(f32x4.convert_i32x4_s(${total}), f32x4.mul(f, ${sum(0)})));`);
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
  else if (Array.isArray(kind.minFactor)) temporaries.push("wh");
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
    ...each(tokens, (t) => `    v128.store(y${t === 0 ? "" : ` + ${t} * yStride`}, y${t});`).map((l, t) =>
      l.replace(/^( *v128\.store\()y( \+|,)/, t === 0 ? "$1y$2" : "$1y$2"),
    ),
    "    y += 16;",
    "  }",
    "}",
  ]
    .join("\n")
    .replaceAll("v128.store(y, y0)", "v128.store(y, y0)");
}

const output = [
  "// Generated by scripts/emit-kernels.mjs: do not edit. Products of packed integer weights with quantised activations.",
  "// Suffix: tokens at once, then n (activations int8, 48-byte blocks) or w (activations int16, 80-byte blocks).",
  'import { H_BITS, H_SCALE, H_SIGN, IQ4, M04, M10, M2, M30, M4, MXFP4 } from "./constants";',
  'import { bytes4s, bytes4u, dot, half, highNibbles4, lowNibbles4, power2 } from "./unpack";',
];
for (const [name, kind] of Object.entries(kinds)) {
  for (const tokens of TOKENS) {
    const forms = kind.wide ? [true] : [false, true];
    for (const wide of forms) output.push("", kernel(name, kind, tokens, wide));
    const args = "w, units, groups, x, xStride, y, yStride";
    const call = kind.wide
      ? `  ${name}_${tokens}w(${args});`
      : `  if (ASC_FEATURE_RELAXED_SIMD) ${name}_${tokens}n(${args});\n  else ${name}_${tokens}w(${args});`;
    output.push(
      "",
      `export function ${name}_${tokens}(w: usize, units: i32, groups: i32, x: usize, xStride: usize, y: usize, yStride: usize): void {\n${call}\n}`,
    );
  }
}
const text = `${output.join("\n")}\n`;
writeFileSync(target, text);
