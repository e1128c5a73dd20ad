// The read test: how fast memory can be read by these threads, which is the limit of decoding (numerics.md).
import { ptr } from "./context";
import { ticket } from "./sync";

/** 0 address, 1 bytes, 2 where a checksum goes. Pieces of 4 MiB by ticket. */
export function readMemory(_ctx: usize, i: usize): void {
  const bytes = ptr(i, 1), piece: usize = 4 << 20, pieces = <i32>(bytes / piece);
  for (let n = ticket(i); n < pieces; n = ticket(i)) {
    let a = i32x4.splat(0), b = a, c = a, d = a;
    let p = ptr(i, 0) + <usize>n * piece;
    for (const end = p + piece; p < end; p += 64) {
      a = v128.xor(a, v128.load(p));
      b = v128.xor(b, v128.load(p, 16));
      c = v128.xor(c, v128.load(p, 32));
      d = v128.xor(d, v128.load(p, 48));
    }
    v128.store(ptr(i, 2), v128.xor(v128.xor(a, b), v128.xor(c, d)));
  }
}
