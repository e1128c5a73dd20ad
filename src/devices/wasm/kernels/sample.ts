// Sampling one row of logits: the same token as reference/sample.ts, always. That file defines every step; here they are ordered so
// that the vocabulary is read few times and four lanes wide, and what is kept is found by thresholds and radix selection, never by
// sorting it all. Sums of rounded weights are exact, so they may be taken in any order.
import { prepareExp } from "./sample-exp";
import { logOf, race, raceRow } from "./sample-noise";
import { argmax, best, bestId, bestLogit, collect, keepMinP, keepTopK, keepTopP, LARGEST, rowMax, totalOf, totalWeight } from "./sample-select";

// The request, byte offsets from `params`; wasm/sample.ts of the host writes the same.
const TEMPERATURE: usize = 0; // f32
const TOP_K: usize = 4;
const TOP_P: usize = 8; // f64
const MIN_P: usize = 16; // f64
const KEY: usize = 24; // u32 [4]: seed, its upper bits, choice, position
const REPETITION: usize = 40; // f32
const PRESENCE: usize = 44; // f32
const FREQUENCY: usize = 48; // f32
const SEEN_COUNT: usize = 52;
const SEEN_IDS: usize = 56; // address of i32 [SEEN_COUNT]
const SEEN_COUNTS: usize = 60;
const BIAS_COUNT: usize = 64;
const BIAS_IDS: usize = 68;
const BIAS_VALUES: usize = 72;
const MASK_WORDS: usize = 76; // -1: no mask
const MASK: usize = 80;
const ALTERNATIVES: usize = 84; // -1: no log-probabilities are asked for
// The answer.
const LOGPROB: usize = 88; // f64
const TOP_COUNT: usize = 96;
const BEST: usize = 104; // f64
const LOG_TOTAL: usize = 112; // f64
const TOP_IDS: usize = 128; // i32 [256]
const TOP_LOGPROBS: usize = 1152; // f64 [256]

const GREEDY_BELOW: f32 = 1e-5;
/** Up to this k the best k are kept sorted while the row is read; beyond it they are selected from all. */
const SORTED_K: i32 = 256;

// In `work`: bins of the radix selection, the table of exp, room for lanes, then the candidates.
const TABLE: usize = 2064;
const LANES: usize = 2272;
const RECORDS: usize = 2304;

/**
 * The sampled id of logits f32 [n]. `row`: room for n floats rounded up to 16; `work`: room for RECORDS + 16 n bytes, where the lists
 * that `params` points at may lie too. All 16-byte aligned but the logits.
 */
export function sampleRow(logits: usize, n: i32, params: usize, row: usize, work: usize): i32 {
  const alternatives = load<i32>(params, ALTERNATIVES);
  const shaped = (load<i32>(params, SEEN_COUNT) | load<i32>(params, BIAS_COUNT)) != 0 || load<i32>(params, MASK_WORDS) >= 0;
  const greedy = load<f32>(params, TEMPERATURE) < GREEDY_BELOW;
  if (greedy && !shaped && alternatives < 0) return max(argmax(logits, n), 0);
  cleanRow(logits, row, n);
  prepareExp(work + TABLE);
  if (alternatives >= 0) topAlternatives(row, n, alternatives, params, work + TABLE);
  if (shaped) shape(row, n, params);
  let id = greedy ? argmax(row, n) : draw(row, n, params, work);
  if (id < 0) id = lowestAllowed(n, params);
  if (alternatives >= 0) {
    const logit = <f64>clean(load<f32>(logits + (<usize>id << 2)));
    store<f64>(params, logit - load<f64>(params, BEST) - load<f64>(params, LOG_TOTAL), LOGPROB);
  }
  return id;
}

/** By temperature and noise among what top-k, top-p and min-p keep; -1 if nothing has a logit. */
function draw(row: usize, n: i32, params: usize, work: usize): i32 {
  const temperature = load<f32>(params, TEMPERATURE), k = load<i32>(params, TOP_K), records = work + RECORDS, table = work + TABLE;
  const topP = load<f64>(params, TOP_P), minP = load<f64>(params, MIN_P);
  let top: f32, low: f32 = -LARGEST; // the best logit; no candidate has less than `low`
  if (k > 0 && k <= SORTED_K) {
    const count = best(row, n, k, records);
    if (count == 0) return -1;
    top = bestLogit(records, 0);
    if (count == k) low = bestLogit(records, k - 1);
  } else {
    top = rowMax(row, n);
    if (top == -Infinity) return -1;
    if (k == 0 && topP >= 1 && minP <= 0) return raceRow(row, n, top, temperature, params + KEY, work + LANES, table);
  }
  // Before everything is collected, what later steps surely drop: top-p keeps no more than p of the total, and all tokens below
  // `bound` together hold less than the rest. A loose bound costs time only.
  let bound = -Infinity, total = 0.0;
  if (topP < 1 && k == 0) {
    total = totalWeight(row, n, top, temperature, table);
    bound = logOf((1 - topP) * total / <f64>n) - 1;
  }
  if (minP > 0 && (topP >= 1 || k == 0)) bound = max(bound, logOf(minP) - 0.001);
  bound *= <f64>temperature;
  low = max(low, <f32>(<f64>top + bound - 1e-6 * (abs(<f64>top) - bound)));
  let count = collect(row, n, low, top, temperature, records, work + LANES, table);
  if (k > SORTED_K && k < count) count = keepTopK(records, count, k, work);
  if (topP < 1) {
    if (k > 0) total = totalOf(records, count);
    count = keepTopP(records, count, topP * total, work);
  }
  if (minP > 0) count = keepMinP(records, count, minP);
  return race(records, count, top, temperature, params + KEY, table);
}

