// The state of one sequence: its length, a table of pages in every bank that holds attention layers, and its recurrent state.

import type { SequenceState } from "../../core/device.ts";
import { AnyqwenError } from "../../core/errors.ts";
import type { RecurrentState } from "../../core/recurrent-state.ts";
import { type PageCache, PageTable } from "./cache.ts";
import { pageTokens } from "./layout.ts";
import type { WasmMemory } from "./memory.ts";
import type { DraftLog, StatePlaces } from "./recurrent.ts";

export class WasmState implements SequenceState {
  /** By cache, in order of the layers; undefined once released. */
  #tables: Map<PageCache, PageTable> | undefined;
  #length = 0;

  constructor(
    caches: readonly PageCache[],
    private readonly recurrent: RecurrentState<StatePlaces, DraftLog> | undefined,
    readonly adapter?: string,
  ) {
    this.#tables = new Map(caches.map((cache) => [cache, new PageTable(cache)]));
  }

  get length(): number {
    return this.#length;
  }

  /** Address of the table of page addresses that the kernels of this cache's bank read. */
  tableIn(cache: PageCache): number {
    const table = this.#live.get(cache);
    if (!table) throw new AnyqwenError("invalid-argument", "this sequence belongs to another model");
    return table.address;
  }

  /** Of the recurrent state, what a step reads of its segment in a bank's memory (kernels/context.ts): its address, that of the log, updates to
   *  replay, drafts, and the half of the log to replay from. */
  recurrentWords(memory: WasmMemory, drafts: number): readonly number[] {
    if (!this.recurrent) return [0, 0, 0, 0, 0];
    const { state, log, pending } = this.recurrent.held;
    return [state?.get(memory) ?? 0, log?.places.get(memory) ?? 0, pending, drafts, log?.half ?? 0];
  }

  /** Makes room for `count` more positions, `drafts` of them to be taken back: in all banks or, if one has no room, in none. */
  reserve(count: number, drafts = 0): void {
    try {
      this.recurrent?.begin(drafts);
      for (const table of this.#live.values()) table.reserve(this.#length, this.#length + count);
    } catch (error) {
      this.rewind(this.#length);
      throw error;
    }
  }

  commit(count: number, drafts = 0): void {
    this.#length += count;
    const log = this.recurrent?.held.log;
    if (log && drafts > 0) log.half = log.half === 0 ? 1 : 0;
    this.recurrent?.commit(drafts);
  }

  fork(): SequenceState {
    const copy = new WasmState([], this.recurrent?.fork(), this.adapter);
    copy.#tables = new Map([...this.#live].map(([cache, table]) => [cache, table.fork()]));
    copy.#length = this.#length;
    return copy;
  }

  rewind(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length)
      throw new AnyqwenError(
        "invalid-argument",
        `cannot rewind to ${length}: the sequence holds ${this.#length} positions`,
      );
    const reached = this.recurrent?.rewind(length, this.#length) ?? length;
    for (const table of this.#live.values()) table.truncate(reached);
    this.#length = reached;
  }

  reachable(length: number): number {
    return this.recurrent?.reachable(length, this.#length) ?? length;
  }

  checkpoint(): void {
    this.recurrent?.checkpoint(this.#length);
  }

  /** Page after page, in each layer after layer: the same bytes however the layers are spread over banks; then the recurrent state. */
  save(): Uint8Array {
    const pages = Math.ceil(this.#length / pageTokens);
    const recurrent = this.recurrent?.save(this.#length) ?? new Uint8Array(0);
    const out = new Uint8Array(pages * this.#pageBytes + recurrent.length);
    out.set(recurrent, pages * this.#pageBytes);
    let at = 0;
    for (const piece of this.#pieces(pages)) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }

  restore(bytes: Uint8Array, length: number): void {
    const pages = Math.ceil(length / pageTokens);
    const pageBytes = pages * this.#pageBytes;
    if (this.recurrent ? bytes.byteLength < pageBytes : bytes.byteLength !== pageBytes)
      throw new AnyqwenError(
        "format",
        `a state of ${length} positions has ${pageBytes} bytes here, the file has ${bytes.byteLength}`,
      );
    for (const { maxPages } of this.#live.keys())
      if (pages > maxPages)
        throw new AnyqwenError(
          "context-overflow",
          `the state holds ${length} positions, the context ${maxPages * pageTokens}`,
        );
    this.rewind(0);
    this.recurrent?.restore(bytes.subarray(pageBytes), length);
    this.reserve(length);
    let at = 0;
    for (const piece of this.#pieces(pages)) {
      piece.set(bytes.subarray(at, at + piece.length));
      at += piece.length;
    }
    this.#length = length;
  }

  release(): void {
    for (const table of this.#tables?.values() ?? []) table.release();
    this.recurrent?.rewind(0, this.#length);
    this.#tables = undefined;
    this.#length = 0;
  }

  get #live(): Map<PageCache, PageTable> {
    if (!this.#tables) throw new AnyqwenError("invalid-argument", "this sequence was released");
    return this.#tables;
  }

  get #pageBytes(): number {
    return [...this.#live.keys()].reduce((sum, { pageBytes }) => sum + pageBytes, 0);
  }

  *#pieces(pages: number): Generator<Uint8Array> {
    for (let n = 0; n < pages; n++) for (const table of this.#live.values()) yield table.page(n);
  }
}
