// Elementwise ops: SwiGLU (arXiv 2002.05202), sums, and the sigmoid gate of the shared expert.

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** silu(gate) * up. */
export function swiglu(gate: Float32Array, up: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

export function add(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
}

/** sigmoid(gate) * x; a gate holds for x.length / gate.length columns. */
export function sigmoidGate(gate: Float32Array, x: Float32Array, out: Float32Array): void {
  const cols = x.length / gate.length;
  for (let i = 0; i < out.length; i++) out[i] = sigmoid(gate[Math.floor(i / cols)]) * x[i];
}
