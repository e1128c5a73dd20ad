// Mixture of experts: route, sort the (token, slot) pairs by expert, run each expert's rows as one product, add in slot order
// (numerics.md, g). Only the experts that were chosen are walked and read.
import * as c from "./context";
import { arg, ptr } from "./context";
import { product, STREAM_BYTES, TILE_BYTES } from "./linear";
import { exp4 } from "./math";
import { columnCuts } from "./rows";
import { takeRun, ticket } from "./sync";

/** 0 logits, 1 stride, 2 experts, 3 top k, 4 renormalise, 5 ids [T][k], 6 probabilities [T][k], 7 row kind. The logits become
 *  exponentials. */
export function route(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, arg(i, 7)), experts = arg(i, 2), topK = <usize>arg(i, 3) << 2;
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const x = ptr(i, 0) + <usize>t * ptr(i, 1);
    const ids = ptr(i, 5) + <usize>t * topK, probabilities = ptr(i, 6) + <usize>t * topK;
    const sum = exponentials(x, <usize>experts << 2);
    // the best so far, in order: one is put before those that are less, never before its equals
    let held: usize = 0;
    for (let e = 0; e < experts; e++) {
      const p = load<f32>(x + (<usize>e << 2));
      if (held == topK && !(p > load<f32>(probabilities + topK - 4))) continue;
      let at = held < topK ? held : topK - 4;
      for (; at > 0 && p > load<f32>(probabilities + at - 4); at -= 4) {
        store<f32>(probabilities + at, load<f32>(probabilities + at - 4));
        store<i32>(ids + at, load<i32>(ids + at - 4));
      }
      store<f32>(probabilities + at, p);
      store<i32>(ids + at, e);
      if (held < topK) held += 4;
    }
    let kept: f32 = 0;
    for (let n: usize = 0; n < topK; n += 4) {
      const p = load<f32>(probabilities + n) / sum;
      store<f32>(probabilities + n, p);
      kept += p;
    }
    if (arg(i, 4)) for (let n: usize = 0; n < topK; n += 4) store<f32>(probabilities + n, load<f32>(probabilities + n) / kept);
  }
}

/** e^(x - max) in place of x, which is padded to whole vectors; returns the sum, taken in order. */
function exponentials(x: usize, bytes: usize): f32 {
  let top: f32 = load<f32>(x);
  for (let p: usize = 4; p < bytes; p += 4) top = max(top, load<f32>(x + p));
  for (let p: usize = 0; p < bytes; p += 16) v128.store(x + p, exp4(f32x4.sub(v128.load(x + p), f32x4.splat(top))));
  let sum: f32 = 0;
  for (let p: usize = 0; p < bytes; p += 4) sum += load<f32>(x + p);
  return sum;
}

/**
 * 0 ids [T][k], 1 top k, 2 experts, 3 chosen, 4 rows [T][k] (where a pair's row is), 5 tokens [T * k] (whose row it is), 6 row kind. `chosen`:
 * how many experts, then each one's number and first row, ascending, and the end of the last one's rows.
 */
