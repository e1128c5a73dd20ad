// The adapters of one bank: their matrices in its memory, tables by layer, and a second plan for steps in which sequences have
// adapters. The bank's own plan knows nothing of them, so that steps without adapters cost what they always did.

import type { AdapterWeights, LowRank, Segment } from "../../core/device.ts";
import { encode, placeBuffers } from "./instructions.ts";
import { alignUp, instructionBytes } from "./layout.ts";
import { Region, type WasmMemory } from "./memory.ts";
import type { Placement } from "./placement.ts";
import { type LowRankTables, type Plan, type PlanLimits, planWork, type Work } from "./plan.ts";

/** Instructions in memory, and the arena that they work on. */
export interface PlacedPlan {
  readonly plan: Plan;
  readonly arena: number;
  readonly runs: readonly { readonly plan: number; readonly length: number }[];
}

interface BankFacts {
  readonly work: Work;
  readonly placements: ReadonlyMap<string, Placement>;
  readonly limits: PlanLimits;
  readonly arena: { readonly address: number; readonly bytes: number };
}

/** Bytes of an entry of a layer's table: A, B, rank, scale. */
const entryBytes = 16;

/** A pair of matrices as a layer's table names it. */
interface Entry {
  readonly a: number;
  readonly b: number;
  readonly rank: number;
  readonly scale: number;
}

interface Block {
  readonly address: number;
  readonly bytes: number;
}

interface Held {
  /** By the layer's weight. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly matrices: Block;
}

export class BankAdapters {
  readonly #memory: WasmMemory;
  readonly #facts: BankFacts;
  /** By name; the first has number 1 in tables. */
  readonly #held = new Map<string, Held>();
  /** Tables and instructions, made anew with every change. */
  readonly #region: Region;
  /** Where the plan works, if its values do not fit the bank's own arena. */
  #arena: Block = { address: 0, bytes: 0 };
  #tables: LowRankTables | undefined;
  #placed: PlacedPlan | undefined;

  constructor(memory: WasmMemory, facts: BankFacts) {
    this.#memory = memory;
    this.#facts = facts;
    this.#region = new Region(memory);
  }

  /** The plan for steps with adapters; none while no adapter changes a layer of this bank. */
  get placed(): PlacedPlan | undefined {
    return this.#placed;
  }

  has(name: string): boolean {
    return this.#held.has(name);
  }

