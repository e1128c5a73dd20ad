// Causal attention over paged K and V in partitions of 256 absolute positions (numerics.md, e). A work item is a block of tokens of one
// sequence and one KV head: its rows are (token, query head) pairs. Either it walks all partitions itself, or (few tokens, long
// context) every partition is an item of its own and `mergeAttention` adds them up, in the same ascending order with the same
// operations (online softmax: Milakov and Gimelshein 2018; Dao 2023, algorithm 1).
import * as c from "./context";
import { arg, ptr, real } from "./context";
import * as kv from "./kv";
import { exp4, madd, max4, sum4 } from "./math";
import { ticket } from "./sync";

const LOWEST: f32 = -3.4e38;
/** Eights of positions that are unpacked at once. */
const SLICE: i32 = 8;

/** Lane `n` of v in all lanes. */
@inline function lane(v: v128, n: i32): v128 {
  if (n == 0) return v128.shuffle<i32>(v, v, 0, 0, 0, 0);
  if (n == 1) return v128.shuffle<i32>(v, v, 1, 1, 1, 1);
  if (n == 2) return v128.shuffle<i32>(v, v, 2, 2, 2, 2);
  return v128.shuffle<i32>(v, v, 3, 3, 3, 3);
}

/**
 * out[r][0..8] = sum over n of a[r][n] * b[n][0..8] for `rows` rows, or with `more` what is there plus that; n ascending, one
 * accumulator per output. Four n at a time: one load of a per row, turned into broadcasts, takes fewer instructions than four
 * broadcasting loads.
 */
