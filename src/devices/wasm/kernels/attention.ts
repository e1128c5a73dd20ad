// Causal attention over paged K and V in partitions of 256 absolute positions (numerics.md, e). A work item is a block of tokens of one
// sequence and one KV head: its rows are (token, query head) pairs. Either it walks all partitions itself, or (few tokens, long
// context) every partition is an item of its own and `mergeAttention` adds them up, in the same ascending order with the same
// operations (online softmax: Milakov and Gimelshein 2018; Dao 2023, algorithm 1). Scores are kept in powers of two.
import * as c from "./context";
import { arg, ptr, real } from "./context";
import * as kv from "./kv";
import { exp2Below, madd, max4, sum4 } from "./math";
import { ticket } from "./sync";

const LOWEST: f32 = -3.4e38;
const LOG2_E: f64 = 1.4426950408889634;
/** Positions, and eights of them, whose K or V is unpacked at once. */
const SLICE: i32 = 64;
const EIGHTS: i32 = 8;
/** With no more rows than this, f16 is unpacked by the products themselves. */
const FEW_ROWS: i32 = 8;

/** A row's n-th factor in all lanes at `out` + 64 n + 16 (r & 3); four rows side by side, then the next four. */
function spread(from: usize, stride: usize, rows: i32, n: i32, factor: f32, out: usize): void {
  const scale = f32x4.splat(factor);
  for (let r = 0; r < rows; r++, from += stride) {
    let to = out + (<usize>(r >> 2) * <usize>n << 6) + (<usize>(r & 3) << 4);
    for (let p = from, end = from + (<usize>n << 2); p < end; p += 4, to += 64) v128.store(to, f32x4.mul(v128.load32_splat(p), scale));
  }
}

/**
 * out[r][0..8] = sum over n of w[n][r] * b[n][0..8] for up to four rows, or with `more` what is there plus that; n ascending, one
 * accumulator per output. w is what `spread` made, so that every factor is one load. b holds f32 or f16 (kv.ts).
 */
@inline function tile(rows: i32, halves: bool, w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  let p0 = f32x4.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0, p3 = p0, q3 = p0;
  if (more) {
    p0 = v128.load(out);
    q0 = v128.load(out, 16);
    if (rows > 1) {
      p1 = v128.load(out + os);
      q1 = v128.load(out + os, 16);
    }
    if (rows > 2) {
      p2 = v128.load(out + 2 * os);
      q2 = v128.load(out + 2 * os, 16);
    }
    if (rows > 3) {
      p3 = v128.load(out + 3 * os);
      q3 = v128.load(out + 3 * os, 16);
    }
  }
  const mask = kv.halfMask();
  for (const end = w + (<usize>n << 6); w < end; w += 64, b += bs) {
    const x = v128.load(b);
    const u = halves ? kv.lowHalves(x, mask) : x, v = halves ? kv.highHalves(x, mask) : v128.load(b, 16);
    let s = v128.load(w);
    p0 = madd(u, s, p0);
    q0 = madd(v, s, q0);
    if (rows > 1) {
      s = v128.load(w, 16);
      p1 = madd(u, s, p1);
      q1 = madd(v, s, q1);
    }
    if (rows > 2) {
      s = v128.load(w, 32);
      p2 = madd(u, s, p2);
      q2 = madd(v, s, q2);
    }
    if (rows > 3) {
      s = v128.load(w, 48);
      p3 = madd(u, s, p3);
      q3 = madd(v, s, q3);
    }
  }
  v128.store(out, p0);
  v128.store(out, q0, 16);
  if (rows > 1) {
    v128.store(out + os, p1);
    v128.store(out + os, q1, 16);
  }
  if (rows > 2) {
    v128.store(out + 2 * os, p2);
    v128.store(out + 2 * os, q2, 16);
  }
  if (rows > 3) {
    v128.store(out + 3 * os, p3);
    v128.store(out + 3 * os, q3, 16);
  }
}
function floats1(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(1, false, w, b, bs, n, out, os, more);
}
function floats2(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(2, false, w, b, bs, n, out, os, more);
}
function floats3(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(3, false, w, b, bs, n, out, os, more);
}
function floats4(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(4, false, w, b, bs, n, out, os, more);
}
function halves1(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(1, true, w, b, bs, n, out, os, more);
}
function halves2(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(2, true, w, b, bs, n, out, os, more);
}
function halves3(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(3, true, w, b, bs, n, out, os, more);
}
function halves4(w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(4, true, w, b, bs, n, out, os, more);
}

