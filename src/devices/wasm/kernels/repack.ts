// Stored rows into the kernels' layout, without loss: integer types four rows at a time, so that a 16-byte step holds four
// consecutive k of each row; float types sixteen rows at a time. Units per kind are drawn in docs/architecture.md.
import * as c from "./context";
import { arg, ptr } from "./context";
import { ZEROS } from "./constants";
import * as kind_ from "./kinds";
import { ticket } from "./sync";

/** 0 kind, 1 source rows, 2 bytes of a source row, 3 rows, 4 destination, 5 units of k (k itself for the float types), 6 bytes of a group. */
export function repack(ctx: usize, i: usize, thread: i32): void {
  const kind = arg(i, 0), rows = arg(i, 3), rowBytes = ptr(i, 2), units = arg(i, 5), groupBytes = ptr(i, 6);
  const per = kind < kind_.Q4_0 ? 16 : 4, groups = (rows + per - 1) / per, temporary = c.scratch(ctx, thread);
  for (let g = ticket(i); g < groups; g = ticket(i)) {
    const src = ptr(i, 1) + <usize>(g * per) * rowBytes, out = ptr(i, 4) + <usize>g * groupBytes;
    const present = min(per, rows - g * per);
    if (kind < kind_.F8_128) floatGroup(kind == kind_.F32 ? 4 : 2, src, rowBytes, present, units, out);
    else if (kind == kind_.F8_128) fp8Group(src, rowBytes, present, units, out);
    else integerGroup(kind, src, rowBytes, present, units, out, temporary);
  }
}

function floatGroup(bytes: usize, src: usize, rowBytes: usize, present: i32, k: i32, out: usize): void {
  for (let r: usize = 0; r < 16; r++) {
    let p = src + r * rowBytes, q = out + r * bytes;
    const here = r < <usize>present;
    if (bytes == 4) for (let n = 0; n < k; n++, p += 4, q += 64) store<u32>(q, here ? load<u32>(p) : 0);
    else for (let n = 0; n < k; n++, p += 2, q += 32) store<u16>(q, here ? load<u16>(p) : 0);
  }
}

function fp8Group(src: usize, rowBytes: usize, present: i32, k: i32, out: usize): void {
  const blocks = (k + 127) >> 7;
  for (let b = 0; b < blocks; b++, out += 2112)
    for (let r: usize = 0; r < 16; r++) {
      const here = r < <usize>present, p = src + r * rowBytes + <usize>b * 132;
      store<u32>(out + (r << 2), here ? load<u32>(p) : 0);
      for (let n: usize = 0; n < 128; n++) store<u8>(out + 64 + (n << 4) + r, here ? load<u8>(p + 4 + n) : 0);
    }
}

function integerGroup(kind: i32, src: usize, rowBytes: usize, present: i32, units: i32, out: usize, t: usize): void {
  const size = blockBytes(kind);
  let a = src, b = src + rowBytes, e = src + 2 * rowBytes, d = src + 3 * rowBytes;
  const sb = present > 1 ? size : 0, se = present > 2 ? size : 0, sd = present > 3 ? size : 0;
  if (present < 2) b = ZEROS;
  if (present < 3) e = ZEROS;
  if (present < 4) d = ZEROS;
  for (let u = 0; u < units; u++) {
    out = unit(kind, a, b, e, d, out, t);
    a += size;
    b += sb;
    e += se;
    d += sd;
  }
}

function blockBytes(kind: i32): usize {
  switch (kind) {
    case kind_.Q4_0: case kind_.IQ4_NL: return 18;
    case kind_.Q4_1: case kind_.G4_32: return 20;
    case kind_.Q5_0: return 22;
    case kind_.Q5_1: return 24;
    case kind_.Q8_0: return 34;
    case kind_.Q2_K: return 84;
    case kind_.Q3_K: return 110;
    case kind_.Q4_K: return 144;
    case kind_.Q5_K: return 176;
    case kind_.Q6_K: return 210;
    case kind_.IQ4_XS: return 136;
    case kind_.MXFP4: return 17;
    case kind_.G4_64: return 36;
    case kind_.G4_128: return 68;
    default: return unreachable();
  }
}

// ---- pieces -------------------------------------------------------------------------------------------------------------------

