// Training beside its products: gradients of norms, rotary embedding and gates, the loss, sums over tokens, and AdamW. Rows as in
// rows.ts. Sums over tokens are cut by columns, sixteen to a ticket, tokens in order: no sum crosses threads.
import * as c from "./context";
import { arg, ptr, real } from "./context";
import { exp4, max4, sigmoid4, sum4 } from "./math";
import { ticket } from "./sync";

@inline function put(at: usize, value: v128, add: bool): void {
  v128.store(at, add ? f32x4.add(v128.load(at), value) : value);
}

/** x, xStride, weight, dOut, dOutStride, into, intoStride, width of a group, groups, eps, row kind, add, [rows][groups] 1/rms or 0, what is added to the weights. */
export function rmsNormGradient(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 10)), width = arg(i, 7), groups = arg(i, 8), weight = ptr(i, 2), scales = ptr(i, 12);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    let x = ptr(i, 0) + <usize>row * ptr(i, 1), dy = ptr(i, 3) + <usize>row * ptr(i, 4), dx = ptr(i, 5) + <usize>row * ptr(i, 6);
    for (let g = 0; g < groups; g++, x += <usize>width << 2, dy += <usize>width << 2, dx += <usize>width << 2) {
      const scale = normGroup(x, weight, dy, dx, width, real(i, 9), arg(i, 11) != 0, real(i, 13));
      if (scales != 0) store<f32>(scales + (<usize>(row * groups + g) << 2), scale);
    }
  }
}

function normGroup(x: usize, weight: usize, dy: usize, dx: usize, width: i32, eps: f32, add: bool, offset: f32): f32 {
  const whole = <usize>(width & ~3) << 2, end = <usize>width << 2;
  const o = f32x4.splat(offset);
  let squares = f32x4.splat(0), products = squares;
  for (let p: usize = 0; p < whole; p += 16) {
    const v = v128.load(x + p), w = f32x4.add(v128.load(weight + p), o);
    squares = f32x4.add(squares, f32x4.mul(v, v));
    products = f32x4.add(products, f32x4.mul(f32x4.mul(v, w), v128.load(dy + p)));
  }
  let sum = sum4(squares), product = sum4(products);
  for (let p = whole; p < end; p += 4) {
    sum += load<f32>(x + p) * load<f32>(x + p);
    product += load<f32>(x + p) * (load<f32>(weight + p) + offset) * load<f32>(dy + p);
  }
  const scale: f32 = 1 / sqrt<f32>(sum / <f32>width + eps), back: f32 = scale * scale * scale * product / <f32>width;
  const s = f32x4.splat(scale), b = f32x4.splat(back);
  for (let p: usize = 0; p < whole; p += 16) {
    const along = f32x4.mul(f32x4.mul(f32x4.add(v128.load(weight + p), o), v128.load(dy + p)), s);
    put(dx + p, f32x4.sub(along, f32x4.mul(v128.load(x + p), b)), add);
  }
  for (let p = whole; p < end; p += 4) {
    const value = (load<f32>(weight + p) + offset) * load<f32>(dy + p) * scale - load<f32>(x + p) * back;
    store<f32>(dx + p, add ? load<f32>(dx + p) + value : value);
  }
  return scale;
}

/** x, xStride, dOut, dOutStride, width, groups, row kind, 1/rms, gradient of the weight: the sum of x * dOut / rms. */
export function rmsNormWeight(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 6)), width = arg(i, 4), groups = arg(i, 5), cuts = (width + 15) >> 4;
  for (let t = ticket(i); t < cuts; t = ticket(i))
    for (let column = t << 4; column < min(width, (t + 1) << 4); column++) {
      const to = ptr(i, 8) + (<usize>column << 2);
      let sum = load<f32>(to);
      for (let row = 0; row < rows; row++)
        for (let g = 0; g < groups; g++) {
          const at = <usize>(g * width + column) << 2, scale = load<f32>(ptr(i, 7) + (<usize>(row * groups + g) << 2));
          sum += load<f32>(ptr(i, 0) + <usize>row * ptr(i, 1) + at) * load<f32>(ptr(i, 2) + <usize>row * ptr(i, 3) + at) * scale;
        }
      store<f32>(to, sum);
    }
}

