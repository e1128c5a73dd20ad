// One row of a packed table back to f32: the embedding lookup, which shares its bytes with a tied lm_head. The inverse of repack.ts;
// also what proves that repacking loses nothing (test/parity/storage.test.ts).
import * as c from "./context";
import { arg, ptr } from "./context";
import { IQ4_VALUES, MXFP4_VALUES } from "./constants";
import * as kind_ from "./kinds";
import { ticket } from "./sync";

/** 0 kind, 1 table, 2 units of k, 3 bytes of a group, 4 columns, 5 out, 6 outStride. */
export function embed(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), ids = <usize>load<u32>(ctx + c.TOKEN_IDS);
  for (let t = ticket(i); t < tokens; t = ticket(i))
    unpackRow(arg(i, 0), ptr(i, 1), arg(i, 2), ptr(i, 3), load<i32>(ids + (<usize>t << 2)), arg(i, 4), ptr(i, 5) + <usize>t * ptr(i, 6));
}

export function unpackRow(kind: i32, table: usize, units: i32, groupBytes: usize, row: i32, columns: i32, out: usize): void {
  if (kind < kind_.Q4_0) {
    const p = table + <usize>(row >> 4) * groupBytes, r = <usize>(row & 15);
    for (let k: usize = 0; k < <usize>columns; k++) store<f32>(out + (k << 2), real(kind, p, r, k));
    return;
  }
  const r = row & 3;
  let p = table + <usize>(row >> 2) * groupBytes;
  const per = blocksInUnit(kind);
  for (let u = 0; u < units; u++) {
    const head = p;
    p += headBytes(kind);
    for (let b = 0; b < per; b++, out += 128, p += bodyBytes(kind))
      for (let k = 0; k < 32; k++) store<f32>(out + (<usize>k << 2), integer(kind, head, p, r, k));
  }
}

function real(kind: i32, p: usize, r: usize, k: usize): f32 {
  if (kind == kind_.F32) return load<f32>(p + (k << 6) + (r << 2));
  if (kind == kind_.F16) return half1(p + (k << 5) + (r << 1));
  if (kind == kind_.BF16) return reinterpret<f32>(<u32>load<u16>(p + (k << 5) + (r << 1)) << 16);
  const block = p + (k >> 7) * 2112, bits = <u32>load<u8>(block + 64 + ((k & 127) << 4) + r);
  const magnitude = reinterpret<f32>((bits & 0x7f) << 20) * <f32>1.329227995784916e36;
  return load<f32>(block + (r << 2)) * reinterpret<f32>(reinterpret<u32>(magnitude) | ((bits & 0x80) << 24));
}