/** 16 bytes of each of four rows at `o`, as four vectors at t: vector i holds bytes 4i..4i+3 of every row. */
function transpose(a: usize, b: usize, e: usize, d: usize, o: usize, t: usize): void {
  const va = v128.load(a + o), vb = v128.load(b + o), ve = v128.load(e + o), vd = v128.load(d + o);
  const ab = v128.shuffle<i32>(va, vb, 0, 4, 1, 5), ed = v128.shuffle<i32>(ve, vd, 0, 4, 1, 5);
  v128.store(t, v128.shuffle<i64>(ab, ed, 0, 2));
  v128.store(t, v128.shuffle<i64>(ab, ed, 1, 3), 16);
  const ab2 = v128.shuffle<i32>(va, vb, 2, 6, 3, 7), ed2 = v128.shuffle<i32>(ve, vd, 2, 6, 3, 7);
  v128.store(t, v128.shuffle<i64>(ab2, ed2, 0, 2), 32);
  v128.store(t, v128.shuffle<i64>(ab2, ed2, 1, 3), 48);
}
@inline function low(t: usize, s: usize): v128 {
  return v128.and(v128.load(t + (s << 4)), i8x16.splat(15));
}
@inline function high(t: usize, s: usize): v128 {
  return v128.shr<u8>(v128.load(t + (s << 4)), 4);
}
@inline function pair(a: v128, b: v128): v128 {
  return v128.or(a, v128.shl<i8>(b, 4));
}
/** Sixteen bytes a row whose low nibbles are elements 0-15 and high ones 16-31. */
function nibbles32(a: usize, b: usize, e: usize, d: usize, o: usize, out: usize, t: usize): void {
  transpose(a, b, e, d, o, t);
  v128.store(out, pair(low(t, 0), low(t, 1)));
  v128.store(out, pair(low(t, 2), low(t, 3)), 16);
  v128.store(out, pair(high(t, 0), high(t, 1)), 32);
  v128.store(out, pair(high(t, 2), high(t, 3)), 48);
}
/** Thirty-two transposed bytes at t of which the low (or high) nibble counts. */
function nibbles(t: usize, upper: bool, out: usize): void {
  for (let v: usize = 0; v < 4; v++, out += 16)
    v128.store(out, upper ? pair(high(t, 2 * v), high(t, 2 * v + 1)) : pair(low(t, 2 * v), low(t, 2 * v + 1)));
}
/** The fifth bits of 32 elements: bit 4s + c of each row's word goes to bit s of its byte c. */
function fifthBits(a: usize, b: usize, e: usize, d: usize, o: usize, out: usize): void {
  const q = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(load<i32>(a + o)), 1, load<i32>(b + o)), 2, load<i32>(e + o)), 3, load<i32>(d + o));
  let all = i32x4.splat(0);
  for (let n = 0; n < 4; n++) {
    let u = v128.and(v128.shr<u32>(q, n), i32x4.splat(0x11111111));
    u = v128.and(v128.or(u, v128.shr<u32>(u, 3)), i32x4.splat(0x03030303));
    u = v128.and(v128.or(u, v128.shr<u32>(u, 6)), i32x4.splat(0x000f000f));
    u = v128.and(v128.or(u, v128.shr<u32>(u, 12)), i32x4.splat(0xff));
    all = v128.or(all, v128.shl<i32>(u, n << 3));
  }
  v128.store(out, all);
}
/** Two bits (at `shift`) of 32 transposed bytes: steps 0-3 in one vector, 4-7 in the next. */
function twoBits(t: usize, shift: i32, out: usize): void {
  for (let v: usize = 0; v < 2; v++, out += 16, t += 64) {
    let all = i32x4.splat(0);
    for (let s = 0; s < 4; s++) {
      const bits = v128.and(v128.shr<u8>(v128.load(t + (<usize>s << 4)), shift), i8x16.splat(3));
      all = v128.or(all, v128.shl<i8>(bits, s << 1));
    }
    v128.store(out, all);
  }
}
/** One bit (at `shift`) of 32 transposed bytes: step s at bit s. */
function oneBit(t: usize, shift: i32, out: usize): void {
  let all = i32x4.splat(0);
  for (let s = 0; s < 8; s++) {
    const bits = v128.and(v128.shr<u8>(v128.load(t + (<usize>s << 4)), shift), i8x16.splat(1));
    all = v128.or(all, v128.shl<i8>(bits, s));
  }
  v128.store(out, all);
}
@inline function halves(a: usize, b: usize, e: usize, d: usize, o: usize, out: usize): void {
  store<u16>(out, load<u16>(a + o));
  store<u16>(out, load<u16>(b + o), 2);
  store<u16>(out, load<u16>(e + o), 4);
  store<u16>(out, load<u16>(d + o), 6);
}
@inline function singles(a: usize, b: usize, e: usize, d: usize, o: usize, out: usize): void {
  store<u8>(out, load<u8>(a + o));
  store<u8>(out, load<u8>(b + o), 1);
  store<u8>(out, load<u8>(e + o), 2);
  store<u8>(out, load<u8>(d + o), 3);
}
/** The 6-bit scale (or, shifted by 4, minimum) j of Q4_K and Q5_K (ggml's get_scale_min_k4); p: the 12 packed bytes. */
function scale6(p: usize, j: i32, minimum: bool): u8 {
  const at = p + (minimum ? 4 : 0) + <usize>j;
  if (j < 4) return load<u8>(at) & 63;
  const lowBits = minimum ? load<u8>(p + 4 + <usize>j) >> 4 : load<u8>(p + 4 + <usize>j) & 15;
  return lowBits | ((load<u8>(p + <usize>(j - 4) + (minimum ? 4 : 0)) >> 6) << 4);
}
/** The 6-bit scale j of Q3_K, less 32. */
function scale3(p: usize, j: i32): i8 {
  const lowBits = j < 8 ? load<u8>(p + <usize>j) & 15 : load<u8>(p + <usize>(j - 8)) >> 4;
  const highBits = (<i32>load<u8>(p + 8 + <usize>(j & 3)) >> ((j >> 2) << 1)) & 3;
  return <i8>((<i32>lowBits | (highBits << 4)) - 32);
}
function scaleXs(p: usize, j: i32): i8 {
  const lowBits = (<i32>load<u8>(p + 4 + <usize>(j >> 1)) >> ((j & 1) << 2)) & 15;
  const highBits = (<i32>load<u16>(p + 2) >> (j << 1)) & 3;
  return <i8>((lowBits | (highBits << 4)) - 32);
}

