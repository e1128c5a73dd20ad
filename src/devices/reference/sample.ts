// Sampling one row of logits, readable: penalties, bias, mask, then temperature, top-k, top-p, min-p, and the argmax over what is
// kept of logit / T + Gumbel noise (numerics.md, l). Definitions as in transformers' logits processors; where the arithmetic decides
// what is kept it is that of sample-math.ts, so that devices agree on every token.

import type { Sampled, SampleRequest } from "../../core/device.ts";
import { exp32, gumbel, log64, noiseKey, roundWeight } from "./sample-math.ts";

export type Stage = "temperature" | "top_k" | "top_p" | "min_p";
export type Truncation = Pick<SampleRequest, "temperature" | "topK" | "topP" | "minP">;
export type Shaping = Pick<
  SampleRequest,
  "repetitionPenalty" | "presencePenalty" | "frequencyPenalty" | "seen" | "bias" | "mask"
>;

interface Candidate {
  readonly id: number;
  readonly logit: number;
}

const f32 = Math.fround;
const LARGEST = f32(3.4028234663852886e38);
/** Below this temperature the choice is greedy; logit / T would overflow. */
const GREEDY_BELOW = 1e-5;
const ORDER: readonly Stage[] = ["temperature", "top_k", "top_p", "min_p"];

export function sampleRow(logits: Float32Array, request: SampleRequest): Sampled {
  const id = choose(logits, request);
  if (request.logprobs === undefined) return { id };
  return { id, ...logProbabilities(logits, id, request.logprobs) };
}

/** The probabilities that sampling draws from, and how many ids it keeps. `order` is a permutation of the stages. */
export function distribution(
  logits: Float32Array,
  request: Truncation & Shaping,
  order: readonly Stage[] = ORDER,
): { probs: Float64Array; kept: number } {
  const kept = keep(rank(shape(logits, request)), request, order);
  const probs = new Float64Array(logits.length);
  const weights = kept.map(({ logit }) => exp32(scaled(logit, kept[0].logit, request.temperature)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  kept.forEach(({ id }, i) => {
    probs[id] = weights[i] / total;
  });
  return { probs, kept: kept.length };
}

function choose(logits: Float32Array, request: SampleRequest): number {
  const ranked = rank(shape(logits, request));
  if (ranked.length === 0) return lowestAllowed(logits.length, request.mask);
  if (request.temperature < GREEDY_BELOW) return ranked[0].id;
  const key = noiseKey(request);
  let best = ranked[0].id;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const { id, logit } of keep(ranked, request, ORDER)) {
    const score = scaled(logit, ranked[0].logit, request.temperature) + gumbel(key, id);
    if (score > bestScore || (score === bestScore && id < best)) {
      best = id;
      bestScore = score;
    }
  }
  return best;
}

/** Penalties, bias and mask, in f32. NaN counts as -Infinity and +Infinity as the largest number. */
function shape(logits: Float32Array, request: Shaping): Float32Array {
  const row = logits.map(clean);
  const { seen, bias, mask } = request;
  const [repetition, presence, frequency] = [
    f32(request.repetitionPenalty),
    f32(request.presencePenalty),
    f32(request.frequencyPenalty),
  ];
  seen?.ids.forEach((id, i) => {
    const penalised = row[id] < 0 ? f32(row[id] * repetition) : f32(row[id] / repetition);
    row[id] = penalised - f32(f32(seen.counts[i] * frequency) + presence);
  });
  bias?.ids.forEach((id, i) => {
    row[id] += bias.values[i];
  });
  return row.map((logit, id) => (mask && !allowed(mask, id) ? Number.NEGATIVE_INFINITY : clean(logit)));
}

function allowed(mask: Uint32Array, id: number): boolean {
  return ((mask[id >>> 5] >>> (id & 31)) & 1) === 1;
}

function clean(logit: number): number {
  return Number.isNaN(logit) ? Number.NEGATIVE_INFINITY : Math.min(logit, LARGEST);
}

/** What to answer when no id has a logit: nothing is better than anything else, and ties go to the lowest id. */
function lowestAllowed(vocab: number, mask: Uint32Array | undefined): number {
  for (let id = 0; mask && id < vocab; id++) if (allowed(mask, id)) return id;
  return 0;
}

/** Best first, ties by id; -Infinity is no candidate. */
function rank(row: Float32Array): Candidate[] {
  const candidates = Array.from(row, (logit, id) => ({ id, logit }));
  return candidates
    .filter(({ logit }) => logit > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.logit - a.logit || a.id - b.id);
}

function scaled(logit: number, best: number, temperature: number): number {
  return f32(f32(logit - best) / f32(temperature));
}

function keep(ranked: readonly Candidate[], request: Truncation, order: readonly Stage[]): readonly Candidate[] {
  if (request.temperature < GREEDY_BELOW) return ranked.slice(0, 1);
  let temperature = 1;
  let kept = ranked;
  for (const stage of order) {
    if (stage === "temperature") temperature = request.temperature;
    else if (stage === "top_k") kept = topK(kept, request.topK);
    else if (stage === "top_p") kept = topP(kept, request.topP, temperature);
    else kept = minP(kept, request.minP, temperature);
  }
  return kept;
}

/** Those at least as good as the k-th; 0 keeps all. */
function topK(ranked: readonly Candidate[], k: number): readonly Candidate[] {
  if (k <= 0 || k >= ranked.length) return ranked;
  return ranked.filter(({ logit }) => logit >= ranked[k - 1].logit);
}

/** Those whose better ones together have a probability below p; always the best one. */
function topP(ranked: readonly Candidate[], p: number, temperature: number): readonly Candidate[] {
  if (p >= 1) return ranked;
  const weights = ranked.map(({ logit }) => roundWeight(exp32(scaled(logit, ranked[0].logit, temperature))));
  const target = p * weights.reduce((sum, weight) => sum + weight, 0);
  let better = 0;
  let count = 0;
  while (count < ranked.length && (count === 0 || better < target)) better += weights[count++];
  return ranked.slice(0, count);
}

/** Those at least p times as probable as the best. */
function minP(ranked: readonly Candidate[], p: number, temperature: number): readonly Candidate[] {
  return ranked.filter(({ logit }) => exp32(scaled(logit, ranked[0].logit, temperature)) >= p);
}

/** Log-softmax of the model's own logits, before penalties and temperature. */
function logProbabilities(logits: Float32Array, id: number, alternatives: number): Omit<Sampled, "id"> {
  const ranked = rank(logits.map(clean));
  if (ranked.length === 0) return { logprob: Number.NEGATIVE_INFINITY, top: [] };
  const best = ranked[0].logit;
  const total = ranked.reduce((sum, { logit }) => sum + roundWeight(exp32(scaled(logit, best, 1))), 0);
  const logprob = (logit: number) => logit - best - log64(total);
  return {
    logprob: logprob(clean(logits[id])),
    top: ranked.slice(0, alternatives).map((candidate) => ({ id: candidate.id, logprob: logprob(candidate.logit) })),
  };
}