@inline function tile(rows: i32, a: usize, as: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
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
  let a1 = a + as, a2 = a1 + as, a3 = a2 + as;
  for (const end = a + (<usize>(n & ~3) << 2); a < end; a += 16) {
    const w0 = v128.load(a);
    let w1 = w0, w2 = w0, w3 = w0;
    if (rows > 1) w1 = v128.load(a1);
    if (rows > 2) w2 = v128.load(a2);
    if (rows > 3) w3 = v128.load(a3);
    let u = v128.load(b), v = v128.load(b, 16), s = lane(w0, 0);
    b += bs;
    p0 = madd(u, s, p0);
    q0 = madd(v, s, q0);
    if (rows > 1) {
      s = lane(w1, 0);
      p1 = madd(u, s, p1);
      q1 = madd(v, s, q1);
    }
    if (rows > 2) {
      s = lane(w2, 0);
      p2 = madd(u, s, p2);
      q2 = madd(v, s, q2);
    }
    if (rows > 3) {
      s = lane(w3, 0);
      p3 = madd(u, s, p3);
      q3 = madd(v, s, q3);
    }
     u = v128.load(b); v = v128.load(b, 16); s = lane(w0, 1);
    b += bs;
    p0 = madd(u, s, p0);
    q0 = madd(v, s, q0);
    if (rows > 1) {
      s = lane(w1, 1);
      p1 = madd(u, s, p1);
      q1 = madd(v, s, q1);
    }
    if (rows > 2) {
      s = lane(w2, 1);
      p2 = madd(u, s, p2);
      q2 = madd(v, s, q2);
    }
    if (rows > 3) {
      s = lane(w3, 1);
      p3 = madd(u, s, p3);
      q3 = madd(v, s, q3);
    }
     u = v128.load(b); v = v128.load(b, 16); s = lane(w0, 2);
    b += bs;
    p0 = madd(u, s, p0);
    q0 = madd(v, s, q0);
    if (rows > 1) {
      s = lane(w1, 2);
      p1 = madd(u, s, p1);
      q1 = madd(v, s, q1);
    }
    if (rows > 2) {
      s = lane(w2, 2);
      p2 = madd(u, s, p2);
      q2 = madd(v, s, q2);
    }
    if (rows > 3) {
      s = lane(w3, 2);
      p3 = madd(u, s, p3);
      q3 = madd(v, s, q3);
    }
     u = v128.load(b); v = v128.load(b, 16); s = lane(w0, 3);
    b += bs;
    p0 = madd(u, s, p0);
    q0 = madd(v, s, q0);
    if (rows > 1) {
      s = lane(w1, 3);
      p1 = madd(u, s, p1);
      q1 = madd(v, s, q1);
    }
    if (rows > 2) {
      s = lane(w2, 3);
      p2 = madd(u, s, p2);
      q2 = madd(v, s, q2);
    }
    if (rows > 3) {
      s = lane(w3, 3);
      p3 = madd(u, s, p3);
      q3 = madd(v, s, q3);
    }
    if (rows > 1) a1 += 16;
    if (rows > 2) a2 += 16;
    if (rows > 3) a3 += 16;
  }
  for (let k = n & 3; k > 0; k--, b += bs) {
    const u = v128.load(b), v = v128.load(b, 16);
    p0 = madd(u, v128.load32_splat(a), p0);
    q0 = madd(v, v128.load32_splat(a), q0);
    a += 4;
    if (rows > 1) {
      p1 = madd(u, v128.load32_splat(a1), p1);
      q1 = madd(v, v128.load32_splat(a1), q1);
      a1 += 4;
    }
    if (rows > 2) {
      p2 = madd(u, v128.load32_splat(a2), p2);
      q2 = madd(v, v128.load32_splat(a2), q2);
      a2 += 4;
    }
    if (rows > 3) {
      p3 = madd(u, v128.load32_splat(a3), p3);
      q3 = madd(v, v128.load32_splat(a3), q3);
      a3 += 4;
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
function tile1(a: usize, as: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(1, a, as, b, bs, n, out, os, more);
}
function tile2(a: usize, as: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(2, a, as, b, bs, n, out, os, more);
}
function tile3(a: usize, as: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(3, a, as, b, bs, n, out, os, more);
}
function tile4(a: usize, as: usize, b: usize, bs: usize, n: i32, out: usize, os: usize, more: bool): void {
  tile(4, a, as, b, bs, n, out, os, more);
}
/** `count` neighbouring tiles: b advances by bStep, out by 32 bytes. */
function tiles(rows: i32, a: usize, as: usize, b: usize, bs: usize, bStep: usize, n: i32, out: usize, os: usize, count: i32, more: bool): void {
  for (let j = 0; j < count; j++, b += bStep, out += 32) {
    if (rows == 4) tile4(a, as, b, bs, n, out, os, more);
    else if (rows == 3) tile3(a, as, b, bs, n, out, os, more);
    else if (rows == 2) tile2(a, as, b, bs, n, out, os, more);
    else tile1(a, as, b, bs, n, out, os, more);
  }
}

/** Scores to unnormalised probabilities in place, positions outside [from, to) to 0; stores maximum and sum at `stats`. */
function softmax(s: usize, from: i32, to: i32, length: i32, scale: f32, stats: usize): void {
  for (let t = 0; t < from; t++) store<f32>(s + (<usize>t << 2), LOWEST);
  for (let t = to; t < length; t++) store<f32>(s + (<usize>t << 2), LOWEST);
  const end = s + (<usize>length << 2), factor = f32x4.splat(scale);
  let top = f32x4.splat(LOWEST);
  for (let p = s; p < end; p += 16) top = f32x4.pmax(top, v128.load(p));
  const m: f32 = max4(top) * scale;
  const shift = f32x4.splat(m);
  let sum = f32x4.splat(0);
  for (let p = s; p < end; p += 16) {
    const e = exp4(f32x4.sub(f32x4.mul(v128.load(p), factor), shift));
    v128.store(p, e);
    sum = f32x4.add(sum, e);
  }
  for (let t = 0; t < from; t++) store<f32>(s + (<usize>t << 2), 0);
  for (let t = to; t < length; t++) store<f32>(s + (<usize>t << 2), 0);
  store<f32>(stats, m);
  store<f32>(stats, sum4(sum), 4);
}

/** Adds the partial (m, l, o) to the running one at `row` (m, l, -, -, o[padded]); an empty partial has l = 0. */
function merge(row: usize, m: f32, l: f32, o: usize, padded: i32): void {
  if (l == 0) return;
  const bytes = <usize>padded << 2, before = load<f32>(row, 4);
  if (before == 0) {
    store<f32>(row, m);
    store<f32>(row, l, 4);
    memory.copy(row + 16, o, bytes);
    return;
  }
  const old = load<f32>(row), top = max(old, m);
  const a = exp4(f32x4.splat(old - top)), b = exp4(f32x4.splat(m - top));
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
  const dim = arg(i, 4), padded = arg(i, 5), window = arg(i, 7), type = arg(i, 9), scale = real(i, 6);
  const group = arg(i, 2) / arg(i, 3), rows = tokens * group, dimBytes = <usize>dim << 2, rowBytes: usize = 16 + (<usize>padded << 2);
  const first = load<i32>(<usize>load<u32>(ctx + c.TOKEN_POSITIONS) + (<usize>token << 2)), last = first + tokens - 1;
  const pages = <usize>load<u32>(<usize>load<u32>(ctx + c.TOKEN_PAGES) + (<usize>token << 2));

  const paddedBytes = <usize>padded << 2, slots = <usize>((rows + 3) & ~3);
  const kTile = scratch, vTile = kTile + dimBytes * (SLICE << 3), scores = vTile + paddedBytes * (SLICE << 3);
  const stats = scores + (slots << 10), part = stats + (slots << 3), queries = part + slots * paddedBytes, running = queries + slots * dimBytes;
  for (let t = 0; t < tokens; t++)
    memory.copy(queries + <usize>(t * group) * dimBytes, ptr(i, 0) + <usize>(token + t) * ptr(i, 1) + <usize>(head * group) * dimBytes, <usize>group * dimBytes);
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
    for (let from = 0; from < eights; from += SLICE) {
      const n = min(SLICE, eights - from), at = <usize>(from * dim) << 3;
      let k = kTile;
      if (type == kv.KV_F32) k = page + (at << 2);
      else if (type == kv.KV_F16) kv.unpackHalves(page + (at << 1), n * dim, kTile);
      else kv.unpackKeys8(page + at, scales + (<usize>from << 5), n, dim, kTile);
      for (let r = 0; r < rows; r += 4)
        tiles(min(4, rows - r), queries + <usize>r * dimBytes, dimBytes, k, 32, dimBytes << 3, dim, scores + (<usize>r << 10) + (<usize>from << 5), 1024, n, false);
    }
    for (let r = 0; r < rows; r++) {
      const position = first + r / group, row = scores + (<usize>r << 10), stat = stats + (<usize>r << 3);
      const from = window > 0 ? max(0, position - window + 1 - base) : 0, to = min(count, position - base + 1);
      if (to > from) softmax(row, from, to, eights << 3, scale, stat);
      else {
        memory.fill(row, 0, <usize>eights << 5);
        store<f32>(stat, 0, 4);
      }
    }
    for (let from = 0; from < count; from += SLICE << 3) {
      const n = min(SLICE << 3, count - from), at = <usize>(from * padded);
      let v = vTile;
      if (type == kv.KV_F32) v = values + (at << 2);
      else if (type == kv.KV_F16) kv.unpackHalves(values + (at << 1), (n * padded) >> 3, vTile);
      else kv.unpackValues8(values + at, scales + 1024 + (<usize>from << 2), n, padded, vTile);
      for (let r = 0; r < rows; r += 4)
        tiles(min(4, rows - r), scores + (<usize>r << 10) + (<usize>from << 2), 1024, v, paddedBytes, 32, n, part + <usize>r * paddedBytes, paddedBytes, padded >> 3, from > 0);
    }
    for (let r = 0; r < rows; r++) {
      const stat = stats + (<usize>r << 3);
      merge(running + <usize>r * rowBytes, load<f32>(stat), load<f32>(stat, 4), part + <usize>r * paddedBytes, padded);
    }
  }
  if (slot < 0) finish(i, token, head, group, running, rows, rowBytes, dim);
  else memory.copy(<usize>load<u32>(ctx + c.PARTIALS) + <usize>slot * ptr(i, 13), running, <usize>rows * rowBytes);
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
