// Random numbers by place: a number depends on seed, stream and index alone, so a resumed run draws what an undisturbed one would.

/** Mixes 32 bits (the finaliser of MurmurHash3). */
function mix(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A whole number of 32 bits. */
export function bits(seed: number, stream: number, index: number): number {
  const high = Math.floor(seed / 2 ** 32);
  return mix(mix(mix((seed >>> 0) + Math.imul(high, 0x9e3779b1)) + Math.imul(stream, 0x85ebca77)) + index);
}

/** In (0, 1). */
export function uniform(seed: number, stream: number, index: number): number {
  return (bits(seed, stream, index) + 0.5) / 2 ** 32;
}

/** Standard normal (Box and Muller 1958). */
export function normal(seed: number, stream: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(seed, stream, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, stream, 2 * index + 1));
}

/** 0 .. n - 1 in random order (Fisher and Yates). */
export function permutation(n: number, seed: number, stream: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(seed, stream, i) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
