// Operations on rows of activations: norms, rotary embedding, gates, sums. One ticket is one row; value rows are 16-byte aligned and
// padded to sixteen columns, so a whole last vector may be read and written.
import * as c from "./context";
import { arg, ptr, real } from "./context";
import { sigmoid4, silu4, sum4 } from "./math";
import { ticket } from "./sync";

/** x, xStride, weight, out, outStride, width of a group, groups per row, eps, row kind, what is added to the weights. */
export function rmsNorm(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 8));
  const width = arg(i, 5), groups = arg(i, 6), eps = real(i, 7), weight = ptr(i, 2), offset = real(i, 9);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    let x = ptr(i, 0) + <usize>row * ptr(i, 1);
    let out = ptr(i, 3) + <usize>row * ptr(i, 4);
    for (let g = 0; g < groups; g++, x += <usize>width << 2, out += <usize>width << 2) normGroup(x, weight, out, width, eps, offset);
  }
}

function normGroup(x: usize, weight: usize, out: usize, width: i32, eps: f32, offset: f32): void {
  const whole = <usize>(width & ~3) << 2, end = <usize>width << 2;
  let lanes = f32x4.splat(0);
  for (let p: usize = 0; p < whole; p += 16) {
    const v = v128.load(x + p);
    lanes = f32x4.add(lanes, f32x4.mul(v, v));
  }
  let sum = sum4(lanes);
  for (let p = whole; p < end; p += 4) sum += load<f32>(x + p) * load<f32>(x + p);
  const factor: f32 = 1 / sqrt<f32>(sum / <f32>width + eps);
  const f = f32x4.splat(factor), o = f32x4.splat(offset);
  for (let p: usize = 0; p < whole; p += 16)
    v128.store(out + p, f32x4.mul(f32x4.mul(v128.load(x + p), f), f32x4.add(v128.load(weight + p), o)));
  for (let p = whole; p < end; p += 4) store<f32>(out + p, load<f32>(x + p) * factor * (load<f32>(weight + p) + offset));
}

/** x, xStride, heads, headDim, rotated half, table [T][half][cos, sin], out, outStride. */
export function rope(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 0);
  const heads = arg(i, 2), headBytes = <usize>arg(i, 3) << 2, half = arg(i, 4);
  const halfBytes = <usize>half << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const table = ptr(i, 5) + <usize>row * (halfBytes << 1);
    let x = ptr(i, 0) + <usize>row * ptr(i, 1), out = ptr(i, 6) + <usize>row * ptr(i, 7);
    for (let h = 0; h < heads; h++, x += headBytes, out += headBytes) {
      for (let p: usize = 0; p < halfBytes; p += 4) {
        const cos = load<f32>(table + (p << 1)), sin = load<f32>(table + (p << 1), 4);
        const a = load<f32>(x + p), b = load<f32>(x + p + halfBytes);
        store<f32>(out + p, a * cos - b * sin);
        store<f32>(out + p + halfBytes, b * cos + a * sin);
      }
      for (let p = halfBytes << 1; p < headBytes; p += 4) store<f32>(out + p, load<f32>(x + p));
    }
  }
}

/** gate, gateStride, up, upStride, out, outStride, columns, row kind, rows multiplier: silu(gate) * up. */
export function swiglu(ctx: usize, i: usize): void {
  const rows = elementRows(ctx, i), bytes = <usize>arg(i, 6) << 2;
  const cuts = columnCuts(rows, arg(i, 6)), piece = ((bytes / <usize>cuts + 63) & ~63);
  for (let n = ticket(i), pieces = rows * cuts; n < pieces; n = ticket(i)) {
    const row = n / cuts, from = <usize>(n % cuts) * piece, to = min(bytes, from + piece);
    const gate = ptr(i, 0) + <usize>row * ptr(i, 1), up = ptr(i, 2) + <usize>row * ptr(i, 3), out = ptr(i, 4) + <usize>row * ptr(i, 5);
    for (let p = from; p < to; p += 16)
      v128.store(out + p, f32x4.mul(silu4(v128.load(gate + p)), v128.load(up + p)));
  }
}

/** How many pieces a row is cut into: few wide rows are shared between threads. */
@inline export function columnCuts(rows: i32, columns: i32): i32 {
  return rows > 4 ? 1 : max(1, columns >> 10);
}

/** a, aStride, b, bStride, out, outStride, columns, row kind. */
export function add(ctx: usize, i: usize): void {
  const rows = elementRows(ctx, i), bytes = <usize>arg(i, 6) << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const a = ptr(i, 0) + <usize>row * ptr(i, 1), b = ptr(i, 2) + <usize>row * ptr(i, 3), out = ptr(i, 4) + <usize>row * ptr(i, 5);
    for (let p: usize = 0; p < bytes; p += 16) v128.store(out + p, f32x4.add(v128.load(a + p), v128.load(b + p)));
  }
}

/** gate, gateStride, x, xStride, out, outStride, columns, row kind, rows multiplier, whether every column has its gate: sigmoid(gate) * x. */
export function sigmoidGate(ctx: usize, i: usize): void {
  const rows = elementRows(ctx, i), bytes = <usize>arg(i, 6) << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const gate = ptr(i, 0) + <usize>row * ptr(i, 1);
    const x = ptr(i, 2) + <usize>row * ptr(i, 3), out = ptr(i, 4) + <usize>row * ptr(i, 5);
    if (arg(i, 9)) {
      for (let p: usize = 0; p < bytes; p += 16) v128.store(out + p, f32x4.mul(v128.load(x + p), sigmoid4(v128.load(gate + p))));
      continue;
    }
    const factor = sigmoid4(f32x4.splat(load<f32>(gate)));
    for (let p: usize = 0; p < bytes; p += 16) v128.store(out + p, f32x4.mul(v128.load(x + p), factor));
  }
}

/** x, xStride, groups, bytes of a group, bytes left out before the slice, its bytes, out, outStride, row kind. */
export function slice(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 8)), groups = arg(i, 2), part = ptr(i, 3), bytes = ptr(i, 5);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    let x = ptr(i, 0) + <usize>row * ptr(i, 1) + ptr(i, 4), out = ptr(i, 6) + <usize>row * ptr(i, 7);
    for (let g = 0; g < groups; g++, x += part, out += bytes) memory.copy(out, x, bytes);
  }
}

/** a, aStride, its bytes, b, bStride, its bytes, out, outStride, row kind. */
export function concat(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 8)), first = ptr(i, 2);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const out = ptr(i, 6) + <usize>row * ptr(i, 7);
    memory.copy(out, ptr(i, 0) + <usize>row * ptr(i, 1), first);
    memory.copy(out + first, ptr(i, 3) + <usize>row * ptr(i, 4), ptr(i, 5));
  }
}

/** x, xStride, out, outStride, columns: the rows whose logits are asked for. */
export function gatherRows(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 1), tokens = <usize>load<u32>(ctx + c.ROW_TOKENS), bytes = <usize>arg(i, 4) << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const token = load<i32>(tokens + (<usize>row << 2));
    memory.copy(ptr(i, 2) + <usize>row * ptr(i, 3), ptr(i, 0) + <usize>token * ptr(i, 1), bytes);
  }
}

@inline function elementRows(ctx: usize, i: usize): i32 {
  return c.rowCount(ctx, arg(i, 7)) * max(1, arg(i, 8));
}
