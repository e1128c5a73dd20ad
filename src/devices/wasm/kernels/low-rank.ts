// What adapters add to a linear layer: y += scale * (x A^T) B^T, each row with its sequence's adapter, rows without one left alone
// (numerics.md, i). A and B are f32, sixteen rows interleaved, so that both products are those of linear-float.ts and have their bits.
// An adapter's entry in a layer's table is 16 bytes: A, B, rank (0: it leaves this layer alone), scale.
import * as c from "./context";
import { arg, ptr } from "./context";
import { F32 } from "./kinds";
import { product } from "./linear";
import { ticket } from "./sync";

const ROWS: i32 = 8; // rows of a piece
const GROUPS: i32 = 32; // groups of sixteen outputs of a piece

/** Where the rows from `row` on that have the same adapter end. */
@inline function runEnd(adapters: usize, row: i32, end: i32): i32 {
  const adapter = load<i32>(adapters + (<usize>row << 2));
  let next = row + 1;
  while (next < end && load<i32>(adapters + (<usize>next << 2)) == adapter) next++;
  return next;
}

@inline function entryOf(table: usize, adapters: usize, row: i32): usize {
  return table + (<usize>load<u32>(adapters + (<usize>row << 2)) << 4);
}

/** 0 x, 1 xStride, 2 columns of x, 3 table, 4 adapters of the rows, 5 out, 6 outStride, 7 row kind, 8 groups of sixteen ranks. */
export function lowRankDown(ctx: usize, i: usize, thread: i32): void {
  const rows = c.rowCount(ctx, arg(i, 7)), groups = arg(i, 8), k = arg(i, 2), adapters = ptr(i, 4);
  const xs = ptr(i, 1), ys = ptr(i, 6), scratch = c.scratch(ctx, thread);
  const pieces = ((rows + ROWS - 1) / ROWS) * groups;
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const first = (n / groups) * ROWS, end = min(rows, first + ROWS), g = n % groups;
    for (let row = first; row < end; ) {
      const next = runEnd(adapters, row, end), entry = entryOf(ptr(i, 3), adapters, row);
      if (g << 4 < load<i32>(entry, 8)) {
        const a = <usize>load<u32>(entry) + <usize>(g * k) * 64;
        product(F32, a, k, 1, next - row, ptr(i, 0) + <usize>row * xs, xs, ptr(i, 5) + <usize>row * ys + (<usize>g << 6), ys, scratch);
      }
      row = next;
    }
  }
}

/** 0 what lowRankDown made, 1 its stride, 2 table, 3 adapters of the rows, 4 y, 5 yStride, 6 groups of sixteen outputs, 7 row kind. */
export function lowRankUp(ctx: usize, i: usize, thread: i32): void {
  const rows = c.rowCount(ctx, arg(i, 7)), groups = arg(i, 6), adapters = ptr(i, 3);
  const xs = ptr(i, 1), ys = ptr(i, 5), sums = c.scratch(ctx, thread), stride = <usize>GROUPS << 6;
  const cuts = (groups + GROUPS - 1) / GROUPS, pieces = ((rows + ROWS - 1) / ROWS) * cuts;
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const first = (n / cuts) * ROWS, end = min(rows, first + ROWS), g = (n % cuts) * GROUPS, count = min(GROUPS, groups - g);
    for (let row = first; row < end; ) {
      const next = runEnd(adapters, row, end), entry = entryOf(ptr(i, 2), adapters, row), rank = load<i32>(entry, 8);
      if (rank > 0) {
        const b = <usize>load<u32>(entry, 4) + <usize>(g * rank) * 64, scale = v128.load32_splat(entry, 12);
        product(F32, b, rank, count, next - row, ptr(i, 0) + <usize>row * xs, xs, sums, stride, sums);
        for (let t = row; t < next; t++) {
          const y = ptr(i, 4) + <usize>t * ys + (<usize>g << 6), sum = sums + <usize>(t - row) * stride;
          for (let p: usize = 0; p < <usize>count << 6; p += 16)
            v128.store(y + p, f32x4.add(v128.load(y + p), f32x4.mul(scale, v128.load(sum + p))));
        }
      }
      row = next;
    }
  }
}
