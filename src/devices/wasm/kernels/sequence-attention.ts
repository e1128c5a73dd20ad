// Attention of training, forward and backward, within the sequences of a batch. A ticket is a sequence and a KV head; its queries
// pass in blocks of 48, scores of a block against all its keys in scratch, and every product runs on gemm's tiles. The backward pass
// computes the probabilities again from the rows' maximum and sum (FlashAttention, arXiv 2205.14135, algorithm 4, without its tiling).
import * as c from "./context";
import { arg, ptr, real } from "./context";
import { panelsOfColumns, panelsOfRows } from "./gemm";
import { columnsTile, rowsTile } from "./gemm.generated";
import { exp4, max4, sum4 } from "./math";
import { ticket } from "./sync";

const BLOCK: i32 = 48;

/** Bytes of `length` positions rounded up to eight, plus what the last tile of six writes beyond. */
@inline function rowsFor(length: i32): usize {
  return <usize>((length + 7) & ~7) + 8;
}

/** out [rows, columns to eight] = (add: +=) A [rows, k] times the panels at b. */
function product(a: usize, as: usize, rows: i32, k: i32, b: usize, panelBytes: usize, columns: i32, out: usize, os: usize): void {
  for (let r = 0; r < rows; r += 6)
    for (let n = 0; n < columns; n += 8)
      rowsTile(min(6, rows - r), a + <usize>r * as, as, b + <usize>(n >> 3) * panelBytes, k, out + <usize>r * os + (<usize>n << 2), os);
}
/** The same with A [k, rows]; rows are rounded up to six. */
function turnedProduct(a: usize, as: usize, rows: i32, k: i32, b: usize, panelBytes: usize, columns: i32, out: usize, os: usize): void {
  for (let r = 0; r < rows; r += 6)
    for (let n = 0; n < columns; n += 8)
      columnsTile(6, a + (<usize>r << 2), as, b + <usize>(n >> 3) * panelBytes, k, out + <usize>r * os + (<usize>n << 2), os);
}

/** Scores [from, to) of a row to probabilities, the rest of [low, high) to 0; stats: maximum, sum. `known`: they are there already. */
function probabilities(s: usize, low: i32, from: i32, to: i32, high: i32, scale: f32, stats: usize, known: bool): void {
  for (let t = low; t < from; t++) store<f32>(s + (<usize>t << 2), -3.4e38);
  for (let t = to; t < high; t++) store<f32>(s + (<usize>t << 2), -3.4e38);
  const begin = s + (<usize>low << 2), end = s + (<usize>high << 2), factor = f32x4.splat(scale);
  let most: f32 = 0, sum: f32 = 0;
  if (known) {
    most = load<f32>(stats);
    sum = load<f32>(stats, 4);
  } else {
    let top = f32x4.splat(-3.4e38);
    for (let p = begin; p < end; p += 16) top = f32x4.pmax(top, v128.load(p));
    most = max4(top) * scale;
  }
  const shift = f32x4.splat(most);
  let sums = f32x4.splat(0);
  for (let p = begin; p < end; p += 16) {
    const e = exp4(f32x4.sub(f32x4.mul(v128.load(p), factor), shift));
    v128.store(p, e);
    sums = f32x4.add(sums, e);
  }
  if (!known) {
    sum = sum4(sums);
    store<f32>(stats, most);
    store<f32>(stats, sum, 4);
  }
  const over = f32x4.splat(1 / sum);
  for (let p = begin; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), over));
  for (let t = low; t < from; t++) store<f32>(s + (<usize>t << 2), 0);
  for (let t = to; t < high; t++) store<f32>(s + (<usize>t << 2), 0);
}

/** First key of a query, the sequence's own numbers. */
@inline function firstKey(query: i32, window: i32): i32 {
  return window > 0 ? max(0, query - window + 1) : 0;
}

/**
 * 0 q, 1 qStride, 2 k, 3 kStride, 4 v, 5 vStride, 6 heads, 7 kvHeads, 8 headDim, 9 scale, 10 window or 0, 11 out, 12 outStride,
 * 13 [T][heads] maximum and sum, 14 list of sequences: how many, then start and length of each.
 */