/** All rows, four at a time, times one eight of columns. */
function product(rows: i32, halves: bool, w: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  for (; rows > 0; rows -= 4, w += <usize>n << 6, out += os << 2) {
    if (halves) {
      if (rows > 3) halves4(w, b, bs, n, out, os, more);
      else if (rows > 2) halves3(w, b, bs, n, out, os, more);
      else if (rows > 1) halves2(w, b, bs, n, out, os, more);
      else halves1(w, b, bs, n, out, os, more);
    } else {
      if (rows > 3) floats4(w, b, bs, n, out, os, more);
      else if (rows > 2) floats3(w, b, bs, n, out, os, more);
      else if (rows > 1) floats2(w, b, bs, n, out, os, more);
      else floats1(w, b, bs, n, out, os, more);
    }
  }
}

/**
 * Scores to unnormalised probabilities times 2^`lift` in place, positions outside [from, to) to 0; stores the maximum (in powers of
 * two) and the sum without that factor at `stats`.
 */
function softmax(s: usize, from: i32, to: i32, length: i32, scale: f32, lift: i32, stats: usize): void {
  for (let t = 0; t < from; t++) store<f32>(s + (<usize>t << 2), LOWEST);
  for (let t = to; t < length; t++) store<f32>(s + (<usize>t << 2), LOWEST);
  const end = s + (<usize>length << 2), factor = f32x4.splat(scale), up = i32x4.splat(lift << 23);
  let top = f32x4.splat(LOWEST), other = top;
  for (let p = s; p < end; p += 32) {
    top = f32x4.pmax(top, v128.load(p));
    other = f32x4.pmax(other, v128.load(p, 16));
  }
  const m: f32 = max4(f32x4.pmax(top, other)) * scale;
  const shift = f32x4.splat(m);
  let sum = f32x4.splat(0);
  for (let p = s; p < end; p += 16) {
    const e = exp2Below(f32x4.sub(f32x4.mul(v128.load(p), factor), shift), up);
    v128.store(p, e);
    sum = f32x4.add(sum, e);
  }
  for (let t = 0; t < from; t++) store<f32>(s + (<usize>t << 2), 0);
  for (let t = to; t < length; t++) store<f32>(s + (<usize>t << 2), 0);
  store<f32>(stats, m);
  store<f32>(stats, sum4(sum) * reinterpret<f32>((127 - lift) << 23), 4);
}

/** `bytes` is a multiple of 16. A call of memory.copy costs more than a short row. */
@inline function copy(to: usize, from: usize, bytes: usize): void {
  for (let p: usize = 0; p < bytes; p += 16) v128.store(to + p, v128.load(from + p));
}

/** Adds the partial (m, l, o) to the running one at `row` (m, l, -, -, o[padded]); an empty partial has l = 0. */
function merge(row: usize, m: f32, l: f32, o: usize, padded: i32): void {
  if (l == 0) return;
  const bytes = <usize>padded << 2, before = load<f32>(row, 4);
  if (before == 0) {
    store<f32>(row, m);
    store<f32>(row, l, 4);
    copy(row + 16, o, bytes);
    return;
  }
  const old = load<f32>(row), top = max(old, m), none = i32x4.splat(0);
  const a = exp2Below(f32x4.splat(old - top), none), b = exp2Below(f32x4.splat(m - top), none);
  store<f32>(row, top);
  store<f32>(row, before * f32x4.extract_lane(a, 0) + l * f32x4.extract_lane(b, 0), 4);
  for (let p: usize = 0; p < bytes; p += 16)
    v128.store(row + 16 + p, f32x4.add(f32x4.mul(v128.load(row + 16 + p), a), f32x4.mul(v128.load(o + p), b)));
}

