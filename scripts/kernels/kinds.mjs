// The integer weight types: how a packed block of 32 unpacks into eight 16-byte steps (four rows of four consecutive k), and how its
// integer dot products become a float. A unit is a header followed by its blocks (docs/architecture.md draws them).
//
// use: constants it needs. load(s): statements before step s. step(s): the weights of step s, 0..127 unless wide (int8).
// run: steps whose products may be added in i16. shift, times, zero: what is subtracted from every weight. sub16: two scales a block.

// Constants live at fixed addresses (kernels/constants.ts) and are loaded once per call.
export const constants = {
  m4: "M4",
  m2: "M2",
  m10: "M10",
  m30: "M30",
  halfBits: "H_BITS",
  halfScale: "H_SCALE",
  halfSign: "H_SIGN",
  iq4: "IQ4_VALUES",
  m04: "M04",
};
const half = (at) => `half(w, ${at}, halfBits, halfScale, halfSign)`;
const HALF = ["halfBits", "halfScale", "halfSign"];
const nibble = (n, s) => (s % 2 === 0 ? `v128.and(${n}, m4)` : `v128.and(v128.shr<u16>(${n}, 4), m4)`);
/** Bit s of each byte of h, moved to bit 4. */
const fifthBit = (s) =>
  `v128.and(${s === 4 ? "h" : s < 4 ? `v128.shl<i32>(h, ${4 - s})` : `v128.shr<u32>(h, ${s - 4})`}, m10)`;
const nibbleLoads = (at) => (s) => (s % 2 === 0 ? [`n = v128.load(w, ${at + 8 * s});`] : []);
/** Two bits of h (steps 0-3 in one vector, 4-7 in the next), moved to bit `to`. */
const twoBits = (s, to, mask) => {
  const shift = to - 2 * (s % 4);
  return `v128.and(${shift === 0 ? "h" : shift > 0 ? `v128.shl<i32>(h, ${shift})` : `v128.shr<u32>(h, ${-shift})`}, ${mask})`;
};

// at: offset of this 32-block's data from `w`; a unit is a header followed by its blocks.
export const kinds = {
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
    scale: "f32x4.mul(d, floats4u(w, 0))",
    min: "f32x4.mul(dm, floats4u(w, 4))",
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
    scale: "f32x4.mul(d, floats4u(w, 0))",
    min: "f32x4.mul(dm, floats4u(w, 4))",
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
    scale: "f32x4.mul(d, f32x4.convert_i32x4_s(bytes4s(w, 0)))",
  },
  mxfp4: {
    bytes: 68,
    use: ["m4", "iq4"],
    table: "MXFP4_VALUES",
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
