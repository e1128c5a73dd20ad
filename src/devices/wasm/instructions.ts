// A plan before it has addresses: instructions whose arguments may be buffers, and the two passes that finish it — where each buffer
// lies in the arena, and after which instructions all threads must meet.

import { alignUp, instructionArgs, instructionBytes, type Opcode, opcode } from "./layout.ts";

/** A region of the arena, alive from the first to the last instruction that touches it; longer where the host uses it too. */
export class Buffer {
  offset = 0;
  first: number;
  last: number;
  constructor(
    readonly bytes: number,
    /** "written": there before any instruction, and to the end of the step. "read": from its first instruction to the end. */
    host?: "read" | "written",
  ) {
    this.first = host === "written" ? -Infinity : Infinity;
    this.last = host ? Infinity : -Infinity;
  }
}

/** An f32 argument; plain numbers are i32. */
export class Real {
  constructor(readonly value: number) {}
}

export type Argument = number | Buffer | Real;

export interface Instruction {
  readonly op: Opcode;
  readonly args: readonly Argument[];
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
}

/** Gives every buffer its place: first fit among those alive at the same time, largest lifetimes first. Returns the arena's size. */
export function placeBuffers(instructions: readonly Instruction[]): number {
  const buffers = new Set<Buffer>();
  instructions.forEach(({ reads, writes }, at) => {
    for (const buffer of [...reads, ...writes]) {
      buffers.add(buffer);
      buffer.first = Math.min(buffer.first, at);
      buffer.last = Math.max(buffer.last, at);
    }
  });
  let size = 0;
  const placed: Buffer[] = [];
  for (const buffer of [...buffers].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const alive = placed.filter((other) => other.first <= buffer.last && buffer.first <= other.last);
    alive.sort((a, b) => a.offset - b.offset);
    let at = 0;
    for (const other of alive) {
      if (at + buffer.bytes <= other.offset) break;
      at = Math.max(at, alignUp(other.offset + other.bytes, 64));
    }
    buffer.offset = at;
    placed.push(buffer);
    size = Math.max(size, at + buffer.bytes);
  }
  return alignUp(size, 64);
}

/** Buffers of no bytes stand for memory outside the arena, the cache's pages for one. */
const overlaps = (a: Buffer, b: Buffer) => a === b || (a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes);

/** For each instruction whether a barrier follows: the next one touches memory that was written, or writes what was read, since the last. */
function placeBarriers(instructions: readonly Instruction[]): boolean[] {
  const after = instructions.map(() => false);
  let read: Buffer[] = [];
  let written: Buffer[] = [];
  instructions.forEach(({ reads, writes }, at) => {
    const clash =
      written.some((w) => [...reads, ...writes].some((buffer) => overlaps(w, buffer))) ||
      read.some((r) => writes.some((buffer) => overlaps(r, buffer)));
    if (clash) {
      after[at - 1] = true;
      read = [];
      written = [];
    }
    read.push(...reads);
    written.push(...writes);
  });
  if (after.length > 0) after[after.length - 1] = true;
  return after;
}

/** Writes the words of a plan; `arena` is where buffers begin. */
export function encode(instructions: readonly Instruction[], arena: number, into: DataView, at: number): void {
  const barriers = placeBarriers(instructions);
  instructions.forEach(({ op, args }, index) => {
    if (args.length > instructionArgs) throw new Error(`${op} has ${args.length} arguments`);
    const base = at + index * instructionBytes;
    into.setUint32(base, opcode[op] | (barriers[index] ? 0x100 : 0), true);
    into.setUint32(base + 4, 0, true);
    args.forEach((arg, n) => {
      const where = base + 8 + 4 * n;
      if (arg instanceof Buffer) into.setUint32(where, arena + arg.offset, true);
      else if (arg instanceof Real) into.setFloat32(where, arg.value, true);
      else into.setUint32(where, arg >>> 0, true);
    });
  });
}
