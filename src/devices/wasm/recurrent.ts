// Where the recurrent states of sequences lie: in every bank that holds such layers one piece of memory per state, layer after layer.
// What of it is whose, and what goes first when there is no room, is core/recurrent-state.ts's.

import { MOST_DRAFTS } from "../../core/device.ts";
import type { StateMemory } from "../../core/recurrent-state.ts";
import { type DeltaShape, deltaChannels } from "../../core/trace.ts";
import { alignUp } from "./layout.ts";
import type { WasmMemory } from "./memory.ts";

/** A state's address in every memory that has a part of it. */
export type StatePlaces = ReadonlyMap<WasmMemory, number>;

/** How a layer's state lies (kernels/delta.ts): rows of the convolution's inputs, then the memory in blocks of sixteen columns. */
export function deltaLayout(shape: DeltaShape): {
  readonly inputRow: number;
  readonly memory: number;
  readonly bytes: number;
} {
  const { taps, valueHeads, keyDim, valueDim } = shape;
  const inputRow = alignUp(deltaChannels(shape), 16) * 4;
  const memory = (taps - 1) * inputRow;
  return { inputRow, memory, bytes: memory + valueHeads * keyDim * alignUp(valueDim, 16) * 4 };
}

/** How a layer's part of a log lies: the convolution's inputs and the changes of each draft, then twice keys and decays, since a step
 *  that replays the last drafts writes those of its own before all have been read. */
export function logLayout(shape: DeltaShape): {
  readonly changes: number;
  readonly keys: number;
  readonly keyRow: number;
  readonly decays: number;
  readonly decayRow: number;
  readonly bytes: number;
} {
  const { keyHeads, keyDim, valueHeads, valueDim } = shape;
  const { inputRow } = deltaLayout(shape);
  const changes = MOST_DRAFTS * inputRow;
  const keys = changes + MOST_DRAFTS * valueHeads * alignUp(valueDim, 16) * 4;
  const [keyRow, decayRow] = [alignUp(keyHeads * keyDim, 16) * 4, alignUp(valueHeads, 16) * 4];
  const decays = keys + 2 * MOST_DRAFTS * keyRow;
  return { changes, keys, keyRow, decays, decayRow, bytes: decays + 2 * MOST_DRAFTS * decayRow };
}

/** A log's address in every memory, and which half of keys and decays holds those that are pending. */
export interface DraftLog {
  readonly places: StatePlaces;
  half: 0 | 1;
}

/** A memory with the bytes that a state and a log take there. */
interface Home {
  readonly memory: WasmMemory;
  readonly stateBytes: number;
  readonly logBytes: number;
}

export function stateMemory(
  banks: readonly Home[],
  replay: (places: StatePlaces, log: DraftLog, count: number) => void,
): StateMemory<StatePlaces, DraftLog> {
  const states = pieces(banks, ({ stateBytes }) => stateBytes);
  const logs = pieces(banks, ({ logBytes }) => logBytes);
  return {
    bytes: banks.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
    logBytes: banks.reduce((sum, { logBytes }) => sum + logBytes, 0),
    replay,
    allocateLog: () => ({ places: logs.allocate(), half: 0 }),
    freeLog: ({ places }) => logs.free(places),
    free: states.free,
    allocate(like) {
      const places = states.allocate();
      for (const { memory, stateBytes } of banks) {
        const [to, from] = [places.get(memory), like?.get(memory)];
        if (to === undefined) continue;
        if (from === undefined) memory.bytes.fill(0, to, to + stateBytes);
        else memory.bytes.copyWithin(to, from, from + stateBytes);
      }
      return places;
    },
    *pieces(places) {
      for (const { memory, stateBytes } of banks) {
        const address = places.get(memory) ?? 0;
        yield memory.bytes.subarray(address, address + stateBytes);
      }
    },
  };
}

/** A piece of every memory: of all or, if one has no room, of none. */
function pieces(banks: readonly Home[], bytesOf: (home: Home) => number) {
  const free = (places: StatePlaces): void => {
    for (const home of banks) {
      const address = places.get(home.memory);
      if (address !== undefined) home.memory.release(address, bytesOf(home));
    }
  };
  const allocate = (): StatePlaces => {
    const places = new Map<WasmMemory, number>();
    try {
      for (const home of banks) places.set(home.memory, home.memory.acquire(bytesOf(home)));
    } catch (error) {
      free(places);
      throw error;
    }
    return places;
  };
  return { allocate, free };
}
