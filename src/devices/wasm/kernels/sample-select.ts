// Finding candidates in a row of logits that is clean (no NaN, no +Infinity) and padded with -Infinity to a multiple of 16: the
// largest, the best k, all above a threshold; and cutting a list of candidates to top-k, top-p and min-p by radix selection.
import { max4 } from "./math";
import { exp } from "./sample-exp";

export const LARGEST: f32 = 3.4028234663852886e38;
/** e to less than this is rounded to weight 0. */
const NO_WEIGHT: f32 = -25;
/** Adding and subtracting it rounds an f64 in [0, 1] to a multiple of 2^-35. */
const ROUND_WEIGHT: f64 = 196608;

// A candidate: its id, its logit, e^((logit - best) / T), and an unsigned integer that orders as the logit does. Lists ascend by id.
const RECORD: usize = 16;
const ID: usize = 0;
const LOGIT: usize = 4;
const WEIGHT: usize = 8; // f32
const ORDER: usize = 12; // u32
// After the 256 bins of a selection, f64 each:
const BETTER: usize = 2048; // f64: what all candidates above the selected one hold together

/** Lowest id among those with the largest logit, of any row; -1 if all are -Infinity or NaN. */
export function argmax(logits: usize, n: i32): i32 {
  const most = rawMax(logits, n);
  if (most == -Infinity) return -1;
  const all = f32x4.splat(min(most, LARGEST)), whole = logits + (<usize>(n & ~15) << 2);
  let p = logits;
  for (; p < whole; p += 64) {
    const a = v128.or(f32x4.ge(v128.load(p), all), f32x4.ge(v128.load(p, 16), all));
    const b = v128.or(f32x4.ge(v128.load(p, 32), all), f32x4.ge(v128.load(p, 48), all));
    if (v128.any_true(v128.or(a, b))) break;
  }
  const least = min(most, LARGEST);
  while (!(load<f32>(p) >= least)) p += 4;
  return <i32>((p - logits) >> 2);
}

function rawMax(logits: usize, n: i32): f32 {
  const whole = logits + (<usize>(n & ~15) << 2), end = logits + (<usize>n << 2);
  let a = f32x4.splat(-Infinity), b = a, c = a, d = a;
  let p = logits;
  for (; p < whole; p += 64) {
    // pmax(a, b) = a < b ? b : a, so NaN replaces nothing
    a = f32x4.pmax(a, v128.load(p));
    b = f32x4.pmax(b, v128.load(p, 16));
    c = f32x4.pmax(c, v128.load(p, 32));
    d = f32x4.pmax(d, v128.load(p, 48));
  }
  let most = max4(f32x4.max(f32x4.max(a, b), f32x4.max(c, d)));
  for (; p < end; p += 4) if (load<f32>(p) > most) most = load<f32>(p);
  return most;
}

/** Of a clean, padded row. */
export function rowMax(row: usize, n: i32): f32 {
  return rawMax(row, (n + 15) & ~15);
}

/** The best k with a logit, sorted, ties by id, as pairs (f32 logit, i32 id); returns how many. */
export function best(row: usize, n: i32, k: i32, pairs: usize): i32 {
  if (k == 0) return 0;
  const end = row + (<usize>n << 2), last = pairs + (<usize>(k - 1) << 3);
  let count = 0, worst: f32 = -Infinity;
  for (let p = row; p < end; p += 64) {
    const a = f32x4.max(v128.load(p), v128.load(p, 16)), b = f32x4.max(v128.load(p, 32), v128.load(p, 48));
    if (!v128.any_true(f32x4.gt(f32x4.max(a, b), f32x4.splat(worst)))) continue;
    for (let q = p; q < p + 64; q += 4) {
      const logit = load<f32>(q);
      if (logit <= worst) continue;
      let at = pairs + (<usize>(count < k ? count++ : k - 1) << 3);
      for (; at > pairs && load<f32>(at - 8) < logit; at -= 8) store<i64>(at, load<i64>(at - 8));
      store<f32>(at, logit);
      store<i32>(at, <i32>((q - row) >> 2), 4);
      if (count == k) worst = load<f32>(last);
    }
  }
  return count;
}
@inline export function bestLogit(pairs: usize, i: i32): f32 {
  return load<f32>(pairs + (<usize>i << 3));
}
@inline export function bestId(pairs: usize, i: i32): i32 {
  return load<i32>(pairs + (<usize>i << 3), 4);
}