  /** With all of it, or, if there is no room, as before. */
  add(name: string, weights: AdapterWeights): void {
    const own = ownWeights(this.#facts.work, weights);
    const bytes = matricesBytes(own);
    const matrices = { address: this.#memory.acquire(bytes), bytes };
    this.#held.set(name, { entries: writeMatrices(this.#memory, matrices.address, own), matrices });
    try {
      this.#plan();
    } catch (error) {
      this.remove(name);
      throw error;
    }
  }

  remove(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    this.#held.delete(name);
    this.#memory.release(held.matrices.address, held.matrices.bytes);
    this.#plan();
  }

  /** Writes which adapter each token and each row has. */
  write(segments: readonly Segment[]): void {
    if (!this.#tables) return;
    const { T, R } = this.#tables.adapters;
    const numbers = new Map([...this.#held.keys()].map((name, n) => [name, n + 1]));
    const { view } = this.#memory;
    let [token, row] = [0, 0];
    for (const { state, tokens, rows } of segments) {
      const number = state.adapter === undefined ? 0 : (numbers.get(state.adapter) ?? 0);
      for (let n = 0; n < rows.length; n++) view.setInt32(R + 4 * row++, number, true);
      for (let n = 0; n < tokens.length; n++) view.setInt32(T + 4 * token++, number, true);
    }
  }

  /** Plans and places everything anew for the adapters that are there. */
  #plan(): void {
    this.#tables = undefined;
    this.#placed = undefined;
    const { work, placements, limits, arena: own } = this.#facts;
    const adapters = [...this.#held.values()].map(({ entries }) => entries);
    const layers = layersOf(adapters);
    if (layers.size === 0) return;
    // sizes first, with addresses that are not final
    const draft = planWork(work, placements, limits, tablesAt(0, layers, adapters.length, limits));
    const arenaBytes = placeBuffers(draft.runs.flat());
    const sizes = [
      tablesBytes(layers, adapters.length, limits),
      ...draft.runs.map((run) => run.length * instructionBytes),
    ];
    const base = this.#region.ensure(sizes.reduce((sum, bytes) => sum + bytes, 0));
    const arena = arenaBytes <= own.bytes ? own.address : this.#arenaOf(arenaBytes);

    const tables = tablesAt(base, layers, adapters.length, limits);
    const plan = planWork(work, placements, limits, tables);
    placeBuffers(plan.runs.flat());
    const runs = plan.runs.map(({ length }, n) => {
      return { plan: base + sizes.slice(0, n + 1).reduce((sum, bytes) => sum + bytes, 0), length };
    });
    const { view } = this.#memory; // after all that may have grown the memory
    for (const [n, run] of plan.runs.entries()) encode(run, arena, view, runs[n].plan);
    for (const [name, { table }] of tables.layers)
      [undefined, ...adapters].forEach((entries, n) => {
        writeEntry(view, table + entryBytes * n, entries?.get(name));
      });
    this.#tables = tables;
    this.#placed = { plan, arena, runs };
  }

  #arenaOf(bytes: number): number {
    if (bytes > this.#arena.bytes) {
      if (this.#arena.bytes > 0) this.#memory.release(this.#arena.address, this.#arena.bytes);
      this.#arena = { address: 0, bytes: 0 };
      this.#arena = { address: this.#memory.acquire(bytes), bytes };
    }
    return this.#arena.address;
  }
}

/** What a bank needs for adapters that are there from the start, beside all else. */
export function adapterBytes(
  work: Work,
  placements: ReadonlyMap<string, Placement>,
  limits: PlanLimits,
  arenaBytes: number,
  adapters: ReadonlyMap<string, AdapterWeights> = new Map(),
): number {
  const own = [...adapters.values()].map((weights) => ownWeights(work, weights));
  const layers = layersOf(own);
  if (layers.size === 0) return 0;
  const { runs } = planWork(work, placements, limits, tablesAt(0, layers, own.length, limits));
  const arena = placeBuffers(runs.flat());
  const region = tablesBytes(layers, own.length, limits) + runs.flat().length * instructionBytes;
  const matrices = own.reduce((sum, weights) => sum + matricesBytes(weights) + 128, 0);
  // regions grow by powers of two, and the last but one stays behind while adapters are added one by one
  return matrices + 4 * region + (arena > arenaBytes ? 2 * arena : 0) + 8192;
}

/** Of an adapter, what changes linear layers of this bank. */
function ownWeights({ runs }: Work, weights: AdapterWeights): AdapterWeights {
  const names = new Set(runs.flat().flatMap((op) => (op.kind === "linear" ? [op.weight.name] : [])));
  return new Map([...weights].filter(([name]) => names.has(name)));
}

type Ranked = ReadonlyMap<string, { readonly rank: number }>;

/** The layers that any of the adapters changes, and the largest rank. */
function layersOf(adapters: readonly Ranked[]): Map<string, number> {
  const layers = new Map<string, number>();
  for (const weights of adapters)
    for (const [name, { rank }] of weights) layers.set(name, Math.max(rank, layers.get(name) ?? 0));
  return layers;
}

/** The adapters of tokens and of rows, then a table for each layer: an entry of zeros, then one for each adapter. */
function tablesAt(base: number, layers: ReadonlyMap<string, number>, count: number, limits: PlanLimits): LowRankTables {
  const R = base + alignUp(4 * limits.maxTokens, 64);
  const first = R + alignUp(4 * limits.maxRows, 64);
  const step = entryBytes * (count + 1);
  return {
    adapters: { T: base, R },
    layers: new Map([...layers].map(([name, rank], n) => [name, { table: first + n * step, rank }])),
  };
}

function tablesBytes(layers: ReadonlyMap<string, number>, count: number, { maxTokens, maxRows }: PlanLimits): number {
  const rows = alignUp(4 * maxTokens, 64) + alignUp(4 * maxRows, 64);
  return rows + alignUp(layers.size * entryBytes * (count + 1), 64);
}

function writeEntry(view: DataView, at: number, entry: Entry = { a: 0, b: 0, rank: 0, scale: 0 }): void {
  view.setUint32(at, entry.a, true);
  view.setUint32(at + 4, entry.b, true);
  view.setInt32(at + 8, entry.rank, true);
  view.setFloat32(at + 12, entry.scale, true);
}

const packedBytes = (rows: number, columns: number) => alignUp(rows, 16) * columns * 4;

function matricesBytes(weights: AdapterWeights): number {
  const bytesOf = ({ a, b, rank }: LowRank) => packedBytes(rank, a.length / rank) + packedBytes(b.length / rank, rank);
  return Math.max(
    64,
    [...weights.values()].reduce((sum, pair) => sum + bytesOf(pair), 0),
  );
}

/** Packs an adapter's matrices one behind the other. */
function writeMatrices({ memory }: WasmMemory, address: number, weights: AdapterWeights): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = address;
  const place = (values: Float32Array, columns: number) => {
    const start = at;
    interleave(memory.buffer, start, values, columns);
    at += packedBytes(values.length / columns, columns);
    return start;
  };
  for (const [name, { a, b, rank, scale }] of weights)
    entries.set(name, { a: place(a, a.length / rank), b: place(b, rank), rank, scale });
  return entries;
}

/** values [rows, columns] as the kernels read f32 weights: groups of sixteen rows, for each column sixteen values; zeros beyond. */
function interleave(buffer: ArrayBufferLike, at: number, values: Float32Array, columns: number): void {
  const rows = values.length / columns;
  const out = new Float32Array(buffer, at, alignUp(rows, 16) * columns).fill(0);
  for (let row = 0; row < rows; row++) {
    const group = (row >> 4) * columns * 16 + (row & 15);
    for (let k = 0; k < columns; k++) out[group + 16 * k] = values[row * columns + k];
  }
}