/**
 * 0 q, 1 qStride, 2 heads, 3 kvHeads, 4 headDim, 5 padded headDim, 6 scale, 7 window or 0, 8 layer's offset in a page, 9 cache type,
 * 10 bytes of a head, 11 out, 12 outStride, 13 bytes of a slot of partials. Items: token, tokens, kv head, partition, end, slot or -1.
 */
export function attention(ctx: usize, i: usize, thread: i32): void {
  const items = load<i32>(ctx + c.ATTENTION_ITEM_COUNT);
  for (let n = ticket(i); n < items; n = ticket(i)) item(ctx, i, <usize>load<u32>(ctx + c.ATTENTION_ITEMS) + (<usize>n << 5), c.scratch(ctx, thread));
}

function item(ctx: usize, i: usize, at: usize, scratch: usize): void {
  const token = load<i32>(at), tokens = load<i32>(at, 4), head = load<i32>(at, 8), slot = load<i32>(at, 20);
  const dim = arg(i, 4), padded = arg(i, 5), window = arg(i, 7), type = arg(i, 9), scale = <f32>(<f64>real(i, 6) * LOG2_E);
  const group = arg(i, 2) / arg(i, 3), rows = tokens * group, dimBytes = <usize>dim << 2, rowBytes: usize = 16 + (<usize>padded << 2);
  const first = load<i32>(<usize>load<u32>(ctx + c.TOKEN_POSITIONS) + (<usize>token << 2)), last = first + tokens - 1;
  const pages = <usize>load<u32>(<usize>load<u32>(ctx + c.TOKEN_PAGES) + (<usize>token << 2));
  // f16 is read without its exponent's offset, 2^-112 times its value; the other factor makes up for it, exactly
  const fused = type == kv.KV_F16 && rows <= FEW_ROWS, lift = type == kv.KV_F16 ? 112 : 0, factor = reinterpret<f32>((127 + lift) << 23);

  const paddedBytes = <usize>padded << 2, slots = <usize>((rows + 3) & ~3), kTile = scratch, vTile = kTile + dimBytes * <usize>SLICE;
  const scores = vTile + paddedBytes * <usize>SLICE, stats = scores + (slots << 10), part = stats + (slots << 3);
  const running = part + slots * paddedBytes, queries = running + slots * rowBytes, weights = queries + slots * (dimBytes << 2);
  for (let t = 0; t < tokens; t++) {
    // the rows of a token need not begin with a group of four
    for (let h = 0; h < group; h++) {
      const r = t * group + h, to = queries + (<usize>(r >> 2) * (dimBytes << 4)) + (<usize>(r & 3) << 4);
      spread(ptr(i, 0) + <usize>(token + t) * ptr(i, 1) + <usize>(head * group + h) * dimBytes, 0, 1, dim, factor, to);
    }
  }
  for (let r = 0; r < rows; r++) store<f32>(running + <usize>r * rowBytes, 0, 4);

  for (let partition = load<i32>(at, 12); partition < load<i32>(at, 16); partition++) {
    const base = partition << 8;
    if (base > last) break;
    if (window > 0 && base + 255 <= first - window) continue;
    const count = min(256, last - base + 1), eights = (count + 7) >> 3;
    const page = <usize>load<u32>(pages + (<usize>partition << 2)) + ptr(i, 8) + <usize>head * ptr(i, 10);
    const values = page + (<usize>dim << 8) * kv.elementBytes(type);
    const scales = values + (<usize>padded << 8);
    // K and V are unpacked a slice at a time, which stays in the first-level cache while all rows pass
    for (let from = 0; from < eights; from += EIGHTS) {
      const n = min(EIGHTS, eights - from), at = <usize>(from * dim) << 3;
      let k = kTile;
      if (fused) k = page + (at << 1);
      else if (type == kv.KV_F32) k = page + (at << 2);
      else if (type == kv.KV_F16) kv.unpackHalves(page + (at << 1), n * dim, kTile);
      else kv.unpackKeys8(page + at, scales + (<usize>from << 5), n, dim, kTile);
      const step: usize = fused ? 16 : 32;
      for (let e = 0; e < n; e++, k += step * <usize>dim)
        product(rows, fused, queries, k, step, dim, scores + (<usize>(from + e) << 5), 1024, false);
    }
    for (let r = 0; r < rows; r++) {
      const position = first + r / group, row = scores + (<usize>r << 10), stat = stats + (<usize>r << 3);
      const from = window > 0 ? max(0, position - window + 1 - base) : 0, to = min(count, position - base + 1);
      if (to > from) softmax(row, from, to, eights << 3, scale, lift, stat);
      else {
        memory.fill(row, 0, <usize>eights << 5);
        store<f32>(stat, 0, 4);
      }
    }
    for (let from = 0; from < count; from += SLICE) {
      const n = min(SLICE, count - from), at = <usize>(from * padded);
      let v = vTile;
      if (fused) v = values + (at << 1);
      else if (type == kv.KV_F32) v = values + (at << 2);
      else if (type == kv.KV_F16) kv.unpackHalves(values + (at << 1), (n * padded) >> 3, vTile);
      else kv.unpackValues8(values + at, scales + 1024 + (<usize>from << 2), n, padded, vTile);
      spread(scores + (<usize>from << 2), 1024, rows, n, 1, weights);
      const step: usize = fused ? 16 : 32;
      for (let d = 0; d < padded; d += 8, v += step)
        product(rows, fused, weights, v, step * <usize>(padded >> 3), n, part + (<usize>d << 2), paddedBytes, from > 0);
    }
    for (let r = 0; r < rows; r++) {
      const stat = stats + (<usize>r << 3);
      merge(running + <usize>r * rowBytes, load<f32>(stat), load<f32>(stat, 4), part + <usize>r * paddedBytes, padded);
    }
  }
  if (slot < 0) finish(i, token, head, group, running, rows, rowBytes, dim);
  else copy(<usize>load<u32>(ctx + c.PARTIALS) + <usize>slot * ptr(i, 13), running, <usize>rows * rowBytes);
}