/** The sum of the rounded weights e^((logit - top) / temperature) of a clean, padded row. */
export function totalWeight(row: usize, n: i32, top: f32, temperature: f32, table: usize): f64 {
  const end = row + (<usize>n << 2), t = f32x4.splat(temperature), m = f32x4.splat(top);
  const least = f32x4.splat(NO_WEIGHT), round = f64x2.splat(ROUND_WEIGHT);
  let a = f64x2.splat(0), b = a;
  for (let p = row; p < end; p += 16) {
    const x = f32x4.div(f32x4.sub(v128.load(p), m), t);
    if (!v128.any_true(f32x4.gt(x, least))) continue;
    const w = exp(x, table);
    a = f64x2.add(a, f64x2.sub(f64x2.add(f64x2.promote_low_f32x4(w), round), round));
    b = f64x2.add(b, f64x2.sub(f64x2.add(f64x2.promote_low_f32x4(i8x16.shuffle(w, w, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), round), round));
  }
  a = f64x2.add(a, b);
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

@inline function rounded(weight: f32): f64 {
  return <f64>weight + ROUND_WEIGHT - ROUND_WEIGHT;
}

export function totalOf(records: usize, count: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < count; i++) total += rounded(load<f32>(records + <usize>i * RECORD, WEIGHT));
  return total;
}

/** All candidates whose logit is at least `low`, which is above -Infinity; returns how many. */
export function collect(row: usize, n: i32, low: f32, top: f32, temperature: f32, records: usize, lanes: usize, table: usize): i32 {
  const end = row + (<usize>n << 2), least = f32x4.splat(low);
  let to = records;
  for (let p = row; p < end; p += 64) {
    const a = f32x4.max(v128.load(p), v128.load(p, 16)), b = f32x4.max(v128.load(p, 32), v128.load(p, 48));
    if (!v128.any_true(f32x4.ge(f32x4.max(a, b), least))) continue;
    for (let q = p; q < p + 64; q += 16) {
      const v = v128.load(q);
      let found = i32x4.bitmask(f32x4.ge(v, least));
      if (found == 0) continue;
      v128.store(lanes, exp(f32x4.div(f32x4.sub(v, f32x4.splat(top)), f32x4.splat(temperature)), table));
      for (; found != 0; found &= found - 1) {
        const lane = <usize>ctz(found) << 2, logit = load<f32>(q + lane);
        store<i32>(to, <i32>((q + lane - row) >> 2), ID);
        store<f32>(to, logit, LOGIT);
        store<f32>(to, load<f32>(lanes + lane), WEIGHT);
        store<u32>(to, orderOf(logit), ORDER);
        to += RECORD;
      }
    }
  }
  return <i32>((to - records) / RECORD);
}

@inline function orderOf(logit: f32): u32 {
  const bits = reinterpret<i32>(logit == 0 ? 0 : logit); // -0 equals 0
  return bits < 0 ? ~(<u32>bits) : <u32>bits | 0x80000000;
}

/** Keeps those at least as good as the k-th best. */
export function keepTopK(records: usize, count: i32, k: i32, work: usize): i32 {
  const least = select(records, count, <f64>k, true, work);
  let to = records;
  for (let p = records, end = records + <usize>count * RECORD; p < end; p += RECORD) {
    if (load<u32>(p, ORDER) >= least) to = move(p, to);
  }
  return <i32>((to - records) / RECORD);
}

/** Keeps those whose better ones together weigh less than `target`; the best one always. */
export function keepTopP(records: usize, count: i32, target: f64, work: usize): i32 {
  target = max(target, 1e-10); // less than the best one's weight
  const least = select(records, count, target, false, work);
  let better = load<f64>(work, BETTER);
  let to = records;
  for (let p = records, end = records + <usize>count * RECORD; p < end; p += RECORD) {
    const order = load<u32>(p, ORDER);
    if (order < least) continue;
    if (order == least) {
      if (better >= target) continue;
      better += rounded(load<f32>(p, WEIGHT));
    }
    to = move(p, to);
  }
  return <i32>((to - records) / RECORD);
}

/** Keeps those at least minP times as probable as the best. */
export function keepMinP(records: usize, count: i32, minP: f64): i32 {
  let to = records;
  for (let p = records, end = records + <usize>count * RECORD; p < end; p += RECORD) {
    if (<f64>load<f32>(p, WEIGHT) >= minP) to = move(p, to);
  }
  return <i32>((to - records) / RECORD);
}

@inline function move(from: usize, to: usize): usize {
  v128.store(to, v128.load(from));
  return to + RECORD;
}

/**
 * Going from the best down, the ORDER at which the sum (of ones, or of rounded weights) first reaches `target`; 0 if it never does.
 * Eight bits at a time. The sum of those above it goes to BETTER.
 */
function select(records: usize, count: i32, target: f64, ones: bool, bins: usize): u32 {
  const end = records + <usize>count * RECORD;
  let chosen: u32 = 0, known: u32 = 0, better: f64 = 0;
  for (let shift = 24; shift >= 0; shift -= 8) {
    memory.fill(bins, 0, 2048);
    for (let p = records; p < end; p += RECORD) {
      const order = load<u32>(p, ORDER);
      if ((order & known) != chosen) continue;
      const bin = bins + (<usize>((order >> shift) & 255) << 3);
      store<f64>(bin, load<f64>(bin) + (ones ? 1 : rounded(load<f32>(p, WEIGHT))));
    }
    let b: usize = 255;
    for (; b > 0; b--) {
      const sum = better + load<f64>(bins + (b << 3));
      if (sum >= target) break;
      better = sum;
    }
    chosen |= <u32>b << shift;
    known |= <u32>255 << shift;
  }
  store<f64>(bins, better, BETTER);
  return chosen;
}