/** dOut, stride, columns, row kind, gradient of the bias. */
export function biasSum(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 3)), columns = arg(i, 2);
  for (let t = ticket(i), cuts = (columns + 3) >> 2; t < cuts; t = ticket(i)) {
    const to = ptr(i, 4) + (<usize>t << 4);
    let sum = v128.load(to), p = ptr(i, 0) + (<usize>t << 4);
    for (let row = 0; row < rows; row++, p += ptr(i, 1)) sum = f32x4.add(sum, v128.load(p));
    const left = columns - (t << 2);
    if (left >= 4) v128.store(to, sum);
    else {
      // what pads a row is not the bias's
      store<f32>(to, f32x4.extract_lane(sum, 0));
      if (left > 1) store<f32>(to, f32x4.extract_lane(sum, 1), 4);
      if (left > 2) store<f32>(to, f32x4.extract_lane(sum, 2), 8);
    }
  }
}

/** dOut, stride, heads, headDim, rotated half, table [T][half][cos, sin], into, intoStride, add. */
export function ropeGradient(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 0), heads = arg(i, 2), headBytes = <usize>arg(i, 3) << 2, half = <usize>arg(i, 4) << 2, more = arg(i, 8) != 0;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const table = ptr(i, 5) + <usize>row * (half << 1);
    let dy = ptr(i, 0) + <usize>row * ptr(i, 1), dx = ptr(i, 6) + <usize>row * ptr(i, 7);
    for (let h = 0; h < heads; h++, dy += headBytes, dx += headBytes) {
      for (let p: usize = 0; p < half; p += 4) {
        const cos = load<f32>(table + (p << 1)), sin = load<f32>(table + (p << 1), 4);
        const a = load<f32>(dy + p), b = load<f32>(dy + p + half);
        const first = a * cos + b * sin, second = b * cos - a * sin;
        store<f32>(dx + p, more ? load<f32>(dx + p) + first : first);
        store<f32>(dx + p + half, more ? load<f32>(dx + p + half) + second : second);
      }
      for (let p = half << 1; p < headBytes; p += 4)
        store<f32>(dx + p, more ? load<f32>(dx + p) + load<f32>(dy + p) : load<f32>(dy + p));
    }
  }
}

/** gate, up, dOut, dGate, dUp, stride of all, columns, row kind. */
export function swigluGradient(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 7)), bytes = <usize>arg(i, 6) << 2, one = f32x4.splat(1);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const at = <usize>row * ptr(i, 5);
    for (let p = at, end = at + bytes; p < end; p += 16) {
      const gate = v128.load(ptr(i, 0) + p), dy = v128.load(ptr(i, 2) + p), s = sigmoid4(gate);
      const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(gate, f32x4.sub(one, s))));
      const up = v128.load(ptr(i, 1) + p); // before dUp, which may lie in its place
      v128.store(ptr(i, 4) + p, f32x4.mul(dy, f32x4.mul(gate, s)));
      v128.store(ptr(i, 3) + p, f32x4.mul(f32x4.mul(dy, up), slope));
    }
  }
}

/** gate, gateStride, x, stride of x, dOut and dX, dOut, dGate (gateStride), dX, columns, row kind, whether every column has its gate. */
export function sigmoidGateGradient(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 8)), end = <usize>arg(i, 7) << 2, whole = end & ~15, one = f32x4.splat(1);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const gate = ptr(i, 0) + <usize>row * ptr(i, 1), dGate = ptr(i, 5) + <usize>row * ptr(i, 1), at = <usize>row * ptr(i, 3);
    const x = ptr(i, 2) + at, dy = ptr(i, 4) + at, dx = ptr(i, 6) + at;
    if (arg(i, 9)) {
      for (let p: usize = 0; p < end; p += 16) {
        const s = sigmoid4(v128.load(gate + p)), d = f32x4.mul(v128.load(dy + p), s);
        v128.store(dGate + p, f32x4.mul(f32x4.mul(d, v128.load(x + p)), f32x4.sub(one, s)));
        v128.store(dx + p, d);
      }
      continue;
    }
    const s = sigmoid4(f32x4.splat(load<f32>(gate))), factor = f32x4.extract_lane(s, 0);
    let sums = f32x4.splat(0);
    for (let p: usize = 0; p < whole; p += 16) {
      const d = v128.load(dy + p);
      sums = f32x4.add(sums, f32x4.mul(d, v128.load(x + p)));
      v128.store(dx + p, f32x4.mul(d, s));
    }
    let sum = sum4(sums);
    for (let p = whole; p < end; p += 4) {
      sum += load<f32>(dy + p) * load<f32>(x + p);
      store<f32>(dx + p, load<f32>(dy + p) * factor);
    }
    store<f32>(dGate, sum * factor * (1 - factor));
  }
}

