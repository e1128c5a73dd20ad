// What a step writes for the kernels of a bank: token ids, positions, page tables, rotary tables, and the work items of attention.

import type { Segment } from "../../core/device.ts";
import type { Rope } from "../../core/trace.ts";
import type { PageCache } from "./cache.ts";
import { context, pageTokens } from "./layout.ts";
import { Region, type WasmMemory } from "./memory.ts";
import type { WasmState } from "./state.ts";

/** Sequences with more new tokens than this walk all partitions in one item; fewer spread them over items. */
const fewTokens = 8;
const itemBytes = 32;
/** A segment's entry in its table. */
export const segmentBytes = 32;

/** Addresses of the tables that a step fills. */
export interface StepTables {
  readonly context: number;
  readonly tokenIds: number;
  readonly positions: number;
  readonly pages: number;
  readonly rowTokens: number;
  readonly segments: number;
}

export interface ItemShape {
  readonly kvHeads: number;
  readonly itemTokens: number;
  readonly slotBytes: number;
}

export class StepWriter {
  readonly #items: Region;
  readonly #merges: Region;
  readonly #partials: Region;

  constructor(
    private readonly memory: WasmMemory,
    private readonly tables: StepTables,
    private readonly shape: ItemShape,
  ) {
    this.#items = new Region(memory);
    this.#merges = new Region(memory);
    this.#partials = new Region(memory);
  }

  /** Writes everything but rotary tables; returns the number of tokens and rows. `cache`: of a bank that holds layers. */
  write(segments: readonly Segment[], cache: PageCache | undefined): { tokens: number; rows: number } {
    const { tables } = this;
    if (cache) this.#writeItems(segments);
    const { view } = this.memory;
    let token = 0;
    let row = 0;
    for (const [n, { state, tokens, rows, drafts = 0 }] of segments.entries()) {
      const { length } = state;
      const words = [token, tokens.length, ...(state as WasmState).recurrentWords(this.memory, drafts)];
      writeSegment(view, tables.segments + segmentBytes * n, words);
      const table = cache ? (state as WasmState).tableIn(cache) : 0;
      for (const at of rows) view.setInt32(tables.rowTokens + 4 * row++, token + at, true);
      for (let n = 0; n < tokens.length; n++, token++) {
        view.setInt32(tables.tokenIds + 4 * token, tokens[n], true);
        view.setInt32(tables.positions + 4 * token, length + n, true);
        view.setUint32(tables.pages + 4 * token, table, true);
      }
    }
    view.setInt32(tables.context + context.tokens, token, true);
    view.setInt32(tables.context + context.rows, row, true);
    view.setInt32(tables.context + context.segmentCount, segments.length, true);
    return { tokens: token, rows: row };
  }

  #writeItems(segments: readonly Segment[]): void {
    const { kvHeads, itemTokens, slotBytes } = this.shape;
    const items: number[][] = [];
    const merges: number[][] = [];
    let slot = 0;
    let token = 0;
    for (const { state, tokens } of segments) {
      const partitions = Math.ceil((state.length + tokens.length) / pageTokens);
      const split = tokens.length <= fewTokens && partitions > 1;
      for (let first = 0; first < tokens.length; first += itemTokens) {
        const count = Math.min(itemTokens, tokens.length - first);
        for (let head = 0; head < kvHeads; head++) {
          if (!split) {
            items.push([token + first, count, head, 0, partitions, -1]);
            continue;
          }
          merges.push([token + first, count, head, slot, partitions]);
          for (let p = 0; p < partitions; p++) items.push([token + first, count, head, p, p + 1, slot++]);
        }
      }
      token += tokens.length;
    }
    items.reverse(); // later tokens see more and cost more: they go first, so that threads end together
    const at = this.tables.context;
    const places = [
      [context.attentionItems, this.#items.ensure(items.length * itemBytes)],
      [context.mergeItems, this.#merges.ensure(merges.length * itemBytes)],
      [context.partials, this.#partials.ensure(slot * slotBytes)],
      [context.attentionItemCount, items.length],
      [context.mergeItemCount, merges.length],
    ];
    const { view } = this.memory; // after the regions: they may have grown the memory
    for (const [field, value] of places) view.setUint32(at + field, value, true);
    writeRows(view, places[0][1], items);
    writeRows(view, places[1][1], merges);
  }
}

/** Words in the order of kernels/context.ts. */
export function writeSegment(view: DataView, at: number, words: readonly number[]): void {
  for (const [k, word] of words.entries()) view.setUint32(at + 4 * k, word, true);
}

function writeRows(view: DataView, at: number, rows: readonly number[][]): void {
  rows.forEach((words, n) => {
    words.forEach((word, k) => {
      view.setInt32(at + n * itemBytes + 4 * k, word, true);
    });
  });
}

/** cos and sin of every token's position times every frequency, in f64, rounded once. */
export function writeRope(view: DataView, at: number, rope: Rope, positions: number, tokens: number): void {
  const { frequencies, scale } = rope;
  for (let t = 0; t < tokens; t++) {
    const position = view.getInt32(positions + 4 * t, true);
    for (let n = 0; n < frequencies.length; n++, at += 8) {
      const angle = position * frequencies[n];
      view.setFloat32(at, Math.cos(angle) * scale, true);
      view.setFloat32(at + 4, Math.sin(angle) * scale, true);
    }
  }
}