/** o / l of every row to its place in `out`. */
function finish(i: usize, token: i32, head: i32, group: i32, running: usize, rows: i32, rowBytes: usize, dim: i32): void {
  for (let r = 0; r < rows; r++, running += rowBytes) {
    const out = ptr(i, 11) + <usize>(token + r / group) * ptr(i, 12) + <usize>((head * group + (r % group)) * dim << 2);
    const l = load<f32>(running, 4);
    for (let d: usize = 0; d < <usize>dim << 2; d += 4) store<f32>(out + d, load<f32>(running + 16 + d) / l);
  }
}

/** Arguments as `attention`. Items: token, tokens, kv head, first slot, slots. */
export function mergeAttention(ctx: usize, i: usize, thread: i32): void {
  const items = load<i32>(ctx + c.MERGE_ITEM_COUNT), dim = arg(i, 4), padded = arg(i, 5), group = arg(i, 2) / arg(i, 3);
  const rowBytes: usize = 16 + (<usize>padded << 2), running = c.scratch(ctx, thread);
  for (let n = ticket(i); n < items; n = ticket(i)) {
    const at = <usize>load<u32>(ctx + c.MERGE_ITEMS) + (<usize>n << 5);
    const token = load<i32>(at), rows = load<i32>(at, 4) * group, slots = load<i32>(at, 16);
    let slot = <usize>load<u32>(ctx + c.PARTIALS) + <usize>load<u32>(at, 12) * ptr(i, 13);
    for (let r = 0; r < rows; r++) store<f32>(running + <usize>r * rowBytes, 0, 4);
    for (let s = 0; s < slots; s++, slot += ptr(i, 13))
      for (let r = 0; r < rows; r++) {
        const from = slot + <usize>r * rowBytes;
        merge(running + <usize>r * rowBytes, load<f32>(from), load<f32>(from, 4), from + 16, padded);
      }
    finish(i, token, load<i32>(at, 8), group, running, rows, rowBytes, dim);
  }
}
