// One WebAssembly memory: a fixed part (constants, context, plan, weights, arena) and pages that come and go behind it.

import { AnyqwenError } from "../../core/errors.ts";
import { alignUp, firstFree } from "./layout.ts";

const wasmPage = 65536;
/** Most bytes of one memory. */
export const largestMemory = 4 * 1024 ** 3 - wasmPage;

export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MiB`;

export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  #end = firstFree;
  readonly #limit: number;
  readonly #free = new Map<number, number[]>();
  #view: DataView;
  #bytes: Uint8Array;

  /** `fixed`: bytes that are needed at once; `limit`: most it may ever grow to. */
  constructor(fixed: number, limit: number, shared: boolean) {
    const initial = alignUp(firstFree + fixed, wasmPage);
    this.#limit = Math.min(largestMemory, alignUp(firstFree + limit, wasmPage));
    if (initial > largestMemory)
      throw new AnyqwenError(
        "out-of-memory",
        `the model needs ${mebibytes(fixed)}, more than the ${mebibytes(largestMemory)} of one WebAssembly memory; take a smaller quantisation or context`,
      );
    try {
      this.memory = new WebAssembly.Memory({ initial: initial / wasmPage, maximum: this.#limit / wasmPage, shared });
    } catch (cause) {
      throw new AnyqwenError(
        "out-of-memory",
        `the system refused ${mebibytes(initial)} of memory for the model; close other programs, raise this process's limit, or take a smaller quantisation or context`,
        { cause },
      );
    }
    this.#view = new DataView(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#writeConstants();
  }

  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /** Views of all memory; they follow when it grows. */
  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.memory.buffer) this.#bytes = new Uint8Array(this.memory.buffer);
    return this.#bytes;
  }

  /** A place for `bytes`, aligned to 64; never given back. */
  reserve(bytes: number): number {
    const at = alignUp(this.#end, 64);
    this.#grow(at + bytes);
    this.#end = at + bytes;
    return at;
  }

  /** A place for `bytes` that `release` may give back; zeroed the first time only. */
  acquire(bytes: number): number {
    return this.#free.get(bytes)?.pop() ?? this.reserve(bytes);
  }

  release(address: number, bytes: number): void {
    const list = this.#free.get(bytes) ?? [];
    list.push(address);
    this.#free.set(bytes, list);
  }

  #grow(end: number): void {
    if (end <= this.size) return;
    const pages = alignUp(end - this.size, wasmPage) / wasmPage;
    try {
      if (end > this.#limit) throw new RangeError(`beyond the planned ${mebibytes(this.#limit)}`);
      this.memory.grow(pages);
    } catch (cause) {
      throw new AnyqwenError(
        "out-of-memory",
        `no room for ${mebibytes(end - this.size)} more: ${mebibytes(this.size)} are in use`,
        { cause },
      );
    }
  }

  /** kernels/constants.ts says what lies where. */
  #writeConstants(): void {
    const { bytes, view } = this;
    [0x0f, 0x10, 0x30, 0x03, 0x04].forEach((mask, n) => bytes.fill(mask, 64 + 16 * n, 80 + 16 * n));
    for (let lane = 0; lane < 4; lane++) {
      view.setUint32(144 + 4 * lane, 0x7fff, true);
      view.setFloat32(160 + 4 * lane, 2 ** 112, true);
      view.setUint32(176 + 4 * lane, 0x8000, true);
      view.setUint32(448 + 4 * lane, 0x8fffe000, true);
    }
    for (let lane = 0; lane < 8; lane++) view.setInt16(224 + 2 * lane, 1, true);
    const exp = [-87.33654, 88.37626, Math.LOG2E, 12582912, 0.693359375, -2.1219444e-4];
    exp.push(1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 0.16666665459, 0.50000001201, 1);
    exp.forEach((value, n) => {
      for (let lane = 0; lane < 4; lane++) view.setFloat32(240 + 16 * n + 4 * lane, value, true);
    });
    const exp2 = [-126, 0.69314698, 0.24022242, 0.055507337, 0.0096715127, 0.0013264727];
    exp2.forEach((value, n) => {
      for (let lane = 0; lane < 4; lane++) view.setFloat32(464 + 16 * n + 4 * lane, value, true);
    });
    const iq4 = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    const mxfp4 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12].map((value) => value + 12);
    iq4.forEach((value, n) => view.setInt8(192 + n, value));
    mxfp4.forEach((value, n) => view.setInt8(208 + n, value));
  }
}

/** A place that grows with what it must hold; its contents are not kept when it does. */
export class Region {
  #address = 0;
  #bytes = 0;
  constructor(private readonly memory: WasmMemory) {}

  ensure(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#bytes > 0) this.memory.release(this.#address, this.#bytes);
      this.#bytes = 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096)));
      this.#address = this.memory.acquire(this.#bytes);
    }
    return this.#address;
  }
}
