// What objectives add to training: dropout's masks (core/dropout.ts is the twin), and the loss of a student beside its teacher.
import * as c from "./context";
import { arg, ptr, real } from "./context";
import { exp4, max4, sum4 } from "./math";
import { ticket } from "./sync";

const MULTIPLY_1: i32 = 0x85ebca6b;
const MULTIPLY_2: i32 = 0xc2b2ae35;
const MULTIPLY_COLUMN: i32 = 0xc2b2ae3d;
const KEYS_AT: usize = 16;

/** The finaliser of MurmurHash3. */
@inline function mix(h: u32): u32 {
  let x = (h ^ (h >> 16)) * <u32>MULTIPLY_1;
  x = (x ^ (x >> 13)) * <u32>MULTIPLY_2;
  return x ^ (x >> 16);
}
@inline function mix4(h: v128): v128 {
  let x = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(MULTIPLY_1));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(MULTIPLY_2));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/**
 * x, xStride, out, outStride, columns, row kind, table, threshold, 1 / (1 - p), the module's key, add. The table: whether anything is
 * left out, then from byte 16 on each token's key. Numbers below the threshold are left out.
 */
export function dropout(ctx: usize, i: usize): void {
  const kind = arg(i, 5), rows = c.rowCount(ctx, kind), bytes = <usize>arg(i, 4) << 2, table = ptr(i, 6), add = arg(i, 10) != 0;
  const on = load<i32>(table) != 0, threshold = i32x4.splat(on ? arg(i, 7) : 0), factor = f32x4.splat(on ? real(i, 8) : <f32>1);
  const step = i32x4.splat(4 * MULTIPLY_COLUMN), first = i32x4.mul(i32x4(1, 2, 3, 4), i32x4.splat(MULTIPLY_COLUMN));
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const token = kind == 1 ? load<i32>(<usize>load<u32>(ctx + c.ROW_TOKENS) + (<usize>row << 2)) : row;
    const key = mix(load<u32>(table + KEYS_AT + (<usize>token << 2)) ^ <u32>arg(i, 9));
    const x = ptr(i, 0) + <usize>row * ptr(i, 1), out = ptr(i, 2) + <usize>row * ptr(i, 3);
    let counter = i32x4.add(first, i32x4.splat(<i32>key));
    for (let p: usize = 0; p < bytes; p += 16, counter = i32x4.add(counter, step)) {
      const kept = v128.and(f32x4.mul(v128.load(x + p), factor), i32x4.ge_u(mix4(counter), threshold));
      v128.store(out + p, add ? f32x4.add(v128.load(out + p), kept) : kept);
    }
  }
}

/** The largest of a row; what pads its last vector becomes too small to count. */
@inline function largest(row: usize, end: usize): f32 {
  for (let p = end; p & 15; p += 4) store<f32>(row + p, -3.4e38);
  let top = f32x4.splat(-3.4e38);
  for (let p: usize = 0; p < end; p += 16) top = f32x4.pmax(top, v128.load(row + p));
  return max4(top);
}

/**
 * logits, stride of both, columns, targets, bytes from a row's token in the context's list to its label, its factor and its results,
 * temperature T, weight w. With p and q the softmax of targets and logits at T: logits become
 * factor * (w T (q - p) + (1 - w) (softmax - one-hot)). Results: the label's logit below the largest z; sums of exp(z), of exp(z / T),
 * of e = exp(u / T) with u the targets below their largest, and of e (u - z).
 */
export function distillation(ctx: usize, i: usize): void {
  const rows = c.rowCount(ctx, 1), end = <usize>arg(i, 2) << 2, list = <usize>load<u32>(ctx + c.ROW_TOKENS);
  const temperature = real(i, 7), weight = real(i, 8), cold = f32x4.splat(1 / temperature);
  for (let row = ticket(i); row < rows; row = ticket(i)) {
    const x = ptr(i, 0) + <usize>row * ptr(i, 1), t = ptr(i, 3) + <usize>row * ptr(i, 1);
    const label = x + (<usize>load<i32>(list + ptr(i, 4) + (<usize>row << 2)) << 2);
    const top = f32x4.splat(largest(x, end)), targetTop = f32x4.splat(largest(t, end));
    let own = f32x4.splat(0), student = own, teacher = own, across = own;
    for (let p: usize = 0; p < end; p += 16) {
      const z = f32x4.sub(v128.load(x + p), top), u = f32x4.sub(v128.load(t + p), targetTop), e = exp4(f32x4.mul(u, cold));
      own = f32x4.add(own, exp4(z));
      student = f32x4.add(student, exp4(f32x4.mul(z, cold)));
      teacher = f32x4.add(teacher, e);
      across = f32x4.add(across, f32x4.mul(e, f32x4.sub(u, z)));
      v128.store(x + p, z);
      v128.store(t + p, e);
    }
    const factor = load<f32>(list + ptr(i, 5) + (<usize>row << 2)), soft = factor * weight * temperature, hard = factor * (1 - weight);
    const results = list + ptr(i, 6) + <usize>row * c.ROW_RESULTS;
    const sumOwn = sum4(own), sumStudent = sum4(student), sumTeacher = sum4(teacher);
    store<f32>(results, load<f32>(label));
    store<f32>(results, sumOwn, 4);
    store<f32>(results, sumStudent, 8);
    store<f32>(results, sumTeacher, 12);
    store<f32>(results, sum4(across), 16);
    const ofOwn = f32x4.splat(hard / sumOwn), ofStudent = f32x4.splat(soft / sumStudent), ofTeacher = f32x4.splat(soft / sumTeacher);
    for (let p: usize = 0; p < end; p += 16) {
      const z = v128.load(x + p), q = f32x4.mul(exp4(f32x4.mul(z, cold)), ofStudent);
      const apart = f32x4.sub(q, f32x4.mul(v128.load(t + p), ofTeacher));
      v128.store(x + p, f32x4.add(apart, f32x4.mul(exp4(z), ofOwn)));
    }
    store<f32>(label, load<f32>(label) - hard);
  }
}
