// What objectives add to training: dropout's masks, and the loss of a student beside its teacher.

import { type Dropout, dropoutFactor } from "../../core/dropout.ts";
import { softmax } from "./attention.ts";
import type { Floats } from "./floats.ts";

/** x times its masks' factors, and so for gradients. `keys`: one per row of x; absent: x as it is. `add`: into what is there. */
export function dropout(x: Floats, keys: Uint32Array | undefined, how: Dropout, out: Floats, add: boolean): void {
  const cols = keys ? x.length / keys.length : 1;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] * (keys ? dropoutFactor(keys[Math.floor(i / cols)], i % cols, how) : 1);
    out[i] = add ? out[i] + value : value;
  }
}

/**
 * Hinton et al. 2015 (arXiv 1503.02531), section 2, of each row: w T^2 sum p (log p - log q) - (1 - w) log softmax(z) at the label,
 * with p and q the teacher's and the student's softmax at temperature T. The row of logits z becomes
 * factor * (w T (q - p) + (1 - w) (softmax(z) - one-hot)).
 */
export function distillation(
  logits: Float64Array,
  targets: Float64Array,
  labels: Int32Array,
  factors: ArrayLike<number>,
  { temperature, weight }: { readonly temperature: number; readonly weight: number },
): number[] {
  const vocab = logits.length / labels.length;
  const at = (values: Float64Array, row: number, divisor: number) =>
    softmax(Array.from(values.subarray(row * vocab, (row + 1) * vocab), (value) => value / divisor));
  return Array.from(labels, (label, row) => {
    const [p, q] = [at(targets, row, temperature), at(logits, row, temperature)];
    const own = at(logits, row, 1);
    let divergence = 0;
    for (let i = 0; i < vocab; i++) {
      if (p[i] > 0) divergence += p[i] * Math.log(p[i] / q[i]);
      const soft = weight * temperature * (q[i] - p[i]);
      logits[row * vocab + i] = factors[row] * (soft + (1 - weight) * (own[i] - (i === label ? 1 : 0)));
    }
    return weight * temperature ** 2 * divergence - (1 - weight) * Math.log(own[label]);
  });
}