export function sortPairs(ctx: usize, i: usize, thread: i32): void {
  if (ticket(i) != 0) return;
  const pairs = c.rowCount(ctx, arg(i, 6)) * arg(i, 1), experts = arg(i, 2);
  const ids = ptr(i, 0), chosen = ptr(i, 3), rows = ptr(i, 4), tokens = ptr(i, 5);
  const next = c.scratch(ctx, thread); // [experts]: how many rows, then where the next one goes
  memory.fill(next, 0, <usize>experts << 2);
  for (let n = 0; n < pairs; n++) {
    const at = next + (<usize>load<i32>(ids + (<usize>n << 2)) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  let row = 0, entry = chosen + 4;
  for (let e = 0; e < experts; e++) {
    const at = next + (<usize>e << 2), count = load<i32>(at);
    if (count == 0) continue;
    store<i32>(entry, e);
    store<i32>(entry, row, 4);
    entry += 8;
    store<i32>(at, row);
    row += count;
  }
  store<i32>(entry, row, 4);
  store<i32>(chosen, <i32>((entry - chosen) >> 3));
  // stable: pairs of one expert keep their order
  for (let n = 0; n < pairs; n++) {
    const at = next + (<usize>load<i32>(ids + (<usize>n << 2)) << 2), place = load<i32>(at);
    store<i32>(at, place + 1);
    store<i32>(rows + (<usize>n << 2), place);
    store<i32>(tokens + (<usize>place << 2), n / arg(i, 1));
  }
}

/** 0 source, 1 stride (both sides), 2 destination, 3 tokens [T * k], 4 top k, 5 row kind: a copy of its token's row for every pair. */
export function gatherPairs(ctx: usize, i: usize): void {
  const pairs = c.rowCount(ctx, arg(i, 5)) * arg(i, 4), bytes = ptr(i, 1);
  for (let n = ticket(i); n < pairs; n = ticket(i))
    memory.copy(ptr(i, 2) + <usize>n * bytes, ptr(i, 0) + <usize>load<u32>(ptr(i, 3) + (<usize>n << 2)) * bytes, bytes);
}

/** As `linear` 0-8; 9 chosen, 10 bytes of an expert's weights, 11 outputs per group. */
export function expertLinear(ctx: usize, i: usize, thread: i32): void {
  const kind = arg(i, 0), units = arg(i, 2), groups = arg(i, 3), groupBytes = arg(i, 4), xs = ptr(i, 6), ys = ptr(i, 8);
  const chosen = ptr(i, 9), outputs = <usize>arg(i, 11) << 2;
  const threads = load<i32>(ctx + c.THREADS), scratch = c.scratch(ctx, thread);
  // the chosen experts' groups count one after another; a run may reach over several experts
  const total = load<i32>(chosen) * groups, least = max(1, STREAM_BYTES / groupBytes), shared = max(1, TILE_BYTES / groupBytes);
  for (let from = takeRun(i, total, least, threads, scratch); from < total; from = takeRun(i, total, least, threads, scratch)) {
    const end = from + load<i32>(scratch);
    while (from < end) {
      const entry = chosen + 4 + (<usize>(from / groups) << 3), g = from % groups;
      const expert = <usize>load<i32>(entry), row = <usize>load<i32>(entry, 4), rows = load<i32>(entry, 12) - <i32>row;
      // one row reads on to the end of the run; weights that rows share stay in the cache while these pass
      const count = min(min(groups - g, end - from), rows == 1 ? total : shared);
      const w = ptr(i, 1) + expert * ptr(i, 10) + <usize>g * <usize>groupBytes;
      product(kind, w, units, count, rows, ptr(i, 5) + row * xs, xs, ptr(i, 7) + row * ys + <usize>g * outputs, ys, scratch);
      from += count;
    }
  }
}

/** 0 expert rows, 1 stride, 2 rows [T][k], 3 probabilities [T][k], 4 top k, 5 out, 6 outStride, 7 columns, 8 row kind. */
export function combine(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, arg(i, 8)), topK = <usize>arg(i, 4) << 2, bytes = <usize>arg(i, 7) << 2;
  const cuts = columnCuts(tokens, arg(i, 7)), piece = (bytes / <usize>cuts + 63) & ~63;
  for (let n = ticket(i), pieces = tokens * cuts; n < pieces; n = ticket(i)) {
    const t = <usize>(n / cuts), from = <usize>(n % cuts) * piece, to = min(bytes, from + piece);
    const rows = ptr(i, 2) + t * topK, probabilities = ptr(i, 3) + t * topK, out = ptr(i, 5) + t * ptr(i, 6);
    for (let slot: usize = 0; slot < topK; slot += 4) {
      const x = ptr(i, 0) + <usize>load<u32>(rows + slot) * ptr(i, 1), p = v128.load32_splat(probabilities + slot);
      for (let b = from; b < to; b += 16) {
        const term = f32x4.mul(v128.load(x + b), p);
        v128.store(out + b, slot == 0 ? term : f32x4.add(v128.load(out + b), term));
      }
    }
  }
}
