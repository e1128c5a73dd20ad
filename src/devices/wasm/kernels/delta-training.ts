// The causal convolution and the gated delta net of training, within the sequences of a batch (their list as in
// sequence-attention.ts). States are never kept: the backward pass walks a block of sixteen value columns forward once, keeping the
// state every 64 tokens, then from the last 64 tokens to the first: forward again with a state per token, and back (gradient
// checkpointing, arXiv 1604.06174). A ticket has all columns that share a key head, so what they add to its query and key is added in
// one order.
import * as c from "./context";
import { arg, ptr } from "./context";
import { advance, dot, move, normScale, read, softplus4 } from "./delta";
import { exp4, madd, sigmoid4, silu4, sum4 } from "./math";
import { ticket } from "./sync";

/** Channels that a ticket of the convolution takes, and their bytes. */
const CHANNELS: i32 = 64;
const CHANNEL_BYTES: usize = 256;
/** Columns of a block of memory, and their bytes. */
const COLUMNS: i32 = 16;
const BLOCK_ROW: usize = 64;
/** Tokens from kept state to kept state. */
const CHUNK: i32 = 64;

/** Weights [channels][taps] of a ticket, turned: [taps][CHANNELS] at `to`. */
function turnWeights(weights: usize, first: i32, count: i32, taps: i32, to: usize): void {
  for (let ch = 0; ch < count; ch++)
    for (let t = 0; t < taps; t++)
      store<f32>(to + (<usize>(t * CHANNELS + ch) << 2), load<f32>(weights + (<usize>((first + ch) * taps + t) << 2)));
}

/** The convolution's sum of four channels at token t of a sequence that begins at x; `p`: their place in a row of the ticket's. */
@inline function convolve(x: usize, stride: usize, weights: usize, t: i32, taps: i32, p: usize): v128 {
  let sum = f32x4.splat(0);
  for (let k = max(0, taps - 1 - t); k < taps; k++)
    sum = madd(v128.load(x + <usize>(t + k - taps + 1) * stride + p), v128.load(weights + <usize>k * CHANNEL_BYTES + p), sum);
  return sum;
}

/** 0 x, 1 stride of x and out, 2 weights [channels][taps], 3 channels, 4 taps, 5 out, 6 sequences. */
export function sequenceConv(ctx: usize, i: usize, thread: i32): void {
  const channels = arg(i, 3), taps = arg(i, 4), stride = ptr(i, 1), list = ptr(i, 6);
  const cuts = (channels + CHANNELS - 1) / CHANNELS, weights = c.scratch(ctx, thread);
  for (let n = ticket(i), pieces = load<i32>(list) * cuts; n < pieces; n = ticket(i)) {
    const entry = list + 8 + (<usize>(n / cuts) << 3), first = (n % cuts) * CHANNELS, count = min(CHANNELS, channels - first);
    turnWeights(ptr(i, 2), first, count, taps, weights);
    const at = <usize>load<i32>(entry) * stride + (<usize>first << 2), bytes = <usize>count << 2;
    for (let t = 0; t < load<i32>(entry, 4); t++)
      for (let p: usize = 0; p < bytes; p += 16)
        v128.store(ptr(i, 5) + at + <usize>t * stride + p, silu4(convolve(ptr(i, 0) + at, stride, weights, t, taps, p)));
  }
}