// ---- one unit of each type ------------------------------------------------------------------------------------------------------

function unit(kind: i32, a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  switch (kind) {
    case kind_.Q4_0: case kind_.IQ4_NL:
      nibbles32(a, b, e, d, 2, out, t);
      halves(a, b, e, d, 0, out + 64);
      return out + 72;
    case kind_.Q4_1:
      nibbles32(a, b, e, d, 4, out, t);
      halves(a, b, e, d, 0, out + 64);
      halves(a, b, e, d, 2, out + 72);
      return out + 80;
    case kind_.Q5_0:
      nibbles32(a, b, e, d, 6, out, t);
      fifthBits(a, b, e, d, 2, out + 64);
      halves(a, b, e, d, 0, out + 80);
      return out + 88;
    case kind_.Q5_1:
      nibbles32(a, b, e, d, 8, out, t);
      fifthBits(a, b, e, d, 4, out + 64);
      halves(a, b, e, d, 0, out + 80);
      halves(a, b, e, d, 2, out + 88);
      return out + 96;
    case kind_.Q8_0:
      transpose(a, b, e, d, 2, out);
      transpose(a, b, e, d, 18, out + 64);
      halves(a, b, e, d, 0, out + 128);
      return out + 136;
    case kind_.MXFP4:
      nibbles32(a, b, e, d, 1, out, t);
      singles(a, b, e, d, 0, out + 64);
      return out + 68;
    case kind_.G4_32: return grouped(1, a, b, e, d, out, t);
    case kind_.G4_64: return grouped(2, a, b, e, d, out, t);
    case kind_.G4_128: return grouped(4, a, b, e, d, out, t);
    case kind_.Q4_K: return k4(a, b, e, d, out, t);
    case kind_.Q5_K: return k5(a, b, e, d, out, t);
    case kind_.Q6_K: return k6(a, b, e, d, out, t);
    case kind_.Q3_K: return k3(a, b, e, d, out, t);
    case kind_.Q2_K: return k2(a, b, e, d, out, t);
    case kind_.IQ4_XS: return xs(a, b, e, d, out, t);
    default: return unreachable();
  }
}