/** Element k (0-31) of row r (0-3) of the block at p whose unit begins at head. */
function integer(kind: i32, head: usize, p: usize, r: i32, k: i32): f32 {
  const s = k >> 2, j = <usize>(r * 4 + (k & 3)), h = <usize>r << 1, sub = <usize>(r + ((k >> 4) << 2));
  switch (kind) {
    case kind_.Q4_0: return half1(p + 64 + h) * <f32>(nibble(p, s, j) - 8);
    case kind_.Q4_1: return half1(p + 64 + h) * <f32>nibble(p, s, j) + half1(p + 72 + h);
    case kind_.Q5_0: return half1(p + 80 + h) * <f32>((nibble(p, s, j) | bit(p + 64, s, j, 4)) - 16);
    case kind_.Q5_1: return half1(p + 80 + h) * <f32>(nibble(p, s, j) | bit(p + 64, s, j, 4)) + half1(p + 88 + h);
    case kind_.Q8_0: return half1(p + 128 + h) * <f32>load<i8>(p + (<usize>s << 4) + j);
    case kind_.IQ4_NL: return half1(p + 64 + h) * <f32>load<i8>(IQ4_VALUES + nibble(p, s, j));
    case kind_.MXFP4: return power(load<u8>(p + 64 + <usize>r)) * <f32>(load<i8>(MXFP4_VALUES + nibble(p, s, j)) - 12);
    case kind_.Q4_K:
      return half1(head + h) * <f32>load<u8>(p + <usize>r) * <f32>nibble(p + 8, s, j) - half1(head + 8 + h) * <f32>load<u8>(p + 4 + <usize>r);
    case kind_.Q5_K:
      return half1(head + h) * <f32>load<u8>(p + <usize>r) * <f32>(nibble(p + 8, s, j) | bit(p + 72, s, j, 4)) - half1(head + 8 + h) * <f32>load<u8>(p + 4 + <usize>r);
    case kind_.Q6_K: return half1(head + h) * <f32>load<i8>(p + sub) * <f32>((nibble(p + 8, s, j) | (two(p + 72, s, j) << 4)) - 32);
    case kind_.Q3_K: return half1(head + h) * <f32>load<i8>(p + sub) * <f32>((two(p + 8, s, j) | bit(p + 40, s, j, 2)) - 4);
    case kind_.Q2_K:
      return half1(head + h) * <f32>(load<u8>(p + sub) & 15) * <f32>two(p + 8, s, j) - half1(head + 8 + h) * <f32>(load<u8>(p + sub) >> 4);
    case kind_.IQ4_XS: return half1(head + h) * <f32>load<i8>(p + <usize>r) * <f32>load<i8>(IQ4_VALUES + nibble(p + 4, s, j));
    default: return half1(head + h) * <f32>(nibble(p, s, j) - <i32>load<u8>(head + 8 + <usize>r));
  }
}

@inline function nibble(p: usize, s: i32, j: usize): i32 {
  return (<i32>load<u8>(p + (<usize>(s >> 1) << 4) + j) >> ((s & 1) << 2)) & 15;
}
@inline function bit(p: usize, s: i32, j: usize, to: i32): i32 {
  return ((<i32>load<u8>(p + j) >> s) & 1) << to;
}
@inline function two(p: usize, s: i32, j: usize): i32 {
  return (<i32>load<u8>(p + (<usize>(s >> 2) << 4) + j) >> ((s & 3) << 1)) & 3;
}
function half1(p: usize): f32 {
  const u = <u32>load<u16>(p);
  const magnitude = (u & 0x7c00) == 0x7c00 ? reinterpret<f32>(((u & 0x7fff) << 13) | 0x7f800000) : reinterpret<f32>((u & 0x7fff) << 13) * <f32>5.192296858534828e33;
  return reinterpret<f32>(reinterpret<u32>(magnitude) | ((u & 0x8000) << 16));
}
function power(e: u8): f32 {
  return e < 2 ? reinterpret<f32>(<u32>0x00200000 << e) : reinterpret<f32>(<u32>(e - 1) << 23);
}
function superBlock(kind: i32): bool {
  return (kind >= kind_.Q2_K && kind <= kind_.Q6_K) || kind == kind_.IQ4_XS;
}
/** Blocks of 32 columns in a unit. */
export function blocksInUnit(kind: i32): i32 {
  return kind_.G4_32 <= kind && kind <= kind_.G4_128 ? 1 << (kind - kind_.G4_32) : superBlock(kind) ? 8 : 1;
}
export function headBytes(kind: i32): usize {
  if (kind >= kind_.G4_32 || kind == kind_.Q4_K || kind == kind_.Q5_K || kind == kind_.Q2_K) return 16;
  return superBlock(kind) ? 8 : 0;
}
export function bodyBytes(kind: i32): usize {
  switch (kind) {
    case kind_.Q4_0: case kind_.IQ4_NL: case kind_.Q4_K: return 72;
    case kind_.Q4_1: return 80;
    case kind_.Q5_0: case kind_.Q5_K: return 88;
    case kind_.Q5_1: return 96;
    case kind_.Q8_0: return 136;
    case kind_.Q6_K: return 104;
    case kind_.Q3_K: return 56;
    case kind_.Q2_K: return 40;
    case kind_.IQ4_XS: case kind_.MXFP4: return 68;
    default: return 64;
  }
}
