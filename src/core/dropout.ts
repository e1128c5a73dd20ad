// Which inputs dropout leaves out (Srivastava et al. 2014, section 10: the inverted form, so that nothing changes when it is off).
// Numbers come from counters, not from a stream: a mask depends on its sequence's key, the token's position, the module and the
// column alone, so threads, passes and chunks change no bit, and a resumed run draws what an undisturbed one would.
// kernels/dropout.ts is its twin.

/** Of a low-rank term's input: how likely a value is left out, and which of the adapted modules it is. */
export interface Dropout {
  /** From 0 to below 1. */
  readonly probability: number;
  readonly module: number;
}

/** Mixes 32 bits (the finaliser of MurmurHash3). */
function mix(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** What a token's masks are drawn from, by its sequence's key (32 bits) and its position in it. */
export function tokenKey(sequenceKey: number, position: number): number {
  return mix(sequenceKey + Math.imul(position + 1, 0x9e3779b1));
}

/** Numbers of 32 bits below this are left out. */
export const dropoutThreshold = (probability: number): number => Math.floor(probability * 2 ** 32);

/** XORed into the token's key: each module has masks of its own. */
export const moduleKey = (module: number): number => Math.imul(module + 1, 0x85ebca77) >>> 0;

/** The factor on one value: 0, or 1 / (1 - p). */
export function dropoutFactor(token: number, column: number, { probability, module }: Dropout): number {
  const word = mix(mix(token ^ moduleKey(module)) + Math.imul(column + 1, 0xc2b2ae3d));
  return word < dropoutThreshold(probability) ? 0 : 1 / (1 - probability);
}
