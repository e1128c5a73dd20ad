// Gated delta net (numerics.md, h): the causal convolution, the gates, and the recurrence itself, token by token (arXiv 2412.06464,
// eq. 10). A sequence's state holds per layer the convolution's last inputs, [taps - 1][channels padded], and the memory of every
// value head in blocks of sixteen of its columns: [head][block][key dimension][16], so that a block is read and written in one
// stream and stays in the first-level cache while all tokens of a step pass. Blocks are what threads share.
// Drafts, a segment's last tokens, leave the state as it was before them; what they would have done to it goes to a log. The next
// step replays the updates of those that held while it has the block in the cache anyway, with the operations of the first time.
import * as c from "./context";
import { arg, ptr } from "./context";
import { exp4, madd, sigmoid4, silu4, sum4 } from "./math";
import { ticket } from "./sync";

/** Channels that a ticket of the convolution takes. */
const CHANNELS: i32 = 256;
/** Columns of a block of memory, and their bytes. */
const COLUMNS: i32 = 16;
const BLOCK_ROW: usize = 64;

@inline function segment(ctx: usize, n: i32): usize {
  return <usize>load<u32>(ctx + c.SEGMENTS) + (<usize>n << 5);
}

/** Tokens that move the state itself, and those that are drafts. */
@inline function certain(at: usize): i32 {
  return load<i32>(at, 4) - load<i32>(at, 20);
}

/** The kept inputs after `tokens` more rows of x. */
function shift(inputs: usize, rowBytes: usize, kept: usize, x: usize, xs: usize, tokens: usize, bytes: usize): void {
  for (let k: usize = 0; k < kept; k++)
    memory.copy(inputs + k * rowBytes, tokens + k < kept ? inputs + (tokens + k) * rowBytes : x + (tokens + k - kept) * xs, bytes);
}

/**
 * 0 x, 1 xStride, 2 weights [channels][taps], 3 channels, 4 taps, 5 offset of the inputs in a state, 6 bytes of their rows, 7 out, 8 outStride,
 * 9 offset of the drafts' inputs in a log.
 */
export function causalConv(ctx: usize, i: usize, thread: i32): void {
  const channels = arg(i, 3), taps = arg(i, 4), kept = <usize>(taps - 1), xs = ptr(i, 1), rowBytes = ptr(i, 6), outs = ptr(i, 8);
  const cuts = (channels + CHANNELS - 1) / CHANNELS, pieces = load<i32>(ctx + c.SEGMENT_COUNT) * cuts;
  const weights = c.scratch(ctx, thread); // [taps][CHANNELS]
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const at = segment(ctx, n / cuts), first = (n % cuts) * CHANNELS, count = min(CHANNELS, channels - first);
    for (let ch = 0; ch < count; ch++)
      for (let t = 0; t < taps; t++)
        store<f32>(weights + (<usize>(t * CHANNELS + ch) << 2), load<f32>(ptr(i, 2) + (<usize>((first + ch) * taps + t) << 2)));
    const tokens = <usize>load<i32>(at, 4), drafts = <usize>load<i32>(at, 20), column = <usize>first << 2, bytes = (<usize>count << 2) + 15 & ~15;
    const x = ptr(i, 0) + <usize>load<i32>(at) * xs + column, out = ptr(i, 7) + <usize>load<i32>(at) * outs + column;
    const inputs = <usize>load<u32>(at, 8) + ptr(i, 5) + column, log = <usize>load<u32>(at, 12) + ptr(i, 9) + column;
    shift(inputs, rowBytes, kept, log, rowBytes, <usize>load<i32>(at, 16), bytes);
    for (let t: usize = 0; t < tokens; t++)
      for (let p: usize = 0; p < bytes; p += 16) {
        let sum = f32x4.splat(0);
        for (let k: usize = 0; k <= kept; k++) {
          const from = t + k < kept ? inputs + (t + k) * rowBytes : x + (t + k - kept) * xs;
          sum = madd(v128.load(from + p), v128.load(weights + (k << 10) + p), sum);
        }
        v128.store(out + t * outs + p, silu4(sum));
      }
    shift(inputs, rowBytes, kept, x, xs, tokens - drafts, bytes);
    for (let d: usize = 0; d < drafts; d++) memory.copy(log + d * rowBytes, x + (tokens - drafts + d) * xs, bytes);
  }
}

/** ln(1 + e^x) as max(x, 0) + 2 atanh(s), s = y / (2 + y), y = e^-|x|; the series ends below f32's last bit, since s <= 1/3. */
export function softplus4(x: v128): v128 {
  const y = exp4(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(y, f32x4.add(f32x4.splat(2), y)), r = f32x4.mul(s, s);
  let p = f32x4.splat(1.0 / 15);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 13));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 11));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 9));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 7));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(f32x4.add(s, s), p));
}