export function sequenceAttention(ctx: usize, i: usize, thread: i32): void {
  const list = ptr(i, 14), heads = arg(i, 6), kvHeads = arg(i, 7), dim = arg(i, 8), window = arg(i, 10), group = heads / kvHeads;
  const width = <usize>((dim + 7) & ~7), one: f32 = 1, dimBytes = <usize>dim << 2;
  for (let t = ticket(i), items = load<i32>(list) * kvHeads; t < items; t = ticket(i)) {
    const entry = list + 8 + (<usize>(t / kvHeads) << 3), start = load<i32>(entry), length = load<i32>(entry, 4), head = t % kvHeads;
    const rows = rowsFor(length), keys = c.scratch(ctx, thread), keyPanel = width << 5, valuePanel = rows << 5;
    const values = keys + rows * (width << 2), scores = values + rows * (width << 2), ss = rows << 2, result = scores + <usize>BLOCK * ss;
    const column = <usize>(head * dim) << 2;
    panelsOfColumns(ptr(i, 2) + <usize>start * ptr(i, 3) + column, ptr(i, 3), dim, length, keys, keyPanel, one);
    panelsOfRows(ptr(i, 4) + <usize>start * ptr(i, 5) + column, ptr(i, 5), length, dim, values, valuePanel, one);
    for (let h = head * group; h < (head + 1) * group; h++)
      for (let q0 = 0; q0 < length; q0 += BLOCK) {
        const queries = min(BLOCK, length - q0), low = firstKey(q0, window) & ~7, high = min((q0 + queries + 7) & ~7, (length + 7) & ~7);
        const q = ptr(i, 0) + <usize>(start + q0) * ptr(i, 1) + (<usize>(h * dim) << 2);
        for (let r = 0; r < queries; r++) memory.fill(scores + <usize>r * ss + (<usize>low << 2), 0, <usize>(high - low) << 2);
        product(q, ptr(i, 1), queries, dim, keys + <usize>(low >> 3) * keyPanel, keyPanel, high - low, scores + (<usize>low << 2), ss);
        for (let r = 0; r < queries; r++) {
          const stats = ptr(i, 13) + (<usize>((start + q0 + r) * heads + h) << 3);
          probabilities(scores + <usize>r * ss, low, firstKey(q0 + r, window), q0 + r + 1, high, real(i, 9), stats, false);
        }
        memory.fill(result, 0, <usize>queries * (width << 2));
        product(scores + (<usize>low << 2), ss, queries, q0 + queries - low, values + (<usize>low << 5), valuePanel, dim, result, width << 2);
        for (let r = 0; r < queries; r++)
          memory.copy(ptr(i, 11) + <usize>(start + q0 + r) * ptr(i, 12) + (<usize>(h * dim) << 2), result + <usize>r * (width << 2), dimBytes);
      }
  }
}

