// The state of a sequence: keys and values of every attention layer, in pages of 256 positions that forks share until one of them
// writes, and the recurrent state of the others. Values are kept as f32, keys and values rounded to the cache type when appended.

import { DEFAULT_STATES, type KvType, MOST_DRAFTS, type SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import { logCapacity, RecurrentState, type StateMemory, StateSlots } from "../../core/recurrent-state.ts";
import type { Trace } from "../../core/trace.ts";
import { type DeltaState, newDeltaState } from "./delta.ts";
import { roundHeads } from "./round.ts";

const PAGE = 256;

/** Keys and values of 256 positions: by layer, [256, kvHeads * headDim]. */
interface Page {
  readonly k: readonly Float32Array[];
  readonly v: readonly Float32Array[];
  /** How many sequences hold it. */
  holders: number;
}

/** Recurrent state by layer. */
type LayerStates = ReadonlyMap<number, DeltaState>;

/** After each draft the state as it is then, in parts that come as they are computed. */
type Log = Map<DeltaState[keyof DeltaState], DeltaState[keyof DeltaState]>[];

function stateMemory(recurrent: Trace["recurrent"]): StateMemory<LayerStates, Log> {
  const fresh = () => new Map(recurrent.map(({ layer, shape }) => [layer, newDeltaState(shape)]));
  const copy = (of: LayerStates) =>
    new Map([...of].map(([layer, { inputs, memory }]) => [layer, { inputs: inputs.slice(), memory: memory.slice() }]));
  function* pieces(states: LayerStates) {
    for (const { inputs, memory } of states.values())
      for (const { buffer } of [inputs, memory]) yield new Uint8Array(buffer);
  }
  const bytes = [...pieces(fresh())].reduce((sum, piece) => sum + piece.length, 0);
  return {
    bytes,
    pieces,
    allocate: (like) => (like ? copy(like) : fresh()),
    free: () => {},
    logBytes: MOST_DRAFTS * bytes,
    allocateLog: () => [],
    freeLog: () => {},
    replay(_, log, count) {
      for (const [own, then] of log[count - 1]) own.set(then);
    },
  };
}

/** The pages and recurrent states of all sequences of one executor. */
export class PagePool {
  /** Of models that have any. */
  readonly states: StateSlots<LayerStates, Log> | undefined;
  readonly #layers: Trace["kv"];
  readonly #slots: Map<number, number>;
  readonly #capacity: number;
  #used = 0;

  constructor(
    trace: Trace,
    readonly kv: KvType,
    contextTokens: number,
    states = DEFAULT_STATES,
    maxRows = 2 * states,
  ) {
    const logs = logCapacity(states, maxRows);
    this.states = trace.recurrent.length > 0 ? new StateSlots(stateMemory(trace.recurrent), states, logs) : undefined;
    this.#layers = trace.kv;
    this.#slots = new Map(trace.kv.map(({ layer }, slot) => [layer, slot]));
    this.#capacity = Math.ceil(contextTokens / PAGE);
  }

  get layers(): Trace["kv"] {
    return this.#layers;
  }

  /** Where a page keeps the layer. */
  slot(layer: number): number {
    return this.#slots.get(layer)!;
  }

  /** Bytes that the pages and states in use take here. */
  get bytes(): number {
    const pageBytes = this.#layers.reduce((sum, { shape }) => sum + 8 * PAGE * shape.kvHeads * shape.headDim, 0);
    return pageBytes * this.#used + (this.states?.bytes ?? 0);
  }

  /** A new page, holding what `like` holds. */
  take(like?: Page): Page {
    if (this.#used >= this.#capacity) {
      throw new AnyqwenError(
        "context-overflow",
        `all ${this.#capacity} pages of ${PAGE} positions are in use; release a sequence or load with more contextTokens`,
      );
    }
    this.#used++;
    const copy = (from: readonly Float32Array[] | undefined) =>
      this.#layers.map(
        ({ shape }, slot) => from?.[slot].slice() ?? new Float32Array(PAGE * shape.kvHeads * shape.headDim),
      );
    return { k: copy(like?.k), v: copy(like?.v), holders: 1 };
  }

  give(page: Page): void {
    if (--page.holders === 0) this.#used--;
  }
}

export class ReferenceState implements SequenceState {
  readonly #pool: PagePool;
  #pages: Page[] = [];
  readonly #recurrent: RecurrentState<LayerStates, Log> | undefined;
  #length = 0;
  #released = false;

  constructor(
    pool: PagePool,
    readonly adapter?: string,
    recurrent = pool.states && new RecurrentState(pool.states),
  ) {
    this.#pool = pool;
    this.#recurrent = recurrent;
  }

  get length(): number {
    return this.#length;
  }