export function dot(a: usize, b: usize, length: i32): f32 {
  const whole = <usize>(length & ~3) << 2, end = <usize>length << 2;
  let lanes = f32x4.splat(0);
  for (let p: usize = 0; p < whole; p += 16) lanes = f32x4.add(lanes, f32x4.mul(v128.load(a + p), v128.load(b + p)));
  let sum = sum4(lanes);
  for (let p = whole; p < end; p += 4) sum += load<f32>(a + p) * load<f32>(b + p);
  return sum;
}

/** What x is multiplied with to have the length `length`. */
export function normScale(x: usize, dim: i32, length: f32): f32 {
  return length / sqrt<f32>(dot(x, x, dim) + <f32>1e-6);
}

function normalise(x: usize, dim: i32, length: f32): void {
  const factor = normScale(x, dim, length);
  for (let p: usize = 0; p < <usize>dim << 2; p += 4) store<f32>(x + p, load<f32>(x + p) * factor);
}

/**
 * 0 qkv, 1 stride, 2 key heads, 3 value heads, 4 key dimension, 5 a, 6 aStride, 7 b, 8 bStride, 9 aLog, 10 dtBias, 11 gates, 12 their
 * stride, 13 bytes of each of a token's three lists there: decays, betas, q.k by key head. Queries and keys are normalised in place.
 */
export function deltaGates(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), keyHeads = arg(i, 2), valueHeads = arg(i, 3), dim = arg(i, 4), list = ptr(i, 13);
  const headBytes = <usize>dim << 2, keys = <usize>keyHeads * headBytes, scale: f32 = 1 / sqrt<f32>(<f32>dim);
  for (let t = ticket(i); t < tokens; t = ticket(i)) {
    const gates = ptr(i, 11) + <usize>t * ptr(i, 12), a = ptr(i, 5) + <usize>t * ptr(i, 6), b = ptr(i, 7) + <usize>t * ptr(i, 8);
    for (let p: usize = 0; p < <usize>valueHeads << 2; p += 16) {
      const rate = f32x4.mul(exp4(v128.load(ptr(i, 9) + p)), softplus4(f32x4.add(v128.load(a + p), v128.load(ptr(i, 10) + p))));
      v128.store(gates + p, exp4(f32x4.neg(rate)));
      v128.store(gates + list + p, sigmoid4(v128.load(b + p)));
    }
    let q = ptr(i, 0) + <usize>t * ptr(i, 1), out = gates + 2 * list;
    for (let h = 0; h < keyHeads; h++, q += headBytes, out += 4) {
      normalise(q, dim, scale);
      normalise(q + keys, dim, 1);
      store<f32>(out, dot(q, q + keys, dim));
    }
  }
}

/** S^T k and S^T q of a block, sixteen values each, to `to`. */
export function read(s: usize, k: usize, q: usize, dim: usize, to: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (const end = s + dim * BLOCK_ROW; s < end; s += BLOCK_ROW, k += 4, q += 4) {
    const x = v128.load32_splat(k), y = v128.load32_splat(q);
    const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48);
    a0 = madd(s0, x, a0);
    a1 = madd(s1, x, a1);
    a2 = madd(s2, x, a2);
    a3 = madd(s3, x, a3);
    b0 = madd(s0, y, b0);
    b1 = madd(s1, y, b1);
    b2 = madd(s2, y, b2);
    b3 = madd(s3, y, b3);
  }
  v128.store(to, a0);
  v128.store(to, a1, 16);
  v128.store(to, a2, 32);
  v128.store(to, a3, 48);
  v128.store(to, b0, 64);
  v128.store(to, b1, 80);
  v128.store(to, b2, 96);
  v128.store(to, b3, 112);
}

/** S <- decay S + k change^T. */
export function move(s: usize, k: usize, change: usize, decay: v128, dim: usize): void {
  const c0 = v128.load(change), c1 = v128.load(change, 16), c2 = v128.load(change, 32), c3 = v128.load(change, 48);
  for (const end = s + dim * BLOCK_ROW; s < end; s += BLOCK_ROW, k += 4) {
    const x = v128.load32_splat(k);
    v128.store(s, madd(x, c0, f32x4.mul(v128.load(s), decay)));
    v128.store(s, madd(x, c1, f32x4.mul(v128.load(s, 16), decay)), 16);
    v128.store(s, madd(x, c2, f32x4.mul(v128.load(s, 32), decay)), 32);
    v128.store(s, madd(x, c3, f32x4.mul(v128.load(s, 48), decay)), 48);
  }
}

/**
 * One token of a block: `known` gets its output, sixteen values, then S^T q and the change, and S moves on. `gates`: the token's lists
 * of `list` bytes; `head` and `key`: bytes to the head's entries there.
 */
