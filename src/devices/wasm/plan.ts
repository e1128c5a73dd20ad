// From ops to instructions: which kernel runs each op, where activations are quantised, how many rows a buffer holds. Made once
// for the largest step; the number of tokens is read from the context at every replay.

import { type KvType, MOST_DRAFTS } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { AttentionShape, Op, Rope, Trace, Value, Weight } from "../../core/trace.ts";
import { type Argument, Buffer, type Instruction, Real } from "./instructions.ts";
import type { Packing } from "./kinds.ts";
import { alignUp, pageTokens, rowKind } from "./layout.ts";
import type { Placement } from "./placement.ts";
import { deltaLayout, logLayout } from "./recurrent.ts";

/** What a plan is made for: ops in order, in runs between which the host hands values over. */
export interface Work {
  readonly runs: readonly (readonly Op[])[];
  readonly kv: Trace["kv"];
  /** Of a draft trace, whose layers have a cache of their own. */
  readonly draftKv: Trace["kv"];
  readonly recurrent: Trace["recurrent"];
  /** Values that the host reads after a run, and values that it writes before one. */
  readonly read: ReadonlySet<Value>;
  readonly written: ReadonlySet<Value>;
}

/** The adapters that a plan is made for, as tables in memory (kernels/low-rank.ts). */
export interface LowRankTables {
  /** Which adapter each token and each row of logits has, i32, 0 for none. */
  readonly adapters: { readonly T: number; readonly R: number };
  /** By weight, of the layers that an adapter changes: the table, and the largest rank. */
  readonly layers: ReadonlyMap<string, { readonly table: number; readonly rank: number }>;
}

export interface PlanLimits {
  readonly maxTokens: number;
  readonly maxRows: number;
  readonly kv: KvType;
  /** Integer products read int8 activations; without relaxed SIMD they read int16. */
  readonly relaxed: boolean;
}

interface AttentionLayout {
  readonly shape: AttentionShape;
  readonly padded: number;
  readonly pageOffset: number;
  readonly headBytes: number;
}

export interface Plan {
  readonly runs: readonly (readonly Instruction[])[];
  /** Where the values lie that the host reads or writes; `stride` bytes from row to row. */
  readonly values: ReadonlyMap<Value, { readonly buffer: Buffer; readonly stride: number }>;
  /** Tables [T][half][cos, sin], filled at every step. */
  readonly ropes: readonly { rope: Rope; buffer: Buffer }[];
  readonly pageBytes: number;
  /** Of the draft trace's cache. */
  readonly draftPageBytes: number;
  /** Of a sequence's recurrent state. */
  readonly stateBytes: number;
  /** Of its log. */
  readonly logBytes: number;
  readonly slotBytes: number;
  readonly scratchBytes: number;
  /** Tokens of one sequence that an attention item takes, and its rows. */
  readonly itemTokens: number;
  readonly kvHeads: number;
}

const kvTypes: Record<KvType, { id: number; bytes: number }> = {
  f32: { id: 0, bytes: 4 },
  f16: { id: 1, bytes: 2 },
  q8: { id: 2, bytes: 1 },
};
const itemRows = 32;

const valueStride = (cols: number): number => alignUp(cols, 16) * 4;

/** Rows are padded to a multiple of four: tiles of four tokens are written whole, beyond the last token too. */
function rowCapacity({ rows }: Value, { maxTokens, maxRows }: PlanLimits): number {
  return alignUp(rows === "T" ? maxTokens : rows === "R" ? maxRows : rows, 4);
}

export function valueBytes(value: Value, limits: PlanLimits): number {
  return rowCapacity(value, limits) * valueStride(value.cols);
}

/** `lowRank`: for steps in which sequences have adapters; without it no instruction looks for one. */
export function planWork(
  work: Work,
  placements: ReadonlyMap<string, Placement>,
  limits: PlanLimits,
  lowRank?: LowRankTables,
): Plan {
  return new Planner(work, placements, limits, lowRank).plan();
}

