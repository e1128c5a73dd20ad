// Routed experts of training, in f32. Rows of (token, slot) pairs are sorted by expert as in moe.ts; an expert's rows are one product.
// With p a pair's probability, h = silu(gate) up and y = h W^T its expert's output: dp = dy.y = (dy W).h, so that y is not needed again.
import * as c from "./context";
import { arg, ptr } from "./context";
import { COLUMNS, productBlock } from "./gemm";
import { sigmoid4, sum4 } from "./math";
import { ticket } from "./sync";

/** Arguments as gemm's, but 0 and 14 rows of pairs, 3 chosen (sortPairs), 4 bytes of an expert's B, 6 k. */
export function expertGemm(ctx: usize, i: usize, thread: i32): void {
  const chosen = ptr(i, 3), blocks = (arg(i, 7) + COLUMNS - 1) / COLUMNS;
  for (let t = ticket(i), pieces = load<i32>(chosen) * blocks; t < pieces; t = ticket(i)) {
    const entry = chosen + 4 + (<usize>(t / blocks) << 3), b = ptr(i, 8) + <usize>load<i32>(entry) * ptr(i, 4);
    const from = load<i32>(entry, 4), to = load<i32>(entry, 12);
    productBlock(i, ptr(i, 0), b, ptr(i, 14), from, to, arg(i, 6), (t % blocks) * COLUMNS, c.scratch(ctx, thread));
  }
}

/** Gradient of the experts' weights [E, m, n]: 0 dOut and 8 x, rows of pairs, which are k; 3 chosen, 4 bytes of an expert's gradient, 5 m. */
export function expertWeight(ctx: usize, i: usize, thread: i32): void {
  const chosen = ptr(i, 3), blocks = (arg(i, 7) + COLUMNS - 1) / COLUMNS;
  for (let t = ticket(i), pieces = load<i32>(chosen) * blocks; t < pieces; t = ticket(i)) {
    const entry = chosen + 4 + (<usize>(t / blocks) << 3), out = ptr(i, 14) + <usize>load<i32>(entry) * ptr(i, 4);
    const from = <usize>load<i32>(entry, 4), count = load<i32>(entry, 12) - <i32>from;
    const a = ptr(i, 0) + from * ptr(i, 1), b = ptr(i, 8) + from * ptr(i, 9);
    productBlock(i, a, b, out, 0, arg(i, 5), count, (t % blocks) * COLUMNS, c.scratch(ctx, thread));
  }
}

/**
 * 0 gate and 1 up, rows of pairs, which become their gradients; 2 dy W, which becomes p h; 3 stride of all, 4 columns, 5 rows of the
 * pairs, 6 probabilities, 7 gradients of the probabilities, 8 top k, 9 row kind.
 */
export function expertGradient(ctx: usize, i: usize): void {
  const pairs = c.rowCount(ctx, arg(i, 9)) * arg(i, 8), end = <usize>arg(i, 4) << 2, one = f32x4.splat(1);
  for (let n = ticket(i); n < pairs; n = ticket(i)) {
    const at = <usize>load<u32>(ptr(i, 5) + (<usize>n << 2)) * ptr(i, 3);
    const gates = ptr(i, 0) + at, ups = ptr(i, 1) + at, inner = ptr(i, 2) + at;
    for (let p = end; p & 15; p += 4) {
      // pads the last vectors
      store<f32>(gates + p, 0);
      store<f32>(ups + p, 0);
      store<f32>(inner + p, 0);
    }
    const probability = v128.load32_splat(ptr(i, 6) + (<usize>n << 2));
    let sums = f32x4.splat(0);
    for (let p: usize = 0; p < end; p += 16) {
      const gate = v128.load(gates + p), up = v128.load(ups + p), d = v128.load(inner + p), s = sigmoid4(gate), silu = f32x4.mul(gate, s);
      const h = f32x4.mul(silu, up), scaled = f32x4.mul(d, probability);
      sums = f32x4.add(sums, f32x4.mul(d, h));
      v128.store(inner + p, f32x4.mul(h, probability));
      v128.store(ups + p, f32x4.mul(scaled, silu));
      v128.store(gates + p, f32x4.mul(f32x4.mul(scaled, up), f32x4.mul(s, f32x4.add(one, f32x4.mul(gate, f32x4.sub(one, s))))));
    }
    store<f32>(ptr(i, 7) + (<usize>n << 2), sum4(sums));
  }
}

/** 0 rows of pairs, 1 stride of both, 2 rows of the pairs, 3 top k, 4 into, 5 columns, 6 row kind, 7 add: each token's rows, in slot order. */
export function sumPairs(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, arg(i, 6)), topK = <usize>arg(i, 3) << 2, bytes = <usize>arg(i, 5) << 2;
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const rows = ptr(i, 2) + <usize>t * topK, into = ptr(i, 4) + <usize>t * ptr(i, 1);
    for (let slot: usize = 0; slot < topK; slot += 4) {
      const from = ptr(i, 0) + <usize>load<u32>(rows + slot) * ptr(i, 1), add = slot > 0 || arg(i, 7) != 0;
      for (let p: usize = 0; p < bytes; p += 16)
        v128.store(into + p, add ? f32x4.add(v128.load(into + p), v128.load(from + p)) : v128.load(from + p));
    }
  }
}

/**
 * 0 exponentials that route left, 1 stride, 2 experts, 3 top k, 4 whether renormalised, 5 ids, 6 probabilities, 7 their gradients,
 * 8 gradient of the logits (stride 1), 9 row kind. Renormalised, a softmax over the chosen: dl = p (dp - p.dp); else over all: the rest
 * get -p p.dp.
 */
export function routeGradient(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, arg(i, 9)), end = <usize>arg(i, 2) << 2, topK = <usize>arg(i, 3) << 2;
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const e = ptr(i, 0) + <usize>t * ptr(i, 1), to = ptr(i, 8) + <usize>t * ptr(i, 1), at = <usize>t * topK;
    const ids = ptr(i, 5) + at, probabilities = ptr(i, 6) + at, gradients = ptr(i, 7) + at;
    let mean: f32 = 0;
    for (let n: usize = 0; n < topK; n += 4) mean += load<f32>(probabilities + n) * load<f32>(gradients + n);
    if (arg(i, 4)) memory.fill(to, 0, end);
    else {
      let sum: f32 = 0;
      for (let p: usize = 0; p < end; p += 4) sum += load<f32>(e + p);
      for (let p: usize = 0; p < end; p += 4) store<f32>(to + p, -load<f32>(e + p) / sum * mean);
    }
    for (let n: usize = 0; n < topK; n += 4)
      store<f32>(to + (<usize>load<i32>(ids + n) << 2), load<f32>(probabilities + n) * (load<f32>(gradients + n) - mean));
  }
}
