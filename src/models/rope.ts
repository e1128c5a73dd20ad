// Rotary position embedding: what a configuration says about it, and the frequencies that follow, in float64.
// Sources: RoFormer (arXiv 2104.09864) for the base frequencies, YaRN (arXiv 2309.00071, section 3.2 and eq. 22) for scaling.

import type { Rope } from "../core/trace.ts";

export type RopeScaling =
  | { readonly kind: "none" }
  | { readonly kind: "linear"; readonly factor: number }
  | {
      readonly kind: "yarn";
      readonly factor: number;
      /** Context length that the model was trained with before scaling. */
      readonly originalPositions: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      /** Round the ramp's ends to whole dimensions. */
      readonly truncate: boolean;
      /** Factor on cos and sin. */
      readonly attentionFactor: number;
    };

export interface RopeConfig {
  readonly theta: number;
  /** Dimensions of a head that turn; even, at most the head's. */
  readonly dimensions: number;
  readonly scaling: RopeScaling;
}

/** YaRN's attention factor for a context stretched by `factor`. */
export function yarnAttentionFactor(factor: number, mscale = 1): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}

export function makeRope(config: RopeConfig): Rope {
  const { theta, dimensions, scaling } = config;
  const base = Float64Array.from({ length: dimensions / 2 }, (_, i) => theta ** ((-2 * i) / dimensions));
  switch (scaling.kind) {
    case "none":
      return { frequencies: base, scale: 1 };
    case "linear":
      return { frequencies: base.map((frequency) => frequency / scaling.factor), scale: 1 };
    case "yarn": {
      const ramp = yarnRamp(theta, dimensions, scaling);
      const frequencies = base.map((frequency, i) => {
        const interpolated = ramp(i);
        return (frequency / scaling.factor) * interpolated + frequency * (1 - interpolated);
      });
      return { frequencies, scale: scaling.attentionFactor };
    }
  }
}

/** How much of dimension pair i is interpolated: 0 where it turns often within the original context, 1 where it hardly does. */
function yarnRamp(
  theta: number,
  dimensions: number,
  yarn: { originalPositions: number; betaFast: number; betaSlow: number; truncate: boolean },
): (i: number) => number {
  // The (fractional) pair index whose frequency makes `rotations` turns over the original context.
  const pairOf = (rotations: number) =>
    (dimensions * Math.log(yarn.originalPositions / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  let low = pairOf(yarn.betaFast);
  let high = pairOf(yarn.betaSlow);
  if (yarn.truncate) {
    low = Math.floor(low);
    high = Math.ceil(high);
  }
  low = Math.max(low, 0);
  high = Math.min(high, dimensions - 1);
  if (low === high) high += 0.001;
  return (i) => Math.min(Math.max((i - low) / (high - low), 0), 1);
}