/** How the cache of a layer lies in a page: rows of V are padded to eight elements, heads to 64 bytes. */
function headLayout({ headDim }: AttentionShape, kv: KvType): { padded: number; bytes: number } {
  const { id, bytes } = kvTypes[kv];
  const padded = alignUp(headDim, 8);
  return { padded, bytes: alignUp(pageTokens * (headDim + padded) * bytes + (id === 2 ? 8 * pageTokens : 0), 64) };
}

/** Bytes that a layer takes in a page of the cache. */
export function layerPageBytes(shape: AttentionShape, kv: KvType): number {
  return shape.kvHeads * headLayout(shape, kv).bytes;
}

class Planner {
  #instructions: Instruction[] = [];
  readonly #values = new Map<Value, Buffer>();
  readonly #quantised = new Map<string, { buffer: Buffer; stride: number; tiles: boolean }>();
  readonly #ropes = new Map<Rope, Buffer>();
  readonly #layers = new Map<number, AttentionLayout>();
  /** One token per layer of the cache, so that appending and attending are seen as write and read. */
  readonly #caches = new Map<number, Buffer>();
  /** Where a layer's part of a recurrent state begins. */
  readonly #states = new Map<number, number>();
  #stateBytes = 0;
  readonly #logs = new Map<number, number>();
  #logBytes = 0;
  #slotBytes = 64;
  // panels of four row groups and the sums of 64 tiles (kernels/linear.ts)
  #scratchBytes = 4 * 32 * 224 + 64 * 4 * 64;
  #itemTokens = 1;
  #kvHeads = 1;
  #partials: Buffer = new Buffer(0);

  constructor(
    private readonly work: Work,
    private readonly placements: ReadonlyMap<string, Placement>,
    private readonly limits: PlanLimits,
    private readonly lowRank?: LowRankTables,
  ) {}