function grouped(blocks: i32, a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 0, out);
  singles(a, b, e, d, 2, out + 8);
  store<u32>(out, 0, 12);
  out += 16;
  for (let j = 0; j < blocks; j++, out += 64) nibbles32(a, b, e, d, 4 + (<usize>j << 4), out, t);
  return out;
}
@inline function scalePair(a: usize, b: usize, e: usize, d: usize, j: i32, out: usize): void {
  for (let m = 0; m < 2; m++, out += 4) {
    store<u8>(out, scale6(a + 4, j, m == 1));
    store<u8>(out, scale6(b + 4, j, m == 1), 1);
    store<u8>(out, scale6(e + 4, j, m == 1), 2);
    store<u8>(out, scale6(d + 4, j, m == 1), 3);
  }
}
function k4(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 0, out);
  halves(a, b, e, d, 2, out + 8);
  out += 16;
  for (let j = 0; j < 8; j++, out += 72) {
    scalePair(a, b, e, d, j, out);
    const at: usize = 16 + (<usize>(j >> 1) << 5);
    transpose(a, b, e, d, at, t);
    transpose(a, b, e, d, at + 16, t + 64);
    nibbles(t, (j & 1) == 1, out + 8);
  }
  return out;
}
function k5(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 0, out);
  halves(a, b, e, d, 2, out + 8);
  out += 16;
  transpose(a, b, e, d, 16, t + 128);
  transpose(a, b, e, d, 32, t + 192);
  for (let j = 0; j < 8; j++, out += 88) {
    scalePair(a, b, e, d, j, out);
    const at: usize = 48 + (<usize>(j >> 1) << 5);
    transpose(a, b, e, d, at, t);
    transpose(a, b, e, d, at + 16, t + 64);
    nibbles(t, (j & 1) == 1, out + 8);
    oneBit(t + 128, j, out + 72);
  }
  return out;
}
function k6(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 208, out);
  out += 8;
  for (let j: usize = 0; j < 8; j++, out += 104) {
    singles(a, b, e, d, 192 + 2 * j, out);
    singles(a, b, e, d, 193 + 2 * j, out + 4);
    const n = j >> 2, q = j & 3, at = (n << 6) + ((q & 1) << 5), hi: usize = 128 + (n << 5);
    transpose(a, b, e, d, at, t);
    transpose(a, b, e, d, at + 16, t + 64);
    nibbles(t, q >= 2, out + 8);
    transpose(a, b, e, d, hi, t);
    transpose(a, b, e, d, hi + 16, t + 64);
    twoBits(t, <i32>(q << 1), out + 72);
  }
  return out;
}
function k3(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 108, out);
  out += 8;
  transpose(a, b, e, d, 0, t + 128);
  transpose(a, b, e, d, 16, t + 192);
  for (let j = 0; j < 8; j++, out += 56) {
    for (let n = 0; n < 2; n++) {
      store<i8>(out + (<usize>n << 2), scale3(a + 96, 2 * j + n));
      store<i8>(out + (<usize>n << 2), scale3(b + 96, 2 * j + n), 1);
      store<i8>(out + (<usize>n << 2), scale3(e + 96, 2 * j + n), 2);
      store<i8>(out + (<usize>n << 2), scale3(d + 96, 2 * j + n), 3);
    }
    const at: usize = 32 + (<usize>(j >> 2) << 5);
    transpose(a, b, e, d, at, t);
    transpose(a, b, e, d, at + 16, t + 64);
    twoBits(t, (j & 3) << 1, out + 8);
    oneBit(t + 128, j, out + 40);
  }
  return out;
}
function k2(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 80, out);
  halves(a, b, e, d, 82, out + 8);
  out += 16;
  for (let j: usize = 0; j < 8; j++, out += 40) {
    singles(a, b, e, d, 2 * j, out);
    singles(a, b, e, d, 2 * j + 1, out + 4);
    const at: usize = 16 + ((j >> 2) << 5);
    transpose(a, b, e, d, at, t);
    transpose(a, b, e, d, at + 16, t + 64);
    twoBits(t, <i32>((j & 3) << 1), out + 8);
  }
  return out;
}
function xs(a: usize, b: usize, e: usize, d: usize, out: usize, t: usize): usize {
  halves(a, b, e, d, 0, out);
  out += 8;
  for (let j = 0; j < 8; j++, out += 68) {
    store<i8>(out, scaleXs(a, j));
    store<i8>(out, scaleXs(b, j), 1);
    store<i8>(out, scaleXs(e, j), 2);
    store<i8>(out, scaleXs(d, j), 3);
    nibbles32(a, b, e, d, 8 + (<usize>j << 4), out + 4, t);
  }
  return out;
}
