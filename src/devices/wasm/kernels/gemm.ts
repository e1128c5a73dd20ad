// f32 matrix products of training: C [m, n] (+)= A [m, k] B [k, n]. A ticket is a block of 64 columns times a chunk of rows. Inside it,
// for 256 k at a time, B's block becomes eight panels of eight columns in scratch (packed weights become f32 there), and tiles of
// six rows pass (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008). k ascends, one accumulator per
// output, and what threads share out are whole outputs: bits do not depend on them.
import * as c from "./context";
import { arg, ptr, real } from "./context";
import { blocksInUnit, bodyBytes, headBytes } from "./embed";
import { columnsTile, rowsTile } from "./gemm.generated";
import { blockFloats } from "./linear-int.generated";
import { ticket } from "./sync";

export const COLUMNS: i32 = 64; // of a ticket: two blocks of packed weights
const DEPTH: i32 = 256; // k of a panel
const ROWS: i32 = 512; // most rows of a ticket
const LEAST_ROWS: i32 = 48; // fewer are not worth the panels
const PANEL: usize = 8192; // bytes of a panel: DEPTH times eight columns
const BLOCK_AT: usize = 8 * 8192; // in scratch, behind the panels: a block of packed weights, unpacked

/** Where B's values lie: in rows of k, in rows of n, or packed with rows of k or of n. */
const ROWS_OF_K: i32 = 0;
const ROWS_OF_N: i32 = 1;
const PACKED_K: i32 = 2;

/** How C starts: at zero, at what is there, or at residual and bias where given. */
const START_THERE: i32 = 1;
const START_GIVEN: i32 = 2;

@inline function size(ctx: usize, kind: i32, fixed: i32): i32 {
  return kind < 0 ? fixed : c.rowCount(ctx, kind);
}

/** Four rows of four f32 at p, turned: column r of the result at out + 32 r. */
@inline function turn4(p: usize, stride: usize, out: usize, factor: v128): void {
  const a = v128.load(p), b = v128.load(p + stride), d = v128.load(p + 2 * stride), e = v128.load(p + 3 * stride);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), de = v128.shuffle<i32>(d, e, 0, 4, 1, 5);
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), de2 = v128.shuffle<i32>(d, e, 2, 6, 3, 7);
  v128.store(out, f32x4.mul(v128.shuffle<i64>(ab, de, 0, 2), factor));
  v128.store(out, f32x4.mul(v128.shuffle<i64>(ab, de, 1, 3), factor), 32);
  v128.store(out, f32x4.mul(v128.shuffle<i64>(ab2, de2, 0, 2), factor), 64);
  v128.store(out, f32x4.mul(v128.shuffle<i64>(ab2, de2, 1, 3), factor), 96);
}

/** Panels of `columns` columns (the rest of the last panel zeros) from rows of k: k of them at p. */
export function panelsOfRows(p: usize, stride: usize, k: i32, columns: i32, panel: usize, panelBytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let left = columns; left > 0; left -= 8, p += 32, panel += panelBytes) {
    let from = p, to = panel;
    const end = panel + (<usize>k << 5);
    if (left >= 8)
      for (; to < end; to += 32, from += stride) {
        v128.store(to, f32x4.mul(v128.load(from), factor));
        v128.store(to, f32x4.mul(v128.load(from, 16), factor), 16);
      }
    else
      for (; to < end; to += 32, from += stride)
        for (let n: usize = 0; n < 8; n++) store<f32>(to + (n << 2), n < <usize>left ? load<f32>(from + (n << 2)) * scale : 0);
  }
}

/** Panels of `columns` columns from rows of n; `k` is rounded up to four, which rows have room for. */
export function panelsOfColumns(p: usize, stride: usize, k: i32, columns: i32, panel: usize, panelBytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let n = 0; n < columns; n += 4, p += stride << 2) {
    let to = panel + <usize>(n >> 3) * panelBytes + (<usize>(n & 4) << 2), from = p;
    if (columns - n >= 4) for (let at = 0; at < k; at += 4, to += 128, from += 16) turn4(from, stride, to, factor);
    else
      for (let at = 0; at < k; at++, to += 32, from += 4)
        for (let r: usize = 0; r < 4; r++) store<f32>(to + (r << 2), r < <usize>(columns - n) ? load<f32>(from + r * stride) * scale : 0);
    // the half of the last panel that has no columns
    if (columns - n <= 4 && (n & 4) == 0) {
      const half = panel + <usize>(n >> 3) * panelBytes + 16;
      for (let at: usize = 0; at < <usize>k; at++) v128.store(half + (at << 5), f32x4.splat(0));
    }
  }
}

/** The block of 32 columns from `column` on, of the four rows of the group at w. */
function unpackBlock(kind: i32, w: usize, unitBytes: usize, column: i32, out: usize): void {
  const per = blocksInUnit(kind), block = column >> 5, unit = w + <usize>(block / per) * unitBytes;
  blockFloats(kind, unit, unit + headBytes(kind) + <usize>(block % per) * bodyBytes(kind), out);
}

/** Packed rows are k: rows [k0, k0 + k), columns [n0, n0 + columns), both from multiples of a block on. */
function panelsOfPackedRows(i: usize, b: usize, k0: i32, k: i32, n0: i32, columns: i32, panel: usize, temporary: usize): void {
  const kind = arg(i, 11), groupBytes = ptr(i, 13), unitBytes = groupBytes / <usize>arg(i, 12);
  for (let row = 0; row < k; row += 4) {
    const group = b + <usize>((k0 + row) >> 2) * groupBytes;
    for (let n = 0; n < columns; n += 32) {
      unpackBlock(kind, group, unitBytes, n0 + n, temporary);
      for (let r: usize = 0; r < 4; r++)
        for (let part: usize = 0; part < 4; part++) {
          const from = temporary + (r << 7) + (part << 5), to = panel + (<usize>(n >> 3) + part) * PANEL + ((<usize>row + r) << 5);
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        }
    }
  }
}