/** dOut, stride, groups, bytes of a group, bytes left out before the slice, its bytes, into, intoStride, row kind. */
export function sliceGradient(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 8)), groups = arg(i, 2), bytes = ptr(i, 5), whole = bytes & ~15;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    let dy = ptr(i, 0) + <usize>row * ptr(i, 1), dx = ptr(i, 6) + <usize>row * ptr(i, 7) + ptr(i, 4);
    for (let g = 0; g < groups; g++, dy += bytes, dx += ptr(i, 3)) {
      for (let p: usize = 0; p < whole; p += 16) put(dx + p, v128.load(dy + p), true);
      for (let p = whole; p < bytes; p += 4) store<f32>(dx + p, load<f32>(dx + p) + load<f32>(dy + p));
    }
  }
}

/**
 * logits, stride, columns, bytes from a row's token in the context's list to its label, its factor and its results: maximum, sum of
 * exp(x - maximum), logit of the label. Logits become factor * (softmax - one-hot).
 */
export function crossEntropy(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 1), columns = arg(i, 2), list = <usize>load<u32>(ctx + c.ROW_TOKENS);
  const whole = <usize>(columns & ~3) << 2, end = <usize>columns << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const x = ptr(i, 0) + <usize>row * ptr(i, 1), label = load<i32>(list + ptr(i, 3) + (<usize>row << 2));
    const scale = load<f32>(list + ptr(i, 4) + (<usize>row << 2));
    for (let p = end; p & 15; p += 4) store<f32>(x + p, -3.4e38); // pads the last vector
    let top = f32x4.splat(-3.4e38);
    for (let p: usize = 0; p < end; p += 16) top = f32x4.pmax(top, v128.load(x + p));
    const most = max4(top), shift = f32x4.splat(most);
    const chosen = load<f32>(x + (<usize>label << 2));
    let sums = f32x4.splat(0);
    for (let p: usize = 0; p < end; p += 16) {
      const e = exp4(f32x4.sub(v128.load(x + p), shift));
      v128.store(x + p, e);
      sums = f32x4.add(sums, e);
    }
    const sum = sum4(sums), factor = f32x4.splat(scale / sum);
    for (let p: usize = 0; p < whole + 16 && p < end; p += 16) v128.store(x + p, f32x4.mul(v128.load(x + p), factor));
    const at = x + (<usize>label << 2), results = list + ptr(i, 5) + <usize>row * c.ROW_RESULTS;
    store<f32>(at, load<f32>(at) - scale);
    store<f32>(results, most);
    store<f32>(results, sum, 4);
    store<f32>(results, chosen, 8);
  }
}

/** table, stride, columns, out, outStride: rows by the tokens' ids of a table of plain f32. */
export function embedPlain(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), ids = <usize>load<u32>(ctx + c.TOKEN_IDS), bytes = <usize>arg(i, 2) << 2;
  for (let t = ticket(i); t < tokens; t = ticket(i))
    memory.copy(ptr(i, 3) + <usize>t * ptr(i, 4), ptr(i, 0) + <usize>load<i32>(ids + (<usize>t << 2)) * ptr(i, 1), bytes);
}