/** 0 x, 1 stride of x, dOut and into, 2 weights, 3 channels, 4 taps, 5 dOut, 6 sequences, 7 into, 8 gradient of the weights or 0. */
export function convGradient(ctx: usize, i: usize, thread: i32): void {
  const channels = arg(i, 3), taps = arg(i, 4), stride = ptr(i, 1), list = ptr(i, 6), one = f32x4.splat(1);
  const weights = c.scratch(ctx, thread), sums = weights + <usize>taps * CHANNEL_BYTES;
  for (let n = ticket(i), cuts = (channels + CHANNELS - 1) / CHANNELS; n < cuts; n = ticket(i)) {
    const first = n * CHANNELS, count = min(CHANNELS, channels - first), bytes = <usize>count << 2;
    turnWeights(ptr(i, 2), first, count, taps, weights);
    memory.fill(sums, 0, <usize>taps * CHANNEL_BYTES);
    for (let s = 0; s < load<i32>(list); s++) {
      const entry = list + 8 + (<usize>s << 3), at = <usize>load<i32>(entry) * stride + (<usize>first << 2);
      const x = ptr(i, 0) + at, dx = ptr(i, 7) + at;
      for (let t = 0; t < load<i32>(entry, 4); t++)
        for (let p: usize = 0; p < bytes; p += 16) {
          const z = convolve(x, stride, weights, t, taps, p), gate = sigmoid4(z);
          const slope = f32x4.mul(gate, f32x4.add(one, f32x4.mul(z, f32x4.sub(one, gate))));
          const dz = f32x4.mul(v128.load(ptr(i, 5) + at + <usize>t * stride + p), slope);
          v128.store(dx + <usize>t * stride + p, f32x4.splat(0));
          for (let k = max(0, taps - 1 - t); k < taps; k++) {
            const from = <usize>(t + k - taps + 1) * stride + p, w = <usize>k * CHANNEL_BYTES + p;
            v128.store(dx + from, madd(dz, v128.load(weights + w), v128.load(dx + from)));
            v128.store(sums + w, madd(dz, v128.load(x + from), v128.load(sums + w)));
          }
        }
    }
    if (ptr(i, 8) == 0) continue;
    for (let ch = 0; ch < count; ch++)
      for (let t = 0; t < taps; t++) {
        const to = ptr(i, 8) + (<usize>((first + ch) * taps + t) << 2);
        store<f32>(to, load<f32>(to) + load<f32>(sums + (<usize>(t * CHANNELS + ch) << 2)));
      }
  }
}

/**
 * 0 qkv as deltaGates left it, 1 stride, 2 key heads, 3 value heads, 4 key dimension, 5 value dimension, 6 gates, 7 their stride,
 * 8 bytes of a list (as in deltaGates), 9 out, 10 outStride, 11 sequences.
 */
export function sequenceDelta(ctx: usize, i: usize, thread: i32): void {
  const keyHeads = arg(i, 2), valueHeads = arg(i, 3), dim = <usize>arg(i, 4), width = arg(i, 5), list = ptr(i, 8), sequences = ptr(i, 11);
  const blocks = (width + COLUMNS - 1) / COLUMNS, perSequence = valueHeads * blocks, blockBytes = dim * BLOCK_ROW;
  const keys = <usize>keyHeads * dim << 2, shared = valueHeads / keyHeads;
  const known = c.scratch(ctx, thread), s = known + 3 * BLOCK_ROW;
  for (let n = ticket(i), pieces = load<i32>(sequences) * perSequence; n < pieces; n = ticket(i)) {
    const entry = sequences + 8 + (<usize>(n / perSequence) << 3), piece = n % perSequence, head = piece / blocks, block = piece % blocks;
    const start = <usize>load<i32>(entry), key = <usize>(head / shared), column = <usize>(head * width + block * COLUMNS) << 2;
    const bytes = <usize>min(COLUMNS, width - block * COLUMNS) << 2;
    let q = ptr(i, 0) + start * ptr(i, 1) + (key * dim << 2), v = ptr(i, 0) + start * ptr(i, 1) + 2 * keys + column;
    let gates = ptr(i, 6) + start * ptr(i, 7), out = ptr(i, 9) + start * ptr(i, 10) + column;
    memory.fill(s, 0, blockBytes);
    for (let t = load<i32>(entry, 4); t > 0; t--) {
      advance(s, q, q + keys, v, gates, list, <usize>head << 2, key << 2, dim, known);
      memory.copy(out, known, bytes);
      q += ptr(i, 1);
      v += ptr(i, 1);
      gates += ptr(i, 7);
      out += ptr(i, 10);
    }
  }
}

/** A block of sixteen columns of one sequence and head: where its tokens' values begin, and how they follow each other. */
let queries: usize = 0; // of the key head, its keys `toKeys` bytes further
let toKeys: usize = 0;
let values: usize = 0;
let valueBytes: usize = 0; // of the columns that there are
let rowStride: usize = 0;
let decays: usize = 0; // of the value head, its betas a list further
let gateStride: usize = 0;
let gateList: usize = 0;

/** Columns of v or dOut, the missing ones zeros. */
@inline function padded(from: usize, bytes: usize, to: usize): void {
  if (bytes < BLOCK_ROW) memory.fill(to, 0, BLOCK_ROW);
  memory.copy(to, from, bytes);
}

