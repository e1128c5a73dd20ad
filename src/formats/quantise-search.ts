// Finding the scale (and minimum) of a sub-block: try several starting scales, round, and solve for the scale that fits
// the rounded values best by weighted least squares. The idea of llama.cpp's k-quant search, in double precision.

/** Scratch for one sub-block. */
const shifted = new Float64Array(32);
const weighted = new Float64Array(32);

export interface Affine {
  scale: number;
  /** Subtracted: x is about scale * q - minimum; never negative. */
  minimum: number;
}

/** The best x = scale * q - minimum with q in 0..levels for values[from, from + count). */
export function searchAffine(
  values: Float32Array,
  from: number,
  count: number,
  levels: number,
  weights: Float64Array,
  steps: number,
): Affine {
  let low = 0; // the minimum is stored without a sign, so zero is always in range
  let high = Number.NEGATIVE_INFINITY;
  let sumW = 0;
  let sumX = 0;
  for (let j = 0; j < count; j++) {
    const x = values[from + j];
    if (x < low) low = x;
    if (x > high) high = x;
    sumW += weights[j];
    sumX += weights[j] * x;
  }
  if (!(high > low)) return { scale: 0, minimum: -low };
  for (let j = 0; j < count; j++) {
    const x = values[from + j];
    shifted[j] = x - low;
    weighted[j] = weights[j] * x;
  }
  let best: Affine = { scale: (high - low) / levels, minimum: -low };
  let mostExplained = Number.NEGATIVE_INFINITY;
  for (let step = -1; step <= steps; step++) {
    // The first try is the plain range; the others shrink and stretch it around the outermost level.
    const inverse = (step < 0 ? levels : levels - 1 + (2 * step) / steps) / (high - low);
    let sumQ = 0;
    let sumQQ = 0;
    let sumQX = 0;
    for (let j = 0; j < count; j++) {
      let q = (shifted[j] * inverse + 0.5) | 0;
      if (q > levels) q = levels;
      const wq = weights[j] * q;
      sumQ += wq;
      sumQQ += wq * q;
      sumQX += weighted[j] * q;
    }
    const determinant = sumW * sumQQ - sumQ * sumQ;
    if (!(determinant > 0)) continue;
    let scale = (sumW * sumQX - sumX * sumQ) / determinant;
    let offset = (sumQQ * sumX - sumQ * sumQX) / determinant;
    if (offset > 0) {
      offset = 0;
      scale = sumQX / sumQQ;
    }
    // The weighted square error, less the constant sum of w x^2, with its sign turned.
    const explained =
      2 * (scale * sumQX + offset * sumX) - scale * scale * sumQQ - offset * offset * sumW - 2 * scale * offset * sumQ;
    if (explained > mostExplained) {
      mostExplained = explained;
      best = { scale, minimum: -offset };
    }
  }
  return best;
}

/** The best x = scale * q with q in -levels..levels-1, weighted by x squared. */
export function searchSymmetric(values: Float32Array, from: number, count: number, levels: number): number {
  let extreme = 0;
  for (let j = from; j < from + count; j++) if (Math.abs(values[j]) > Math.abs(extreme)) extreme = values[j];
  if (extreme === 0) return 0;
  let best = -extreme / levels;
  let mostExplained = Number.NEGATIVE_INFINITY;
  for (let step = -9; step <= 9; step++) {
    const inverse = -(levels + 0.1 * step) / extreme;
    let sumQX = 0;
    let sumQQ = 0;
    for (let j = from; j < from + count; j++) {
      const x = values[j];
      let q = ((x * inverse + levels + 0.5) | 0) - levels;
      if (q >= levels) q = levels - 1;
      const xxq = x * x * q;
      sumQX += xxq * x;
      sumQQ += xxq * q;
    }
    if (sumQQ > 0 && sumQX * sumQX > mostExplained * sumQQ) {
      mostExplained = (sumQX * sumQX) / sumQQ;
      best = sumQX / sumQQ;
    }
  }
  return best;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
