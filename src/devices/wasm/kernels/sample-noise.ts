// The noise of sampling and the race that it decides: argmax of (logit - top) / T + Gumbel noise. reference/sample-math.ts defines
// it bit for bit. Noise costs two logarithms, so a token gets it only if its random number, seen as one of an exponential race,
// could win: x - ln(-ln u) >= s implies 1 - u <= e^(x - s).
import { exp } from "./sample-exp";

const MULTIPLY_ID: u32 = 0x9e3779b1;
const MULTIPLY_1: u32 = 0x21f0aaad;
const MULTIPLY_2: u32 = 0x735a2d97;
/** Less than any noise, so that the best token beats it. */
const BELOW_NOISE: f64 = -2.9;
/** More than any noise. */
const ABOVE_NOISE: f64 = 17.4;
/** 2^-24. */
const UNIT: f32 = 5.960464477539063e-8;
/** What the comparison in f32 may lose. */
const SLACK: f32 = 1.0001;

/** ln x for normal x > 0. */
export function logOf(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let e = <i32>(bits >>> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m = m * 0.5;
    e = e + 1;
  }
  const s = (m - 1) / (m + 1), q = s * s;
  let sum: f64 = 1.0 / 23.0;
  sum = sum * q + 1.0 / 21.0;
  sum = sum * q + 1.0 / 19.0;
  sum = sum * q + 1.0 / 17.0;
  sum = sum * q + 1.0 / 15.0;
  sum = sum * q + 1.0 / 13.0;
  sum = sum * q + 1.0 / 11.0;
  sum = sum * q + 1.0 / 9.0;
  sum = sum * q + 1.0 / 7.0;
  sum = sum * q + 1.0 / 5.0;
  sum = sum * q + 1.0 / 3.0;
  sum = sum * q + 1.0;
  return <f64>e * 0.6931471805599453 + 2 * s * sum;
}

@inline function finalise(h: u32): u32 {
  h = (h ^ (h >> 16)) * MULTIPLY_1;
  h = (h ^ (h >> 15)) * MULTIPLY_2;
  return h ^ (h >> 15);
}
/** First key of the words u32 [4] that the noise of a row depends on. */
function firstKey(words: usize): u32 {
  let h: u32 = 0;
  for (let i: usize = 0; i < 16; i += 4) h = finalise((h + 0x9e3779b9) ^ load<u32>(words + i));
  return h;
}
@inline function secondKey(first: u32): u32 {
  return finalise(first ^ 0x85ebca6b);
}
/** 24 random bits of a token. */
@inline function random24(id: u32, first: u32, second: u32): u32 {
  let h = (id * MULTIPLY_ID) ^ first;
  h = (h ^ (h >> 16)) * MULTIPLY_1 + second;
  h = (h ^ (h >> 15)) * MULTIPLY_2;
  return (h ^ (h >> 15)) >> 8;
}
@inline function gumbel(random: u32): f64 {
  return -logOf(-logOf((<f64>random + 0.5) / 16777216));
}
@inline function scaled(logit: f32, top: f32, temperature: f32): f64 {
  return <f64>((logit - top) / temperature);
}
/** e^x of one number, by the same steps as of four. */
@inline function exp1(x: f32, table: usize): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x), table), 0);
}

/** Among a list of candidates (sample-select.ts), ascending by id; the best logit is among them. */
export function race(records: usize, count: i32, top: f32, temperature: f32, words: usize, table: usize): i32 {
  const first = firstKey(words), second = secondKey(first);
  let winner = -1, score = BELOW_NOISE, losing = exp1(<f32>-score, table) * SLACK;
  for (let p = records, end = records + (<usize>count << 4); p < end; p += 16) {
    const id = load<i32>(p), random = random24(id, first, second);
    // (2^24 - 1 - random) / 2^24 is 1 - u or a little less
    if (<f32>(<i32>16777215 - <i32>random) * UNIT > load<f32>(p, 8) * losing) continue;
    const own = scaled(load<f32>(p, 4), top, temperature) + gumbel(random);
    if (own <= score) continue;
    score = own;
    winner = id;
    losing = exp1(<f32>-score, table) * SLACK;
  }
  return winner;
}

/** Among all ids of a clean, padded row. */
export function raceRow(row: usize, n: i32, top: f32, temperature: f32, words: usize, lanes: usize, table: usize): i32 {
  const first = firstKey(words), second = secondKey(first), end = row + (<usize>n << 2);
  const t = f32x4.splat(temperature), m = f32x4.splat(top), slack = f32x4.splat(SLACK), unit = f32x4.splat(UNIT);
  const k1 = i32x4.splat(first), k2 = i32x4.splat(second), all = i32x4.splat(16777215);
  const m1 = i32x4.splat(MULTIPLY_1), m2 = i32x4.splat(MULTIPLY_2), four = i32x4.splat(4 * MULTIPLY_ID);
  let ids = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(MULTIPLY_ID)); // id * MULTIPLY_ID
  let winner = -1, score = BELOW_NOISE;
  let s = f32x4.splat(<f32>score), least = f32x4.splat(<f32>(score - ABOVE_NOISE));
  for (let p = row; p < end; p += 16, ids = i32x4.add(ids, four)) {
    const x = f32x4.div(f32x4.sub(v128.load(p), m), t);
    if (!v128.any_true(f32x4.gt(x, least))) continue;
    let h = v128.xor(ids, k1);
    h = i32x4.add(i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), m1), k2);
    h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 15)), m2);
    h = i32x4.shr_u(v128.xor(h, i32x4.shr_u(h, 15)), 8);
    const rest = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(all, h)), unit);
    let found = i32x4.bitmask(f32x4.le(rest, f32x4.mul(exp(f32x4.sub(x, s), table), slack)));
    if (found == 0) continue;
    v128.store(lanes, x);
    v128.store(lanes, h, 16);
    for (; found != 0; found &= found - 1) {
      const lane = <usize>ctz(found) << 2;
      const own = <f64>load<f32>(lanes + lane) + gumbel(load<u32>(lanes + lane, 16));
      if (own <= score) continue;
      score = own;
      winner = <i32>((p + lane - row) >> 2);
      s = f32x4.splat(<f32>score);
      least = f32x4.splat(<f32>(score - ABOVE_NOISE));
    }
  }
  return winner;
}