  plan(): Plan {
    const { kv, draftKv, recurrent, runs, read, written } = this.work;
    const pageBytes = this.#layOutPage(kv);
    const draftPageBytes = this.#layOutPage(draftKv);
    for (const { layer, shape } of recurrent) {
      this.#states.set(layer, this.#stateBytes);
      this.#stateBytes += deltaLayout(shape).bytes;
      this.#logs.set(layer, this.#logBytes);
      this.#logBytes += logLayout(shape).bytes;
      // kernels/delta.ts: weights of 256 channels; a block of the memory that drafts go on from
      this.#scratchBytes = Math.max(this.#scratchBytes, 4 * 256 * shape.taps, 256 + 64 * shape.keyDim);
    }
    const lowered = runs.map((ops) => {
      this.#instructions = [];
      for (const op of ops) this.#lower(op);
      return this.#instructions;
    });
    return {
      runs: lowered,
      values: new Map(
        [...read, ...written].map((value) => [value, { buffer: this.#buffer(value), stride: valueStride(value.cols) }]),
      ),
      ropes: [...this.#ropes].map(([rope, buffer]) => ({ rope, buffer })),
      pageBytes,
      draftPageBytes,
      stateBytes: this.#stateBytes,
      logBytes: this.#logBytes,
      slotBytes: this.#slotBytes,
      scratchBytes: alignUp(this.#scratchBytes, 64),
      itemTokens: this.#itemTokens,
      kvHeads: this.#kvHeads,
    };
  }

  /** Layers one behind the other; the bytes of a page. */
  #layOutPage(kv: Trace["kv"]): number {
    return kv.reduce((offset, { layer, shape }) => offset + this.#layOutLayer(layer, shape, offset), 0);
  }

  #layOutLayer(layer: number, shape: AttentionShape, pageOffset: number): number {
    const { padded, bytes: headBytes } = headLayout(shape, this.limits.kv);
    this.#layers.set(layer, { shape, padded, pageOffset, headBytes });
    this.#caches.set(layer, new Buffer(0));
    const group = shape.heads / shape.kvHeads;
    const itemTokens = Math.max(1, Math.floor(itemRows / group));
    const [first] = this.#layers.values();
    // attention items are written once for all layers
    if (first.shape.kvHeads !== shape.kvHeads || (this.#itemTokens !== itemTokens && this.#layers.size > 1))
      throw new AnyqwenError(
        "unsupported",
        `layer ${layer}: ${shape.heads} heads over ${shape.kvHeads}, other layers differ`,
      );
    this.#itemTokens = itemTokens;
    this.#kvHeads = shape.kvHeads;
    const rows = alignUp(Math.max(itemRows, group), 4);
    const rowBytes = 16 + 4 * padded;
    this.#slotBytes = Math.max(this.#slotBytes, alignUp(rows * rowBytes, 64));
    // kernels/attention.ts: slices of 64 positions of K and V; of each row scores, maximum and sum, partial, running sum, query and weights
    const slices = 4 * 64 * (shape.headDim + padded);
    const perRow = 4 * pageTokens + 8 + 4 * padded + rowBytes + 16 * shape.headDim + 16 * 64;
    this.#scratchBytes = Math.max(this.#scratchBytes, slices + rows * perRow);
    return shape.kvHeads * headBytes;
  }

  #buffer(value: Value): Buffer {
    let buffer = this.#values.get(value);
    if (!buffer) {
      const { read, written } = this.work;
      const host = written.has(value) ? "written" : read.has(value) ? "read" : undefined;
      buffer = new Buffer(valueBytes(value, this.limits), host);
      this.#values.set(value, buffer);
    }
    return buffer;
  }

  #weight(weight: Weight): Placement {
    const placement = this.placements.get(weight.name);
    if (!placement) throw new AnyqwenError("internal", `${weight.name} was not placed`);
    return placement;
  }

  #matrix(weight: Weight): Placement & { packing: Packing } {
    const placement = this.#weight(weight);
    if (!placement.packing) throw new AnyqwenError("internal", `${weight.name} is not a matrix`);
    return { ...placement, packing: placement.packing };
  }

  #emit(op: Instruction["op"], args: Argument[], reads: Buffer[], writes: Buffer[]): void {
    this.#instructions.push({ op, args, reads, writes });
  }

  #lower(op: Op): void {
    switch (op.kind) {
      case "embed": {
        const { address, packing } = this.#matrix(op.table);
        const out = this.#buffer(op.out);
        const { kind, units, groupBytes } = packing;
        const args = [kind.id, address, units, groupBytes, op.out.cols, out, valueStride(op.out.cols)];
        return this.#emit("embed", args, [], [out]);
      }
      case "rmsNorm": {
        const [x, out, stride] = [this.#buffer(op.x), this.#buffer(op.out), valueStride(op.x.cols)];
        const width = op.weight.shape[0];
        const weight = this.#weight(op.weight).address;
        const args: Argument[] = [
          x,
          stride,
          weight,
          out,
          stride,
          width,
          op.x.cols / width,
          new Real(op.eps),
          this.#rows(op.x),
        ];
        args.push(new Real(op.zeroCentred ? 1 : 0));
        return this.#emit("rmsNorm", args, [x], [out]);
      }
      case "linear":
        return this.#linear(op);
      case "rope": {
        const [x, out, stride] = [this.#buffer(op.x), this.#buffer(op.out), valueStride(op.x.cols)];
        const table = this.#rope(op.rope);
        const half = op.rope.frequencies.length;
        const args = [x, stride, op.x.cols / op.headDim, op.headDim, half, table, out, stride];
        return this.#emit("rope", args, [x, table], [out]);
      }
      case "appendKv": {
        const { shape, padded, pageOffset, headBytes } = this.#layer(op.layer);
        const [k, v, stride] = [this.#buffer(op.k), this.#buffer(op.v), valueStride(op.k.cols)];
        const type = kvTypes[this.limits.kv].id;
        const args = [k, stride, v, stride, shape.kvHeads, shape.headDim, padded, pageOffset, type, headBytes];
        return this.#emit("appendKv", args, [k, v], [this.#cache(op.layer)]);
      }
      case "attention": {
        const { padded, pageOffset, headBytes } = this.#layer(op.layer);
        const [q, out, stride] = [this.#buffer(op.q), this.#buffer(op.out), valueStride(op.q.cols)];
        const { heads, kvHeads, headDim, scale, window } = op.shape;
        const args = [
          ...[q, stride, heads, kvHeads, headDim, padded, new Real(scale), window ?? 0, pageOffset],
          ...[kvTypes[this.limits.kv].id, headBytes, out, stride, this.#slotBytes],
        ];
        this.#emit("attention", args, [q, this.#cache(op.layer)], [out, this.#partials]);
        return this.#emit("mergeAttention", args, [this.#partials], [out]);
      }
      case "swiglu":
        return this.#elementwise("swiglu", op.gate, op.up, op.out);
      case "add":
        return this.#elementwise("add", op.a, op.b, op.out);
      case "sigmoidGate":
        return this.#elementwise("sigmoidGate", op.gate, op.x, op.out);
      case "slice": {
        const [x, out] = [this.#buffer(op.x), this.#buffer(op.out)];
        const [part, offset, width] = [op.x.cols / op.groups, op.offset, op.width].map((columns) => 4 * columns);
        const strides = [valueStride(op.x.cols), valueStride(op.out.cols)];
        const args = [x, strides[0], op.groups, part, offset, width, out, strides[1], this.#rows(op.x)];
        return this.#emit("slice", args, [x], [out]);
      }
      case "concat": {
        const [a, b, out] = [op.a, op.b, op.out].map((value) => this.#buffer(value));
        const [as, bs, outs] = [op.a, op.b, op.out].map(({ cols }) => valueStride(cols));
        const args = [a, as, 4 * op.a.cols, b, bs, 4 * op.b.cols, out, outs, this.#rows(op.out)];
        return this.#emit("concat", args, [a, b], [out]);
      }
      case "causalConv":
      case "gatedDelta":
        return this.#delta(op);
      case "moe":
        return this.#moe(op);
      case "gatherRows": {
        const [x, out] = [this.#buffer(op.x), this.#buffer(op.out)];
        const args = [x, valueStride(op.x.cols), out, valueStride(op.out.cols), op.x.cols];
        return this.#emit("gatherRows", args, [x], [out]);
      }
    }
  }

  #rows(value: Value): number {
    return typeof value.rows === "number" ? rowKind.one : rowKind[value.rows];
  }

  #layer(layer: number): AttentionLayout {
    const layout = this.#layers.get(layer);
    if (!layout) throw new AnyqwenError("internal", `layer ${layer} has no cache`);
    return layout;
  }

  #cache(layer: number): Buffer {
    return this.#caches.get(layer) as Buffer;
  }

  #rope(rope: Rope): Buffer {
    let table = this.#ropes.get(rope);
    if (!table) {
      table = new Buffer(alignUp(this.limits.maxTokens, 4) * rope.frequencies.length * 8, "written");
      this.#ropes.set(rope, table);
    }
    return table;
  }

  #elementwise(op: "swiglu" | "add" | "sigmoidGate", a: Value, b: Value, result: Value): void {
    const [x, y, out] = [this.#buffer(a), this.#buffer(b), this.#buffer(result)];
    const args = [
      x,
      valueStride(a.cols),
      y,
      valueStride(b.cols),
      out,
      valueStride(result.cols),
      result.cols,
      this.#rows(result),
      1,
      a.cols === b.cols ? 1 : 0,
    ];
    this.#emit(op, args, [x, y], [out]);
  }

  /** The form of activations that a product reads: the f32 rows themselves, or int8 or int16 blocks, made once for all consumers. */
  #activations(
    x: Buffer,
    cols: number,
    weight: Placement & { packing: Packing },
    rows: { kind: number; multiplier: number; capacity: number; tiles: boolean },
  ): { buffer: Buffer; stride: number; tiles: boolean } {
    const { activations } = weight.packing.kind;
    if (activations === "float") return { buffer: x, stride: valueStride(cols), tiles: false };
    const wide = activations === "wide" || !this.limits.relaxed;
    const tiles = rows.tiles && !wide;
    const key = `${this.#id(x)} ${wide} ${tiles} ${weight.columns}`;
    const known = this.#quantised.get(key);
    if (known) return known;
    const blocks = Math.ceil(cols / 32);
    const stride = alignUp(blocks * (wide ? 80 : 48), 64);
    const buffer = new Buffer(stride * rows.capacity);
    const args: Argument[] = [x, valueStride(cols), blocks];
    args.push(
      ...(wide ? [0, 0, buffer, stride] : [buffer, stride, 0, 0]),
      rows.kind,
      rows.multiplier,
      weight.columns,
      tiles ? 1 : 0,
    );
    this.#emit("quantise", args, [x], [buffer]);
    const made = { buffer, stride, tiles };
    this.#quantised.set(key, made);
    return made;
  }

  readonly #ids = new Map<Buffer, number>();
  #id(buffer: Buffer): number {
    const id = this.#ids.get(buffer) ?? this.#ids.size;
    this.#ids.set(buffer, id);
    return id;
  }

  #linear(op: Extract<Op, { kind: "linear" }>): void {
    const weight = this.#matrix(op.weight);
    const [x, out] = [this.#buffer(op.x), this.#buffer(op.out)];
    const rows = { kind: this.#rows(op.x), multiplier: 1, capacity: rowCapacity(op.x, this.limits), tiles: true };
    // It reads x itself, and nothing between it and the product depends on it: they share a barrier.
    const inner = this.#lowRankDown(op);
    const input = this.#activations(x, op.x.cols, weight, rows);
    const { kind, units, groupBytes } = weight.packing;
    const groups = Math.ceil(op.out.cols / kind.rows); // the first outputs alone, where it says so
    const bias = op.bias ? this.#weight(op.bias).address : 0;
    const residual = op.residual ? this.#buffer(op.residual) : undefined;
    const stride = valueStride(op.out.cols);
    const args = [
      ...[kind.id, weight.address, units, groups, groupBytes, input.buffer, input.stride, out, stride],
      ...[bias, residual ?? 0, residual ? stride : 0, rows.kind, kind.rows, input.tiles ? 1 : 0],
    ];
    this.#emit("linear", args, residual ? [input.buffer, residual] : [input.buffer], [out]);
    inner?.up();
  }

  /** The first of an adapted layer's two small products; `up` adds the second to the layer's output. */
  #lowRankDown({ x, weight, out }: Extract<Op, { kind: "linear" }>): { up(): void } | undefined {
    const layer = this.lowRank?.layers.get(weight.name);
    if (!layer || typeof x.rows === "number") return undefined;
    const adapters = this.lowRank?.adapters[x.rows] ?? 0;
    const kind = rowKind[x.rows];
    const stride = valueStride(layer.rank);
    const inner = new Buffer(rowCapacity(x, this.limits) * stride);
    const [from, to] = [this.#buffer(x), this.#buffer(out)];
    const down = [
      from,
      valueStride(x.cols),
      x.cols,
      layer.table,
      adapters,
      inner,
      stride,
      kind,
      Math.ceil(layer.rank / 16),
    ];
    this.#emit("lowRankDown", down, [from], [inner]);
    const up = [inner, stride, layer.table, adapters, to, valueStride(out.cols), Math.ceil(out.cols / 16), kind];
    return { up: () => this.#emit("lowRankUp", up, [inner, to], [to]) };
  }

  #delta(op: Extract<Op, { kind: "causalConv" | "gatedDelta" }>): void {
    const { shape, layer } = op;
    const { inputRow, memory } = deltaLayout(shape);
    const [state, log] = [this.#states.get(layer), this.#logs.get(layer)];
    if (state === undefined || log === undefined)
      throw new AnyqwenError("internal", `layer ${layer} has no recurrent state`);
    const out = this.#buffer(op.out);
    const outStride = valueStride(op.out.cols);
    if (op.kind === "causalConv") {
      const [x, weight] = [this.#buffer(op.x), this.#weight(op.weight).address];
      const args = [x, valueStride(op.x.cols), weight, op.x.cols, shape.taps, state, inputRow, out, outStride, log];
      return this.#emit("causalConv", args, [x], [out]);
    }
    const { keyHeads, valueHeads, keyDim, valueDim } = shape;
    const [qkv, a, b] = [op.qkv, op.a, op.b].map((value) => this.#buffer(value));
    const [stride, gateStride, list] = [valueStride(op.qkv.cols), valueStride(valueHeads), valueStride(valueHeads)];
    const gates = new Buffer(3 * list * alignUp(this.limits.maxTokens, 4));
    const heads = [keyHeads, valueHeads, keyDim];
    const weights = [op.aLog, op.dtBias].map((weight) => this.#weight(weight).address);
    // In place: nobody but the delta net reads what the convolution made.
    const prepare = [qkv, stride, ...heads, a, gateStride, b, gateStride, ...weights, gates, 3 * list, list];
    this.#emit("deltaGates", prepare, [qkv, a, b], [qkv, gates]);
    const { changes, keys, keyRow, decays, decayRow } = logLayout(shape);
    const args = [
      ...[qkv, stride, ...heads, valueDim, gates, 3 * list, list, state + memory, out, outStride],
      ...[log + changes, log + keys, keyRow, log + decays, decayRow, MOST_DRAFTS],
    ];
    this.#emit("gatedDelta", args, [qkv, gates], [out]);
  }

  #moe(op: Extract<Op, { kind: "moe" }>): void {
    const { topK } = op;
    const [tokens, rows] = [rowCapacity(op.x, this.limits), this.#rows(op.x)];
    const pairs = tokens * topK;
    const [x, logits, out] = [this.#buffer(op.x), this.#buffer(op.routerLogits), this.#buffer(op.out)];
    const [gate, up, down] = [this.#matrix(op.gate), this.#matrix(op.up), this.#matrix(op.down)];
    const experts = op.routerLogits.cols;
    const words = (n: number) => new Buffer(alignUp(4 * n, 64));
    const [ids, probabilities, places, owners] = [words(pairs), words(pairs), words(pairs), words(pairs)];
    const chosen = words(2 * Math.min(experts, pairs) + 3);
    this.#scratchBytes = Math.max(this.#scratchBytes, 4 * experts); // a count per expert

    const route = [logits, valueStride(experts), experts, topK, op.normTopK ? 1 : 0, ids, probabilities, rows];
    this.#emit("route", route, [logits], [logits, ids, probabilities]);
    this.#emit("sortPairs", [ids, topK, experts, chosen, places, owners, rows], [ids], [chosen, places, owners]);

    const perToken = { kind: rows, multiplier: 1, capacity: tokens, tiles: false };
    const gathered = new Map<Buffer, Buffer>();
    const inputOf = (weight: Placement & { packing: Packing }) => {
      const input = this.#activations(x, op.x.cols, weight, perToken);
      let buffer = gathered.get(input.buffer);
      if (!buffer) {
        buffer = new Buffer(input.stride * pairs);
        gathered.set(input.buffer, buffer);
        const args = [input.buffer, input.stride, buffer, owners, topK, rows];
        this.#emit("gatherPairs", args, [input.buffer, owners], [buffer]);
      }
      return { buffer, stride: input.stride };
    };
    const product = (weight: Placement & { packing: Packing }, input: { buffer: Buffer; stride: number }) => {
      const { kind, units, groups, groupBytes, rows, bytes } = weight.packing;
      const stride = valueStride(rows);
      const result = new Buffer(stride * pairs);
      const args = [
        ...[kind.id, weight.address, units, groups, groupBytes, input.buffer, input.stride, result, stride],
        ...[chosen, bytes, kind.rows],
      ];
      this.#emit("expertLinear", args, [input.buffer, chosen], [result]);
      return result;
    };
    const [gateRows, upRows] = [product(gate, inputOf(gate)), product(up, inputOf(up))];
    const width = op.gate.shape[1];
    const inner = new Buffer(valueStride(width) * pairs);
    const stride = valueStride(width);
    this.#emit(
      "swiglu",
      [gateRows, stride, upRows, stride, inner, stride, width, rows, topK],
      [gateRows, upRows],
      [inner],
    );
    const result = product(
      down,
      this.#activations(inner, width, down, { kind: rows, multiplier: topK, capacity: pairs, tiles: false }),
    );
    const columns = valueStride(op.out.cols);
    const args = [result, columns, places, probabilities, topK, out, columns, op.out.cols, rows];
    this.#emit("combine", args, [result, places, probabilities], [out]);
  }
}