/** One token forward: S^T k to `saved`, what it adds to the memory behind that, and the memory moves on. */
function forward(t: usize, s: usize, dim: usize, saved: usize, v: usize): void {
  const q = queries + t * rowStride, gates = decays + t * gateStride, change = saved + BLOCK_ROW;
  const decay = v128.load32_splat(gates), beta = v128.load32_splat(gates + gateList);
  padded(values + t * rowStride, valueBytes, v);
  read(s, q + toKeys, q, dim, saved);
  for (let p: usize = 0; p < BLOCK_ROW; p += 16)
    v128.store(change + p, f32x4.mul(beta, f32x4.sub(v128.load(v + p), f32x4.mul(decay, v128.load(saved + p)))));
  move(s, q + toKeys, change, decay, dim);
}

/** ds += q dOut; to `result`: ds^T k, sixteen values, and the lanes' sums of ds s. */
function receive(ds: usize, s: usize, q: usize, k: usize, dOut: usize, dim: usize, result: usize): void {
  const o0 = v128.load(dOut), o1 = v128.load(dOut, 16), o2 = v128.load(dOut, 32), o3 = v128.load(dOut, 48);
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, g0 = c0, g1 = c0;
  for (const end = ds + dim * BLOCK_ROW; ds < end; ds += BLOCK_ROW, s += BLOCK_ROW, q += 4, k += 4) {
    const x = v128.load32_splat(q), y = v128.load32_splat(k);
    const d0 = madd(x, o0, v128.load(ds)), d1 = madd(x, o1, v128.load(ds, 16)), d2 = madd(x, o2, v128.load(ds, 32)), d3 = madd(x, o3, v128.load(ds, 48));
    v128.store(ds, d0);
    v128.store(ds, d1, 16);
    v128.store(ds, d2, 32);
    v128.store(ds, d3, 48);
    c0 = madd(d0, y, c0);
    c1 = madd(d1, y, c1);
    c2 = madd(d2, y, c2);
    c3 = madd(d3, y, c3);
    g0 = madd(d0, v128.load(s), g0);
    g1 = madd(d1, v128.load(s, 16), g1);
    g0 = madd(d2, v128.load(s, 32), g0);
    g1 = madd(d3, v128.load(s, 48), g1);
  }
  v128.store(result, c0);
  v128.store(result, c1, 16);
  v128.store(result, c2, 32);
  v128.store(result, c3, 48);
  v128.store(result, f32x4.add(g0, g1), 64);
}

/** dq += decay S dOut + k along, dk += ds change + S back, and ds moves on to the token before: decay ds + k back^T. */
function send(ds: usize, s: usize, k: usize, dq: usize, dk: usize, dOut: usize, change: usize, back: usize, decay: f32, along: f32, dim: usize): void {
  const o0 = v128.load(dOut), o1 = v128.load(dOut, 16), o2 = v128.load(dOut, 32), o3 = v128.load(dOut, 48);
  const c0 = v128.load(change), c1 = v128.load(change, 16), c2 = v128.load(change, 32), c3 = v128.load(change, 48);
  const b0 = v128.load(back), b1 = v128.load(back, 16), b2 = v128.load(back, 32), b3 = v128.load(back, 48), g = f32x4.splat(decay);
  for (const end = ds + dim * BLOCK_ROW; ds < end; ds += BLOCK_ROW, s += BLOCK_ROW, k += 4, dq += 4, dk += 4) {
    const s0 = v128.load(s), s1 = v128.load(s, 16), s2 = v128.load(s, 32), s3 = v128.load(s, 48), x = v128.load32_splat(k);
    const d0 = v128.load(ds), d1 = v128.load(ds, 16), d2 = v128.load(ds, 32), d3 = v128.load(ds, 48);
    const answered = f32x4.add(madd(s1, o1, f32x4.mul(s0, o0)), madd(s3, o3, f32x4.mul(s2, o2)));
    store<f32>(dq, load<f32>(dq) + (decay * sum4(answered) + load<f32>(k) * along));
    const written = f32x4.add(madd(d1, c1, f32x4.mul(d0, c0)), madd(d3, c3, f32x4.mul(d2, c2)));
    const known = f32x4.add(madd(s1, b1, f32x4.mul(s0, b0)), madd(s3, b3, f32x4.mul(s2, b2)));
    store<f32>(dk, load<f32>(dk) + sum4(f32x4.add(written, known)));
    v128.store(ds, madd(x, b0, f32x4.mul(d0, g)));
    v128.store(ds, madd(x, b1, f32x4.mul(d1, g)), 16);
    v128.store(ds, madd(x, b2, f32x4.mul(d2, g)), 32);
    v128.store(ds, madd(x, b3, f32x4.mul(d3, g)), 48);
  }
}