/** q, out, dOut and dq have one stride (1), k, v, dk and dv another (3); 11 dOut, 12 out, 15 dq, 16 dk, 17 dv; the rest as above. */
export function attentionGradient(ctx: usize, i: usize, thread: i32): void {
  const list = ptr(i, 14), heads = arg(i, 6), kvHeads = arg(i, 7), dim = arg(i, 8), window = arg(i, 10), group = heads / kvHeads;
  const width = <usize>((dim + 7) & ~7), one: f32 = 1, dimBytes = <usize>dim << 2, qs = ptr(i, 1), ks = ptr(i, 3), scale = real(i, 9);
  for (let t = ticket(i), items = load<i32>(list) * kvHeads; t < items; t = ticket(i)) {
    const entry = list + 8 + (<usize>(t / kvHeads) << 3), start = load<i32>(entry), length = load<i32>(entry, 4), head = t % kvHeads;
    const rows = rowsFor(length), ss = rows << 2, ws = width << 2, size = rows * ws, columnPanel = width << 5, rowPanel = rows << 5;
    // keys by column and by row, values by column, gradients of both, a block's probabilities and their gradients, its panels
    const keys = c.scratch(ctx, thread), keyRows = keys + size, values = keyRows + size, dKeys = values + size, dValues = dKeys + size;
    const p = dValues + size, ds = p + <usize>BLOCK * ss + 64, queryPanels = ds + <usize>BLOCK * ss + 64, outPanels = queryPanels + <usize>BLOCK * ws;
    const result = outPanels + <usize>BLOCK * ws, blockPanel = <usize>BLOCK << 5;
    const column = <usize>start * ks + (<usize>(head * dim) << 2);
    panelsOfColumns(ptr(i, 2) + column, ks, dim, length, keys, columnPanel, one);
    panelsOfRows(ptr(i, 2) + column, ks, length, dim, keyRows, rowPanel, one);
    panelsOfColumns(ptr(i, 4) + column, ks, dim, length, values, columnPanel, one);
    memory.fill(dKeys, 0, 2 * size);
    for (let h = head * group; h < (head + 1) * group; h++)
      for (let q0 = 0; q0 < length; q0 += BLOCK) {
        const queries = min(BLOCK, length - q0), low = firstKey(q0, window) & ~7, high = min((q0 + queries + 7) & ~7, (length + 7) & ~7);
        const at = <usize>(start + q0) * qs + (<usize>(h * dim) << 2), lowBytes = <usize>low << 2, span = <usize>(high - low) << 2;
        const q = ptr(i, 0) + at, dOut = ptr(i, 11) + at;
        // columns up to the next six are read by the last turned tile
        for (let r = 0; r < queries; r++) {
          memory.fill(p + <usize>r * ss + lowBytes, 0, span + 32);
          memory.fill(ds + <usize>r * ss + lowBytes, 0, span + 32);
        }
        product(q, qs, queries, dim, keys + <usize>(low >> 3) * columnPanel, columnPanel, high - low, p + lowBytes, ss);
        product(dOut, qs, queries, dim, values + <usize>(low >> 3) * columnPanel, columnPanel, high - low, ds + lowBytes, ss);
        for (let r = 0; r < queries; r++) {
          const row = p + <usize>r * ss, stats = ptr(i, 13) + (<usize>((start + q0 + r) * heads + h) << 3);
          probabilities(row, low, firstKey(q0 + r, window), q0 + r + 1, high, scale, stats, true);
          const along = f32x4.splat(dot(dOut + <usize>r * qs, ptr(i, 12) + at + <usize>r * qs, dim)), factor = f32x4.splat(scale);
          for (let n = lowBytes, end = lowBytes + span; n < end; n += 16) {
            const to = ds + <usize>r * ss + n;
            v128.store(to, f32x4.mul(f32x4.mul(v128.load(row + n), f32x4.sub(v128.load(to), along)), factor));
          }
        }
        panelsOfRows(q, qs, queries, dim, queryPanels, blockPanel, one);
        panelsOfRows(dOut, qs, queries, dim, outPanels, blockPanel, one);
        const seen = q0 + queries - low;
        turnedProduct(p + lowBytes, ss, seen, queries, outPanels, blockPanel, dim, dValues + <usize>low * ws, ws);
        turnedProduct(ds + lowBytes, ss, seen, queries, queryPanels, blockPanel, dim, dKeys + <usize>low * ws, ws);
        memory.fill(result, 0, <usize>queries * ws);
        product(ds + lowBytes, ss, queries, seen, keyRows + (<usize>low << 5), rowPanel, dim, result, ws);
        for (let r = 0; r < queries; r++) memory.copy(ptr(i, 15) + at + <usize>r * qs, result + <usize>r * ws, dimBytes);
      }
    for (let r = 0; r < length; r++) {
      memory.copy(ptr(i, 16) + column + <usize>r * ks, dKeys + <usize>r * ws, dimBytes);
      memory.copy(ptr(i, 17) + column + <usize>r * ks, dValues + <usize>r * ws, dimBytes);
    }
  }
}

function dot(a: usize, b: usize, n: i32): f32 {
  let sum: f32 = 0;
  for (const end = a + (<usize>n << 2); a < end; a += 4, b += 4) sum += load<f32>(a) * load<f32>(b);
  return sum;
}
