// e^x on four lanes for passes over a whole vocabulary: the bits of exp4 (math.ts) for x <= 88, at half its cost. Constants are read
// from a table, because V8 builds a v128.const anew at every use; rounding to an integer is an addition, and what lies below the
// range is masked instead of clamped.

/** Writes the table: 192 bytes, 16-byte aligned. */
export function prepareExp(table: usize): void {
  put(table, 0, -87.33654);
  put(table, 1, 1.44269504);
  put(table, 2, 12582912); // 1.5 * 2^23: the integer stands in the lowest bits of a sum
  put(table, 3, 0.693359375);
  put(table, 4, -2.12194440e-4);
  put(table, 5, 1.9875691500e-4);
  put(table, 6, 1.3981999507e-3);
  put(table, 7, 8.3334519073e-3);
  put(table, 8, 4.1665795894e-2);
  put(table, 9, 1.6666665459e-1);
  put(table, 10, 5.0000001201e-1);
  put(table, 11, 1); // also 2^0, to whose exponent n is added
}
@inline function put(table: usize, i: usize, value: f32): void {
  v128.store(table + (i << 4), f32x4.splat(value));
}

@inline export function exp(x: v128, table: usize): v128 {
  const shifted = f32x4.add(f32x4.mul(x, v128.load(table, 16)), v128.load(table, 32));
  const n = f32x4.sub(shifted, v128.load(table, 32));
  let r = f32x4.sub(x, f32x4.mul(n, v128.load(table, 48)));
  r = f32x4.sub(r, f32x4.mul(n, v128.load(table, 64)));
  let p = v128.load(table, 80);
  p = f32x4.add(f32x4.mul(p, r), v128.load(table, 96));
  p = f32x4.add(f32x4.mul(p, r), v128.load(table, 112));
  p = f32x4.add(f32x4.mul(p, r), v128.load(table, 128));
  p = f32x4.add(f32x4.mul(p, r), v128.load(table, 144));
  p = f32x4.add(f32x4.mul(p, r), v128.load(table, 160));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), v128.load(table, 176));
  const power = i32x4.add(v128.shl<i32>(shifted, 23), v128.load(table, 176));
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, v128.load(table)));
}
