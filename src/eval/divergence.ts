// How far a model's predictions lie from a reference's: Kullback-Leibler divergence KL(reference || model) of the next-token
// distributions, how often both put the same token first, and the perplexity of both. The measures of llama.cpp's
// --kl-divergence, so that figures can be compared; all sums in float64.

import { AnyqwenError } from "../core/errors.ts";
import { Mean } from "./perplexity.ts";

export interface DivergenceFigures {
  /** Positions compared. */
  readonly tokens: number;
  readonly meanKl: number;
  /** One standard error of meanKl. */
  readonly meanKlError: number;
  readonly medianKl: number;
  readonly p90Kl: number;
  readonly p99Kl: number;
  readonly maxKl: number;
  /** Share of positions where both have the same most probable token. */
  readonly top1Agreement: number;
  readonly perplexityReference: number;
  readonly perplexityModel: number;
  /** Root mean square of the difference in the right token's probability. */
  readonly rmsProbability: number;
}

export class DivergenceMeter {
  readonly #kl: number[] = [];
  readonly #mean = new Mean();
  readonly #nllReference = new Mean();
  readonly #nllModel = new Mean();
  readonly #probability = new Mean();
  #agreements = 0;

  /** Adds one position: both rows of logits, and the token that follows in the text. */
  add(reference: Float32Array, model: Float32Array, next: number): void {
    const row = compareRows(reference, model, next);
    this.#kl.push(row.kl);
    this.#mean.add(row.kl);
    this.#nllReference.add(-row.logprobReference);
    this.#nllModel.add(-row.logprobModel);
    this.#probability.add((Math.exp(row.logprobModel) - Math.exp(row.logprobReference)) ** 2);
    if (row.sameTop) this.#agreements++;
  }

  figures(): DivergenceFigures {
    const sorted = Float64Array.from(this.#kl).sort();
    return {
      tokens: this.#mean.count,
      meanKl: this.#mean.mean,
      meanKlError: this.#mean.standardError,
      medianKl: quantile(sorted, 0.5),
      p90Kl: quantile(sorted, 0.9),
      p99Kl: quantile(sorted, 0.99),
      maxKl: sorted.at(-1) ?? 0,
      top1Agreement: this.#agreements / Math.max(1, this.#mean.count),
      perplexityReference: Math.exp(this.#nllReference.mean),
      perplexityModel: Math.exp(this.#nllModel.mean),
      rmsProbability: Math.sqrt(this.#probability.mean),
    };
  }
}

interface RowComparison {
  /** KL(reference || model) in nats; never below 0. */
  readonly kl: number;
  readonly sameTop: boolean;
  readonly logprobReference: number;
  readonly logprobModel: number;
}

/** Compares two rows of logits [V]; `next` is the id whose log-probability is reported. */
export function compareRows(reference: Float32Array, model: Float32Array, next: number): RowComparison {
  const vocab = reference.length;
  if (model.length !== vocab) {
    throw new AnyqwenError(
      "invalid-argument",
      `the models' vocabularies differ: ${vocab} and ${model.length} tokens; compare models with the same tokenizer`,
    );
  }
  const topReference = argmax(reference);
  const topModel = argmax(model);
  const [maxReference, maxModel] = [reference[topReference], model[topModel]];
  let sumReference = 0;
  let sumModel = 0;
  let weighted = 0;
  for (let i = 0; i < vocab; i++) {
    const [a, b] = [reference[i] - maxReference, model[i] - maxModel];
    const p = Math.exp(a);
    sumReference += p;
    sumModel += Math.exp(b);
    if (p > 0) weighted += p * (a - b);
  }
  const [logReference, logModel] = [Math.log(sumReference), Math.log(sumModel)];
  return {
    kl: Math.max(0, weighted / sumReference - logReference + logModel),
    sameTop: topReference === topModel,
    logprobReference: reference[next] - maxReference - logReference,
    logprobModel: model[next] - maxModel - logModel,
  };
}

/** Ties go to the lowest id. */
function argmax(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/** Linear interpolation between the two nearest of ascending values. */
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