/** Packed rows are n: columns [k0, k0 + k) of rows [n0, n0 + columns). */
function panelsOfPackedColumns(i: usize, b: usize, k0: i32, k: i32, n0: i32, columns: i32, panel: usize, temporary: usize): void {
  const kind = arg(i, 11), groupBytes = ptr(i, 13), unitBytes = groupBytes / <usize>arg(i, 12), one = f32x4.splat(1);
  if (columns & 7) memory.fill(panel + <usize>(columns >> 3) * PANEL, 0, <usize>k << 5);
  for (let n = 0; n < columns; n += 4) {
    const group = b + <usize>((n0 + n) >> 2) * groupBytes;
    const to = panel + <usize>(n >> 3) * PANEL + (<usize>(n & 4) << 2);
    for (let at = 0; at < k; at += 32) {
      unpackBlock(kind, group, unitBytes, k0 + at, temporary);
      for (let part: usize = 0; part < 8; part++) turn4(temporary + (part << 4), 128, to + ((<usize>at + (part << 2)) << 5), one);
    }
  }
}

/** Rows of C before the first product. */
function begin(i: usize, out: usize, row: i32, rows: i32, n0: i32, columns: i32): void {
  const how = arg(i, 16), cs = ptr(i, 15), at = <usize>n0 << 2, bytes = <usize>((columns + 7) & ~7) << 2;
  if (how == START_THERE) return;
  const bias = ptr(i, 17), residual = ptr(i, 18), zero = f32x4.splat(0);
  for (let r = row; r < row + rows; r++) {
    const to = out + <usize>r * cs + at;
    if (how != START_GIVEN) for (let p: usize = 0; p < bytes; p += 16) v128.store(to + p, zero);
    else {
      const from = residual + <usize>r * ptr(i, 19) + at;
      for (let p: usize = 0; p < bytes; p += 16) {
        const start = residual == 0 ? zero : v128.load(from + p);
        v128.store(to + p, bias == 0 ? start : f32x4.add(start, v128.load(bias + at + p)));
      }
    }
  }
}

/**
 * Columns [n0, n0 + COLUMNS) of rows [from, to) of C at `out`, from A at `a` and B at `b`; all else is as the instruction says
 * (arguments 1, 2, 7, 9 to 13 and 15 to 20 of gemm).
 */
export function productBlock(i: usize, a: usize, b: usize, out: usize, from: i32, to: i32, k: i32, n0: i32, panels: usize): void {
  const as = ptr(i, 1), columnsOfA = arg(i, 2) != 0, source = arg(i, 10), cs = ptr(i, 15), bs = ptr(i, 9), factor = real(i, 20);
  const columns = min(COLUMNS, arg(i, 7) - n0);
  if (to > from) begin(i, out, from, to - from, n0, columns);
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    if (source == ROWS_OF_K) panelsOfRows(b + <usize>k0 * bs + (<usize>n0 << 2), bs, depth, columns, panels, PANEL, factor);
    else if (source == ROWS_OF_N) panelsOfColumns(b + <usize>n0 * bs + (<usize>k0 << 2), bs, depth, columns, panels, PANEL, factor);
    else if (source == PACKED_K) panelsOfPackedRows(i, b, k0, depth, n0, columns, panels, panels + BLOCK_AT);
    else panelsOfPackedColumns(i, b, k0, depth, n0, columns, panels, panels + BLOCK_AT);
    for (let row = from; row < to; row += 6) {
      const rows = min(6, to - row);
      let panel = panels, at = out + <usize>row * cs + (<usize>n0 << 2);
      const left = columnsOfA ? a + <usize>k0 * as + (<usize>row << 2) : a + <usize>row * as + (<usize>k0 << 2);
      for (let p = 0; p < columns; p += 8, panel += PANEL, at += 32) {
        if (columnsOfA) columnsTile(rows, left, as, panel, depth, at, cs);
        else rowsTile(rows, left, as, panel, depth, at, cs);
      }
    }
  }
}

/**
 * 0 A, 1 bytes from row to row of its memory, 2 whether those rows are k; m, k: 3 and 5 row kind or -1, 4 and 6 the number then; 7 n;
 * 8 B, 9 its stride, 10 where its values lie, 11 kind, 12 units and 13 bytes of a group of packed weights; 14 C, 15 its stride,
 * 16 how it starts, 17 bias or 0, 18 residual or 0, 19 its stride; 20 factor on B (1 for packed ones).
 */
export function gemm(ctx: usize, i: usize, thread: i32): void {
  const m = size(ctx, arg(i, 3), arg(i, 4)), k = size(ctx, arg(i, 5), arg(i, 6)), n = arg(i, 7);
  // few columns: their rows are shared out; how rows are cut changes no bit
  const blocks = (n + COLUMNS - 1) / COLUMNS, share = 4 * load<i32>(ctx + c.THREADS) / blocks;
  const chunks = max(1, max((m + ROWS - 1) / ROWS, min(share, m / LEAST_ROWS))), chunk = ((m + chunks - 1) / chunks + 5) / 6 * 6;
  for (let t = ticket(i), pieces = blocks * chunks; t < pieces; t = ticket(i)) {
    const from = (t / blocks) * chunk, to = min(m, from + chunk);
    productBlock(i, ptr(i, 0), ptr(i, 8), ptr(i, 14), from, to, k, (t % blocks) * COLUMNS, c.scratch(ctx, thread));
  }
}