@inline export function advance(s: usize, q: usize, k: usize, v: usize, gates: usize, list: usize, head: usize, key: usize, dim: usize, known: usize): void {
  const change = known + 2 * BLOCK_ROW;
  const decay = v128.load32_splat(gates + head), beta = v128.load32_splat(gates + list + head);
  const match = v128.load32_splat(gates + 2 * list + key);
  read(s, k, q, dim, known);
  // the output reads what the update makes of the memory: g S^T q + change (k.q)
  for (let p: usize = 0; p < BLOCK_ROW; p += 16) {
    const delta = f32x4.mul(beta, f32x4.sub(v128.load(v + p), f32x4.mul(decay, v128.load(known + p))));
    v128.store(change + p, delta);
    v128.store(known + p, madd(delta, match, f32x4.mul(decay, v128.load(known + BLOCK_ROW + p))));
  }
  move(s, k, change, decay, dim);
}

/**
 * 0 qkv, 1 stride, 2 key heads, 3 value heads, 4 key dimension, 5 value dimension, 6 gates, 7 their stride, 8 bytes of a list (as in
 * deltaGates), 9 offset of the memory in a state, 10 out, 11 outStride. In a log: 12 offset of changes, 13 of keys, 14 bytes of a draft's
 * keys, 15 offset of decays, 16 bytes of a draft's decays, 17 drafts in a half.
 */
export function gatedDelta(ctx: usize, i: usize, thread: i32): void {
  const keyHeads = arg(i, 2), valueHeads = arg(i, 3), dim = <usize>arg(i, 4), width = arg(i, 5), list = ptr(i, 8);
  const blocks = (width + COLUMNS - 1) / COLUMNS, perSequence = valueHeads * blocks, blockBytes = dim * BLOCK_ROW;
  const keys = <usize>keyHeads * dim << 2, shared = valueHeads / keyHeads;
  const known = c.scratch(ctx, thread); // S^T k, S^T q, and the change: sixteen each; then a block that drafts go on from
  const change = known + 2 * BLOCK_ROW, copy = known + 4 * BLOCK_ROW;
  for (let n = ticket(i), pieces = load<i32>(ctx + c.SEGMENT_COUNT) * perSequence; n < pieces; n = ticket(i)) {
    const at = segment(ctx, n / perSequence), piece = n % perSequence, head = piece / blocks, block = piece % blocks;
    let s = <usize>load<u32>(at, 8) + ptr(i, 9) + <usize>piece * blockBytes;
    const log = <usize>load<u32>(at, 12), changes = log + ptr(i, 12) + (<usize>piece << 6), changeRow = <usize>perSequence << 6;
    const column = <usize>(head * width + block * COLUMNS) << 2, key = <usize>(head / shared);
    const columns = min(COLUMNS, width - block * COLUMNS);
    let q = ptr(i, 0) + <usize>load<i32>(at) * ptr(i, 1) + (key * dim << 2), v = ptr(i, 0) + <usize>load<i32>(at) * ptr(i, 1) + 2 * keys + column;
    let gates = ptr(i, 6) + <usize>load<i32>(at) * ptr(i, 7), out = ptr(i, 10) + <usize>load<i32>(at) * ptr(i, 11) + column;
    const half = load<i32>(at, 24), keyColumn = ptr(i, 13) + (key * dim << 2), decayColumn = ptr(i, 15) + (<usize>head << 2);
    for (let r = 0, row = half * arg(i, 17); r < load<i32>(at, 16); r++, row++)
      move(s, log + <usize>row * ptr(i, 14) + keyColumn, changes + <usize>r * changeRow, v128.load32_splat(log + <usize>row * ptr(i, 16) + decayColumn), dim);
    const sure = certain(at), other = (1 - half) * arg(i, 17);
    for (let t = 0, tokens = load<i32>(at, 4); t < tokens; t++) {
      if (t == sure) {
        memory.copy(copy, s, blockBytes);
        s = copy;
      }
      advance(s, q, q + keys, v, gates, list, <usize>head << 2, key << 2, dim, known);
      if (t >= sure) {
        const row = <usize>(other + t - sure);
        memory.copy(changes + <usize>(t - sure) * changeRow, change, BLOCK_ROW);
        if (block == 0) store<f32>(log + row * ptr(i, 16) + decayColumn, load<f32>(gates + (<usize>head << 2)));
        if (block == 0 && head % shared == 0) memory.copy(log + row * ptr(i, 14) + keyColumn, q + keys, dim << 2);
      }
      memory.copy(out, known, <usize>columns << 2);
      q += ptr(i, 1);
      v += ptr(i, 1);
      gates += ptr(i, 7);
      out += ptr(i, 11);
    }
  }
}
