// Mixture of experts: route, sort the (token, slot) pairs by expert, run each expert's rows as one product, add in slot order
// (numerics.md, g). Only the experts that were chosen are read.
import * as c from "./context";
import { arg, ptr } from "./context";
import { product } from "./linear";
import { exp4 } from "./math";
import { ticket } from "./sync";

/** 0 logits, 1 stride, 2 experts, 3 top k, 4 renormalise, 5 ids [T][k], 6 probabilities [T][k]. */
export function route(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), experts = arg(i, 2), topK = arg(i, 3);
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const x = ptr(i, 0) + <usize>t * ptr(i, 1);
    const ids = ptr(i, 5) + (<usize>(t * topK) << 2), probabilities = ptr(i, 6) + (<usize>(t * topK) << 2);
    let top: f32 = load<f32>(x);
    for (let e = 1; e < experts; e++) top = max(top, load<f32>(x + (<usize>e << 2)));
    let sum: f32 = 0;
    for (let e = 0; e < experts; e++) {
      const p = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(x + (<usize>e << 2)) - top)), 0);
      store<f32>(x + (<usize>e << 2), p);
      sum += p;
    }
    let kept: f32 = 0;
    for (let n = 0; n < topK; n++) {
      let best = 0;
      for (let e = 1; e < experts; e++) if (load<f32>(x + (<usize>e << 2)) > load<f32>(x + (<usize>best << 2))) best = e;
      const p = load<f32>(x + (<usize>best << 2)) / sum;
      store<i32>(ids + (<usize>n << 2), best);
      store<f32>(probabilities + (<usize>n << 2), p);
      kept += p;
      store<f32>(x + (<usize>best << 2), -1);
    }
    if (arg(i, 4)) for (let n: usize = 0; n < <usize>topK << 2; n += 4) store<f32>(probabilities + n, load<f32>(probabilities + n) / kept);
  }
}

/** 0 ids [T][k], 1 top k, 2 experts, 3 offsets [experts + 1], 4 rows [T][k] (where a pair's row is), 5 tokens [T * k] (whose row it is). */
export function sortPairs(ctx: usize, i: usize): void {
  if (ticket(i) != 0) return;
  const pairs = c.rowCount(ctx, 0) * arg(i, 1), experts = arg(i, 2);
  const ids = ptr(i, 0), offsets = ptr(i, 3), rows = ptr(i, 4), tokens = ptr(i, 5);
  memory.fill(offsets, 0, <usize>(experts + 1) << 2);
  for (let n = 0; n < pairs; n++) {
    const at = offsets + (<usize>(load<i32>(ids + (<usize>n << 2)) + 1) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  for (let e = 0; e < experts; e++)
    store<i32>(offsets + (<usize>(e + 1) << 2), load<i32>(offsets + (<usize>e << 2)) + load<i32>(offsets + (<usize>(e + 1) << 2)));
  // stable: pairs of one expert keep their order; the offsets are advanced while placing, then set back
  for (let n = 0; n < pairs; n++) {
    const at = offsets + (<usize>load<i32>(ids + (<usize>n << 2)) << 2), row = load<i32>(at);
    store<i32>(at, row + 1);
    store<i32>(rows + (<usize>n << 2), row);
    store<i32>(tokens + (<usize>row << 2), n / arg(i, 1));
  }
  for (let e = experts; e > 0; e--) store<i32>(offsets + (<usize>e << 2), load<i32>(offsets + (<usize>(e - 1) << 2)));
  store<i32>(offsets, 0);
}

/** 0 source, 1 stride (both sides), 2 destination, 3 tokens [T * k], 4 top k: a copy of its token's row for every pair. */
export function gatherPairs(ctx: usize, i: usize): void {
  const pairs = c.rowCount(ctx, 0) * arg(i, 4), bytes = ptr(i, 1);
  for (let n = ticket(i); n < pairs; n = ticket(i))
    memory.copy(ptr(i, 2) + <usize>n * bytes, ptr(i, 0) + <usize>load<u32>(ptr(i, 3) + (<usize>n << 2)) * bytes, bytes);
}

/** As `linear` 0-8 and 13; 9 offsets, 10 experts, 11 bytes of an expert's weights. */
export function expertLinear(ctx: usize, i: usize, thread: i32): void {
  const units = arg(i, 2), groups = arg(i, 3), groupBytes = arg(i, 4), xs = ptr(i, 6), ys = ptr(i, 8), offsets = ptr(i, 9);
  const chunk = min(groups, max(1, 16384 / groupBytes)), chunks = (groups + chunk - 1) / chunk, pieces = chunks * arg(i, 10);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const expert = n / chunks, g = (n % chunks) * chunk;
    const from = load<i32>(offsets + (<usize>expert << 2)), rows = load<i32>(offsets + (<usize>expert << 2), 4) - from;
    if (rows == 0) continue;
    const w = ptr(i, 1) + <usize>expert * ptr(i, 11) + <usize>g * <usize>groupBytes;
    const y = ptr(i, 7) + <usize>from * ys + <usize>(g * arg(i, 13)) * 4;
    product(arg(i, 0), w, units, min(chunk, groups - g), rows, ptr(i, 5) + <usize>from * xs, xs, y, ys, c.scratch(ctx, thread));
  }
}

/** 0 expert rows, 1 stride, 2 rows [T][k], 3 probabilities [T][k], 4 top k, 5 out, 6 outStride, 7 columns. */
export function combine(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), topK = arg(i, 4), bytes = <usize>arg(i, 7) << 2;
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const out = ptr(i, 5) + <usize>t * ptr(i, 6);
    for (let n = 0; n < topK; n++) {
      const pair = <usize>(t * topK + n) << 2;
      const x = ptr(i, 0) + <usize>load<u32>(ptr(i, 2) + pair) * ptr(i, 1), p = v128.load32_splat(ptr(i, 3) + pair);
      for (let b: usize = 0; b < bytes; b += 16) {
        const term = f32x4.mul(v128.load(x + b), p);
        v128.store(out + b, n == 0 ? term : f32x4.add(v128.load(out + b), term));
      }
    }
  }
}
