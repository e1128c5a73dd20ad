// Elementwise ops: SwiGLU (arXiv 2002.05202), sums, and the sigmoid gate of the shared expert.

import type { Floats } from "./floats.ts";

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** silu(gate) * up. */
export function swiglu(gate: Floats, up: Floats, out: Floats): void {
  for (let i = 0; i < out.length; i++) out[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

export function add(a: Floats, b: Floats, out: Floats): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
}

/** sigmoid(gate) * x; a gate holds for x.length / gate.length columns. */
export function sigmoidGate(gate: Floats, x: Floats, out: Floats): void {
  const cols = x.length / gate.length;
  for (let i = 0; i < out.length; i++) out[i] = sigmoid(gate[Math.floor(i / cols)]) * x[i];
}