@inline function clean(logit: f32): f32 {
  return logit > -Infinity ? min(logit, LARGEST) : -Infinity;
}

/** Copies with NaN as -Infinity and +Infinity as the largest number; pads with -Infinity. */
function cleanRow(logits: usize, row: usize, n: i32): void {
  const none = f32x4.splat(-Infinity), most = f32x4.splat(LARGEST);
  const whole = <usize>(n & ~3) << 2, end = <usize>n << 2, padded = <usize>((n + 15) & ~15) << 2;
  let p: usize = 0;
  // pmax(a, b) = a < b ? b : a, so NaN leaves -Infinity
  for (; p < whole; p += 16) v128.store(row + p, f32x4.pmin(f32x4.pmax(none, v128.load(logits + p)), most));
  for (; p < end; p += 4) store<f32>(row + p, clean(load<f32>(logits + p)));
  for (; p < padded; p += 4) store<f32>(row + p, -Infinity);
}

/** Penalties, bias, mask. */
function shape(row: usize, n: i32, params: usize): void {
  const seen = load<i32>(params, SEEN_COUNT), ids = <usize>load<u32>(params, SEEN_IDS), counts = <usize>load<u32>(params, SEEN_COUNTS);
  const repetition = load<f32>(params, REPETITION), presence = load<f32>(params, PRESENCE), frequency = load<f32>(params, FREQUENCY);
  for (let i: usize = 0; i < <usize>seen << 2; i += 4) {
    const id = load<u32>(ids + i), p = row + (<usize>id << 2);
    if (id >= <u32>n) continue;
    const logit = load<f32>(p);
    const penalised = logit < 0 ? logit * repetition : logit / repetition;
    store<f32>(p, penalised - (<f32>load<i32>(counts + i) * frequency + presence));
  }
  const bias = load<i32>(params, BIAS_COUNT), biasIds = <usize>load<u32>(params, BIAS_IDS), values = <usize>load<u32>(params, BIAS_VALUES);
  for (let i: usize = 0; i < <usize>bias << 2; i += 4) {
    const id = load<u32>(biasIds + i), p = row + (<usize>id << 2);
    if (id < <u32>n) store<f32>(p, load<f32>(p) + load<f32>(values + i));
  }
  cleanAt(row, n, ids, seen);
  cleanAt(row, n, biasIds, bias);
  if (load<i32>(params, MASK_WORDS) >= 0) applyMask(row, n, <usize>load<u32>(params, MASK), load<i32>(params, MASK_WORDS));
}

function cleanAt(row: usize, n: i32, ids: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const id = load<u32>(ids + i), p = row + (<usize>id << 2);
    if (id < <u32>n) store<f32>(p, clean(load<f32>(p)));
  }
}

/** Ids whose bit is 0, and those beyond the mask, become -Infinity. */
function applyMask(row: usize, n: i32, mask: usize, words: i32): void {
  const none = f32x4.splat(-Infinity), lanes = i32x4(1, 2, 4, 8);
  for (let id = 0; id < n; id += 32) {
    const word = id >> 5 < words ? load<u32>(mask + (<usize>(id >> 5) << 2)) : 0;
    if (word == 0xffffffff) continue;
    const end = min(32, (n - id + 3) & ~3);
    for (let bit = 0; bit < end; bit += 4) {
      const p = row + (<usize>(id + bit) << 2);
      const on = i32x4.eq(v128.and(i32x4.splat(<i32>(word >> bit)), lanes), lanes);
      v128.store(p, v128.bitselect(v128.load(p), none, on));
    }
  }
}

function lowestAllowed(n: i32, params: usize): i32 {
  const words = min(load<i32>(params, MASK_WORDS), (n + 31) >> 5), mask = <usize>load<u32>(params, MASK);
  for (let i = 0; i < words; i++) {
    const word = load<i32>(mask + (<usize>i << 2));
    if (word == 0) continue;
    const id = (i << 5) + ctz(word);
    return id < n ? id : 0;
  }
  return 0;
}

/** The best ids with their log-probabilities, and what the sampled id's needs, go to the answer. */
function topAlternatives(row: usize, n: i32, alternatives: i32, params: usize, table: usize): void {
  const pairs = params + TOP_LOGPROBS;
  const top = rowMax(row, n), any = top > -Infinity;
  const logTotal = any ? logOf(totalWeight(row, n, top, 1, table)) : 0;
  const count = best(row, n, min(alternatives, SORTED_K), pairs);
  store<i32>(params, count, TOP_COUNT);
  store<f64>(params, any ? <f64>top : 0, BEST);
  store<f64>(params, logTotal, LOG_TOTAL);
  for (let i = 0; i < count; i++) {
    store<i32>(params + TOP_IDS + (<usize>i << 2), bestId(pairs, i));
    // a pair is as long as the number that takes its place
    store<f64>(pairs + (<usize>i << 3), <f64>bestLogit(pairs, i) - <f64>top - logTotal);
  }
}