  fork(): ReferenceState {
    this.#checkLive();
    const fork = new ReferenceState(this.#pool, this.adapter, this.#recurrent?.fork());
    for (const page of this.#pages) page.holders++;
    fork.#pages = [...this.#pages];
    fork.#length = this.#length;
    return fork;
  }

  rewind(length: number): void {
    this.#checkLive();
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new AnyqwenError("invalid-argument", `cannot rewind to ${length}: the sequence holds ${this.#length}`);
    }
    this.#length = this.#recurrent?.rewind(length, this.#length) ?? length;
    for (const page of this.#pages.splice(Math.ceil(this.#length / PAGE))) this.#pool.give(page);
  }

  reachable(length: number): number {
    return this.#recurrent?.reachable(length, this.#length) ?? length;
  }

  checkpoint(): void {
    this.#recurrent?.checkpoint(this.#length);
  }

  /** A part of the recurrent state of a layer, to be read and moved on by one token; `draft`: which one it is of the step's drafts. */
  delta(layer: number, part: keyof DeltaState, draft?: number): Float32Array {
    const { state, log } = this.#recurrent!.held;
    const own = state!.get(layer)![part];
    if (draft === undefined) return own;
    log![draft] ??= new Map();
    const moved = (draft > 0 ? log![draft - 1].get(own)! : own).slice();
    log![draft].set(own, moved);
    return moved;
  }

  /** Makes the positions up to length + count writable, `drafts` of them to be taken back; the length itself moves with `commit`. */
  reserve(count: number, drafts = 0): void {
    this.#checkLive();
    this.#recurrent?.settle();
    this.#recurrent?.begin(drafts);
    const end = this.#length + count;
    for (let index = Math.floor(this.#length / PAGE); index * PAGE < end; index++) {
      const page = this.#pages[index];
      if (page && page.holders === 1) continue;
      this.#pages[index] = this.#pool.take(page);
      if (page) this.#pool.give(page);
    }
  }

  /** Writes one token's keys and values [kvHeads * headDim], rounded to the cache type. */
  append(layer: number, position: number, k: Float32Array, v: Float32Array): void {
    const { headDim } = this.#pool.layers[this.#pool.slot(layer)].shape;
    roundHeads(this.#pool.kv, k, headDim, this.keys(layer, position));
    roundHeads(this.#pool.kv, v, headDim, this.values(layer, position));
  }

  commit(count: number, drafts = 0): void {
    this.#length += count;
    this.#recurrent?.commit(drafts);
  }

  /** The keys of one position, [kvHeads * headDim]. */
  keys(layer: number, position: number): Float32Array {
    return this.#row("k", layer, position);
  }

  /** The values of one position, [kvHeads * headDim]. */
  values(layer: number, position: number): Float32Array {
    return this.#row("v", layer, position);
  }

  /** Position after position, layer after layer: keys, then values, as f32; then the recurrent state. */
  save(): Uint8Array {
    this.#checkLive();
    const recurrent = this.#recurrent?.save(this.#length) ?? new Uint8Array(0);
    const floats = new Float32Array(this.#length * this.#positionFloats());
    let at = 0;
    this.#eachRow(this.#length, (row) => {
      floats.set(row, at);
      at += row.length;
    });
    const bytes = new Uint8Array(floats.byteLength + recurrent.length);
    bytes.set(new Uint8Array(floats.buffer));
    bytes.set(recurrent, floats.byteLength);
    return bytes;
  }

  restore(bytes: Uint8Array, length: number): void {
    this.#checkLive();
    const expected = length * this.#positionFloats() * 4;
    const { byteLength } = bytes;
    if (
      !Number.isInteger(length) ||
      length < 0 ||
      (this.#recurrent ? byteLength < expected : byteLength !== expected)
    ) {
      throw new AnyqwenError(
        "format",
        `saved state: ${byteLength} bytes for ${length} positions; this model's take ${expected}`,
      );
    }
    this.rewind(0);
    this.#recurrent?.restore(bytes.subarray(expected), length);
    this.reserve(length);
    const floats = new Float32Array(bytes.slice(0, expected).buffer);
    let at = 0;
    this.#eachRow(length, (row) => {
      row.set(floats.subarray(at, at + row.length));
      at += row.length;
    });
    this.commit(length);
  }

  release(): void {
    if (this.#released) return;
    this.rewind(0);
    this.#released = true;
  }

  #row(which: "k" | "v", layer: number, position: number): Float32Array {
    const slot = this.#pool.slot(layer);
    const { kvHeads, headDim } = this.#pool.layers[slot].shape;
    const start = (position % PAGE) * kvHeads * headDim;
    return this.#pages[Math.floor(position / PAGE)][which][slot].subarray(start, start + kvHeads * headDim);
  }

  #eachRow(length: number, visit: (row: Float32Array) => void): void {
    for (let position = 0; position < length; position++) {
      for (const { layer } of this.#pool.layers) {
        visit(this.keys(layer, position));
        visit(this.values(layer, position));
      }
    }
  }

  #positionFloats(): number {
    return this.#pool.layers.reduce((sum, { shape }) => sum + 2 * shape.kvHeads * shape.headDim, 0);
  }

  #checkLive(): void {
    if (this.#released) throw new AnyqwenError("invalid-argument", "the sequence was released");
  }
}