/**
 * 0 to 8 and 11 as sequenceDelta; 9 dOut, 10 its stride, 12 dQkv (stride 1): by normalised queries and keys, and by values; 13 gradients
 * of decays and betas, as 6 to 8.
 */
export function deltaGradient(ctx: usize, i: usize, thread: i32): void {
  const keyHeads = arg(i, 2), valueHeads = arg(i, 3), dim = <usize>arg(i, 4), width = arg(i, 5), sequences = ptr(i, 11);
  const blockBytes = dim * BLOCK_ROW, shared = valueHeads / keyHeads, outs = ptr(i, 10);
  // v, dOut, gradients and the like of a token; S^T k and change of a chunk's tokens; ds; states of a chunk's tokens; kept states
  const v = c.scratch(ctx, thread), dOut = v + BLOCK_ROW, result = dOut + BLOCK_ROW, back = result + 2 * BLOCK_ROW, saved = back + BLOCK_ROW;
  const ds = saved + <usize>CHUNK * 2 * BLOCK_ROW, states = ds + blockBytes, kept = states + <usize>(CHUNK + 1) * blockBytes;
  toKeys = <usize>keyHeads * dim << 2;
  rowStride = ptr(i, 1);
  gateStride = ptr(i, 7);
  gateList = ptr(i, 8);
  for (let n = ticket(i), pieces = load<i32>(sequences) * keyHeads; n < pieces; n = ticket(i)) {
    const entry = sequences + 8 + (<usize>(n / keyHeads) << 3), start = <usize>load<i32>(entry), length = load<i32>(entry, 4), key = n % keyHeads;
    const last = (length - 1) / CHUNK * CHUNK; // where the last chunk begins
    const at = start * rowStride, keyColumn = <usize>key * dim << 2;
    queries = ptr(i, 0) + at + keyColumn;
    for (let t: usize = 0; t < <usize>length; t++) {
      const dq = ptr(i, 12) + at + t * rowStride + keyColumn;
      memory.fill(dq, 0, dim << 2);
      memory.fill(dq + toKeys, 0, dim << 2);
    }
    for (let head = key * shared; head < (key + 1) * shared; head++) {
      decays = ptr(i, 6) + start * gateStride + (<usize>head << 2);
      const dDecays = ptr(i, 13) + start * gateStride + (<usize>head << 2);
      for (let column = 0; column < width; column += COLUMNS) {
        const place = <usize>(head * width + column) << 2;
        values = ptr(i, 0) + at + 2 * toKeys + place;
        valueBytes = <usize>min(COLUMNS, width - column) << 2;
        memory.fill(states, 0, blockBytes);
        for (let t = 0; ; t++) {
          if (t % CHUNK == 0) memory.copy(kept + <usize>(t / CHUNK) * blockBytes, states, blockBytes);
          if (t == last) break;
          forward(t, states, dim, saved, v);
        }
        memory.fill(ds, 0, blockBytes);
        for (let from = last; from >= 0; from -= CHUNK) {
          const count = min(CHUNK, length - from);
          memory.copy(states, kept + <usize>(from / CHUNK) * blockBytes, blockBytes);
          for (let m = 0; m < count; m++) {
            const s = states + <usize>m * blockBytes;
            memory.copy(s + blockBytes, s, blockBytes);
            forward(from + m, s + blockBytes, dim, saved + (<usize>m << 7), v);
          }
          for (let m = count - 1; m >= 0; m--) {
            const t = <usize>(from + m), s = states + <usize>m * blockBytes, known = saved + (<usize>m << 7), change = known + BLOCK_ROW;
            const q = queries + t * rowStride, dq = ptr(i, 12) + at + t * rowStride + keyColumn, gates = decays + t * gateStride;
            const decay = load<f32>(gates), beta = load<f32>(gates + gateList), dGates = dDecays + t * gateStride;
            padded(values + t * rowStride, valueBytes, v);
            padded(ptr(i, 9) + (start + t) * outs + place, valueBytes, dOut);
            receive(ds, s, q, q + toKeys, dOut, dim, result);
            let along = f32x4.splat(0), byBeta = along, byKnown = along;
            for (let p: usize = 0; p < BLOCK_ROW; p += 16) {
              const dChange = v128.load(result + p), u = v128.load(known + p);
              along = madd(v128.load(change + p), v128.load(dOut + p), along);
              byBeta = madd(dChange, f32x4.sub(v128.load(v + p), f32x4.mul(f32x4.splat(decay), u)), byBeta);
              byKnown = madd(dChange, u, byKnown);
              v128.store(result + p, f32x4.mul(dChange, f32x4.splat(beta)));
              v128.store(back + p, f32x4.mul(dChange, f32x4.splat(-beta * decay)));
            }
            memory.copy(ptr(i, 12) + at + t * rowStride + 2 * toKeys + place, result, valueBytes);
            const byDecay: f32 = sum4(v128.load(result, 64)) - beta * sum4(byKnown);
            store<f32>(dGates, column == 0 ? byDecay : load<f32>(dGates) + byDecay);
            store<f32>(dGates + gateList, column == 0 ? sum4(byBeta) : load<f32>(dGates + gateList) + sum4(byBeta));
            send(ds, s, q + toKeys, dq, dq + toKeys, dOut, change, back, decay, sum4(along), dim);
          }
        }
      }
    }
  }
}