/** gradient of the table, stride, columns, dOut, dOutStride. */
export function embedGradient(ctx: usize, i: usize): void {
  const tokens = c.rowCount(ctx, 0), ids = <usize>load<u32>(ctx + c.TOKEN_IDS), columns = arg(i, 2);
  for (let n = ticket(i), cuts = (columns + 15) >> 4; n < cuts; n = ticket(i)) {
    const from = <usize>n << 6, to = min<usize>(<usize>columns << 2, from + 64);
    for (let t = 0; t < tokens; t++) {
      const row = ptr(i, 0) + <usize>load<i32>(ids + (<usize>t << 2)) * ptr(i, 1), dy = ptr(i, 3) + <usize>t * ptr(i, 4);
      for (let p = from; p < to; p += 4) store<f32>(row + p, load<f32>(row + p) + load<f32>(dy + p));
    }
  }
}

/** dOut, stride, into, intoStride, columns: the transpose of gatherRows. */
export function scatterRows(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 1), tokens = <usize>load<u32>(ctx + c.ROW_TOKENS), bytes = <usize>arg(i, 4) << 2;
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const to = ptr(i, 2) + <usize>load<i32>(tokens + (<usize>row << 2)) * ptr(i, 3), from = ptr(i, 0) + <usize>row * ptr(i, 1);
    for (let p: usize = 0; p < bytes; p += 16) put(to + p, v128.load(from + p), true);
  }
}

/** into, stride, row kind: zeros. */
export function clear(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, arg(i, 2));
  for (let row = ticket(i); row < rows; row = ticket(i)) memory.fill(ptr(i, 0) + <usize>row * ptr(i, 1), 0, ptr(i, 1));
}

const PIECE: usize = 16384; // bytes of a parameter that are summed or updated together

/** gradient, bytes, [pieces] sums of squares. */
export function sumSquares(ctx: usize, i: usize): void {
  const bytes = ptr(i, 1), pieces = <i32>((bytes + PIECE - 1) / PIECE);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    const from = ptr(i, 0) + <usize>n * PIECE, end = min(ptr(i, 0) + bytes, from + PIECE);
    let sums = f32x4.splat(0);
    for (let p = from; p < end; p += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(p), v128.load(p)));
    store<f32>(ptr(i, 2) + (<usize>n << 2), sum4(sums));
  }
}

/**
 * AdamW (arXiv 1711.05101, algorithm 2): value, gradient, first moment, second moment, bytes, and the address of nine f32: factor on
 * the gradient, beta1, 1 - beta1, beta2, 1 - beta2, learning rate / (1 - beta1^t), 1 / (1 - beta2^t), epsilon, 1 - rate * decay.
 */
export function adamW(ctx: usize, i: usize): void {
  const bytes = ptr(i, 4), pieces = <i32>((bytes + PIECE - 1) / PIECE), h = ptr(i, 5);
  const factor = v128.load32_splat(h), beta1 = v128.load32_splat(h, 4), rest1 = v128.load32_splat(h, 8);
  const beta2 = v128.load32_splat(h, 12), rest2 = v128.load32_splat(h, 16), rate = v128.load32_splat(h, 20);
  const bias2 = v128.load32_splat(h, 24), epsilon = v128.load32_splat(h, 28), decay = v128.load32_splat(h, 32);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    for (let p = <usize>n * PIECE, end = min(bytes, p + PIECE); p < end; p += 16) {
      const g = f32x4.mul(v128.load(ptr(i, 1) + p), factor);
      const m = f32x4.add(f32x4.mul(v128.load(ptr(i, 2) + p), beta1), f32x4.mul(g, rest1));
      const v = f32x4.add(f32x4.mul(v128.load(ptr(i, 3) + p), beta2), f32x4.mul(f32x4.mul(g, g), rest2));
      v128.store(ptr(i, 2) + p, m);
      v128.store(ptr(i, 3) + p, v);
      const down = f32x4.div(f32x4.mul(m, rate), f32x4.add(f32x4.sqrt(f32x4.mul(v, bias2)), epsilon));
      v128.store(ptr(i, 0) + p, f32x4.sub(f32x4.mul(v128.load(ptr(i, 0) + p), decay), down));
    }
  }
}