/** dy by y = length x / |x|, in place: length (r dy - r^3 x (x.dy)), r = 1 / |x|. */
function normGradient(x: usize, dy: usize, dim: i32, length: f32): void {
  const r = normScale(x, dim, 1), along: f32 = r * r * r * dot(x, dy, dim);
  for (let p: usize = 0; p < <usize>dim << 2; p += 4)
    store<f32>(dy + p, length * (r * load<f32>(dy + p) - along * load<f32>(x + p)));
}

/**
 * 0 qkv before deltaGates, 1 stride, 2 key heads, 3 value heads, 4 key dimension, 5 dQkv (stride 1), 6 gates, 7 their stride, 8 bytes of
 * a list, 9 a, 10 stride of a, dA and dB, 11 aLog, 12 dtBias, 13 gradients as 6: of decays, which become what is summed to aLog's, and of
 * betas; 14 dA, 15 dB.
 */
export function deltaGatesGradient(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), keyHeads = arg(i, 2), dim = arg(i, 4), list = ptr(i, 8), one = f32x4.splat(1);
  const headBytes = <usize>dim << 2, keys = <usize>keyHeads * headBytes, scale: f32 = 1 / sqrt<f32>(<f32>dim);
  for (let n = ticket(i); n < tokens; n = ticket(i)) {
    const t = <usize>n, gates = ptr(i, 6) + t * ptr(i, 7), dGates = ptr(i, 13) + t * ptr(i, 7), row = t * ptr(i, 10);
    for (let p: usize = 0; p < <usize>arg(i, 3) << 2; p += 16) {
      const rate = exp4(v128.load(ptr(i, 11) + p)), raised = f32x4.add(v128.load(ptr(i, 9) + row + p), v128.load(ptr(i, 12) + p));
      const byRate = f32x4.neg(f32x4.mul(f32x4.mul(v128.load(dGates + p), v128.load(gates + p)), rate));
      v128.store(ptr(i, 14) + row + p, f32x4.mul(byRate, sigmoid4(raised)));
      v128.store(dGates + p, f32x4.mul(byRate, softplus4(raised)));
      const beta = v128.load(gates + list + p);
      v128.store(ptr(i, 15) + row + p, f32x4.mul(v128.load(dGates + list + p), f32x4.mul(beta, f32x4.sub(one, beta))));
    }
    let x = ptr(i, 0) + t * ptr(i, 1), dx = ptr(i, 5) + t * ptr(i, 1);
    for (let h = 0; h < keyHeads; h++, x += headBytes, dx += headBytes) {
      normGradient(x, dx, dim, scale);
      normGradient(x + keys, dx + keys, dim, 1);
    }
  }
}
